"""Mutants of a script for nodes: a line or a word dropped, two lines swapped, a word changed.

A change after which the nodes are in the same state, right away and after a restart, isn't a mutant; nor is
one that the engine doesn't judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.node.facts import Facts, facts
from trainer.simulate.node.given import NodeGiven
from trainer.simulate.node.run import run_script

_OPPOSITES = {
    "enable": "disable",
    "start": "stop",
    "mask": "unmask",
    "hold": "unhold",
    "allow": "deny",
    "cordon": "uncordon",
    "incoming": "outgoing",
    "aa-enforce": "aa-complain",
    "blacklist": "#blacklist",
}
_OPPOSITES |= {second: first for first, second in _OPPOSITES.items()}


class ScriptEdit(msgspec.Struct, frozen=True):
    """A changed script: which line, the path and kind of the change, and its text."""

    line: int
    path: str
    mutation: str
    what: str
    text: str


def script_edits(text: str, node: dict[str, Any]) -> Iterator[ScriptEdit]:
    """All mutants of a script on these nodes."""
    given = msgspec.convert(node, NodeGiven)
    same = _effect(given, text)
    seen = {text}
    for edit in _edits(text.split("\n")):
        if edit.text not in seen:
            seen.add(edit.text)
            effect = _effect(given, edit.text)
            if effect is not None and effect != same:
                yield edit


def _effect(given: NodeGiven, text: str) -> tuple[Facts, Facts, list[str]] | None:
    """What a script leaves, and what happens on the way; None if that isn't judged."""
    try:
        run = run_script(given, text, given.script)
        return facts(run.after), facts(run.booted), sorted({f"{one.kind} {one.host}" for one in run.events})
    except NotJudged:
        return None


def _edits(lines: list[str]) -> Iterator[ScriptEdit]:
    for index, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        number = index + 1

        def edit(
            path: str, mutation: str, what: str, *new: str, at: int = index, over: int = 1
        ) -> ScriptEdit:
            return ScriptEdit(
                at + 1, path, mutation, what, "\n".join([*lines[:at], *new, *lines[at + over :]])
            )

        yield edit(f"line {number}", "delete", "line deleted")
        if index + 1 < len(lines) and lines[index + 1].strip():
            yield edit(f"line {number}", "move", "swapped with the next line", lines[index + 1], line, over=2)
        words = list(re.finditer(r"\S+", line))
        for word in words:
            rest = line[: word.start()] + line[word.end() :].lstrip()
            if len(words) > 1:
                yield edit(f"line {number}: {word[0]}", "delete", "word deleted", rest)
            for kind, new in _others(word[0]):
                changed = line[: word.start()] + new + line[word.end() :]
                yield edit(f"line {number}: {word[0]}", kind, f"changed to {new}", changed)


def _others(word: str) -> Iterator[tuple[str, str]]:
    """The opposite of a word, and the word with another number."""
    if word in _OPPOSITES:
        yield "flip", _OPPOSITES[word]
    for number in re.finditer(r"\d+", word):
        more = str(int(number[0]) + 1).zfill(len(number[0]))
        yield "change", word[: number.start()] + more + word[number.end() :]
