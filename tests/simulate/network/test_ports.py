"""Tests of `simulate.network.ports`."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.simulate.network.ports import ALL, NONE, PortSet, Stretches, port_set, ports_of

# Small ports, so that ranges often touch and overlap.
NUMBERS = st.integers(1, 12)
RANGES = st.lists(
    st.tuples(st.sampled_from(["TCP", "UDP"]), NUMBERS, NUMBERS).map(
        lambda r: (r[0], min(r[1:]), max(r[1:]))
    ),
    max_size=4,
)


def members(ports: PortSet) -> set[tuple[str, int]]:
    return {(protocol, n) for protocol, low, high in ports.ranges for n in range(low, high + 1)}


@given(RANGES, RANGES)
def test_operators_are_those_of_sets(one, other):
    a, b = port_set(one), port_set(other)
    assert members(a) == {(p, n) for p, low, high in one for n in range(low, high + 1)}
    assert members(a | b) == members(a) | members(b)
    assert members(a & b) == members(a) & members(b)
    assert members(a - b) == members(a) - members(b)
    assert (a == b) == (members(a) == members(b))
    assert all(a.has(*member) for member in members(a))


@given(RANGES, RANGES, RANGES)
def test_stretches_are_the_same_sets(one, other, third):
    a, b, c = map(port_set, (one, other, third))
    stretches = Stretches([a, b, c])
    x, y, z = map(stretches.bits, (a, b, c))
    assert stretches.ports(x | y) == a | b
    assert stretches.ports(x & y) == a & b
    assert stretches.ports((x | y) & ~z) == (a | b) - c
    assert stretches.ports(stretches.bits(a | b) & x) == a
    assert [stretches.ports(bits) for bits in (0, stretches.all)] == [NONE, ALL]
    assert stretches.ports(x | y) is stretches.ports(y | x)


def test_everything_and_nothing():
    tcp = ports_of("TCP", 80, 80)
    assert ALL & tcp is tcp
    assert tcp & ALL is tcp
    assert tcp | NONE is tcp
    assert not NONE
    assert ALL - ALL == NONE
    assert list((ALL - ports_of("TCP", 2)).ranges) == [("SCTP", 1, 65535), ("TCP", 1, 1), ("UDP", 1, 65535)]
    assert list(tcp.bounds()) == [80, 80]


def test_what_is_no_port_is_left_out():
    assert port_set([("TCP", 0, 0), ("ICMP", 1, 2), ("TCP", 70000, 70001), ("TCP", 9, 3)]) is NONE
    assert port_set([("TCP", 0, 70000)]) == ports_of("TCP")


@each_row(
    ("ports", "text"),
    [
        (NONE, "no port"),
        (ALL, "every port"),
        (ports_of("UDP"), "every UDP port"),
        (port_set([("UDP", 53, 53), ("TCP", 80, 80), ("TCP", 8000, 8010)]), "TCP 80, 8000-8010; UDP 53"),
    ],
)
def test_in_words(ports, text):
    assert str(ports) == text
