"""Flows by name: which ends and which ports `from: shop/web, to: shop/db, port: 5432` means in one world."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from trainer.errors import UsageError
from trainer.simulate.names import ANY, Address, AddressBlock, Outside, Pairs, PodSet, parse_endpoint
from trainer.simulate.network.addresses import Span, parse_address, parse_cidr
from trainer.simulate.network.flows import Endpoint, Network
from trainer.simulate.network.policy import Direction
from trainer.simulate.network.ports import ALL, NONE, PROTOCOLS, PortSet, port_set, ports_of

if TYPE_CHECKING:
    from trainer.simulate.network.addresses import Address as Ip
    from trainer.simulate.network.pods import Pod
    from trainer.simulate.network.services import Service

SERVICE = "service:"

Protocol = Literal["TCP", "UDP", "SCTP", "any"]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"source": "from", "target": "to"}):
    """One line of `allow` or `deny`: source, target and port."""

    source: str
    """`shop/app=web`, `shop/web` (a Pod or workload), `shop/*`, `tier=trusted/app=web` (every namespace
    with this label), `*/*`, `ip:203.0.113.7`, `ip:203.0.113.0/24`, `outside`."""
    target: str
    """The same, or `service:shop/backend`: the Pods behind a Service, by the ports of the Service."""
    port: int | str = "any"
    """A port, a range (`8000-8010`), or `any`: every port."""
    protocol: Protocol | None = None
    """TCP, UDP, SCTP or `any`. Default: TCP, and with `port: any` every protocol."""
    by: Direction | None = None
    """Only in `deny`: whose policies must forbid it, `egress` those of the source, `ingress` those of
    the target. By default, either is enough."""

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
        if self.by:
            return self.by
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


ANY_PORT, ANY_PODS = "any", "*/*"


class Demand(msgspec.Struct, frozen=True, eq=False):
    """One pair of different ends of a row, with the ports that the row means."""

    source: Endpoint
    target: Endpoint
    ports: PortSet
    focus: Direction | None = None
    """The direction that the row is about, if it is about one."""
    by: Direction | None = None
    """The direction whose policies must forbid the flow, if only these count."""


class Ends:
    """Resolves names of endpoints in one world.

    `outside` are sample addresses, `unseen` Pods that the world doesn't have: a name for Pods with
    labels means these, too; the name of a Pod doesn't.
    """

    def __init__(self, network: Network, outside: Iterable[Ip], unseen: Iterable[Endpoint] = ()) -> None:
        self.network = network
        self.outside = tuple(network.at(address) for address in outside)
        self.unseen = tuple(unseen)
        self._known: dict[str, tuple[Endpoint, ...]] = {}
        self._meant: dict[str, tuple[Endpoint, ...]] = {}

    def named(self, text: str) -> tuple[Endpoint, ...]:
        """All ends that a name means; empty if it matches no Pod."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._find(text)
        return found

    def meant(self, text: str) -> tuple[Endpoint, ...]:
        """All ends that a name means, and the unseen Pods that a policy can't tell from them.

        The name of a Pod or a namespace stands for its labels: a policy may use any of them.
        """
        found = self._meant.get(text)
        if found is None:
            alike = likes(self.network, parse_endpoint(text)) if self.unseen else []
            also = [end for like in alike for end in self.unseen if self._is_named(end, like)]
            found = tuple({id(end): end for end in (*self.named(text), *also)}.values())
            self._meant[text] = found
        return found

    def demands(self, row: Row, *, meant: bool = False) -> Iterator[Demand]:
        """Every pair of two different ends that the row names, or with `meant` stands for; none from
        outside to outside."""
        find = self.meant if meant else self.named
        ports, focus = row.ports(), row.focus
        for source in find(row.source):
            if row.target.startswith(SERVICE):
                yield from self._through_service(row, source)
                continue
            for target in find(row.target):
                if source is target or not (source.pod or target.pod):
                    continue
                if meant or not self._is_both(row, source) | self._is_both(row, target):
                    yield Demand(source, target, ports, focus, row.by)

    def missing(self, rows: Iterable[Row]) -> list[str]:
        """The names that match no Pod and no Service of the world."""
        found: dict[str, None] = {}
        for row in rows:
            for text in (row.source, row.target):
                seen = self.services(text) if text.startswith(SERVICE) else self.named(text)
                if all(isinstance(one, Endpoint) and one.unseen for one in seen):
                    found[text] = None
        return list(found)

    def services(self, text: str) -> list[Service]:
        """The Service that `service:namespace/name` means, in a list."""
        return services_named(self.network, text)

    def _through_service(self, row: Row, source: Endpoint) -> Iterator[Demand]:
        pods = {id(end.pod): end for end in (*self.network.pods, *self.unseen) if end.pod}
        for service in self.services(row.target):
            for pod in service.backends([end.pod for end in pods.values() if end.pod]):
                target = pods[id(pod)]
                if target is not source:
                    yield Demand(source, target, _behind(row, service, target), row.focus, row.by)

    def _find(self, text: str) -> tuple[Endpoint, ...]:
        name = parse_endpoint(text)
        if isinstance(name, Outside):
            return self.outside
        if isinstance(name, Address):
            return (self._at(name.ip),)
        if isinstance(name, AddressBlock):
            span = parse_cidr(name.cidr)
            return tuple(end for end in self.outside if span and end.addresses[0] in span)
        return tuple(end for end in (*self.network.pods, *self.unseen) if self._is_named(end, name))

    def _is_both(self, row: Row, end: Endpoint) -> bool:
        """Whether a Pod that the world doesn't have is of two different kinds that the row keeps apart."""
        if not end.unseen or row.source == row.target or ANY_PODS in (row.source, row.target):
            return False
        return end in self.named(row.source) and end in self.named(row.target)

    def _is_named(self, end: Endpoint, name: PodSet) -> bool:
        pod = end.pod
        if pod is None or name.namespace not in (ANY, "", pod.namespace):
            return False
        if name.namespace_labels and not _has(
            self.network.namespace_labels(pod.namespace), name.namespace_labels
        ):
            return False
        if name.name:
            return not end.unseen and _is_called(pod, name.name)
        return _has(pod.labels, name.labels)

    def _at(self, ip: str) -> Endpoint:
        end = self.network.address(ip)
        for service in self.network.services:
            if end.addresses[0] in service.addresses:
                name = f"{service.namespace}/{service.name}"
                raise UsageError(f"ip:{ip} is the address of {service.title}", remedy=f"write service:{name}")
        return next((sample for sample in self.outside if sample.addresses == end.addresses), end)


