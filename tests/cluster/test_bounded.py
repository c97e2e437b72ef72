"""Tests of `cluster.bounded`."""

from __future__ import annotations

import threading

import pytest

from tests.patience import HANGS
from trainer.cluster.bounded import Late, pause, run_within
from trainer.cluster.faults import Interrupted


def test_gives_the_result_or_raises_the_error() -> None:
    assert run_within(lambda: 7, HANGS, lambda: False) == 7
    with pytest.raises(ZeroDivisionError):
        run_within(lambda: 1 // 0, HANGS, lambda: False)


def test_what_takes_too_long_is_late() -> None:
    release = threading.Event()
    with pytest.raises(Late):
        run_within(lambda: release.wait(HANGS), 0.05, lambda: False)
    release.set()


def test_cancelling_ends_the_waiting() -> None:
    release, asked = threading.Event(), []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 1

    with pytest.raises(Interrupted):
        run_within(lambda: release.wait(HANGS), HANGS, cancelled)
    release.set()
    with pytest.raises(Interrupted):
        run_within(lambda: 1, HANGS, lambda: True)


def test_a_pause_ends_by_itself_or_cancelled() -> None:
    slept: list[float] = []
    pause(0, lambda: False, slept.append)
    assert slept == []
    with pytest.raises(Interrupted):
        pause(HANGS, lambda: len(slept) > 2, slept.append)
    assert len(slept) == 3
    assert max(slept) <= 0.1
