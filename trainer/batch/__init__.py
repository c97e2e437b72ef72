"""A folder of answers -> one row for every learner and card, streamed and in order.

`learners` and `find` know the layouts of such a folder. Whatever happens to one answer ends in its row:

- `missing`: the learner has submitted nothing for the card.
- `unreadable`: the system or the limits refuse to read it; the learner can change that.
- `error`: a fault of ours, or an answer that is too large to judge: its points aren't final.

Everything that touches a learner's files runs in a worker process with limits, finding them included. That
process is the boundary: what raises, hangs or dies there is a value here (`trainer.isolate.Failed`).
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from trainer.batch.find import Found, Wanted, find_answer, wanted
from trainer.batch.judging import Judged, Remembered, answer_digest, judge_answer, judged
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

    from trainer.batch.journal import Journal
    from trainer.content.card import Card
    from trainer.manifests.answer import Answer
    from trainer.verdict import Verdict

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


class Graded(msgspec.Struct, frozen=True):
    """A row with its place among all rows of the run, of which a shard has some."""

    position: int
    row: Row


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
    graded = grade_some(
        enumerate(learners),
        cards,
        pack,
        submissions=submissions,
        workers=workers,
        limits=limits,
        whole=whole,
        seed=seed,
        effects=effects,
    )
    return (one.row for one in graded)


def grade_some(
    learners: Iterable[tuple[int, Learner]],
    cards: Sequence[Card],
    pack: Pack,
    *,
    submissions: Path,
    workers: int = 1,
    limits: Limits | None = None,
    whole: bool = False,
    seed: int | None = 0,
    effects: bool = False,
    journal: Journal | None = None,
) -> Iterator[Graded]:
    """As `grade_all`, for learners with their numbers among all.

    The journal gets every row as it comes. A row that it has already, of an answer that hasn't changed since,
    is not graded again.
    """
    by_id = {card.id: card for card in cards}
    sought = wanted({card.id: card.files for card in cards}, whole=whole)
    plain = {one.id: msgspec.msgpack.encode(one) for one in sought}
    pending: deque[tuple[int, Learner, Wanted, int]] = deque()
    where = [str(pack.tasks), str(pack.solutions)]
    root = os.fsencode(submissions)

    def tasks() -> Iterator[tuple[Any, ...]]:
        for number, learner in learners:
            for place, one in enumerate(sought):
                own = _seed(by_id[one.id], learner, seed)
                pending.append((number * len(sought) + place, learner, one, own))
                inside = [os.fsencode(path) for path in learner.inside.get(one.id, ())]
                folder = os.fsencode(learner.folder) if learner.folder else None
                whose = [os.fsencode(learner.name), folder, inside]
                known = journal.found(row_id(learner.name, one.id), own) if journal else b""
                yield where, root, whose, plain[one.id], own, effects, known

    with Pool(workers, limits or Limits(seconds=10.0)) as pool:
        for result in pool.map(f"{__name__}:grade_one", tasks()):
            position, learner, one, own = pending.popleft()
            if isinstance(result, Failed):
                yield Graded(position, _could_not_run(by_id[one.id], learner, submissions, result, own))
                continue
            found, data = result
            if data is None and journal:
                data = journal.row(row_id(learner.name, one.id))
            elif journal:
                journal.add(found, data)
            yield Graded(position, msgspec.msgpack.decode(data, type=Row))


_REMEMBERED = Remembered()
"""In a worker: the answers that were judged."""


def grade_one(
    pack: list[str],
    submissions: bytes,
    learner: list[Any],
    sought: bytes,
    seed: int,
    effects: bool,
    known: bytes,
) -> tuple[bytes, bytes | None]:
    """Grade one answer; runs in a worker, so everything is plain. `pack` has its two folders.

    `learner` is the name, the folder or None, and what the card's folder has: bytes, because names of files
    may be in any encoding. `sought` is a `Wanted`. Returns a digest of what was found before it was graded,
    and a `Row` as MessagePack. There is no row if the digest is `known`: the row is the same as then.
    """
    name, folder, inside = learner
    tasks, solutions = pack
    wanted_card, card = _card(sought, tasks, solutions)
    if seed:
        card = _varied(card, seed, tasks, solutions)
    paths = tuple(Path(os.fsdecode(path)) for path in inside)
    home = Path(os.fsdecode(folder)) if folder else None
    one = Learner(os.fsdecode(name), home, {card.id: paths})
    row, answer = _looked_at(card, one, Path(os.fsdecode(submissions)), wanted_card)
    plain = msgspec.msgpack.encode(row)
    if answer is None:
        return b"", plain
    found = hashlib.sha256(plain).digest()
    if found == known:
        return found, None
    row = _with_verdict(row, lambda: _REMEMBERED.judge(card, answer, row.answer or "", effects=effects))
    return found, msgspec.msgpack.encode(row)


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
    if sought is None:
        (sought,) = wanted({card.id: card.files})
    row, answer = _looked_at(card, learner, submissions, sought)
    if answer is None:
        return row
    return _with_verdict(row, lambda: judge_answer(card, answer, effects=effects, judge=judge))


def row_of(learner: str, place: str | None, verdict: Verdict, note: str = "") -> Row:
    """The row of an answer that was judged, at a place inside the submissions."""
    row = Row(
        learner=one_line(learner),
        card=verdict.card,
        status="graded",
        passed=False,
        points=0,
        max_points=verdict.max_points,
        file=place,
        verdict=b"null",
        message=note,
        seed=verdict.seed,
        id=row_id(learner, verdict.card),
    )
    return _judged_row(row, judged(verdict))


def row_id(learner: str, card: str) -> str:
    """What identifies a row in every run: 16 hexadecimal digits for the learner's name and the card."""
    return hashlib.sha256(os.fsencode(learner) + b"\0" + card.encode()).hexdigest()[:16]


