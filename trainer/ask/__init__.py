"""Questions to the engines, for any manifests and without a card: each answer names the deciding line.

Every question is a function from manifests to a `Reply`; commands print it, or its JSON. `loading` reads the
manifests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.verdict import Location, Reason

if TYPE_CHECKING:
    from trainer.ask.loading import Loaded

SCHEMA = "cks-trainer.ask/1"


class Absent(UsageError):
    """The files don't contain what the question is about. `loaded` is what was read, if known."""

    def __init__(self, message: str, *, loaded: Loaded | None = None, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.loaded = loaded


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
    finds: bool = False
    """Whether each reason is something to fix, whatever answer is expected."""

    def json(self) -> dict[str, Any]:
        """The versioned form: `cks-trainer.ask/1`."""
        reasons = [
            {"message": reason.message} | (_place(reason.location) if reason.location else {})
            for reason in self.reasons
        ]
        plain = {"schema": SCHEMA, "question": self.question, "answer": self.answer, "reasons": reasons}
        return plain | self.data


def only(manifests: Sequence[Manifest], *kinds: str) -> Manifest:
    """The one object of these kinds. Raises `Absent` without one, `UsageError` if there are several."""
    found = [manifest for manifest in manifests if manifest.kind in kinds]
    what = " or ".join(kinds)
    if not found:
        raise Absent(f"the files contain no {what}")
    if len(found) > 1:
        places = ", ".join(str(one.where()) for one in found[:5])
        raise UsageError(
            f"the files contain more than one {what}: {places}",
            remedy="name the file of the one to ask about",
        )
    return found[0]


def _place(location: Location) -> dict[str, Any]:
    return {
        "file": location.file,
        "line": location.line,
        "column": location.column,
        "path": location.path,
    }