def services_named(network: Network, text: str) -> list[Service]:
    """The Service that `service:namespace/name` means, in a list."""
    namespace, _, name = text.removeprefix(SERVICE).partition("/")
    return [s for s in network.services if (s.namespace, s.name) == (namespace, name)]


def pod_sets(network: Network, rows: Iterable[Row]) -> list[PodSet]:
    """What rows name as Pods: sets of Pods, and those behind a Service."""
    found: dict[PodSet, None] = {}
    for text in dict.fromkeys(text for row in rows for text in (row.source, row.target)):
        if text.startswith(SERVICE):
            for service in services_named(network, text):
                needs = service.selector.requirements
                labels = tuple((need.key, need.values[0]) for need in needs if need.values)
                found[PodSet(service.namespace, labels=labels)] = None
        elif isinstance(name := parse_endpoint(text), PodSet):
            found[name] = None
    return list(found)


def likes(network: Network, name: object) -> list[PodSet]:
    """What a name stands for besides itself: one label of each Pod that it names.

    No policy can select a Pod by its name. A Namespace it can (`kubernetes.io/metadata.name`): its name is
    only its name, and a new Namespace that shares another label with it is somebody else.
    """
    if not isinstance(name, PodSet):
        return []
    own = [pod for end in network.pods if (pod := end.pod) and _is_called(pod, name.name)]
    pods = {
        pair: None for pod in own if name.namespace in (ANY, pod.namespace) for pair in pod.labels.items()
    }
    labels = [(pair,) for pair in pods] if name.name else [name.labels]
    found = [PodSet(name.namespace, labels=pairs, namespace_labels=name.namespace_labels) for pairs in labels]
    return [one for one in found if one != name]


def named_spans(rows: Iterable[Row]) -> list[Span]:
    """The addresses and networks that rows name, so that samples of the rest keep clear of them."""
    found = []
    for row in rows:
        for text in (row.source, row.target):
            if text.startswith("ip:"):
                name = parse_endpoint(text)
                if isinstance(name, AddressBlock) and (span := parse_cidr(name.cidr)):
                    found.append(span)
                elif isinstance(name, Address) and (address := parse_address(name.ip)):
                    found.append(Span(address.family, address.number, address.number))
    return found


def covered(demands: Sequence[Demand]) -> dict[tuple[int, int], PortSet]:
    """The ports that demands mean, by pair (the IDs of their ends)."""
    found: dict[tuple[int, int], PortSet] = {}
    for demand in demands:
        pair = (id(demand.source), id(demand.target))
        found[pair] = found.get(pair, NONE) | demand.ports
    return found


def _has(labels: Mapping[str, str], wanted: Pairs) -> bool:
    return all(labels.get(key) == value for key, value in wanted)


def _is_called(pod: Pod, name: str) -> bool:
    return name == pod.name or any(name == owner for _, owner in pod.owners)


def _is_wide(text: str) -> bool:
    return text in (ANY_PODS, "outside")


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
