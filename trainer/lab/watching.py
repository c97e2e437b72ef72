"""Looks at a lab again and again: what is new in the databases, and which answers changed on disk.

Results come from three places: the learner's own database beside the answers (`serve --roster` and the
settings files of the lab make one), what learners' programs add to the results of the class, and the answers
themselves, which are graded if they are newer than both. Nothing of the learners' is changed, and what can't
be read of one hides nobody else.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from trainer.batch import grade_all
from trainer.batch.pile import Learner
from trainer.content.catalogue import find_card
from trainer.errors import StoreError, TrainerError
from trainer.lab.answers import Trace, mark_of, trace_of
from trainer.lab.board import Board, Cell, Head, Line, Seen, cell_of
from trainer.lab.folder import ANSWERS, CLASS, Lab, Member, pack_of, read_lab
from trainer.progress.classroom import results_after
from trainer.progress.glance import glance

PATIENCE = 600.0
"""Seconds for which the same check fails until somebody is stuck."""
_SAME = 5.0
"""Two equal results within so many seconds are one, told by two sources."""

Key = tuple[str, str]
"""The folder of a learner, and the ID of a card."""


class _Source(msgspec.Struct):
    """A learner's own database, as far as it was read."""

    identity: tuple[int, ...] = ()
    event: int = 0
    attempt: int = 0
    results: dict[str, list[Seen]] = {}
    begun: dict[str, float] = {}
    trouble: str = ""


class _Answer(msgspec.Struct):
    """An answer on disk, as it was last looked at."""

    trace: Trace = Trace()
    changed: float = 0.0
    """When it was changed, in seconds since 1970; 0 while it is as delivered."""
    graded: bool = True
    results: list[Seen] = []


