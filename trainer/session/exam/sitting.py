"""An exam that this program has open: only then its clock runs. One program has it open at a time.

A thread stores the time of a monotonic clock every second, so that it counts while the learner's editor has
the terminal, and a kill costs at most a second. It has a connection of its own: nobody waits for it. What
can't be stored is kept and tried again. Another time of the system changes nothing. While the computer
sleeps, the clock stands still where the system's monotonic clock does (Linux, macOS). A program that is
stopped (ctrl+z) still has the exam open.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from trainer.errors import TrainerError, UsageError, in_words
from trainer.files import FileFault, hold_file, replace_file
from trainer.progress.exams import Exam, Exams
from trainer.session.exam.deadline import keep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trainer.progress.store import Store
    from trainer.session.core import Session

EVERY = 1.0
"""Seconds between two writes."""
MARK = ".open"
"""The file in the exam's folder that is locked as long as a program has the exam open."""


class _Step(msgspec.Struct):
    """Something that is to be stored: time, another card, or a flag."""

    milliseconds: int = 0
    look_at: int = 0
    flag: int = 0
    on: bool = False


class Sitting:
    """An exam that is open. Its methods may be called from any thread, and never wait for the database."""

    def __init__(self, session: Session, exam: Exam, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Open the exam. Raises `UsageError` if another program has it open, `FileFault`."""
        self.exam = exam
        """As it stands, with what isn't stored yet; its time is that of the last write."""
        self.trouble = ""
        """Why the last write failed; empty if all is well."""
        self._held = _take(exam)
        self._session = session
        self._monotonic = monotonic
        self._last = monotonic()
        self._steps: list[_Step] = []
        self._on_their_way: list[_Step] = []
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._keeping = threading.Lock()
        self._away = False
        self._store: Store | None = None
        self._ending = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="exam")

    def begin(self) -> None:
        """Start the thread that stores the time."""
        if self.exam.pausing:
            Exams(self._session.store).pause(self.exam.number, wanted=False)
            self.exam = msgspec.structs.replace(self.exam, pausing=False)
        self._thread.start()

    @property
    def left(self) -> float:
        """Seconds left now."""
        with self._lock:
            waiting = sum(step.milliseconds for step in self._on_their_way + self._steps)
            return max(self.exam.left - waiting / 1000 - (self._monotonic() - self._last), 0.0)

    def look_at(self, position: int) -> None:
        """Show another card: the time until now was spent on the one before."""
        with self._lock:
            self._count()
            self._steps.append(_Step(look_at=position))
            self.exam = _with(self.exam, self._steps)
        self._wake.set()

    def flag(self, position: int, *, on: bool) -> None:
        """Flag a card, or take its flag away."""
        with self._lock:
            self._steps.append(_Step(flag=position, on=on))
            self.exam = _with(self.exam, self._steps)
        self._wake.set()

    def save(self) -> None:
        """Store everything up to now; on failure it is kept, and `trouble` says why."""
        with self._writing:
            with self._lock:
                self._count()
                steps, self._steps = self._steps, []
                self._on_their_way = steps
            done = 0
            try:
                exams = Exams(self._own_store())
                for step in steps:
                    _store(exams, self.exam.number, step)
                    done += 1
                stored = exams.get(self.exam.number)
            except TrainerError as error:
                stored, self.trouble = None, str(error)
            except Exception as error:
                stored, self.trouble = None, f"unexpected error: {in_words(error)}"
            else:
                self.trouble = ""
            with self._lock:
                self._steps, self._on_their_way = steps[done:] + self._steps, []
                if stored is not None:
                    self.exam = _with(stored, self._steps)
                elif done:
                    spent = sum(step.milliseconds for step in steps[:done])
                    self.exam = msgspec.structs.replace(self.exam, used=self.exam.used + spent)

    @contextmanager
    def away(self) -> Iterator[None]:
        """For the time in which an editor has the terminal: if the time is up meanwhile, the answers are kept
        as they are then (`deadline`)."""
        self._away = True
        self._wake.set()
        try:
            yield
        finally:
            with self._keeping:
                self._away = False

    def _keep_answers(self) -> None:
        with self._keeping:
            if self._away and self.left <= 0:
                try:
                    keep(self.exam)
                except Exception as error:  # without the copy, the files themselves are graded
                    self.trouble = f"the answers aren't kept: {in_words(error)}"
                self._away = False

    def close(self) -> None:
        """Store everything, and let other programs open the exam. Calling it twice does no harm."""
        if self._ending.is_set():
            return
        self._ending.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self.save()
        if self._store is not None:
            self._store.close()
        os.close(self._held)

    def _run(self) -> None:
        while not self._ending.is_set():
            self._wake.wait(min(EVERY, self.left + 0.001) if self._away else EVERY)
            self._wake.clear()
            if not self._ending.is_set():
                self._keep_answers()
                self.save()

    def _own_store(self) -> Store:
        from trainer.progress.store import Store

        if self._store is None:
            self._store = Store.open(self._session.settings.database, clock=self._session.clock)
        return self._store

    def _count(self) -> None:
        """Take the time since the last look as a step, to the millisecond. Call it with the lock."""
        now = self._monotonic()
        milliseconds = max(int((now - self._last) * 1000), 0)
        self._last += milliseconds / 1000
        if self._steps and self._steps[-1].milliseconds:
            self._steps[-1].milliseconds += milliseconds
        elif milliseconds:
            self._steps.append(_Step(milliseconds))


def is_open(exam: Exam) -> bool:
    """Whether some program has the exam open."""
    folder = Path(exam.folder)
    try:
        held = hold_file(folder / MARK, inside=folder.parent)
    except FileFault:
        return False
    if held is not None:
        os.close(held)
    return held is None


def _take(exam: Exam) -> int:
    folder = Path(exam.folder)
    mark = folder / MARK
    if not os.path.lexists(mark):
        replace_file(mark, b"", inside=folder.parent, mode=0o600, sync=False)
    held = hold_file(mark, inside=folder.parent)
    if held is None:
        raise UsageError(
            f"exam {exam.number} is open in another window",
            remedy="go on there, or close it there: cks-trainer exam pause",
        )
    return held


def _store(exams: Exams, number: int, step: _Step) -> None:
    if step.milliseconds:
        exams.spend(number, step.milliseconds)
    elif step.look_at:
        exams.look_at(number, step.look_at)
    elif step.flag:
        exams.flag(number, step.flag, on=step.on)


def _with(exam: Exam, steps: list[_Step]) -> Exam:
    """An exam with what isn't stored yet, except time."""
    cards, at = list(exam.cards), exam.at
    for step in steps:
        if step.look_at:
            at = step.look_at
        elif step.flag:
            cards[step.flag - 1] = msgspec.structs.replace(cards[step.flag - 1], flagged=step.on)
    return msgspec.structs.replace(exam, at=at, cards=tuple(cards))
