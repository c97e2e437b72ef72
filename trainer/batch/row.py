"""One row of a batch: the result for one learner and card."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from trainer.safe_text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.batch.pile import Learner
    from trainer.content.card import Card
    from trainer.errors import AnswerUnreadable
    from trainer.isolate import Failed

SCHEMA = "cks-trainer.result/1"
RowStatus = Literal["graded", "missing", "unreadable", "error"]


class Row(msgspec.Struct, frozen=True):
    """The result for one learner and card; its fields are those of `cks-trainer.result/1`.

    A row that was not graded has no points and no verdict; `message` says why. For an answer that didn't
    pass, it has the first reason. A row with status `error` has a verdict if some checks could be judged; its
    points are those of these checks.
    """

    learner: str
    card: str
    status: RowStatus
    passed: bool
    points: int
    max_points: int
    file: str | None
    """The answer's path inside the submissions; None if it is missing."""
    verdict: bytes
    """JSON of the verdict, or `null`."""
    message: str = ""
    seed: int = 0
    """The seed of the card's wording."""
    submitted_at: str | None = None
    """When the answer was submitted, in UTC; None if it isn't known, or not requested (`batch.late`)."""
    late: bool | None = None
    """Whether that is after the due time; None without one, and if it isn't known."""
    penalty: float = 0.0
    """The points that the late policy takes away: `points` has those of the verdict."""
    not_counted: tuple[str, ...] = ()
    """Places of other answers of this learner to this card: older uploads, which are not graded."""
    not_read: tuple[str, ...] = ()
    """What else the learner has submitted, and no card of the batch asks for."""
    id: str = ""
    """The same in every run: `row_id`."""
    answer: str | None = None
    """SHA-256 of the answer's files (`judging.answer_digest`); None if they weren't read."""

    @property
    def final_points(self) -> float:
        """The points that count: those of the verdict without the penalty."""
        return round(self.points - self.penalty, 2)

    def json_line(self) -> bytes:
        """The row as a line of `results.jsonl`, with its end."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        fields["final_points"] = self.final_points
        return msgspec.json.encode({"schema": SCHEMA, **fields, "verdict": msgspec.Raw(self.verdict)}) + b"\n"


def row_id(learner: str, card: str) -> str:
    """What identifies a row in every run: 16 hexadecimal digits for the learner's name and the card."""
    return hashlib.sha256(os.fsencode(learner) + b"\0" + card.encode()).hexdigest()[:16]


def could_not_run(card: Card, learner: Learner, submissions: Path, failed: Failed, seed: int = 0) -> Row:
    """The row of an answer that no worker could grade: every check has status error.

    Nothing of the learner's is opened for it. The text of an exception may quote the answer: only its type is
    told.
    """
    from trainer.report.json import verdict_json
    from trainer.verdict import CheckResult, Reason, Status, Verdict

    why = f"in two attempts: {failed.message}"
    if failed.cause == "raised":
        why = f"because of a fault in cks-trainer: {failed.message.partition(':')[0]}"
    reasons = (Reason(f"this check could not run {why}"),)
    checks = tuple(
        CheckResult(check.id, check.says, Status.ERROR, 0, check.points, reasons=reasons)
        for check in card.checks
    )
    places = (learner.folder, *learner.inside.get(card.id, ()), *learner.files.values(), *learner.more)
    place = next((path for path in places if path), None)
    shown = told_place(place, [submissions])
    row = ungraded(card, learner.name, "error", shown, f"could not be graded {why}")
    verdict = msgspec.json.encode(verdict_json(Verdict(card.id, checks, seed=seed)))
    return msgspec.structs.replace(row, verdict=verdict, seed=seed)


def unreadable(
    card: Card, learner: str, place: Path | None, roots: Sequence[Path], error: AnswerUnreadable
) -> Row:
    """The row of an answer that can't be read. `roots` are the folders in which its paths begin."""
    message = str(error)
    for root in roots:
        message = message.replace(f"{root}{os.sep}", "")
    return ungraded(card, learner, "unreadable", told_place(place or Path(error.file), roots), message)


def ungraded(card: Card, learner: str, status: RowStatus, file: str | None, message: str) -> Row:
    """The row of an answer without a verdict. The texts of rows are stored, so they are cleaned here."""
    name, said = one_line(learner), one_line(message)
    number = row_id(learner, card.id)
    return Row(name, card.id, status, False, 0, card.points, file, b"null", said, card.seed, id=number)


def told_place(path: Path | None, roots: Sequence[Path]) -> str | None:
    """A path as it is told: from the submissions on, or from where something of them was unpacked."""
    if path is None:
        return None
    text = str(path)
    for root in roots:
        if text.startswith(f"{root}{os.sep}"):
            return one_line(text[len(str(root)) + 1 :])
    for root in roots:
        if path.is_relative_to(root):
            return one_line(path.relative_to(root).as_posix())
    return one_line(path.name if path.is_absolute() else text)
