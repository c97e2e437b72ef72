"""Sets of ports of several protocols, exact over 1 to 65535, with set operators.

NetworkPolicies cover TCP, UDP and SCTP (networking/v1 NetworkPolicyPort, v1.35); other protocols,
such as ICMP, are not part of a set.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

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


class Stretches:
    """Sets of ports as bit sets: a bit is a stretch of ports that none of some sets divides.

    Bit sets are joined and compared at once, however many ranges the sets have.
    """

    def __init__(self, sets: Iterable[PortSet]) -> None:
        cuts = {protocol: {FIRST, LAST + 1} for protocol in sorted(PROTOCOLS)}
        for one in sets:
            for protocol, low, high in one.ranges:
                cuts[protocol] |= {low, high + 1}
        self._ranges: list[Range] = []
        self._places: dict[tuple[str, int], int] = {}
        """By a protocol and the first port of a stretch, or the port behind its last one."""
        for protocol, edges in cuts.items():
            ordered = sorted(edges)
            for low, behind in pairwise(ordered):
                self._places[protocol, low] = len(self._ranges)
                self._ranges.append((protocol, low, behind - 1))
            self._places[protocol, ordered[-1]] = len(self._ranges)
        self.all = (1 << len(self._ranges)) - 1
        """The bits of every port."""
        self._sets = {0: NONE, self.all: ALL}

    def bits(self, ports: PortSet) -> int:
        """The bits of a set. It is one of the sets that the stretches were made for, or a union of them."""
        found = 0
        for protocol, low, high in ports.ranges:
            found |= (1 << self._places[protocol, high + 1]) - (1 << self._places[protocol, low])
        return found

    def ports(self, bits: int) -> PortSet:
        """The set of these bits; the same object for the same bits."""
        found = self._sets.get(bits)
        if found is None:
            digits = reversed(f"{bits:b}")
            ranges = [one for one, digit in zip(self._ranges, digits, strict=False) if digit == "1"]
            found = self._sets[bits] = port_set(ranges)
        return found


NONE = PortSet()
ALL = port_set((protocol, FIRST, LAST) for protocol in PROTOCOLS)
