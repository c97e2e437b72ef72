"""The script of an answer, run on the nodes of the card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from trainer.errors import UsageError
from trainer.simulate.node.given import NodeGiven
from trainer.simulate.node.run import Run, run_script
from trainer.simulate.node.script_file import unreadable
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason, Status

_KEPT = 4
_runs: list[tuple[Mapping[str, Any], str, bool, Run]] = []
"""The latest runs: all checks of a card ask for the same one."""


class Script(msgspec.Struct, frozen=True):
    """The text of the script, its file's name, and the nodes that it runs on."""

    file: str
    text: str
    given: NodeGiven
    node: Mapping[str, Any]

    def run(self, *, deep: bool = False) -> Run:
        """What it does; with `deep`, which line changes what. Raises `NotJudged`."""
        for node, text, kept, known in _runs[::-1]:
            if node is self.node and text == self.text and (kept or not deep):
                return known
        run = run_script(self.given, self.text, self.file, deep=deep)
        _runs.append((self.node, self.text, deep, run))
        del _runs[:-_KEPT]
        return run

    def at(self, line: int) -> Location:
        """A line of it."""
        return Location(self.file, line, 1, f"line {line}")


def script_of(world: World) -> Script | Outcome:
    """The script of the answer; FAIL without one. Raises `UsageError` for a card without nodes."""
    if not world.node:
        raise UsageError("the card declares no nodes", remedy="add a block `node` to the card")
    given = msgspec.convert(world.node, NodeGiven)
    texts = dict(world.texts)
    name = given.script if given.script in texts else next(iter(texts), "") if len(texts) == 1 else ""
    if not name:
        reason = Reason(f"The answer has no file {given.script}.")
        return Outcome(Status.FAIL, (reason,), ("No command runs, so nothing changes on the nodes.",))
    text = texts[name]
    if fault := unreadable(text):
        message, line, proof = fault
        return Outcome(Status.FAIL, (Reason(message, Location(name, line, 1)),), (proof,))
    text = text.removeprefix("\ufeff")
    return Script(name, text, given, world.node)
