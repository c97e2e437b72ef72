"""A folder of answers -> one row for every learner and card, streamed and in order.

An answer is `<learner>/<card>/` (a folder of files) or `<learner>/<card>.yaml`. A missing or
unreadable answer is a row; nothing that a learner submits stops the batch. Grading runs in worker
processes with limits: an answer that hangs or kills one gets checks with status `error` (ours).
"""

from __future__ import annotations

import os
import unicodedata
from collections import deque
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from trainer.content.catalogue import find_card
from trainer.content.locate import Pack
from trainer.errors import AnswerUnreadable
from trainer.isolate import Failed, Limits, Pool
from trainer.manifests.answer import GIVEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trainer.content.card import Card

SCHEMA = "cks-trainer.result/1"
SUFFIXES = (".yaml", ".yml", ".json")
"""What the name of an answer that is a single file ends with."""

RowStatus = Literal["graded", "missing", "unreadable"]


class Row(msgspec.Struct, frozen=True):
    """The result for one learner and card; its fields are those of `cks-trainer.result/1`.

    A row that was not graded has no points and no verdict; `message` says why.
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

    def json_line(self) -> bytes:
        """The row as a line of `results.jsonl`, with its end."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        return msgspec.json.encode({"schema": SCHEMA, **fields, "verdict": msgspec.Raw(self.verdict)}) + b"\n"


class Learner(msgspec.Struct, frozen=True):
    """A learner by the name in the roster, and the folder of that name, if any."""

    name: str
    folder: Path | None


def find_learners(submissions: Path, names: Iterable[str] | None = None) -> list[Learner]:
    """The learners of the roster, in its order; without one, every visible folder, sorted by name.

    Names that differ only in how their accents are composed (as files from a Mac do) are the same.
    Raises `AnswerUnreadable` if the submissions aren't a readable folder.
    """
    try:
        entries = sorted(entry.name for entry in os.scandir(submissions) if entry.is_dir())
    except OSError as error:
        raise AnswerUnreadable(
            f"{submissions}: {error.strerror}",
            file=str(submissions),
            remedy="name the folder that contains the submissions",
        ) from None
    folders = {name: submissions / name for name in entries if not name.startswith(".")}
    if names is None:
        return [Learner(name, folder) for name, folder in folders.items()]
    composed = {_composed(name): folder for name, folder in folders.items()}
    return [Learner(name, folders.get(name) or composed.get(_composed(name))) for name in names]


def grade_all(
    learners: Iterable[Learner],
    cards: Sequence[Card],
    pack: Pack,
    *,
    submissions: Path,
    workers: int = 1,
    limits: Limits | None = None,
) -> Iterator[Row]:
    """A row for every learner and card, learner by learner. Memory stays flat."""
    by_id = {card.id: card for card in cards}
    pending: deque[tuple[str, str, str | None]] = deque()
    where = [str(pack.tasks), str(pack.solutions), os.urandom(16).hex()]

    def tasks() -> Iterator[tuple[Any, ...]]:
        for learner in learners:
            for card in cards:
                folder = str(learner.folder) if learner.folder else None
                pending.append((learner.name, card.id, folder))
                yield where, str(submissions), learner.name, card.id, folder

    with Pool(workers, limits or Limits(seconds=10.0)) as pool:
        for result in pool.map(f"{__name__}:grade_one", tasks()):
            name, card_id, folder = pending.popleft()
            if isinstance(result, Failed):
                yield _could_not_run(by_id[card_id], name, folder, submissions, result)
            else:
                yield Row(*result)


def grade_one(
    pack: list[str], submissions: str, learner: str, card_id: str, folder: str | None
) -> tuple[Any, ...]:
    """Grade one answer; runs in a worker. `pack` has the two folders of a `Pack`, and a salt.

    Returns the fields of a `Row`, in their order.
    """
    card = _card(card_id, Pack(Path(pack[0]), Path(pack[1])))
    return msgspec.structs.astuple(
        row_for(card, learner, Path(folder) if folder else None, Path(submissions))
    )


