"""The state of a node as a table: what a check names, before and after the script, and after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainer.picture import MOST_ROWS, Cell, Picture, Row, State, drawn
from trainer.rules._node.blame import BOOT, NOW, Wrong, place_of
from trainer.rules._node.script import Script
from trainer.simulate.node.boot import rebooted
from trainer.simulate.node.facts import Facts, facts

if TYPE_CHECKING:
    from trainer.rules.node import Params
    from trainer.verdict import Location

_TITLES = {NOW: "after the script", BOOT: "after a restart"}
MOST_PLACES = 2 * MOST_ROWS
"""How many faults are looked up in the script."""


def node_picture(script: Script, params: Params, wrongs: list[Wrong]) -> Picture:
    """The facts that a check names, and each that is wrong; what isn't a fact is told in words."""
    run = script.run()
    name = params.host or next(iter(script.given.hosts))
    before = facts(run.before)
    states: dict[str, Facts] = {NOW: facts(run.after), BOOT: facts(run.booted)}
    earlier = {NOW: before, BOOT: facts(rebooted(run.before)) if BOOT in params.when else before}
    found: dict[tuple[str, str], Wrong] = {}
    for one in wrongs:
        found.setdefault((_row(one, name), one.when), one)
    rows = []
    looked = 0
    named = [f"{name} {one}" for one in _named(params)]
    around = _around(params, states[NOW], name)
    for key in dict.fromkeys((*named, *(row for row, _ in found), *around)):
        cells = []
        for when in params.when:
            word, was = _word(states[when], key), _word(earlier[when], key)
            wrong = found.get((key, when))
            location: Location | None = None
            if wrong is not None and looked < MOST_PLACES:
                looked, location = looked + 1, place_of(script, wrong)
            known = State.RIGHT if key in named else State.UNASKED
            state = known if wrong is None else State.WRONG
            if wrong is not None and not wrong.keys:
                word = was = "wrong"
            cells.append(Cell(word, state, "" if was == word else was, location))
        rows.append(Row(_head(key, name), tuple(cells)))
    for head, word, is_asked in (
        ("logins with SSH", "as required", params.ssh is not None),
        ("what the firewall lets in", "as required", params.firewall is not None),
        ("everything else", "unchanged", params.rest == "unchanged"),
    ):
        if is_asked and not wrongs:
            rows.append(Row(head, tuple(Cell(word, State.RIGHT) for _ in params.when)))
    return drawn(f"The state of {name}", [_TITLES[when] for when in params.when], rows)


def _row(wrong: Wrong, host: str) -> str:
    """The name of the fact that a fault is about, with its node."""
    if not wrong.keys:  # no fact of its own: its words say it all
        return f"{host} {wrong.message}"
    key = wrong.keys[0]
    if key.startswith("*"):
        return key[1:].removeprefix("boot ")
    return f"{wrong.host or host} {key}"


def _named(params: Params) -> Iterator[str]:
    """The facts that a check names."""
    yield from (f"port {one}" for one in (*params.closed, *params.open))
    for name, package in params.packages.items():
        if package.installed is not None or package.version:
            yield f"package {name}"
        if package.held is not None:
            yield f"hold {name}"
    for name, unit in params.units.items():
        yield from (
            f"unit {name} {part}" for part in ("active", "enabled") if getattr(unit, part) is not None
        )
    for name, account in params.accounts.items():
        yield f"user {name}"
        if account.groups is not None or account.not_in:
            yield f"groups {name}"
    yield from (f"sudo {name}" for name in params.sudo)
    yield from (f"file {path}" for path in params.files)
    yield from (f"sysctl {key}" for key in params.sysctl)
    for name, module in params.modules.items():
        yield from (
            f"module {name} {part}" for part in ("loaded", "loadable") if getattr(module, part) is not None
        )
    yield from (f"apparmor {name}" for name in params.apparmor)
    yield from (f"rules {name}" for name in params.rules_from)


def _around(params: Params, state: Facts, name: str) -> list[str]:
    """Facts that explain the others: who may log in, what the firewall does."""
    starts = []
    if params.ssh is not None:
        starts.append(f"{name} ssh ")
    if params.firewall is not None:
        starts += [f"{name} firewall "]
    return [key for key, value in state.items() if value and key.startswith(tuple(starts))] if starts else []


def _head(key: str, name: str) -> str:
    return key.removeprefix(f"{name} ")


def _word(state: Facts, key: str) -> str:
    """A fact in a few words; of a file, its mode and owner, not its content."""
    value = state.get(key)
    if value is None:
        return "none"
    if f" {key}".partition(" file ")[1]:
        return value.partition("\n")[0]
    return " ".join(value.split()) or "none"
