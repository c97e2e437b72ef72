"""Tests of `simulate.network.addresses`: IP addresses and blocks as plain numbers."""

from __future__ import annotations

import ipaddress
import itertools

from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.simulate.network.addresses import (
    MAX,
    Address,
    AddressIndex,
    Block,
    Span,
    atoms,
    outside_samples,
    parse_address,
    parse_block,
    parse_cidr,
)

SMALL = st.builds(Address, st.sampled_from([4, 6]), st.integers(0, 12))
SPANS = st.builds(
    lambda family, ends: Span(family, min(ends), max(ends)),
    st.sampled_from([4, 6]),
    st.tuples(st.integers(0, 12), st.integers(0, 12)),
)


@given(st.lists(SMALL, max_size=8), SPANS, st.lists(SPANS, max_size=2).map(tuple))
def test_an_index_finds_what_is_in_a_block(addresses, span, holes):
    block = Block(span, holes)
    found = AddressIndex(addresses).select(block)
    assert found == sum(1 << place for place, one in enumerate(addresses) if one in block)


@given(st.ip_addresses(), st.integers(0, 32))
def test_blocks_are_those_of_the_standard_library(address, length):
    network = ipaddress.ip_network(f"{address}/{length}", strict=False)
    found = parse_cidr(f"{address}/{length}")
    assert found == Span(network.version, int(network.network_address), int(network.broadcast_address))
    parsed = parse_address(str(address))
    assert parsed is not None
    assert parsed in found
    assert str(parsed) == str(address)


@each_row("text", ["", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "x/8", "10.0.0.0/255.0.0.0", None, 7])
def test_what_is_no_block(text):
    assert parse_cidr(text) is None


def test_leading_zeros_are_decimal():
    assert parse_cidr("010.00.001.0/24") == parse_cidr("10.0.1.0/24")
    assert parse_address("010.0.0.1") == parse_address("10.0.0.1")
    assert parse_address("2001:db8::0") == parse_address("2001:db8::")
    assert parse_address("nonsense") is None
    assert parse_address(None) is None


def test_a_block_is_its_cidr_without_the_excepts():
    block = parse_block({"cidr": "10.1.2.3/8", "except": ["10.1.0.0/16", "nonsense"]})
    assert block is not None
    inside = {text: parse_address(text) in block for text in ["10.2.0.1", "10.1.0.1", "11.0.0.0", "::a"]}
    assert inside == {"10.2.0.1": True, "10.1.0.1": False, "11.0.0.0": False, "::a": False}
    assert parse_block({"cidr": "nonsense"}) is None
    assert parse_block(None) is None


def test_families_do_not_mix():
    assert Address(6, 5) not in Span(4, 0, 9)


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda p: Span(4, min(p), max(p))))


@given(SPANS)
def test_atoms_cover_everything_once_and_are_uniform(spans):
    pieces = list(atoms(4, spans))
    assert pieces[0].low == 0
    assert pieces[-1].high == MAX[4]
    assert all(one.high + 1 == two.low for one, two in itertools.pairwise(pieces))
    for piece in pieces:
        for span in spans:
            assert (Address(4, piece.low) in span) == (Address(4, piece.high) in span)


@each_row("family", [4, 6])
def test_the_last_address_alone_is_a_piece(family):
    last = Span(family, MAX[family], MAX[family])
    assert list(atoms(family, [last])) == [Span(family, 0, MAX[family] - 1), last]


def test_outside_samples_one_for_each_piece_and_none_taken():
    spans = [span for text in ("10.0.0.0/8", "203.0.113.0/24") if (span := parse_cidr(text))]
    taken = [address for text in ("10.0.0.0", "10.0.0.1", "203.0.113.7") if (address := parse_address(text))]
    found = [str(address) for address in outside_samples(spans, taken, [4])]
    assert found == ["1.0.0.0", "10.0.0.2", "198.51.100.7", "203.0.113.0", "203.0.114.0"]


def test_outside_samples_leave_out_a_piece_that_is_taken_whole():
    span = parse_cidr("192.0.2.1/32")
    address = parse_address("192.0.2.1")
    assert span is not None
    assert address is not None
    assert address not in outside_samples([span], [address], [4])
    assert [str(found) for found in outside_samples([], [], [4, 6])] == ["203.0.113.7", "2001:db8:99::7"]


def test_loopback_and_multicast_are_never_outside():
    spans = [span for text in ("127.0.0.0/8", "128.0.0.0/1", "224.0.0.0/4") if (span := parse_cidr(text))]
    assert [str(found) for found in outside_samples(spans, [], [4])] == ["1.0.0.0", "203.0.113.7"]


def test_of_a_family_that_no_pod_has_only_named_addresses_count():
    spans = [span for text in ("2001:db8::/32", "2001:db8:1::/48") if (span := parse_cidr(text))]
    found = [str(address) for address in outside_samples(spans, [], [4])]
    assert found == ["203.0.113.7", "2001:db8::", "2001:db8:1::", "2001:db8:99::7"]


def test_atoms_are_cut_only_by_their_own_family():
    spans = [span for text in ("::/1", "10.0.0.0/8") if (span := parse_cidr(text))]
    assert len(list(atoms(4, spans))) == 3
    assert len(list(atoms(6, spans))) == 2


def test_the_last_addresses():
    assert {
        4: int(ipaddress.IPv4Address("255.255.255.255")),
        6: int(ipaddress.IPv6Address("ffff:" * 7 + "ffff")),
    } == MAX
