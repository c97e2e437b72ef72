"""A folder of answers -> one row for every learner and card, streamed and in order.

`learners` and `find` know the layouts of such a folder. Whatever happens to one answer ends in its row:

- `missing`: the learner has submitted nothing for the card.
- `unreadable`: the system or the limits refuse to read it; the learner can change that.
- `error`: a fault of ours, or an answer that is too large to judge: its points aren't final.

Everything that touches a learner's files runs in a worker process with limits, finding them included. That
process is the boundary: what raises, hangs or dies there is a value here (`trainer.isolate.Failed`).
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
from trainer.content.catalogue import find_card, require_card
from trainer.content.load import load_card
from trainer.content.locate import Pack
from trainer.content.wording import Wording
from trainer.errors import AnswerUnreadable
from trainer.isolate import Failed, Limits, Pool
from trainer.safe_text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from trainer.content.card import Card
    from trainer.manifests.answer import Answer
    from trainer.verdict import Location, Verdict

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

    @property
    def final_points(self) -> float:
        """The points that count: those of the verdict without the penalty."""
        return round(self.points - self.penalty, 2)

    def json_line(self) -> bytes:
        """The row as a line of `results.jsonl`, with its end."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        fields["final_points"] = self.final_points
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
    seed: int | None = 0,
    effects: bool = False,
) -> Iterator[Row]:
    """A row for every learner and card, learner by learner. Memory stays flat.

    With `whole`, the submissions are the folder of the one card: a learner's folder is the answer. `seed` is
    that of all answers; None: every learner has a seed for each card (`content.vary.seed_of_learner`).
    With `effects`, verdicts have the pictures of their failed checks.
    """
    by_id = {card.id: card for card in cards}
    sought = wanted({card.id: card.files for card in cards}, whole=whole)
    plain = {one.id: msgspec.msgpack.encode(one) for one in sought}
    pending: deque[tuple[Learner, Wanted, int]] = deque()
    where = [str(pack.tasks), str(pack.solutions)]
    root = os.fsencode(submissions)

    def tasks() -> Iterator[tuple[Any, ...]]:
        for learner in learners:
            for one in sought:
                own = _seed(by_id[one.id], learner, seed)
                pending.append((learner, one, own))
                inside = [os.fsencode(path) for path in learner.inside.get(one.id, ())]
                folder = os.fsencode(learner.folder) if learner.folder else None
                whose = [os.fsencode(learner.name), folder, inside]
                yield where, root, whose, plain[one.id], own, effects

    with Pool(workers, limits or Limits(seconds=10.0)) as pool:
        for result in pool.map(f"{__name__}:grade_one", tasks()):
            learner, one, own = pending.popleft()
            if isinstance(result, Failed):
                yield _could_not_run(by_id[one.id], learner, submissions, result, own)
            else:
                yield Row(*result)


def grade_one(
    pack: list[str], submissions: bytes, learner: list[Any], sought: bytes, seed: int, effects: bool
) -> tuple[Any, ...]:
    """Grade one answer; runs in a worker, so everything is plain. `pack` has its two folders.

    `learner` is the name, the folder or None, and what the card's folder has: bytes, because names of files
    may be in any encoding. `sought` is a `Wanted`. Returns the fields of a `Row`, in their order.
    """
    name, folder, inside = learner
    tasks, solutions = pack
    wanted_card, card = _card(sought, tasks, solutions)
    if seed:
        card = _varied(card, seed, tasks, solutions)
    paths = tuple(Path(os.fsdecode(path)) for path in inside)
    home = Path(os.fsdecode(folder)) if folder else None
    one = Learner(os.fsdecode(name), home, {card.id: paths})
    row = row_for(card, one, Path(os.fsdecode(submissions)), wanted_card, effects=effects)
    return msgspec.structs.astuple(row)


def row_for(
    card: Card,
    learner: Learner,
    submissions: Path,
    sought: Wanted | None = None,
    *,
    effects: bool = False,
    judge: Callable[[Card, Answer], Verdict] | None = None,
) -> Row:
    """The row for one learner's answer to one card; without `sought`, as in a batch of this card alone.

    With `effects`, its verdict has the pictures of the failed checks. `judge` judges it, by default `grade`.
    """
    from trainer.grading.grade import grade

    if sought is None:
        (sought,) = wanted({card.id: card.files})
    found = Found()
    try:
        found = _find(card, learner, submissions, sought)
        if not found.paths:
            return _ungraded(card, learner.name, "missing", None, found.note)
        answer = _read(found, card)
        verdict = (judge or grade)(card, answer)
    except AnswerUnreadable as error:
        place = _inside(found.place or Path(error.file), submissions)
        message = str(error).replace(f"{submissions}{os.sep}", "")
        return _ungraded(card, learner.name, "unreadable", place, message)
    pictures = _pictures(card, answer, verdict) if effects else None
    return row_of(learner.name, _inside(found.place, submissions), verdict, found.note, pictures)


def _pictures(card: Card, answer: Answer, verdict: Verdict) -> list[dict[str, Any]]:
    """What the answer does where it fails, as `cks-trainer.verdict/1` has it."""
    from trainer.grading.effect import effects
    from trainer.report.effect import effect_json
    from trainer.verdict import Status

    failed = tuple(check for check in verdict.counted if check.status is Status.FAIL)
    return effect_json(effects(card, answer, msgspec.structs.replace(verdict, checks=failed)))


