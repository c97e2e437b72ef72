"""The processor time for one answer: what it ends, in every thread, and what it leaves alone."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from tests.patience import HANGS
from trainer.grading import allowance
from trainer.grading.allowance import Allowance, OutOfTime


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "_LOOK", 0.01)


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
    with Allowance(0.2):
        time.sleep(0.3)
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
    """The time may be over in the block's last step: what was raised too late is taken in."""
    raises, told = allowance._raise_in, list[object]()

    def too_late(*whom: Any) -> None:
        told.append(whom)
        if len(told) == 2:
            raises(*whom)

    monkeypatch.setattr(allowance, "_raise_in", too_late)
    with Allowance(0.0):
        while not told:
            pass
    assert told == [(threading.get_ident(), OutOfTime)] * 2
    assert allowance._WATCH.watched == {}


def test_the_block_ends_when_its_time_is_over_in_its_last_step(monkeypatch: pytest.MonkeyPatch) -> None:
    end, ends = allowance._WATCH.end, list[Allowance]()

    def struck(one: Allowance) -> None:
        ends.append(one)
        if len(ends) == 1:
            raise OutOfTime
        end(one)

    monkeypatch.setattr(allowance._WATCH, "end", struck)
    with Allowance(10_000):
        pass
    assert allowance._WATCH.watched == {}


PROFILED = """
import sys
from trainer.grading.allowance import Allowance, OutOfTime

try:
    with Allowance(0.01):
        while True:
            pass
except OutOfTime:
    sys.setprofile(lambda *_: None)
    (lambda: print("the end"))()
"""


def test_a_profiler_works_after_the_end() -> None:
    """Where an exception is pending forever, Python 3.11 looks for it without an end."""
    ran = subprocess.run([sys.executable, "-c", PROFILED], capture_output=True, timeout=HANGS, check=True)
    assert ran.stdout == b"the end\n"


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
