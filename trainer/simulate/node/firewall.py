"""The firewall `ufw`: its commands, and what becomes of a packet.

Follows ufw(8) 0.36.2: rules are read in their order and the first match decides, then the default policy;
loopback and answers to the node's own connections always pass. `ufw enable` asks when it is run over ssh,
which a script can't answer without `--force`. The IPv6 twin of each rule isn't modeled: packets here are
IPv4.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.node.firewall_rules import ACTIONS, Bad, ports_of, rule_of
from trainer.simulate.node.packages import answers_yes
from trainer.simulate.node.system import Host, Ufw
from trainer.simulate.shell.process import Call, Ran


class Packet(msgspec.Struct, frozen=True):
    """A packet to the node: from where, to which port."""

    source: str
    port: int
    protocol: str = "tcp"
    to: str = ""
    """The address of the node; empty: any of its own."""


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
    _, protocol, source, target, _ = rule
    if protocol not in ("any", packet.protocol):
        return False
    ranges = ports_of(rule)
    if ranges and not any(low <= packet.port <= high for low, high in ranges):
        return False
    return is_in(packet.source, source) and is_in(packet.to or address, target)


@lru_cache(1024)
def is_in(address: str, network: str) -> bool:
    """Whether an address is in a network; every address is in `any`."""
    return network == "any" or ipaddress.ip_address(address) in ipaddress.ip_network(network)


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
    elif verb in ("insert", "prepend") or verb in ACTIONS:
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
    if verb not in ACTIONS or not words:
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
    if len(words) < 2 or words[0] not in ACTIONS:
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
    for number, rule in enumerate(state.rules, start=1):
        head = f"[{number:>2}] " if numbered else ""
        lines.append(head + row(rule, directed=numbered or verbose))
    return "".join(f"{line}\n" for line in lines)


def fact_of(rule: tuple[str, ...]) -> str:
    """The name of the fact that there is this rule."""
    return f"firewall rule {' '.join(row(rule).split())}"


def row(rule: tuple[str, ...], *, directed: bool = True) -> str:
    """A rule as `ufw status` shows it; `directed`: as `ufw status verbose` does."""
    action, protocol, source, target, port = rule
    plain = protocol == "any" or port[:1].isalpha()
    place = f"{port}{'' if plain else '/' + protocol}" if port else ""
    to = " ".join(
        one for one in ("" if target == "any" and place else target.replace("any", "Anywhere"), place) if one
    )
    if not port and protocol != "any":
        to = f"{to}/{protocol}"
    shown = "Anywhere" if source == "any" else source.removesuffix("/32")
    return f"{to:<26} {action.upper() + ' IN' if directed else action.upper():<11} {shown}"
