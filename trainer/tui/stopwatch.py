"""The time spent on a card: it can pause, and it stops at the pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Stopwatch:
    """Counts seconds of a clock while it runs. `clock` gives seconds; only differences count."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._counted = 0.0
        self._since: float | None = clock()
        self.stopped = False
        """Whether the task is done; until `resume`."""

    @property
    def running(self) -> bool:
        """Whether time is counted now."""
        return self._since is not None

    @property
    def paused(self) -> bool:
        """Whether the learner has paused it; the end of the task isn't a pause."""
        return not self.running and not self.stopped

    @property
    def seconds(self) -> float:
        """The seconds counted so far; 0 or more, even if the clock is set back."""
        running = 0.0 if self._since is None else max(self._clock() - self._since, 0.0)
        return self._counted + running

    def pause(self) -> None:
        """Count no more, until `resume`."""
        self._counted, self._since = self.seconds, None

    def resume(self) -> None:
        """Count on."""
        self.stopped = False
        if self._since is None:
            self._since = self._clock()

    def stop(self) -> None:
        """The task is done: count no more."""
        self.pause()
        self.stopped = True
