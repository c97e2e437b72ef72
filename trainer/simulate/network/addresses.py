"""IP addresses and blocks as plain numbers: what an `ipBlock` covers, and samples of the rest.

Blocks are read as the API server reads them (networking/v1 IPBlock, v1.35): host bits are dropped
(10.0.0.7/8 is 10.0.0.0/8) and leading zeros are decimal.
"""

from __future__ import annotations

import ipaddress
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

import msgspec

from trainer.manifests.values import items

MAX = {4: 2**32 - 1, 6: 2**128 - 1}


class Address(msgspec.Struct, frozen=True, order=True):
    """One IP address: `family` is 4 or 6."""

    family: int
    number: int

    def __str__(self) -> str:
        kind = ipaddress.IPv4Address if self.family == 4 else ipaddress.IPv6Address
        return str(kind(self.number))


class Span(msgspec.Struct, frozen=True, order=True):
    """All addresses of one family from `low` to `high`, inclusive."""

    family: int
    low: int
    high: int

    def __contains__(self, address: Address) -> bool:
        return address.family == self.family and self.low <= address.number <= self.high


class Block(msgspec.Struct, frozen=True):
    """An `ipBlock`: the addresses of `span` that are in none of `excepts`."""

    span: Span
    excepts: tuple[Span, ...] = ()

    def __contains__(self, address: Address) -> bool:
        return address in self.span and not any(address in hole for hole in self.excepts)


class AddressIndex:
    """Many addresses at once: `select` gives a bit set of those in a block. Bit `i` is for the i-th."""

    def __init__(self, addresses: Iterable[Address]) -> None:
        ordered = sorted((one.family, one.number, 1 << place) for place, one in enumerate(addresses))
        self._keys = [(family, number) for family, number, _ in ordered]
        self._sums = list(accumulate((bit for _, _, bit in ordered), initial=0))
        """The bits of the addresses before each place in that order."""

    def select(self, block: Block) -> int:
        """The addresses that the block covers, as a bit set."""
        found = self._within(block.span)
        for hole in block.excepts:
            found &= ~self._within(hole)
        return found

    def _within(self, span: Span) -> int:
        low = bisect_left(self._keys, (span.family, span.low))
        return self._sums[bisect_right(self._keys, (span.family, span.high))] - self._sums[low]


def _without_leading_zeros(text: str) -> str:
    return re.sub(r"(?<![0-9a-fA-F:])0+(?=[0-9]+(?:\.|/|\Z))", "", text) if "." in text else text


def parse_address(text: Any) -> Address | None:
    """Read an IPv4 or IPv6 address; None for any other text."""
    if not isinstance(text, str):
        return None
    try:
        found = ipaddress.ip_address(_without_leading_zeros(text))
    except ValueError:
        return None
    return Address(found.version, int(found))


def parse_cidr(text: Any) -> Span | None:
    """Read `10.0.0.0/8` or `2001:db8::/32`; None for any other text."""
    if not isinstance(text, str) or not re.search(r"/[0-9]+\Z", text):
        return None
    try:
        found = ipaddress.ip_network(_without_leading_zeros(text), strict=False)
    except ValueError:
        return None
    return Span(found.version, int(found.network_address), int(found.broadcast_address))


def parse_block(value: Any) -> Block | None:
    """Read an `ipBlock` mapping (`cidr`, `except`); None without a readable `cidr`.

    An `except` that isn't a block covers nothing.
    """
    if not isinstance(value, dict) or (span := parse_cidr(value.get("cidr"))) is None:
        return None
    found = (parse_cidr(hole) for hole in items(value.get("except")))
    return Block(span, tuple(hole for hole in found if hole))


def atoms(family: int, spans: Iterable[Span]) -> Iterator[Span]:
    """Split the family's whole range at every bound of `spans`.

    All addresses of one piece are in exactly the same spans, so one of them represents all.
    """
    cuts = {0}
    for span in spans:
        if span.family == family:
            cuts |= {span.low, span.high + 1}
    edges = sorted(cut for cut in cuts if cut <= MAX[family])
    for low, following in zip(edges, [*edges[1:], MAX[family] + 1], strict=True):
        yield Span(family, low, following - 1)


_NEVER_OUTSIDE = tuple(
    span
    for text in ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/127", "ff00::/8")
    if (span := parse_cidr(text))
)
_PREFERRED = tuple(
    address for text in ("203.0.113.7", "198.51.100.7", "2001:db8:99::7") if (address := parse_address(text))
)


def outside_samples(
    spans: Sequence[Span], taken: Iterable[Address], families: Iterable[int]
) -> list[Address]:
    """One address for each piece into which `spans` split the address space, none of them taken.

    `taken` are the addresses of Pods, nodes and Services. Unspecified, loopback, multicast and
    reserved addresses are never outside addresses. Documentation addresses represent their piece,
    because they read best. Of a family that isn't in `families`, only addresses in a span count:
    a world without IPv6 has no others.
    """
    used, own = set(taken), set(families)
    found = []
    for family in sorted(own | {span.family for span in spans}):
        for piece in atoms(family, spans):
            if family not in own and not _is_inside(piece, spans):
                continue
            sample = _free(piece, used)
            if sample:
                found.append(sample)
    return found


def _is_inside(piece: Span, spans: Iterable[Span]) -> bool:
    return any(span.family == piece.family and span.low <= piece.low <= span.high for span in spans)


def _free(piece: Span, used: set[Address]) -> Address | None:
    for preferred in _PREFERRED:
        if preferred in piece and preferred not in used:
            return preferred
    number = piece.low
    while number <= piece.high:
        address = Address(piece.family, number)
        never = next((span for span in _NEVER_OUTSIDE if address in span), None)
        if never is None and address not in used:
            return address
        number = number + 1 if never is None else never.high + 1
    return None