def row_of(
    learner: str,
    place: str | None,
    verdict: Verdict,
    note: str = "",
    effect: list[dict[str, Any]] | None = None,
) -> Row:
    """The row of an answer that was judged, at a place inside the submissions; `effect` as in its JSON."""
    from trainer.report.json import verdict_json
    from trainer.verdict import Status

    broken = any(check.status is Status.ERROR for check in verdict.counted)
    return Row(
        learner=one_line(learner),
        card=verdict.card,
        status="error" if broken else "graded",
        passed=verdict.passed,
        points=verdict.points,
        max_points=verdict.max_points,
        file=place,
        verdict=msgspec.json.encode(verdict_json(verdict) | ({"effect": effect} if effect else {})),
        message=one_line("; ".join(filter(None, (first_reason(verdict), note)))),
        seed=verdict.seed,
    )


def _find(card: Card, learner: Learner, submissions: Path, sought: Wanted) -> Found:
    """`find_answer`; what the system refuses is about the learner's files, too: `AnswerUnreadable`."""
    try:
        return find_answer(learner.folder, sought, submissions, learner.inside.get(card.id, ()))
    except OSError as error:
        raise _refused(error, learner.folder or submissions) from None


def _read(found: Found, card: Card) -> Answer:
    """`read_answer`, in the same way."""
    from trainer.manifests.answer import read_answer

    try:
        return read_answer(found.paths, card.files)
    except OSError as error:
        raise _refused(error, found.paths[0]) from None


def _refused(error: OSError, place: Path) -> AnswerUnreadable:
    file = Path(os.fsdecode(error.filename)) if error.filename else place
    return AnswerUnreadable(f"{file} cannot be read: {error.strerror}", file=str(file))


def first_reason(verdict: Verdict) -> str:
    """Why an answer didn't pass, in one line: its first reason, and where; empty if it passed.

    A check that could not run comes first, then what the API server refuses, then the first failed check.
    If that one has no place, a warning may say more: an empty file, one that was not read.
    """
    from trainer.verdict import Severity, Status

    if verdict.passed:
        return ""
    by_status = {status: [one for one in verdict.counted if one.status is status] for status in Status}
    refused = [one for one in verdict.problems if one.severity is Severity.ERROR]
    if refused and not by_status[Status.ERROR]:
        return _at(refused[0].location, refused[0].message)
    for check in (*by_status[Status.ERROR], *by_status[Status.FAIL], *by_status[Status.SKIPPED]):
        if not check.reasons:
            return check.says
        reason = check.reasons[0]
        found = [_at(reason.location, f"{check.says}: {reason.message}")]
        if reason.location is None and verdict.problems:
            found.append(_at(verdict.problems[0].location, verdict.problems[0].message))
        return "; ".join(found)
    return ""


def _at(location: Location | None, message: str) -> str:
    place = f"{location.file}:{location.line}: " if location and location.line else ""
    return place + message.partition("\n")[0]


def _could_not_run(card: Card, learner: Learner, submissions: Path, failed: Failed, seed: int = 0) -> Row:
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
    place = learner.folder or next(iter(learner.inside.get(card.id, ())), None)
    row = _ungraded(card, learner.name, "error", _inside(place, submissions), f"could not be graded {why}")
    verdict = msgspec.json.encode(verdict_json(Verdict(card.id, checks, seed=seed)))
    return msgspec.structs.replace(row, verdict=verdict, seed=seed)


def _ungraded(card: Card, learner: str, status: RowStatus, file: str | None, message: str) -> Row:
    """The row of an answer without a verdict. The texts of rows are stored, so they are cleaned here."""
    name, said = one_line(learner), one_line(message)
    return Row(name, card.id, status, False, 0, card.points, file, b"null", said, card.seed)


def _seed(card: Card, learner: Learner, seed: int | None) -> int:
    """The seed of a learner's card: 0 if it has no variants."""
    if not card.vary or seed == 0:
        return 0
    from trainer.content.vary import seed_of_learner

    return seed_of_learner(learner.name, card.id) if seed is None else seed


def _varied(card: Card, seed: int, tasks: str, solutions: str) -> Card:
    """The card in the wording of a seed. Different seeds may pick the same words: the card is read once."""
    from trainer.content.vary import seeded

    wording = seeded(seed)(card.id, card.vary)
    same = _in_words(card.id, tuple(wording.words.items()), tasks, solutions) if wording.words else card
    return msgspec.structs.replace(same, wording=wording)


@lru_cache(maxsize=256)
def _in_words(card_id: str, words: tuple[tuple[str, str], ...], tasks: str, solutions: str) -> Card:
    pack = Pack(Path(tasks), Path(solutions))
    return load_card(require_card(card_id, pack), pack, choose=lambda *_: Wording(0, dict(words)))


@lru_cache(maxsize=256)
def _card(sought: bytes, tasks: str, solutions: str) -> tuple[Wanted, Card]:
    """The same for every learner: what is looked for, and its card."""
    one = msgspec.msgpack.decode(sought, type=Wanted)
    return one, find_card(one.id, Pack(Path(tasks), Path(solutions)))


def _inside(path: Path | None, submissions: Path) -> str | None:
    if path is None:
        return None
    text, root = str(path), f"{submissions}{os.sep}"
    if text.startswith(root):
        return one_line(text[len(root) :])
    inside = path.is_relative_to(submissions)
    return one_line(path.relative_to(submissions).as_posix() if inside else path.name)
