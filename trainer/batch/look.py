"""Look for the answer of a learner to a card, and read it: everything of a row except for its verdict."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from trainer.batch.find import Found, Wanted, find_answer
from trainer.batch.homes import find_everywhere, newest
from trainer.batch.judging import answer_digest
from trainer.batch.late import written
from trainer.batch.row import Row, told_place, ungraded, unreadable
from trainer.errors import AnswerUnreadable
from trainer.safe_text import one_line

if TYPE_CHECKING:
    from trainer.batch.pile import Learner
    from trainer.batch.scratch import Scratch
    from trainer.content.card import Card
    from trainer.manifests.answer import Answer


def looked_at(
    card: Card,
    learner: Learner,
    submissions: Path,
    sought: Wanted,
    scratch: Scratch | None = None,
    *,
    timed: bool = False,
) -> tuple[Row, Answer | None]:
    """The row except for its verdict, and the answer; without one, the whole row.

    Archives are unpacked to `scratch`, without it not at all. With `timed`, the row says when it was
    submitted.
    """
    found = Found()
    roots = scratch.roots() if scratch else [submissions]
    answer = None
    try:
        found = _find(card, learner, submissions, sought, scratch)
        if found.paths:
            answer = _read(found, card)
            row = ungraded(card, learner.name, "graded", told_place(found.place, roots), found.note)
        else:
            row = ungraded(card, learner.name, "missing", None, found.note)
    except AnswerUnreadable as error:
        row = unreadable(card, learner.name, found.place, roots, error)
    at = newest(found.paths) if timed else None
    row = msgspec.structs.replace(
        row,
        submitted_at=(written(at) or None) if at is not None else None,
        late=learner.late,
        not_counted=tuple(map(one_line, found.not_counted)),
        not_read=tuple(map(one_line, found.not_read)),
    )
    return (msgspec.structs.replace(row, answer=answer_digest(answer)) if answer else row), answer


def _find(card: Card, learner: Learner, submissions: Path, sought: Wanted, scratch: Scratch | None) -> Found:
    """Find the answer; what the system refuses is about the learner's files, too: `AnswerUnreadable`."""
    try:
        if scratch is not None:
            return find_everywhere(learner, sought, scratch)
        inside = learner.inside.get(card.id, ())
        return find_answer(learner.folder, sought, submissions, inside, learner.files)
    except OSError as error:
        raise _refused(error, learner.folder or submissions) from None


def _read(found: Found, card: Card) -> Answer:
    """Read the answer, in the same way. Its files get the names that the card knows them by."""
    from trainer.manifests.answer import Answer, AnswerFile, read_answer

    try:
        answer = read_answer(found.paths, (*card.files, *found.renamed))
    except OSError as error:
        raise _refused(error, found.paths[0]) from None
    names = found.names or [found.renamed.get(file.name, file.name) for file in answer.files]
    files = tuple(
        AnswerFile(one_line(name), file.data) for name, file in zip(names, answer.files, strict=True)
    )
    return Answer(files, answer.unread)


def _refused(error: OSError, place: Path) -> AnswerUnreadable:
    file = Path(os.fsdecode(error.filename)) if error.filename else place
    return AnswerUnreadable(f"{file} cannot be read: {error.strerror}", file=str(file))
