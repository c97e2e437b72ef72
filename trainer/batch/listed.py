"""Submissions as a list: who answers which card, and in which file or folder.

A line is `learner<TAB>card<TAB>path`, with a fourth cell for the time of submission if it is known; or an
object in JSON with the fields `learner`, `card`, `path` and `submitted_at`. Of two lines with the same
learner and card the later one counts, by their times if both have one. A line that can't be used is told
and left out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from trainer.batch.archives import is_archive
from trainer.batch.find import Wanted
from trainer.batch.late import moment
from trainer.batch.layouts import WORDS
from trainer.batch.learners import Submissions, composed
from trainer.batch.pile import Pile
from trainer.errors import UsageError

LONGEST = 16 << 10
"""Characters of a line."""

Times = Mapping[tuple[str, str], datetime]
"""When answers were submitted, by learner (`composed`) and card; a card "" is for all of them."""


class Line(msgspec.Struct, frozen=True):
    """One line of the list."""

    learner: str
    card: str
    path: str
    submitted_at: str = ""


class Listed(msgspec.Struct, frozen=True):
    """What a list says."""

    submissions: Submissions
    times: Times


def read_list(
    lines: Iterable[str],
    cards: Sequence[Wanted],
    names: Sequence[str] | None = None,
    doubles: Sequence[str] = (),
) -> Listed:
    """The learners of a list. Paths are relative to the current folder.

    `names` are those of the roster. Raises `UsageError` if no line can be used.
    """
    known = {card.id for card in cards}
    not_read: list[str] = []
    latest: dict[tuple[str, str], tuple[datetime | None, Line]] = {}
    older: dict[tuple[str, str], list[str]] = {}
    number = 0
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        line, at, why = _parsed(text, known)
        if line is None:
            not_read.append(f"line {number}: {why}")
            continue
        key = composed(line.learner), line.card
        before = latest.get(key)
        if before and at and before[0] and at < before[0]:
            older.setdefault(key, []).append(line.path)
            continue
        if before:
            older.setdefault(key, []).append(before[1].path)
        latest[key] = at, line
    if not latest:
        raise UsageError(
            f"the list has no line that can be used; {not_read[0]}" if not_read else "the list is empty",
            remedy="a line is learner<TAB>card<TAB>path",
        )
    return Listed(
        _submissions(latest, older, names, not_read, doubles),
        {key: at for key, (at, _) in latest.items() if at is not None},
    )


def _parsed(text: str, known: set[str]) -> tuple[Line | None, datetime | None, str]:
    """A line, its time, and why it can't be used."""
    text = text.rstrip("\r\n")
    if len(text) > LONGEST or "\0" in text:
        return None, None, "it is too long" if len(text) > LONGEST else "it has a NUL character"
    if text.lstrip().startswith("{"):
        try:
            line = msgspec.json.decode(text, type=Line)
        except msgspec.DecodeError as error:
            return None, None, f"it isn't such an object: {error}"
    else:
        cells = [cell.strip() for cell in text.split("\t")]
        if not 3 <= len(cells) <= 4:
            return (
                None,
                None,
                f"it has {len(cells)} cells, not learner, card and path, with tabs between them",
            )
        line = Line(*cells)
    if not line.learner or not line.path:
        return None, None, "it has no learner or no path"
    if line.card not in known:
        return None, None, f"{line.card} isn't a card of this batch"
    at = moment(line.submitted_at) if line.submitted_at else None
    if line.submitted_at and at is None:
        return None, None, f"{line.submitted_at} isn't a time: write it as 2026-12-01T18:00Z"
    return line, at, ""


def _submissions(
    latest: Mapping[tuple[str, str], tuple[datetime | None, Line]],
    older: Mapping[tuple[str, str], list[str]],
    names: Sequence[str] | None,
    not_read: list[str],
    doubles: Sequence[str],
) -> Submissions:
    pile = Pile()
    for (_, card), (_, line) in latest.items():
        path = Path.cwd() / line.path
        heap = pile.of(line.learner)
        if os.path.isdir(path):  # noqa: PTH112 - a path of the list may be anything
            heap.put_inside(card, path)
            continue
        ending = "".join(Path(line.path).suffixes[-2:]) if is_archive(line.path) else ".yaml"
        heap.put_file(f"{card}{ending}", path, 0)
    heaps = {composed(heap.name): heap for heap in pile}
    for (learner, card), paths in older.items():
        heaps[learner].older.setdefault(card, []).extend(paths)
    if names is None:
        learners = sorted((heap.learner(heap.name) for heap in heaps.values()), key=lambda one: one.name)
        strays: list[str] = []
    else:
        learners, strays = pile.for_roster(names)
    return Submissions(
        tuple(learners), tuple(not_read), tuple(strays), tuple(doubles), {WORDS["list"]: len(latest)}
    )
