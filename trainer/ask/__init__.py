"""Questions to the engines, for any manifests and without a card: each answer names the deciding line.

Every question is a function from manifests to a `Reply`; commands print it, or its JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from trainer.errors import UsageError
from trainer.manifests.answer import read_answer
from trainer.manifests.defaults import with_defaults
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.manifests.schema.check import check_schema
from trainer.verdict import Location, Problem, Reason, Severity
from trainer.versions import DEFAULT, Version

SCHEMA = "cks-trainer.ask/1"


class Loaded(msgspec.Struct, frozen=True, eq=False):
    """What was read: the objects with the API server's defaults, and what is wrong with the rest."""

    manifests: tuple[Manifest, ...]
    problems: tuple[Problem, ...]
    texts: dict[str, str]
    """The files as text, by name."""


class Reply(msgspec.Struct, frozen=True):
    """The answer to one question.

    `answer` is one word or line (`allowed`, `restricted`), `reasons` say why and where, `rows` are a
    table whose first row is its head, `data` is for machines.
    """

    question: str
    answer: str
    reasons: tuple[Reason, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    data: dict[str, Any] = {}

    def json(self) -> dict[str, Any]:
        """The versioned form: `cks-trainer.ask/1`."""
        reasons = [
            {"message": reason.message} | (_place(reason.location) if reason.location else {})
            for reason in self.reasons
        ]
        plain = {"schema": SCHEMA, "question": self.question, "answer": self.answer, "reasons": reasons}
        return plain | self.data


def load(paths: Sequence[Path], kubernetes: Version = DEFAULT) -> Loaded:
    """Read files, folders or standard input (`-`).

    What does not decode is left out, with its problems; the API server's other validation is not
    applied. Raises `AnswerUnreadable` for files that cannot be read, `UsageError` if nothing is
    left.
    """
    answer = read_answer(paths)
    manifests: list[Manifest] = []
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    for file in answer.files:
        parsed = parse(file.data, file.name)
        found, wrong = manifests_of(parsed.documents)
        problems += [*parsed.problems, *wrong]
        texts[file.name] = file.data.decode("utf-8", "replace")
        for manifest in found:
            refusals = check_schema(manifest, kubernetes)
            problems += refusals
            if not any(problem.severity is Severity.ERROR for problem in refusals):
                manifests.append(with_defaults(manifest, kubernetes))
    if not manifests:
        raise UsageError("found no Kubernetes object", remedy=_first(problems))
    return Loaded(tuple(manifests), tuple(problems), texts)


def only(manifests: Sequence[Manifest], *kinds: str) -> Manifest:
    """The one object of these kinds. Raises `UsageError` unless exactly one exists."""
    found = [manifest for manifest in manifests if manifest.kind in kinds]
    if len(found) != 1:
        what = " or ".join(kinds)
        raise UsageError(f"the files contain {'no' if not found else 'more than one'} {what}")
    return found[0]


def _first(problems: Sequence[Problem]) -> str:
    if not problems:
        return "name files that contain manifests"
    first = problems[0]
    return f"{first.location}: {first.message}" if first.location else first.message


def _place(location: Location) -> dict[str, Any]:
    return {
        "file": location.file,
        "line": location.line,
        "column": location.column,
        "path": location.path,
    }
