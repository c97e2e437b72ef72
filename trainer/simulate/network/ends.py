"""Flows by name: which ends and which ports `from: shop/web, to: shop/db, port: 5432` means in one world."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from trainer.errors import UsageError
from trainer.simulate.names import ANY, Address, Outside, PodSet, parse_endpoint
from trainer.simulate.network.flows import Endpoint, Network
from trainer.simulate.network.policy import Direction
from trainer.simulate.network.ports import ALL, NONE, PROTOCOLS, PortSet, port_set, ports_of

if TYPE_CHECKING:
    from trainer.simulate.network.addresses import Address as Ip
    from trainer.simulate.network.services import Service

SERVICE = "service:"

Protocol = Literal["TCP", "UDP", "SCTP", "any"]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"source": "from", "target": "to"}):
    """One line of `allow` or `deny`: source, target and port."""

    source: str
    """`shop/app=web`, `shop/web` (a Pod or workload), `shop/*`, `*/*`, `ip:203.0.113.7`, `outside`."""
    target: str
    """The same, or `service:shop/backend`: the Pods behind a Service, by the ports of the Service."""
    port: int | str = "any"
    """A port, a range (`8000-8010`), or `any`: every port."""
    protocol: Protocol | None = None
    """TCP, UDP, SCTP or `any`. Default: TCP, and with `port: any` every protocol."""

    def __post_init__(self) -> None:
        """Refuse unreadable values, so that a card's mistake shows when the card is loaded."""
        try:
            parse_endpoint(self.source)
            if not self.target.startswith(SERVICE):
                parse_endpoint(self.target)
            elif "/" not in self.target:
                raise UsageError(f"{self.target!r} names no Service", remedy="write service:namespace/name")
            self.ports()
        except UsageError as error:
            raise ValueError(str(error)) from None

    def protocols(self) -> tuple[str, ...]:
        """The protocols that the row is about."""
        if self.protocol == "any" or (self.protocol is None and self.port == ANY_PORT):
            return PROTOCOLS
        return (self.protocol or "TCP",)

    @property
    def focus(self) -> Direction | None:
        """The direction that a row is about: `ingress` if it says "from everyone to these"."""
        wide_source, wide_target = _is_wide(self.source), _is_wide(self.target)
        if wide_source == wide_target:
            return None
        return "ingress" if wide_source else "egress"

    def ports(self) -> PortSet:
        """The ports that the row is about. Raises `UsageError` for an invalid `port`."""
        if self.port == ANY_PORT:
            return port_set((protocol, 1, 65535) for protocol in self.protocols())
        first, dash, last = str(self.port).partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise UsageError(f"{self.port!r} is not a port", remedy="write 8080, 8000-8010 or any")
        low, high = int(first), int(last or first)
        if not 1 <= low <= high <= 65535:
            raise UsageError(f"{self.port!r} is not a port", remedy="ports are 1 to 65535")
        return port_set((protocol, low, high) for protocol in self.protocols())


ANY_PORT = "any"


class Demand(msgspec.Struct, frozen=True, eq=False):
    """One pair of different ends of a row, with the ports that the row means."""

    source: Endpoint
    target: Endpoint
    ports: PortSet
    focus: Direction | None = None
    """The direction that the row is about, if it is about one."""


class Ends:
    """Resolves names of endpoints in one world. `outside` are sample addresses."""

    def __init__(self, network: Network, outside: Iterable[Ip]) -> None:
        self.network = network
        self.outside = tuple(network.at(address) for address in outside)
        self._known: dict[str, tuple[Endpoint, ...]] = {}

    def named(self, text: str) -> tuple[Endpoint, ...]:
        """All ends that a name means; empty if it matches no Pod."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._find(text)
        return found

    def demands(self, row: Row) -> Iterator[Demand]:
        """Every pair of two different ends that the row names; none from outside to outside."""
        for source in self.named(row.source):
            if row.target.startswith(SERVICE):
                yield from self._through_service(row, source)
                continue
            for target in self.named(row.target):
                if source is not target and (source.pod or target.pod):
                    yield Demand(source, target, row.ports(), row.focus)

    def missing(self, rows: Iterable[Row]) -> list[str]:
        """The names that match no Pod and no Service of the world."""
        found: dict[str, None] = {}
        for row in rows:
            for text in (row.source, row.target):
                if not (self.services(text) if text.startswith(SERVICE) else self.named(text)):
                    found[text] = None
        return list(found)

    def services(self, text: str) -> list[Service]:
        """The Service that `service:namespace/name` means, in a list."""
        namespace, _, name = text.removeprefix(SERVICE).partition("/")
        return [s for s in self.network.services if (s.namespace, s.name) == (namespace, name)]

    def _through_service(self, row: Row, source: Endpoint) -> Iterator[Demand]:
        pods = {id(end.pod): end for end in self.network.pods if end.pod}
        for service in self.services(row.target):
            for pod in service.backends([end.pod for end in self.network.pods if end.pod]):
                target = pods[id(pod)]
                if target is not source:
                    yield Demand(source, target, _behind(row, service, target), row.focus)

    def _find(self, text: str) -> tuple[Endpoint, ...]:
        name = parse_endpoint(text)
        if isinstance(name, Outside):
            return self.outside
        if isinstance(name, Address):
            return (self._at(name.ip),)
        return tuple(end for end in self.network.pods if _is_named(end, name))

    def _at(self, ip: str) -> Endpoint:
        end = self.network.address(ip)
        for service in self.network.services:
            if end.addresses[0] in service.addresses:
                name = f"{service.namespace}/{service.name}"
                raise UsageError(f"ip:{ip} is the address of {service.title}", remedy=f"write service:{name}")
        return next((sample for sample in self.outside if sample.addresses == end.addresses), end)


def covered(demands: Sequence[Demand]) -> dict[tuple[int, int], PortSet]:
    """The ports that demands mean, by pair (the IDs of their ends)."""
    found: dict[tuple[int, int], PortSet] = {}
    for demand in demands:
        pair = (id(demand.source), id(demand.target))
        found[pair] = found.get(pair, NONE) | demand.ports
    return found


def _is_wide(text: str) -> bool:
    return text in ("*/*", "outside")


def _is_named(end: Endpoint, name: PodSet) -> bool:
    pod = end.pod
    if pod is None or name.namespace not in (ANY, pod.namespace):
        return False
    if name.name:
        return name.name == pod.name or any(name.name == owner for _, owner in pod.owners)
    return all(pod.labels.get(key) == value for key, value in name.labels)


def _behind(row: Row, service: Service, target: Endpoint) -> PortSet:
    """The ports of a Pod that the row's ports of the Service lead to."""
    if row.port == ANY_PORT and service.headless:
        return ALL & row.ports()
    found = NONE
    for entry in service.ports:
        if target.pod and row.ports().has(entry.protocol, entry.port):
            for port in service.target_ports(target.pod, entry.protocol, entry.port):
                found |= ports_of(entry.protocol, port, port)
    return found
