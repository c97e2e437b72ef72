"""IP addresses and CIDR ranges in CEL.

Follows k8s.io/apiserver v1.35 `pkg/cel/library/ip.go` and `cidr.go`: no zones, no IPv4 address
mapped into IPv6, no leading zeros.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from trainer.simulate.cel.functions import Function, opaque

IP, CIDR = "net.IP", "net.CIDR"
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Interface = ipaddress.IPv4Interface | ipaddress.IPv6Interface


def _address(text: str) -> _Address:
    if "%" in text:
        raise ValueError(f"IP address {text!r} with zone value is not allowed")
    try:
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise ValueError(f"IP Address {text!r} parse error during conversion from string") from error
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        raise ValueError(f"IPv4-mapped IPv6 address {text!r} is not allowed")
    return address


def _interface(text: str) -> _Interface:
    address, slash, length = text.partition("/")
    bad = ValueError(f"network address parse error during conversion from string: {text!r}")
    if not slash or not (length.isascii() and length.isdigit()) or (length != "0" and length[0] == "0"):
        raise bad
    _address(address)
    try:
        return ipaddress.ip_interface(text)
    except ValueError as error:
        raise bad from error


def _valid(parse: Any, text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _ip(text: str) -> dict[str, Any]:
    return opaque(IP, address=str(_address(text)))


def _cidr(text: str) -> dict[str, Any]:
    return opaque(CIDR, range=str(_interface(text)))


def _of(value: dict[str, Any]) -> _Address:
    return ipaddress.ip_address(value["address"])


def _range(value: dict[str, Any]) -> _Interface:
    return ipaddress.ip_interface(value["range"])


def _link_local_multicast(value: dict[str, Any]) -> bool:
    net = "224.0.0.0/24" if _of(value).version == 4 else "ff02::/16"
    return _of(value) in ipaddress.ip_network(net)


def _global_unicast(value: dict[str, Any]) -> bool:
    address = _of(value)
    limited = address.version == 4 and int(address) == 0xFFFFFFFF
    other = address.is_unspecified or address.is_loopback or address.is_multicast
    return not (limited or other or address.is_link_local)


def _contains_ip(value: dict[str, Any], address: _Address) -> bool:
    network = _range(value).network
    return address.version == network.version and address in network


def _contains_cidr(value: dict[str, Any], other: _Interface) -> bool:
    network, inner = _range(value).network, other.network
    return (
        inner.version == network.version
        and inner.prefixlen >= network.prefixlen
        and inner.network_address in network
    )


def text_of(value: dict[str, Any]) -> str | None:
    """What `string()` makes of an address or a range; None for other values."""
    found = value.get("address", value.get("range"))
    return found if isinstance(found, str) else None


FUNCTIONS = (
    Function("ip", ("string",), IP, _ip, member=False),
    Function("isIP", ("string",), "bool", lambda text: _valid(_address, text), member=False),
    Function("ip.isCanonical", ("string",), "bool", lambda text: str(_address(text)) == text, member=False),
    Function("family", (IP,), "int", lambda value: _of(value).version),
    Function("isUnspecified", (IP,), "bool", lambda value: _of(value).is_unspecified),
    Function("isLoopback", (IP,), "bool", lambda value: _of(value).is_loopback),
    Function("isLinkLocalMulticast", (IP,), "bool", _link_local_multicast),
    Function("isLinkLocalUnicast", (IP,), "bool", lambda value: _of(value).is_link_local),
    Function("isGlobalUnicast", (IP,), "bool", _global_unicast),
    Function("cidr", ("string",), CIDR, _cidr, member=False),
    Function("isCIDR", ("string",), "bool", lambda text: _valid(_interface, text), member=False),
    Function("containsIP", (CIDR, IP), "bool", lambda net, value: _contains_ip(net, _of(value))),
    Function("containsIP", (CIDR, "string"), "bool", lambda net, text: _contains_ip(net, _address(text))),
    Function("containsCIDR", (CIDR, CIDR), "bool", lambda net, value: _contains_cidr(net, _range(value))),
    Function(
        "containsCIDR", (CIDR, "string"), "bool", lambda net, text: _contains_cidr(net, _interface(text))
    ),
    Function("ip", (CIDR,), IP, lambda net: opaque(IP, address=str(_range(net).ip))),
    Function("masked", (CIDR,), CIDR, lambda net: opaque(CIDR, range=str(_range(net).network))),
    Function("prefixLength", (CIDR,), "int", lambda net: _range(net).network.prefixlen),
)
