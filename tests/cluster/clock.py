"""A clock for `trainer.cluster` that stands still: only a request that hangs, or a pause, takes time.

However busy the machine is, no other call is late.
"""

from __future__ import annotations

import pytest

from tests.cluster.fake_api import Fake
from tests.patience import HANGS
from trainer.cluster import bounded, finding, run_command


class StoppedClock:
    """In place of the module `time`; it begins at 0."""

    def __init__(self) -> None:
        self._now = 0.0

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds

    def run_out(self) -> None:
        """Let the time of every call be over that waits now."""
        self._now += 10 * HANGS


def stop_the_clock(monkeypatch: pytest.MonkeyPatch, fake: Fake) -> None:
    """Let time pass only while a request to `fake` hangs, and in pauses."""
    clock = StoppedClock()
    for module in (bounded, finding, run_command):
        monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr(bounded.pause, "__defaults__", (clock.sleep,))
    fake.on_hang = clock.run_out