class Watcher:
    """What is known of a lab so far. `clock` gives seconds since 1970. Raises `UsageError` for no lab."""

    def __init__(
        self, folder: Path, *, patience: float = PATIENCE, clock: Callable[[], float] = time.time
    ) -> None:
        self.folder = folder
        self.lab: Lab = read_lab(folder)
        self.pack = pack_of(folder)
        self.cards = [find_card(name, self.pack) for name in self.lab.cards]
        self._patience = patience
        self._clock = clock
        self._own = {one.folder: _Source() for one in self.lab.learners}
        self._answers: dict[Key, _Answer] = {}
        self._class: dict[Key, list[Seen]] = {}
        self._class_begun: dict[Key, float] = {}
        self._class_read = 0
        self._looked = 0.0
        self._class_trouble = ""
        self._seeds = {
            (one.folder, card.id): self.lab.seed_for(one.folder, card.id) if card.vary else 0
            for one in self.lab.learners
            for card in self.cards
        }

    def look(self) -> Board:
        """The class as it is now. What can't be read is among the board's troubles."""
        now = self._clock()
        before, self._looked = self._looked, now
        self._read_class()
        for one in self.lab.learners:
            self._read_own(one.folder)
            for name in self.lab.cards:
                self._look_at(one, name, before, now)
        troubles = [self._class_trouble, *(source.trouble for source in self._own.values())]
        troubles += self._grade()
        heads = tuple(
            Head(card.id, card.title, card.points, card.minutes, {one.id: one.says for one in card.checks})
            for card in self.cards
        )
        lines = tuple(
            Line(one.name, tuple(self._cell(one.folder, head, now) for head in heads))
            for one in self.lab.learners
        )
        return Board(self.lab.title, now, heads, lines, tuple(filter(None, troubles)))

    def _cell(self, folder: str, head: Head, now: float) -> Cell:
        key, own = (folder, head.id), self._own[folder]
        answer = self._answers[key]
        results = merged([*own.results.get(head.id, ()), *self._class.get(key, ()), *answer.results])
        begun = max(own.begun.get(head.id, 0.0), self._class_begun.get(key, 0.0), answer.changed)
        return cell_of(head, begun, results, now, self._patience)

    def _read_class(self) -> None:
        """Read what is new in the results of the class; what others wrote for nobody's card is left out."""
        try:
            new, self._class_read = results_after(self.folder / CLASS, self._class_read)
        except StoreError as error:
            self._class_trouble = error.message
            return
        self._class_trouble = ""
        for one in new:
            key = (one.learner, one.card)
            if self._seeds.get(key) != one.seed:
                continue
            if one.kind != "graded":
                self._class_begun[key] = max(one.at, self._class_begun.get(key, 0.0))
                if one.kind == "reset":
                    self._class[key] = []
            else:
                seen = Seen(one.at, one.points, one.max_points, one.passed, one.checks)
                self._class.setdefault(key, []).append(seen)

    def _read_own(self, folder: str) -> None:
        """Read what is new in a learner's own database, if it changed; one that is gone counts as it was."""
        file = self.folder / ANSWERS / f"{folder}.db"
        identity = _identity(file)
        source = self._own[folder]
        if not identity:
            source.trouble = ""
        if identity == source.identity or not identity:
            return
        if identity[:2] != source.identity[:2]:  # another file of that name
            source = self._own[folder] = _Source()
        try:
            seen = glance(file, source.event, source.attempt)
        except StoreError as error:
            source.trouble = error.message
            return
        source.identity, source.event, source.attempt, source.trouble = identity, seen.event, seen.attempt, ""
        for card, at in (*seen.started, *seen.reset):
            source.begun[card] = max(at, source.begun.get(card, 0.0))
        for one in seen.attempts:
            if self._seeds.get((folder, one.card)) == one.seed:
                result = Seen(one.at, one.points, one.max_points, one.passed, one.checks)
                source.results.setdefault(one.card, []).append(result)
        for card, at in seen.reset:  # what was graded before isn't there any more
            source.results[card] = [one for one in source.results.get(card, ()) if one.at >= at]

    def _look_at(self, one: Member, card: str, before: float, now: float) -> None:
        """Look whether an answer changed since the look before, and whether it must be graded here."""
        key = (one.folder, card)
        folder = self.folder / ANSWERS / one.folder / card
        answer = self._answers.setdefault(key, _Answer())
        trace = trace_of(folder)
        if trace == answer.trace:
            return
        answer.trace = trace
        if not trace.files or mark_of(folder, trace) == one.starters.get(card):
            answer.changed, answer.graded = 0.0, True
            answer.results.clear()
            return
        # a copy may keep an older time, and clocks differ: what is new now wasn't there at the look before
        answer.changed = trace.at if before <= trace.at <= now else now
        known = [*self._own[one.folder].results.get(card, ()), *self._class.get(key, ())]
        answer.graded = any(result.at >= answer.changed for result in known)

    def _grade(self) -> list[str]:
        """Grade the answers that changed and that nobody else has graded; what went wrong, in words."""
        waiting = {key for key, answer in self._answers.items() if not answer.graded}
        if not waiting:
            return []
        learners = [
            Learner(folder, self.folder / ANSWERS / folder)
            for folder in dict.fromkeys(folder for folder, _ in self._answers)
            if any(key[0] == folder for key in waiting)
        ]
        cards = [card for card in self.cards if any(key[1] == card.id for key in waiting)]
        workers = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, len(waiting))
        try:
            for row in grade_all(
                learners,
                cards,
                self.pack,
                submissions=self.folder / ANSWERS,
                workers=workers,
                seed=self.lab.seed,
            ):
                if (key := (row.learner, row.card)) in waiting:
                    answer = self._answers[key]
                    answer.graded = True
                    answer.results += _seen(
                        row.status, row.verdict, row.points, row.max_points, row.passed, answer
                    )
        except (TrainerError, OSError) as error:
            return [f"answers can't be graded: {error}"]
        return []


def merged(results: Iterable[Seen]) -> list[Seen]:
    """The results of several sources in the order of their times; each that two have told counts once."""
    found: list[Seen] = []
    for one in sorted(results, key=lambda one: one.at):
        last = found[-1] if found else None
        told = last and (last.points, last.passed, last.checks) == (one.points, one.passed, one.checks)
        if not (last and told and one.at - last.at < _SAME):
            found.append(one)
    return found


class _Check(msgspec.Struct):
    id: str
    status: str


class _Verdict(msgspec.Struct):
    checks: list[_Check] = []


def _seen(
    status: str, verdict: bytes, points: int, max_points: int, passed: bool, answer: _Answer
) -> list[Seen]:
    """The result of an answer that was graded here; none for one that is missing, or unchanged after all."""
    if status == "missing":
        return []
    if status == "unreadable":
        return [Seen(answer.changed, unread=True)]
    decoded = msgspec.json.decode(verdict, type=_Verdict | None)
    checks: Mapping[str, str] = {one.id: one.status for one in decoded.checks} if decoded else {}
    if checks and set(checks.values()) == {"skipped"}:
        return []
    return [Seen(answer.changed, points, max_points, passed, checks)]


def _identity(file: Path) -> tuple[int, ...]:
    """What changes when a database is written, the device and the file itself first; empty without one."""
    found: tuple[int, ...] = ()
    for suffix in ("", "-wal"):
        try:
            status = file.with_name(file.name + suffix).lstat()
        except OSError:
            continue
        if not suffix:
            found = (status.st_dev, status.st_ino)
        found += (status.st_size, status.st_mtime_ns)
    return found
