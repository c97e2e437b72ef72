"""How much processor time the judging of one answer may take, and what ends it then.

The engines take time in proportion to the answer, where the answer lets them. Where it doesn't (every rule
for every subject, every policy for every Pod), the time ends: the rest isn't judged, and isn't a FAIL either.
The time is the thread's own, so that a busy machine changes no verdict.

Works in every thread, and without a process of its own, which would double the time of a short run: another
thread looks at the clock, and raises `OutOfTime` in the thread that judges.
"""

from __future__ import annotations

import _thread
import time
from contextlib import suppress
from types import TracebackType

SECONDS = 1.0
"""Processor time for one answer, reading included; most take a hundredth of it."""

_LOOK = 0.1
"""Seconds between two looks at the clocks; time counts from the first look."""


class OutOfTime(BaseException):
    """The processor time is used up. No `except Exception` on the way may go on after it."""


class Allowance:
    """A block in which `OutOfTime` is raised after its time. An inner block has that of the outer."""

    __slots__ = ("clock", "end", "seconds", "thread", "told")

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = SECONDS if seconds is None else seconds
        self.thread = self.clock = 0
        self.end = 0.0
        self.told = False

    def __enter__(self) -> None:
        thread = _thread.get_ident()
        if thread not in _WATCH.watched:
            self.thread = thread
            _WATCH.begin(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.thread:
            return
        try:
            _WATCH.end(self)
        except OutOfTime:  # the time was over in the block's last step
            _WATCH.end(self)
        if self.told:
            _take_in(self.thread)

    def look(self) -> None:
        """Compare the thread's clock with the time; the first look starts it."""
        if not self.clock:
            self.clock = _clock_of(self.thread)
            self.end = time.clock_gettime(self.clock) + self.seconds
        elif not self.told and time.clock_gettime(self.clock) >= self.end:
            self.told = True
            _raise_in(self.thread, OutOfTime)


class _Watch:
    """The thread that looks at the clocks of all that are judging. It ends when a look finds nobody."""

    def __init__(self) -> None:
        self.watched: dict[int, Allowance] = {}
        self.lock = _thread.allocate_lock()
        self.running = False

    def begin(self, one: Allowance) -> None:
        with self.lock:
            self.watched[one.thread] = one
            if not self.running:
                self.running = True
                _thread.start_new_thread(self._run, ())

    def end(self, one: Allowance) -> None:
        with self.lock:
            self.watched.pop(one.thread, None)

    def _run(self) -> None:
        while True:
            time.sleep(_LOOK)
            with self.lock:  # nobody who is watched ends its thread meanwhile
                if not self.watched:
                    self.running = False
                    return
                for one in self.watched.values():
                    one.look()


_WATCH = _Watch()


def _clock_of(thread: int) -> int:
    """The clock of a thread's processor time; on systems without it (macOS), that of the process."""
    of_thread = getattr(time, "pthread_getcpuclockid", None)
    return of_thread(thread) if of_thread else time.CLOCK_PROCESS_CPUTIME_ID


def _raise_in(thread: int, error: type[BaseException]) -> None:
    """Raise an exception in a thread, at its next step in Python."""
    import ctypes

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))


def _take_in(thread: int) -> None:
    """Let nothing strike this thread behind the block: what was not delivered yet is raised here.

    Python can also take an exception back. But Python 3.11 then never learns that none is left: it looks for
    one at every step, and a profiler makes it look forever.
    """
    with suppress(OutOfTime):
        _raise_in(thread, OutOfTime)
        while True:
            pass
