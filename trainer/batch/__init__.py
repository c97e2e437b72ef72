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
from datetime import timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.batch.find import Wanted, wanted
from trainer.batch.judging import Judged, Remembered, judge_answer, judged
from trainer.batch.look import looked_at
from trainer.batch.pile import Learner, learner_of
from trainer.batch.row import Row, could_not_run, row_id
from trainer.batch.scratch import Scratch
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

__all__ = ["Graded", "Row", "grade_all", "grade_one", "grade_some", "row_for", "row_id", "row_of"]


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
    scratch: Path | None = None,
) -> Iterator[Row]:
    """A row for every learner and card, learner by learner. Memory stays flat.

    With `whole`, the submissions are the folder of the one card: a learner's folder is the answer. `seed` is
    that of all answers; None: every learner has a seed for each card (`content.vary.seed_of_learner`).
    With `effects`, verdicts have the pictures of their failed checks. Learners' archives are unpacked below
    `scratch`, without it not at all.
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
        scratch=scratch,
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
    scratch: Path | None = None,
    timed: bool = False,
    zone: int | None = None,
) -> Iterator[Graded]:
    """As `grade_all`, for learners with their numbers among all.

    With `timed`, rows say when the answer was submitted. Times in archives that have no time zone are `zone`
    seconds east of UTC, by default in the zone of this machine.

    The journal gets every row as it comes. A row that it has already, of an answer that hasn't changed since,
    is not graded again.
    """
    by_id = {card.id: card for card in cards}
    sought = wanted({card.id: card.files for card in cards}, whole=whole)
    plain = {one.id: msgspec.msgpack.encode(one) for one in sought}
    pending: deque[tuple[int, Learner, Wanted, int]] = deque()
    where = [str(pack.tasks), str(pack.solutions)]
    root = [os.fsencode(submissions), os.fsencode(scratch) if scratch else None, timed, zone]

    def tasks() -> Iterator[tuple[Any, ...]]:
        for number, learner in learners:
            for place, one in enumerate(sought):
                own = _seed(by_id[one.id], learner, seed)
                pending.append((number * len(sought) + place, learner, one, own))
                known = journal.found(row_id(learner.name, one.id), own) if journal else b""
                yield where, root, learner.for_card(one.id), plain[one.id], own, effects, known

    with Pool(workers, limits or Limits(seconds=10.0)) as pool:
        for result in pool.map(f"{__name__}:grade_one", tasks()):
            position, learner, one, own = pending.popleft()
            if isinstance(result, Failed):
                yield Graded(position, could_not_run(by_id[one.id], learner, submissions, result, own))
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
    places: list[Any],
    learner: list[Any],
    sought: bytes,
    seed: int,
    effects: bool,
    known: bytes,
) -> tuple[bytes, bytes | None]:
    """Grade one answer; runs in a worker, so everything is plain. `pack` has its two folders.

    `places` are the submissions, where to unpack, and what `grade_some` calls `timed` and `zone`. Paths and
    `learner` (of `Learner.for_card`) are bytes, because names of files may be in any encoding. `sought` is a
    `Wanted`. Returns a digest of what was found before it was graded,
    and a `Row` as MessagePack. There is no row if the digest is `known`: the row is the same as then.
    """
    submissions, base, timed, zone = places
    tasks, solutions = pack
    wanted_card, card = _card(sought, tasks, solutions)
    if seed:
        card = _varied(card, seed, tasks, solutions)
    one = learner_of(card.id, learner)
    scratch = _scratch(base, submissions, zone) if base else None
    folder = Path(os.fsdecode(submissions))
    row, answer = looked_at(card, one, folder, wanted_card, scratch, timed=timed)
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
    row, answer = looked_at(card, learner, submissions, sought)
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


@lru_cache(maxsize=1)
def _scratch(base: bytes, submissions: bytes, zone: int | None) -> Scratch:
    east = None if zone is None else timezone(timedelta(seconds=zone))
    return Scratch(Path(os.fsdecode(base)), Path(os.fsdecode(submissions)), east)
