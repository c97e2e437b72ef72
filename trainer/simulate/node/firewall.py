"""The firewall `ufw`: its rules, and what becomes of a packet.

Follows ufw(8) 0.36.2: rules are read in their order and the first match decides, then the default policy;
loopback and answers to the node's own connections always pass. `ufw enable` asks when it is run over ssh,
which a script can't answer without `--force`. The IPv6 twin of each rule isn't modeled: packets here are
IPv4.
"""

from __future__ import annotations

import ipaddress
import re

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.node.packages import answers_yes
from trainer.simulate.node.sockets import NAMES
from trainer.simulate.node.system import Host, Ufw
from trainer.simulate.shell.process import Call, Ran

_ACTIONS = ("allow", "deny", "reject", "limit")
_PORTS = {name: port for port, name in NAMES.items()}
_APPLICATIONS = {"openssh": ("22", "tcp")}


class Packet(msgspec.Struct, frozen=True):
    """A packet to the node: from where, to which port."""

    source: str
    port: int
    protocol: str = "tcp"
    to: str = ""
    """The address of the node; empty: any of its own."""


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
    if rest[:1] == ["out"] or "on" in rest or "log" in rest or "log-all" in rest or "app" in rest:
        raise NotJudged(f"ufw {' '.join(words)}")
    if "comment" in rest:
        rest = rest[: rest.index("comment")]
    if len(rest) == 1:
        port, protocol = _port(rest[0])
        return action, protocol, "any", "any", port
    return _long(action, rest)


def _port(text: str, given: str = "any") -> tuple[str, str]:
    """Ports and protocol of `22/tcp`; `given` is the protocol that the rule has already."""
    if text.lower() in _APPLICATIONS:
        return _APPLICATIONS[text.lower()]
    name, _, protocol = text.partition("/")
    name = str(_PORTS.get(name, name)) if not name[:1].isdigit() else name
    protocol = protocol or ("tcp" if text in _PORTS and text != "domain" else given)
    if not re.fullmatch(r"\d+([:,]\d+)*", name) or protocol not in ("tcp", "udp", "any"):
        raise Bad("ERROR: Could not find a profile matching '" + text + "'")
    if protocol == "any" and not name.isdecimal():
        raise Bad("ERROR: Must specify 'tcp' or 'udp' with multiple ports")
    return name, protocol


def _long(action: str, rest: list[str]) -> tuple[str, ...]:
    """`[proto P] [from SOURCE] [to DESTINATION] [port N]`."""
    source, target, port, side = "any", "any", "", ""
    protocol = rest[rest.index("proto") + 1] if "proto" in rest[:-1] else "any"
    while rest:
        word = rest.pop(0)
        if word not in ("proto", "from", "to", "port") or not rest:
            raise Bad(f"ERROR: Invalid syntax: {word}")
        value = rest.pop(0)
        if word == "proto":
            continue
        if word == "from":
            source, side = _network(value), "from"
        elif word == "to":
            target, side = _network(value), "to"
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


def decide(host: Host, packet: Packet) -> tuple[bool, tuple[str, ...] | None]:
    """Whether a packet gets in, and the rule that decides; None for the default."""
    ufw = host.ufw
    if ufw is None or not ufw.running:
        return True, None
    for rule in ufw.rules:
        if _matches(rule, packet, host.address):
            return rule[0] in ("allow", "limit"), rule
    return ufw.incoming == "allow", None


def _matches(rule: tuple[str, ...], packet: Packet, address: str) -> bool:
    _, protocol, source, target, ports = rule
    if protocol not in ("any", packet.protocol):
        return False
    if source != "any" and ipaddress.ip_address(packet.source) not in ipaddress.ip_network(source):
        return False
    own = packet.to or address
    if target != "any" and ipaddress.ip_address(own) not in ipaddress.ip_network(target):
        return False
    return not ports or any(_in_range(packet.port, one) for one in ports.split(","))


def _in_range(port: int, text: str) -> bool:
    low, _, high = text.partition(":")
    return int(low) <= port <= int(high or low)


def ufw(host: Host, call: Call) -> Ran:
    """`ufw`."""
    words = [arg for arg in call.args if arg not in ("--force", "--dry-run")]
    if "--dry-run" in call.args:
        return Ran(0, "", None)
    if host.ufw is None or not host.packages["ufw"].version:
        return Ran(127, "ufw: command not found")
    if not words:
        return Ran(1, "ERROR: not enough args")
    forced = "--force" in call.args
    verb = words.pop(0)
    try:
        return _run(host, host.ufw, verb, words, forced=forced, stdin=call.stdin)
    except Bad as error:
        return Ran(1, str(error))


