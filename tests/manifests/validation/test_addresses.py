"""Tests of `manifests.validation.addresses`: IP addresses and CIDR ranges."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Document, Manifest
from trainer.manifests.validation import addresses
from trainer.manifests.validation.collect import At
from trainer.versions import DEFAULT, SUPPORTED, Version


def place(kubernetes: Version = DEFAULT) -> At:
    return At(Manifest({}, Document({}, "a", 0, 0, {})), kubernetes, (), [])


@each_row(
    ("value", "parsed"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("010.000.00.1", "10.0.0.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("10.0.0", None),
        ("10.0.0.256", None),
        ("fe80::1%eth0", None),
        ("", None),
        ("localhost", None),
    ],
)
def test_addresses_are_read_as_go_does(value: str, parsed: str | None) -> None:
    found = addresses.parse_ip(value)
    assert (str(found) if found else None) == parsed


@each_row(
    ("value", "parsed"),
    [
        ("10.0.0.0/24", "10.0.0.0/24"),
        ("10.0.0.7/24", "10.0.0.0/24"),
        ("10.0.0.0/08", "10.0.0.0/8"),
        ("::/0", "::/0"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("10.0.0.0", None),
        ("10.0.0.0/33", None),
        ("10.0.0.0/-1", None),
        ("/8", None),
    ],
)
def test_ranges_are_read_as_go_does(value: str, parsed: str | None) -> None:
    found = addresses.parse_cidr(value)
    assert (str(found) if found else None) == parsed


@each_row("value", ["10.0.0.7/24", "010.0.0.0/8", "10.0.0.0/08", "::ffff:10.0.0.0/104"])
def test_ranges_are_strict_from_1_36_on(value: str) -> None:
    sloppy, strict = place(Version(1, 35)), place(Version(1, 36))
    addresses.check_cidr(sloppy, value)
    addresses.check_cidr(strict, value)
    assert (len(sloppy.problems), len(strict.problems)) == (0, 1)


@each_row("value", ["010.0.0.1", "::ffff:10.0.0.1"])
def test_addresses_are_strict_from_1_36_on(value: str) -> None:
    sloppy, strict = place(Version(1, 35)), place(Version(1, 36))
    addresses.check_ip(sloppy, value)
    addresses.check_ip(strict, value)
    assert (len(sloppy.problems), len(strict.problems)) == (0, 1)


def test_good_values_are_good_in_every_version() -> None:
    strict = place(SUPPORTED[-1])
    for value in ("0.0.0.0/0", "10.0.0.0/24", "1.2.3.4/32", "::/0", "2001:db8::/64"):
        addresses.check_cidr(strict, value)
    addresses.check_ip(strict, "10.0.0.1")
    addresses.check_ip(strict, "2001:db8::1")
    assert strict.problems == []


@each_row("value", ["::", "127.0.0.1", "::1", "169.254.169.254", "fe80::1", "224.0.0.1", "ff02::1"])
def test_special_addresses(value: str) -> None:
    at = place()
    addresses.check_ip(at, value, special=False)
    assert len(at.problems) == 1


def test_a_single_address_suggests_its_range() -> None:
    at = place()
    addresses.check_cidr(at, "10.0.0.1")
    assert at.problems[0].remedy == "Write `10.0.0.1/32` for the single address."