def row_for(card: Card, learner: str, folder: Path | None, submissions: Path, salt: bytes = b"") -> Row:
    """The row for one learner's answer to one card.

    Secret values of the answer are replaced in the verdict by digests with this salt.
    """
    from trainer.grading.grade import grade
    from trainer.grading.redact import redact_verdict
    from trainer.manifests.answer import read_answer
    from trainer.report.json import verdict_json

    found: Path | None = None
    try:
        if folder is None:
            return _ungraded(card, learner, "missing", None, "the learner's folder is missing")
        found = find_answer(folder, card.id, submissions)
        if found is None:
            return _ungraded(card, learner, "missing", None, "no answer")
        answer = read_answer([found], card.files)
        verdict = redact_verdict(grade(card, answer), answer, salt)
    except AnswerUnreadable as error:
        place = _inside(found, submissions) or _inside(Path(error.file), submissions)
        message = str(error).replace(f"{submissions}{os.sep}", "")
        return _ungraded(card, learner, "unreadable", place, message)
    except OSError as error:
        return _ungraded(
            card, learner, "unreadable", _inside(found, submissions), error.strerror or str(error)
        )
    return Row(
        learner=learner,
        card=card.id,
        status="graded",
        passed=verdict.passed,
        points=verdict.points,
        max_points=verdict.max_points,
        file=_inside(found, submissions),
        verdict=msgspec.json.encode(verdict_json(verdict)),
    )


def find_answer(folder: Path, card_id: str, submissions: Path) -> Path | None:
    """Where a learner's answer to a card is: a folder with at least one visible file, or a file.

    Raises `AnswerUnreadable` if there are two answers, or if a link leads out of the submissions.
    """
    inside = folder / card_id
    candidates = [inside] if _has_files(inside) else []
    for suffix in SUFFIXES:
        file = folder / f"{card_id}{suffix}"
        if os.path.lexists(file):
            candidates.append(file)
    if len(candidates) > 1:
        names = " and ".join(path.name for path in candidates)
        raise AnswerUnreadable(f"found two answers: {names}", file=str(inside), remedy="keep one of them")
    for path in candidates:
        if not path.resolve().is_relative_to(submissions.resolve()):
            raise AnswerUnreadable(
                "a link leads out of the submissions", file=str(path), remedy="submit the file itself"
            )
    return candidates[0] if candidates else None


def _has_files(folder: Path) -> bool:
    if not folder.is_dir():
        return os.path.lexists(folder)  # a plain file or a dead link of that name: reading says what is wrong
    for _, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name != GIVEN]
        if any(not name.startswith(".") for name in files):
            return True
    return False


def _could_not_run(card: Card, learner: str, folder: str | None, submissions: Path, failed: Failed) -> Row:
    """The row of an answer that a worker could not grade: every check has status error."""
    from trainer.report.json import verdict_json
    from trainer.verdict import CheckResult, Reason, Status, Verdict

    reasons = (Reason(f"this check could not run: grading {failed.message}"),)
    checks = tuple(
        CheckResult(check.id, check.says, Status.ERROR, 0, check.points, reasons=reasons)
        for check in card.checks
    )
    verdict = Verdict(card.id, checks)
    try:
        found = find_answer(Path(folder), card.id, submissions) if folder else None
    except (AnswerUnreadable, OSError):
        found = None
    return Row(
        learner=learner,
        card=card.id,
        status="graded",
        passed=False,
        points=0,
        max_points=verdict.max_points,
        file=_inside(found, submissions),
        verdict=msgspec.json.encode(verdict_json(verdict)),
        message=f"could not be graded: {failed.message}",
    )


def _ungraded(card: Card, learner: str, status: RowStatus, file: str | None, message: str) -> Row:
    return Row(learner, card.id, status, False, 0, card.points, file, b"null", message)


@lru_cache(maxsize=256)
def _card(card_id: str, pack: Pack) -> Card:
    return find_card(card_id, pack)


def _inside(path: Path | None, submissions: Path) -> str | None:
    if path is None:
        return None
    return path.relative_to(submissions).as_posix() if path.is_relative_to(submissions) else path.name


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip()
