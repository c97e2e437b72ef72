"""Which packets must get through the firewall of a node, and that no others do."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

import msgspec

from trainer.rules._node.blame import Wrong
from trainer.simulate.node.firewall import Packet, decide, fact_of, is_in, row
from trainer.simulate.node.firewall_rules import ports_of
from trainer.simulate.node.system import Host

_UNSEEN = ("198.51.100.77", "203.0.113.9")
_LAST = 65535


class Passing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Packets that must get in."""

    port: str
    """Protocol and port: `tcp/22`, `tcp/30000-32767`."""
    source: str = msgspec.field(default="any", name="from")
    """An address or a network; `any` for all."""

    @property
    def range(self) -> tuple[str, int, int]:
        """Protocol, first and last port."""
        protocol, _, numbers = self.port.partition("/")
        low, _, high = numbers.partition("-")
        return protocol, int(low), int(high or low)

    def covers(self, packet: Packet) -> bool:
        """Whether it is one of them."""
        protocol, low, high = self.range
        fits = protocol == packet.protocol and low <= packet.port <= high
        return fits and is_in(packet.source, self.source)


class FirewallWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the firewall must let in: these packets, and no others."""

    allow: tuple[Passing, ...]
    """Packets that must get in."""


def firewall(host: Host, wanted: FirewallWanted) -> Iterator[Wrong]:
    """Every sort of packet that the task and the rules tell apart, and some that neither names."""
    if host.ufw is None or not host.ufw.running:
        yield Wrong("The firewall isn't active.", ("firewall",), "ufw status", "", ("ufw enable",))
        return
    seen: set[tuple[str, bool]] = set()
    for packet in _packets(host, wanted):
        should = any(one.covers(packet) for one in wanted.allow)
        passes, rule = decide(host, packet)
        title = f"{packet.protocol.upper()} {packet.port} from {packet.source}"
        if passes is should or (kind := (str(rule), passes)) in seen:
            continue
        seen.add(kind)
        why = "the default" if rule is None else f"the rule `{_shown(rule)}`"
        message = f"{title} {'gets in' if passes else 'does not get in'}: {why} decides."
        keys, words = _blamed(host, packet, rule, passes=passes)
        needle = "Default:" if rule is None else row(rule)
        yield Wrong(message, keys, "ufw status verbose", needle, words)


def _blamed(
    host: Host, packet: Packet, rule: tuple[str, ...] | None, *, passes: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The facts that decide, and words of the commands that may have failed.

    A rule decides by itself: who doesn't want it deletes it. What the default keeps out lacks a rule; if
    there is one for the port, that one is too narrow.
    """
    if rule is not None:
        return (fact_of(rule),), ("ufw delete", "ufw --force delete", "ufw reset")
    if passes:
        return ("firewall incoming",), ("ufw default",)
    rules = host.ufw.rules if host.ufw is not None else []
    near = [one for one in rules if any(low <= packet.port <= high for low, high in ports_of(one))]
    return tuple(fact_of(one) for one in near[-1:]), ("allow", "limit")


def _shown(rule: tuple[str, ...]) -> str:
    """A rule as somebody would write it."""
    action, protocol, source, target, port = rule
    if source == target == "any":
        return f"{action} {port}{'' if protocol == 'any' or port[:1].isalpha() else '/' + protocol}"
    named = port[:1].isalpha()
    words = [action, *(() if protocol == "any" or named else ("proto", protocol)), "from", source]
    words += (
        ["to", target, "app" if named else "port", port]
        if port
        else ["to", target]
        if target != "any"
        else []
    )
    return " ".join(words)


def _packets(host: Host, wanted: FirewallWanted) -> Iterator[Packet]:
    rules = host.ufw.rules if host.ufw is not None else []
    networks = [one.source for one in wanted.allow] + [rule[2] for rule in rules]
    numbers = {1, 80, _LAST}
    for one in wanted.allow:
        numbers |= {one.range[1], one.range[2]}
    for rule in rules:
        numbers |= {number for ends in ports_of(rule) for number in ends}
    near = sorted(
        {one for number in numbers for one in (number - 1, number, number + 1) if 1 <= one <= _LAST}
    )
    for source in _sources(networks):
        for port in near:
            for protocol in ("tcp", "udp"):
                yield Packet(source, port, protocol)


def _sources(networks: list[str]) -> list[str]:
    """Addresses at the edges of all networks, inside and outside, and some of nobody."""
    found = set(_UNSEEN)
    for text in networks:
        if text == "any":
            continue
        network = ipaddress.ip_network(text, strict=False)
        first, last = int(network[0]), int(network[-1])
        found |= {str(ipaddress.ip_address(number)) for number in (first - 1, first, last, last + 1)}
    return sorted(found)
