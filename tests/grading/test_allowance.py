"""The processor time for one answer: what it ends, in every thread, and what it leaves alone."""

from __future__ import annotations

import threading
import time

import pytest

from trainer.grading import allowance
from trainer.grading.allowance import Allowance, OutOfTime


def spin() -> None:
    while True:
        pass


def test_work_without_an_end_is_ended() -> None:
    with pytest.raises(OutOfTime), Allowance(0.01):
        spin()


def test_what_catches_every_exception_does_not_go_on() -> None:
    def stubborn() -> None:
        while True:
            try:
                spin()
            except Exception:  # noqa: S112 - as a rule's tolerant reader might
                continue

    with pytest.raises(OutOfTime), Allowance(0.01):
        stubborn()


def test_an_inner_block_has_the_time_of_the_outer() -> None:
    with pytest.raises(OutOfTime), Allowance(0.01), Allowance(10_000):
        spin()


def test_waiting_uses_no_time() -> None:
    with Allowance(1.0):
        time.sleep(1.3)
        waited = True
    assert waited


def test_each_thread_has_its_own_time() -> None:
    """The one that spins is ended; the one that waits for it isn't."""
    found: list[str] = []

    def work() -> None:
        try:
            with Allowance(0.01):
                spin()
        except OutOfTime:
            found.append("ended")

    with Allowance(10_000):
        one = threading.Thread(target=work)
        one.start()
        one.join()
    assert found == ["ended"]


def test_nothing_strikes_behind_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time may be over in the block's last step: what was raised too late is taken back."""
    monkeypatch.setattr(allowance, "_raise_in", lambda *told: calls.append(told))
    calls: list[object] = []
    with Allowance(0.0) as _:
        while not calls:
            pass
    me = threading.get_ident()
    assert calls == [(me, OutOfTime), (me, None)]
    assert allowance._WATCH.watched == {}


def test_the_watch_ends_when_nobody_judges_and_begins_again() -> None:
    with Allowance():
        assert allowance._WATCH.running
    while allowance._WATCH.running:
        time.sleep(0.01)
    with pytest.raises(OutOfTime), Allowance(0.01):
        spin()


def test_a_system_without_clocks_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(time, "pthread_getcpuclockid", raising=False)
    with pytest.raises(OutOfTime), Allowance(0.01):
        spin()
