"""Mutants that no test can notice, each with its reason: `equivalent.toml` beside this module.

An entry names the file, the line of code on which the change starts, the text that changes and what it
becomes; line numbers would not last.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from tools.mutate.operators import Mutant

LIST = Path(__file__).with_suffix(".toml")


class Equivalent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry."""

    file: str
    code: str
    """The line on which the change starts, without its indentation."""
    old: str
    """The text that is changed."""
    new: str
    """What it becomes."""
    reason: str


def entries(path: Path = LIST) -> list[Equivalent]:
    """The list. Raises `msgspec.ValidationError` for an entry of another form."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return msgspec.convert(data.get("equivalent", []), list[Equivalent])


def equivalents(mutants: Iterable[Mutant], root: Path, path: Path = LIST) -> dict[Mutant, str]:
    """Those of the mutants that are listed, each with the reason."""
    reasons = {_key(one): one.reason for one in entries(path)}
    return {mutant: reasons[key] for mutant, key in keyed(mutants, root) if key in reasons}


def stale(mutants: Iterable[Mutant], root: Path, path: Path = LIST) -> list[str]:
    """A sentence about each entry for one of the mutants' files that matches no mutant."""
    made = {key: mutant for mutant, key in keyed(mutants, root)}
    files = {mutant.file for mutant in made.values()}
    return [
        f"{path.name}: no mutant of {one.file} changes {one.old!r} to {one.new!r} in `{one.code}`"
        for one in entries(path)
        if one.file in files and _key(one) not in made
    ]


def _key(one: Equivalent) -> tuple[str, str, str, str]:
    return one.file, one.code, one.old, one.new


def keyed(mutants: Iterable[Mutant], root: Path) -> Iterator[tuple[Mutant, tuple[str, str, str, str]]]:
    """Each mutant with what names it while line numbers change: file, line of code, old and new text."""
    texts: dict[str, list[str]] = {}
    for mutant in mutants:
        if mutant.file not in texts:
            texts[mutant.file] = (root / mutant.file).read_text(encoding="utf-8").split("\n")
        yield mutant, (mutant.file, texts[mutant.file][mutant.line - 1].strip(), mutant.old, mutant.new)
