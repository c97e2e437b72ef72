"""IP addresses and CIDR ranges.

Follows apimachinery pkg/util/validation/ip.go: up to v1.35 the older API fields take leading zeros,
IPv4 in IPv6 form and bits beyond the prefix; v1.36 refuses them (feature StrictIPCIDRValidation).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trainer.patterns import regex
from trainer.versions import Version

if TYPE_CHECKING:
    import ipaddress

    from trainer.manifests.validation.collect import At

    Network = ipaddress.IPv4Network | ipaddress.IPv6Network
    Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_STRICT_SINCE = Version(1, 36)
_OCTETS = regex(r"[0-9]{1,10}(?:\.[0-9]{1,10}){3}")
_ZERO_FIRST = regex(r"(?:^|[.:])0[0-9]")


def parse_ip(value: str) -> Address | None:
    """An address as Go's sloppy parser reads it (leading zeros are fine), or None."""
    import ipaddress

    if _OCTETS.fullmatch(value):
        value = ".".join(str(int(octet)) for octet in value.split("."))
    if "%" in value:
        return None
    try:
        return ipaddress.ip_address(value)
    except ValueError:
        return None


def parse_cidr(value: str) -> Network | None:
    """A range as Go's sloppy parser reads it (bits beyond the prefix are cut off), or None."""
    import ipaddress

    address_text, slash, length = value.partition("/")
    address = parse_ip(address_text)
    if address is None or not slash or not re.fullmatch(r"[0-9]{1,4}", length):
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped and int(length) >= 96:
        return ipaddress.ip_network(f"{address.ipv4_mapped}/{int(length) - 96}", strict=False)
    if int(length) > address.max_prefixlen:
        return None
    return ipaddress.ip_network(f"{address}/{int(length)}", strict=False)


def check_ip(at: At, value: str, *, special: bool = True) -> Address | None:
    """An IP address of an older API field (`IsValidIPForLegacyField`); None where it isn't one.

    `special` False refuses unspecified, loopback and link-local addresses (`ValidateNonSpecialIP`).
    """
    address = parse_ip(value)
    if address is None:
        at.invalid(value=value, why="it isn't an IP address (as `10.9.8.7` or `2001:db8::ffff`)")
        return None
    broken = _strictly(value, address) if at.kubernetes >= _STRICT_SINCE else ""
    if broken:
        at.invalid(value=value, why=broken)
    if not special:
        _special(at, value, address)
    return address


def check_cidr(at: At, value: str) -> Network | None:
    """A CIDR range of an older API field (`IsValidCIDRForLegacyField`); None where it isn't one."""
    network = parse_cidr(value)
    if network is None:
        fix = f"Write `{value}/32` for the single address." if "/" not in value and parse_ip(value) else ""
        at.invalid(value=value, why="it isn't a CIDR range (as `10.9.8.0/24` or `2001:db8::/64`)", fix=fix)
        return None
    if at.kubernetes >= _STRICT_SINCE:
        address_text, _, length = value.partition("/")
        address = parse_ip(address_text)
        broken = _strictly(address_text, address) if address else ""
        if not broken and len(length) > 1 and length.startswith("0"):
            broken = "the prefix length may not start with 0"
        if broken:
            at.invalid(value=value, why=broken)
        elif address is not None and address != network.network_address:
            at.invalid(
                value=value,
                why=f"it has bits set beyond the prefix length of {network.prefixlen}",
                fix=f"Write `{network}`.",
            )
    return network


def _strictly(value: str, address: Address) -> str:
    if "." in value and _ZERO_FIRST.search(value.rpartition(":")[2]):
        return "the numbers of an IPv4 address may not start with 0"
    if address.version == 6 and address.ipv4_mapped:
        return "an IPv4 address is written as such, not in IPv6 form"
    return ""


def _special(at: At, value: str, address: Address) -> None:
    import ipaddress

    kinds = (
        (address.is_unspecified, "it is the unspecified address"),
        (address.is_loopback, "it is a loopback address"),
        (address.is_link_local, "it is a link-local address"),
        (
            address in ipaddress.ip_network("224.0.0.0/24" if address.version == 4 else "ff02::/16"),
            "it is a link-local multicast address",
        ),
    )
    for holds, why in kinds:
        if holds:
            at.invalid(value=value, why=f"{why}, which is not allowed here")
