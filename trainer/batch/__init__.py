"""A folder of answers -> one row for every learner and card, streamed and in order.

`learners` and `find` know the layouts of such a folder. A missing or unreadable answer is a row; nothing that
a learner submits stops the batch. Grading runs in worker processes with limits: an answer that hangs or kills
one gets checks with status `error` (ours).
"""

from __future__ import annotations

import os
from collections import deque
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from trainer.batch.find import Found, Wanted, find_answer, wanted
from trainer.batch.learners import Learner
from trainer.content.catalogue import find_card
from trainer.content.locate import Pack
from trainer.errors import AnswerUnreadable
from trainer.isolate import Failed, Limits, Pool
from trainer.safe_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trainer.content.card import Card
    from trainer.verdict import Location, Verdict

SCHEMA = "cks-trainer.result/1"
RowStatus = Literal["graded", "missing", "unreadable"]


class Row(msgspec.Struct, frozen=True):
    """The result for one learner and card; its fields are those of `cks-trainer.result/1`.

    A row that was not graded has no points and no verdict; `message` says why. For an answer that didn't
    pass, it has the first reason.
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


def grade_all(
    learners: Iterable[Learner],
    cards: Sequence[Card],
    pack: Pack,
    *,
    submissions: Path,
    workers: int = 1,
    limits: Limits | None = None,
    whole: bool = False,
) -> Iterator[Row]:
    """A row for every learner and card, learner by learner. Memory stays flat.

    With `whole`, the submissions are the folder of the one card: a learner's folder is the answer.
    """
    by_id = {card.id: card for card in cards}
    sought = wanted({card.id: card.files for card in cards}, whole=whole)
    plain = {one.id: msgspec.to_builtins(one) for one in sought}
    pending: deque[tuple[Learner, Wanted]] = deque()
    where = [str(pack.tasks), str(pack.solutions), os.urandom(16).hex()]

    def tasks() -> Iterator[tuple[Any, ...]]:
        for learner in learners:
            for one in sought:
                pending.append((learner, one))
                inside = [os.fsencode(path) for path in learner.inside.get(one.id, ())]
                folder = os.fsencode(learner.folder) if learner.folder else None
                whose = [os.fsencode(learner.name), folder, inside]
                yield where, os.fsencode(submissions), whose, plain[one.id]

    with Pool(workers, limits or Limits(seconds=10.0)) as pool:
        for result in pool.map(f"{__name__}:grade_one", tasks()):
            learner, one = pending.popleft()
            if isinstance(result, Failed):
                yield _could_not_run(by_id[one.id], learner, one, submissions, result)
            else:
                yield Row(*result)


def grade_one(
    pack: list[str], submissions: bytes, learner: list[Any], sought: dict[str, Any]
) -> tuple[Any, ...]:
    """Grade one answer; runs in a worker, so everything is plain. `pack` has its two folders, and a salt.

    `learner` is the name, the folder or None, and what the card's folder has: bytes, because names of files
    may be in any encoding. Returns the fields of a `Row`, in their order.
    """
    name, folder, inside = learner
    wanted_card = msgspec.convert(sought, Wanted)
    card = _card(wanted_card.id, Pack(Path(pack[0]), Path(pack[1])))
    paths = tuple(Path(os.fsdecode(path)) for path in inside)
    home = Path(os.fsdecode(folder)) if folder else None
    one = Learner(os.fsdecode(name), home, {card.id: paths})
    row = row_for(card, one, Path(os.fsdecode(submissions)), wanted_card, salt=bytes.fromhex(pack[2]))
    return msgspec.structs.astuple(row)


def row_for(
    card: Card, learner: Learner, submissions: Path, sought: Wanted | None = None, *, salt: bytes = b""
) -> Row:
    """The row for one learner's answer to one card; without `sought`, as in a batch of this card alone.

    Secret values of the answer are replaced in the verdict by digests with this salt.
    """
    from trainer.grading.grade import grade
    from trainer.grading.redact import redact_verdict
    from trainer.manifests.answer import read_answer
    from trainer.report.json import verdict_json

    found = Found()
    if sought is None:
        (sought,) = wanted({card.id: card.files})
    try:
        found = find_answer(learner.folder, sought, submissions, learner.inside.get(card.id, ()))
        if not found.paths:
            return _ungraded(card, learner.name, "missing", None, found.note)
        answer = read_answer(found.paths, card.files)
        verdict = redact_verdict(grade(card, answer), answer, salt)
    except AnswerUnreadable as error:
        place = _inside(found.place, submissions) or _inside(Path(error.file), submissions)
        message = str(error).replace(f"{submissions}{os.sep}", "")
        return _ungraded(card, learner.name, "unreadable", place, message)
    except (OSError, RuntimeError) as error:  # up to Python 3.12, a loop of links is a RuntimeError
        place = _inside(found.place or learner.folder, submissions)
        words = getattr(error, "strerror", None) or str(error).partition(":")[0]
        return _ungraded(card, learner.name, "unreadable", place, words)
    return Row(
        learner=one_line(learner.name),
        card=card.id,
        status="graded",
        passed=verdict.passed,
        points=verdict.points,
        max_points=verdict.max_points,
        file=_inside(found.place, submissions),
        verdict=msgspec.json.encode(verdict_json(verdict)),
        message="; ".join(filter(None, (first_reason(verdict), found.note))),
    )


def first_reason(verdict: Verdict) -> str:
    """Why an answer didn't pass, in one line: its first reason, and where; empty if it passed.

    What the API server refuses comes first, then the first check that failed, then one that could not run. If
    that one has no place, a warning may say more: an empty file, one that was not read.
    """
    from trainer.verdict import Severity, Status

    if verdict.passed:
        return ""
    for problem in verdict.problems:
        if problem.severity is Severity.ERROR:
            return _at(problem.location, problem.message)
    for status in (Status.FAIL, Status.ERROR, Status.SKIPPED):
        for check in verdict.counted:
            if check.status is status:
                if not check.reasons:
                    return one_line(check.says)
                reason = check.reasons[0]
                found = [_at(reason.location, f"{check.says}: {reason.message}")]
                if reason.location is None and verdict.problems:
                    found.append(_at(verdict.problems[0].location, verdict.problems[0].message))
                return "; ".join(found)
    return ""


def _at(location: Location | None, message: str) -> str:
    place = f"{location.file}:{location.line}: " if location and location.line else ""
    return one_line(place + message.partition("\n")[0])


def _could_not_run(card: Card, learner: Learner, sought: Wanted, submissions: Path, failed: Failed) -> Row:
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
        found = find_answer(learner.folder, sought, submissions, learner.inside.get(card.id, ()))
    except (AnswerUnreadable, OSError, RuntimeError):
        found = Found()
    return Row(
        learner=one_line(learner.name),
        card=card.id,
        status="graded",
        passed=False,
        points=0,
        max_points=verdict.max_points,
        file=_inside(found.place, submissions),
        verdict=msgspec.json.encode(verdict_json(verdict)),
        message=f"could not be graded: {failed.message}",
    )


def _ungraded(card: Card, learner: str, status: RowStatus, file: str | None, message: str) -> Row:
    return Row(one_line(learner), card.id, status, False, 0, card.points, file, b"null", one_line(message))


@lru_cache(maxsize=256)
def _card(card_id: str, pack: Pack) -> Card:
    return find_card(card_id, pack)


def _inside(path: Path | None, submissions: Path) -> str | None:
    if path is None:
        return None
    inside = path.is_relative_to(submissions)
    return one_line(path.relative_to(submissions).as_posix() if inside else path.name)
