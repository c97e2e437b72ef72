"""The rules of `ufw`, as somebody types them and in one canonical form; see `firewall` for ufw(8) 0.36.2."""

from __future__ import annotations

import ipaddress
import re

from trainer.errors import NotJudged
from trainer.simulate.node.base import PORT_NAMES

ACTIONS = ("allow", "deny", "reject", "limit")
_PORTS = {name: port for port, name in PORT_NAMES.items()}
_APPLICATIONS = {"OpenSSH": ("22", "tcp")}
"""The applications that packages of the node bring (/etc/ufw/applications.d)."""


class Bad(Exception):
    """ufw rejects the rule."""


def rule_of(words: tuple[str, ...]) -> tuple[str, ...]:
    """A rule in canonical form: action, protocol, source, destination, ports. Raises `Bad`.

    >>> rule_of(("allow", "22/tcp"))
    ('allow', 'tcp', 'any', 'any', '22')
    """
    action, *rest = words
    if rest[:1] == ["in"]:
        rest = rest[1:]
    if rest[:1] == ["out"] or "on" in rest or "log" in rest or "log-all" in rest:
        raise NotJudged(f"ufw {' '.join(words)}")
    if "comment" in rest:
        rest = rest[: rest.index("comment")]
    if not rest:
        raise Bad("ERROR: not enough args")
    if len(rest) == 1:
        port, protocol = _port(rest[0])
        return action, protocol, "any", "any", port
    return _long(action, rest)


def _port(text: str, given: str = "any") -> tuple[str, str]:
    """Ports and protocol of `22/tcp`; `given` is the protocol that the rule has already.

    A rule for an application keeps its name: ufw deletes it by this name only.
    """
    if text in _APPLICATIONS:
        return text, _APPLICATIONS[text][1]
    name, _, protocol = text.partition("/")
    name = str(_PORTS.get(name, name)) if not name[:1].isdigit() else name
    protocol = protocol or ("tcp" if text in _PORTS and text != "domain" else given)
    if not re.fullmatch(r"\d+([:,]\d+)*", name) or protocol not in ("tcp", "udp", "any"):
        raise Bad("ERROR: Could not find a profile matching '" + text + "'")
    if protocol == "any" and not name.isdecimal():
        raise Bad("ERROR: Must specify 'tcp' or 'udp' with multiple ports")
    return name, protocol


def ports_of(rule: tuple[str, ...]) -> list[tuple[int, int]]:
    """The first and last port of each range that a rule names; none for a rule about all ports."""
    text = _APPLICATIONS[rule[4]][0] if rule[4] in _APPLICATIONS else rule[4]
    pairs = [one.partition(":") for one in text.split(",") if one]
    return [(int(low), int(high or low)) for low, _, high in pairs]


def _long(action: str, rest: list[str]) -> tuple[str, ...]:
    """`[proto P] [from SOURCE] [to DESTINATION] [port N]`."""
    source, target, port, side = "any", "any", "", ""
    protocol = rest[rest.index("proto") + 1] if "proto" in rest[:-1] else "any"
    while rest:
        word = rest.pop(0)
        if word not in ("proto", "from", "to", "port", "app") or not rest:
            raise Bad(f"ERROR: Invalid syntax: {word}")
        value = rest.pop(0)
        if word == "proto":
            continue
        if word == "from":
            source, side = _network(value), "from"
        elif word == "to":
            target, side = _network(value), "to"
        elif word == "app" and (value not in _APPLICATIONS or protocol != "any"):
            raise Bad(f"ERROR: Could not find a profile matching '{value}'")
        elif side == "from":
            raise NotJudged("a rule of ufw for the port of the sender")
        else:
            port, found = _port(value, protocol)
            protocol = found if protocol == "any" else protocol
    if protocol not in ("tcp", "udp", "any"):
        raise NotJudged(f"the protocol {protocol} in a rule of ufw")
    return action, protocol, source, target, port


def _network(text: str) -> str:
    if text == "any":
        return text
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise Bad("ERROR: Bad source address") from None
    if network.version != 4:
        raise NotJudged("IPv6 addresses in rules of ufw")
    return "any" if network.prefixlen == 0 else str(network)
