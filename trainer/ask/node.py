"""`ask node`: what would this script change on a node, right after it and after a restart?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from trainer.ask import Reply
from trainer.errors import UsageError
from trainer.manifests.reading.parse import parse
from trainer.simulate.node.boot import rebooted
from trainer.simulate.node.facts import Facts, facts
from trainer.simulate.node.given import HostGiven, NodeGiven
from trainer.simulate.node.run import Run, run_script
from trainer.simulate.node.script_file import unreadable
from trainer.verdict import Location, Reason

NOTHING, STAYS, DIFFERS = "changes nothing", "stays after a restart", "differs after a restart"
PLAIN = NodeGiven({"node01": HostGiven()})
"""A fresh server with the packages of every node, which no card declares."""
_WIDEST = 48
_ABSENT = "-"


class Change(msgspec.Struct, frozen=True):
    """A fact that the script changes, with its values before and after it, and after a restart."""

    fact: str
    before: str
    after: str
    restarted: str
    line: int
    lost: bool
    """Whether a restart undoes it."""
    later: bool
    """Whether only a restart makes it."""


def read_node(text: str, file: str) -> NodeGiven:
    """The nodes that a file declares, in the form of a card's block `node`. Raises `UsageError`."""
    parsed = parse(text.encode(), file)
    value = parsed.documents[0].value if len(parsed.documents) == 1 and not parsed.problems else None
    if isinstance(value, Mapping) and set(value) == {"node"}:
        value = value["node"]
    remedy = "name hosts, as the block `node` of a card"
    try:
        given = msgspec.convert(value, NodeGiven)
    except msgspec.ValidationError as error:
        raise UsageError(f"{file} declares no nodes: {error}", remedy=remedy) from None
    if not given.hosts:
        raise UsageError(f"{file} declares no nodes", remedy=remedy)
    return given


def ask_node(text: str, file: str, given: NodeGiven = PLAIN) -> Reply:
    """What a script changes on the first of the nodes and on those that it reaches with ssh.

    The script is interpreted, never executed. Raises `NotJudged` with the line of what isn't known.
    """
    question = f"{file} on {next(iter(given.hosts))}"
    if fault := unreadable(text):
        message, line, proof = fault
        return Reply(question, NOTHING, (Reason(f"{message} {proof}", Location(file, line, 1)),), finds=True)
    run = run_script(given, text.removeprefix("\ufeff"), file, deep=True)
    changes = _changes(run)
    lasting = all(not one.lost and not one.later for one in changes)
    rows = [("what", "before", "after it", "after a restart", "line")]
    rows += [
        (one.fact, _short(one.before), _short(one.after), _short(one.restarted), str(one.line or _ABSENT))
        for one in changes
    ]
    answer = NOTHING if not changes else STAYS if lasting else DIFFERS
    data: dict[str, Any] = {
        "changes": [
            {
                name: value
                for name, value in msgspec.structs.asdict(one).items()
                if name not in ("lost", "later")
            }
            for one in changes
        ],
        "failed": [
            {"line": one.line, "node": one.host, "command": one.command, "why": one.why}
            for one in run.failures
        ],
    }
    reasons = tuple(_reasons(run, changes, file))
    return Reply(question, answer, reasons, tuple(rows) if changes else (), data, finds=True)


def _changes(run: Run) -> list[Change]:
    before, after = facts(run.before), facts(run.after)
    first, last = facts(rebooted(run.before)), facts(run.booted)
    found = []
    for key in sorted({*before, *after, *first, *last}):
        old, new, restarted = _value(key, before), _value(key, after), _value(key, last)
        later = old == new and restarted != _value(key, first)
        if old != new or later:
            line = max(run.journal.get(key, 0), run.journal.get(f"boot {key}", 0))
            lost = old != new and restarted == old
            found.append(Change(key, old, new, restarted, line, lost, later))
    return found


def _value(key: str, known: Facts) -> str:
    return (known[key] or "none") if key in known else _ABSENT


def _reasons(run: Run, changes: list[Change], file: str) -> list[Reason]:
    """What somebody would want to know: failures, where it ends, and what a restart undoes or makes."""
    told = {one.line: f"`{one.command}` fails: {one.why}" for one in run.failures}
    if run.broken is not None:
        told[run.broken.line] = f"{run.broken.why}: bash reads no further."
    if run.waits:
        told[run.last_line] = "The script waits here for input that never comes."
    reasons = [Reason(what, Location(file, line, 1)) for line, what in told.items()]
    reasons += [Reason(one.text, Location(file, one.line, 1)) for one in run.events]
    for one in changes:
        if (one.lost or one.later) and one.line:
            why = "A restart undoes this" if one.lost else "Only a restart makes this so"
            reasons.append(Reason(f"{why}: {one.fact}.", Location(file, one.line, 1)))
    return list(dict.fromkeys(reasons))


def _short(value: str) -> str:
    line = " ".join(value.split())
    return f"{line[: _WIDEST - 3]}..." if len(line) > _WIDEST else line
