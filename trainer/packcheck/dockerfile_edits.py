"""Mutants of a Dockerfile: an instruction or a word dropped, two swapped, a stage, a user or a flag changed.

A change after which the image is the same isn't a mutant; nor is one that the engine doesn't judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.packcheck.script_edits import ScriptEdit
from trainer.simulate.images.build import build
from trainer.simulate.images.dockerfile import Broken, Instruction, read_dockerfile
from trainer.simulate.images.facts import Facts, facts
from trainer.simulate.images.given import BuildGiven

_OPPOSITES = {"COPY": "ADD", "ENTRYPOINT": "CMD", "CMD": "ENTRYPOINT", "ARG": "ENV", "ENV": "ARG"}


def dockerfile_edits(text: str, ignore: str, declared: dict[str, Any]) -> Iterator[ScriptEdit]:
    """All mutants of a Dockerfile in this build."""
    given = msgspec.convert(declared, BuildGiven)
    same = _effect(given, text, ignore)
    seen = {text}
    for edit in _edits(text, given):
        if edit.text not in seen:
            seen.add(edit.text)
            effect = _effect(given, edit.text, ignore)
            if effect is not None and effect != same:
                yield edit


def _effect(given: BuildGiven, text: str, ignore: str) -> tuple[Facts, Facts, list[str]] | str | None:
    """What a Dockerfile makes, also with replaced downloads, and where secrets are; None if not judged."""
    try:
        built = build(given, text, ignore)
    except Broken as error:
        return f"broken: {error.why}"
    except NotJudged:
        return None
    try:
        tampered = facts(build(given, text, ignore, tampered=True))
    except Broken:
        tampered = {}
    except NotJudged:
        return None
    leaks = [
        f"{stage.name} {name} {layer.line}"
        for stage in built.stages
        for layer in stage.layers
        for name, secret in given.secrets.items()
        if secret.value in layer.created_by
    ]
    return facts(built), tampered, leaks


def _edits(text: str, given: BuildGiven) -> Iterator[ScriptEdit]:
    lines = text.split("\n")
    found = list(read_dockerfile(text).instructions)
    ends = [one.line - 1 for one in found[1:]] + [len(lines)]
    for index, (one, end) in enumerate(zip(found, ends, strict=True)):
        first = one.line - 1

        def edit(
            kind: str, what: str, new: list[str], word: str = "", *, at: int = first, to: int = end
        ) -> ScriptEdit:
            return ScriptEdit(
                at + 1,
                f"line {at + 1}" + (f": {word}" if word else ""),
                kind,
                what,
                "\n".join([*lines[:at], *new, *lines[to:]]),
            )

        yield edit("delete", "instruction deleted", [])
        if index + 1 < len(found):
            swapped = [*lines[end : ends[index + 1]], *lines[first:end]]
            yield edit("move", "swapped with the next instruction", swapped, to=ends[index + 1])
        for number in range(first, end):
            line = lines[number]
            if line.lstrip().startswith("#"):
                continue
            for word in re.finditer(r"\S+", line):
                rest = line[: word.start()] + line[word.end() :].lstrip()
                yield edit("delete", "word deleted", [rest], word[0], at=number, to=number + 1)
                for kind, new in _others(word[0], one, given):
                    changed = line[: word.start()] + new + line[word.end() :]
                    yield edit(kind, f"changed to {new}", [changed], word[0], at=number, to=number + 1)
        if one.name == "USER":
            yield edit("change", "changed to root", ["USER root"])
        if one.name in ("ENTRYPOINT", "CMD") and one.words is not None:
            yield edit("change", "changed to the shell form", [f"{one.name} {' '.join(one.words)}"])


def _others(word: str, one: Instruction, given: BuildGiven) -> Iterator[tuple[str, str]]:
    """Other words in the place of one."""
    if word in _OPPOSITES:
        yield "flip", _OPPOSITES[word]
    if one.name == "FROM" and "@" in word:
        yield "widen", word.partition("@")[0]
    if one.name == "FROM" and word not in ("FROM", "AS", "as"):
        for name, base in given.bases.items():
            yield "change", f"{name}@{base.digest}"
    if word.startswith("--mount=type=secret"):
        yield "delete", ""
        yield "change", word.replace("type=secret", "type=cache")
    if one.name == "USER":
        for number in re.finditer(r"\d+", word):
            yield "change", f"{word[: number.start()]}0{word[number.end() :]}"
        return
    for number in re.finditer(r"(?<![0-9a-f])\d+(?![0-9a-f])", word) if "sha256" not in word else ():
        yield "change", f"{word[: number.start()]}{int(number[0]) + 1}{word[number.end() :]}"