def _run(host: Host, state: Ufw, verb: str, words: list[str], *, forced: bool, stdin: str | None) -> Ran:
    if verb == "enable":
        if not forced and not answers_yes(stdin, default=False):
            why = 'asks "Command may disrupt existing ssh connections. Proceed with operation (y|n)?"'
            return Ran(1, f"ufw enable {why}, and nobody answers: it aborts. Use --force.")
        state.enabled = state.running = True
    elif verb == "disable":
        state.enabled = state.running = False
    elif verb in ("reload", "logging"):
        return Ran(0)
    elif verb == "reset":
        if not forced and not answers_yes(stdin, default=False):
            return Ran(1, "ufw reset asks, and nobody answers: it aborts. Use --force.")
        host.ufw = Ufw(enabled=False, incoming="deny", rules=[])
    elif verb == "status":
        return Ran(0, "", status(state, numbered=words == ["numbered"], verbose=words == ["verbose"]))
    elif verb == "default":
        return _default(state, words)
    elif verb == "delete":
        return _delete(state, words, forced=forced, stdin=stdin)
    elif verb in ("insert", "prepend") or verb in _ACTIONS:
        return _add(state, verb, words)
    else:
        raise NotJudged(f"ufw {verb}")
    return Ran(0)


def _default(state: Ufw, words: list[str]) -> Ran:
    if not words or words[0] not in ("allow", "deny", "reject") or len(words) > 2:
        raise Bad("ERROR: Invalid syntax")
    direction = words[1] if len(words) > 1 else "incoming"
    if direction == "incoming":
        state.incoming = words[0]
    elif direction == "outgoing":
        state.outgoing = words[0]
    elif direction == "routed":
        raise NotJudged("ufw default for routed packets")
    else:
        raise Bad("ERROR: Invalid syntax")
    return Ran(0)


def _add(state: Ufw, verb: str, words: list[str]) -> Ran:
    place: int | None = None
    if verb == "prepend":
        place = 0
        verb, *words = words or [""]
    elif verb == "insert":
        number, verb, *words = [*words, "", ""]
        if not number.isdecimal() or not 1 <= int(number) <= max(1, len(state.rules)):
            raise Bad(f"ERROR: Invalid position '{number}'")
        place = int(number) - 1
        words = [word for word in words if word]
    if verb not in _ACTIONS or not words:
        raise Bad("ERROR: Invalid syntax")
    rule = rule_of((verb, *words))
    same = next((one for one in state.rules if one[1:] == rule[1:]), None)
    if same == rule:
        return Ran(0, "", "Skipping adding existing rule\n")
    if same is not None and place is None:  # another action for the same packets replaces it
        state.rules[state.rules.index(same)] = rule
    else:
        state.rules.insert(len(state.rules) if place is None else place, rule)
    return Ran(0, "", "Rule added\n" if state.running else "Rules updated\n")


def _delete(state: Ufw, words: list[str], *, forced: bool, stdin: str | None) -> Ran:
    if len(words) == 1 and words[0].isdecimal():
        if not 1 <= int(words[0]) <= len(state.rules):
            raise Bad(f"ERROR: Could not find rule '{words[0]}'")
        if not forced and not answers_yes(stdin, default=False):
            return Ran(1, "ufw delete asks before it deletes, and nobody answers: it aborts. Use --force.")
        del state.rules[int(words[0]) - 1]
        return Ran(0)
    if len(words) < 2 or words[0] not in _ACTIONS:
        raise Bad("ERROR: Invalid syntax")
    rule = rule_of(tuple(words))
    if rule not in state.rules:
        return Ran(0, "", "Could not delete non-existent rule\n")
    state.rules.remove(rule)
    return Ran(0, "", "Rule deleted\n")


def status(state: Ufw, *, numbered: bool = False, verbose: bool = False) -> str:
    """The output of `ufw status`."""
    if not state.running:
        return "Status: inactive\n"
    lines = ["Status: active"]
    if verbose:
        lines.append(f"Default: {state.incoming} (incoming), {state.outgoing} (outgoing)")
    lines += ["", f"{'To':<26} {'Action':<11} From", f"{'--':<26} {'------':<11} ----"]
    for number, (action, protocol, source, target, port) in enumerate(state.rules, start=1):
        place = f"{port}{'' if protocol == 'any' else '/' + protocol}" if port else ""
        to = " ".join(
            one
            for one in ("" if target == "any" and place else target.replace("any", "Anywhere"), place)
            if one
        )
        head = f"[{number:>2}] " if numbered else ""
        shown = "Anywhere" if source == "any" else source.removesuffix("/32")
        lines.append(
            f"{head}{to:<26} {action.upper() + ' IN' if numbered or verbose else action.upper():<11} {shown}"
        )
    return "".join(f"{line}\n" for line in lines)