def _looked_at(card: Card, learner: Learner, submissions: Path, sought: Wanted) -> tuple[Row, Answer | None]:
    """The row except for its verdict, and the answer; without one, the whole row."""
    found = Found()
    try:
        found = _find(card, learner, submissions, sought)
        if not found.paths:
            return _ungraded(card, learner.name, "missing", None, found.note), None
        answer = _read(found, card)
    except AnswerUnreadable as error:
        return _unreadable(card, learner.name, found.place, submissions, error), None
    row = _ungraded(card, learner.name, "graded", _inside(found.place, submissions), found.note)
    return msgspec.structs.replace(row, answer=answer_digest(answer)), answer


def _with_verdict(row: Row, judge: Callable[[], Judged]) -> Row:
    """The row of an answer with its verdict, or that of one that is over a limit."""
    try:
        return _judged_row(row, judge())
    except AnswerUnreadable as error:
        return msgspec.structs.replace(row, status="unreadable", message=one_line(str(error)))


def _judged_row(row: Row, found: Judged) -> Row:
    return msgspec.structs.replace(
        row,
        status=found.status,
        passed=found.passed,
        points=found.points,
        max_points=found.max_points,
        verdict=found.verdict,
        message=one_line("; ".join(filter(None, (found.reason, row.message)))),
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


def _unreadable(
    card: Card, learner: str, place: Path | None, submissions: Path, error: AnswerUnreadable
) -> Row:
    message = str(error).replace(f"{submissions}{os.sep}", "")
    return _ungraded(card, learner, "unreadable", _inside(place or Path(error.file), submissions), message)


def _ungraded(card: Card, learner: str, status: RowStatus, file: str | None, message: str) -> Row:
    """The row of an answer without a verdict. The texts of rows are stored, so they are cleaned here."""
    name, said = one_line(learner), one_line(message)
    number = row_id(learner, card.id)
    return Row(name, card.id, status, False, 0, card.points, file, b"null", said, card.seed, id=number)


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
