"""Sets of ports of several protocols, exact over 1 to 65535, with set operators.

NetworkPolicies cover TCP, UDP and SCTP (networking/v1 NetworkPolicyPort, v1.35); other protocols,
such as ICMP, are not part of a set.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

PROTOCOLS = ("TCP", "UDP", "SCTP")
FIRST, LAST = 1, 65535

Range = tuple[str, int, int]
"""Protocol, first and last port, inclusive."""


class PortSet(msgspec.Struct, frozen=True):
    """A set of (protocol, port). `ranges` is sorted by protocol and port, merged, never touching."""

    ranges: tuple[Range, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def __or__(self, other: PortSet) -> PortSet:
        if self is other or not other.ranges:
            return self
        return other if not self.ranges else port_set((*self.ranges, *other.ranges))

    def __and__(self, other: PortSet) -> PortSet:
        if self is other or other is ALL:
            return self
        if self is ALL:
            return other
        found = []
        for protocol, low, high in self.ranges:
            for theirs, first, last in other.ranges:
                if theirs == protocol and first <= high and low <= last:
                    found.append((protocol, max(low, first), min(high, last)))
        return port_set(found)

    def __sub__(self, other: PortSet) -> PortSet:
        left = list(self.ranges)
        for protocol, first, last in other.ranges:
            cut = []
            for theirs, low, high in left:
                if theirs != protocol or last < low or high < first:
                    cut.append((theirs, low, high))
                    continue
                if low < first:
                    cut.append((theirs, low, first - 1))
                if high > last:
                    cut.append((theirs, last + 1, high))
            left = cut
        return port_set(left)

    def has(self, protocol: str, port: int) -> bool:
        """Whether this port of this protocol is in the set."""
        return any(theirs == protocol and low <= port <= high for theirs, low, high in self.ranges)

    def bounds(self) -> Iterable[int]:
        """The first and last port of every range, for samples."""
        for _, low, high in self.ranges:
            yield low
            yield high

    def __str__(self) -> str:
        """In words: `every port`, `no port`, `TCP 80, 8000-8010; UDP 53`, `every TCP port`."""
        if not self.ranges:
            return "no port"
        if self == ALL:
            return "every port"
        parts = []
        for protocol in PROTOCOLS:
            mine = [(low, high) for theirs, low, high in self.ranges if theirs == protocol]
            if mine == [(FIRST, LAST)]:
                parts.append(f"every {protocol} port")
            elif mine:
                spans = (str(low) if low == high else f"{low}-{high}" for low, high in mine)
                parts.append(f"{protocol} {', '.join(spans)}")
        return "; ".join(parts)


def port_set(ranges: Iterable[Range]) -> PortSet:
    """A set of these ranges; ports outside 1 to 65535 and unknown protocols are left out."""
    merged: list[Range] = []
    for protocol, low, high in sorted(ranges):
        first, last = max(low, FIRST), min(high, LAST)
        if first > last or protocol not in PROTOCOLS:
            continue
        if merged and merged[-1][0] == protocol and first <= merged[-1][2] + 1:
            merged[-1] = (protocol, merged[-1][1], max(last, merged[-1][2]))
        else:
            merged.append((protocol, first, last))
    return PortSet(tuple(merged)) if merged else NONE


def ports_of(protocol: str, low: int = FIRST, high: int = LAST) -> PortSet:
    """All ports of one protocol from `low` to `high`."""
    return port_set([(protocol, low, high)])


NONE = PortSet()
ALL = port_set((protocol, FIRST, LAST) for protocol in PROTOCOLS)
