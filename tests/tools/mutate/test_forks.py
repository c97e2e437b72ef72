"""Work in forked processes: answers, limits, errors of ours."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.table import each_row
from tools.mutate import forks
from tools.mutate.forks import Ended, forked, streamed


def test_the_answer_comes_back_and_nothing_else_changes(capfd: pytest.CaptureFixture[str]) -> None:
    seen: list[int] = []

    def work() -> dict[str, int]:
        seen.append(1)
        os.write(1, b"thrown away")
        return {"a": 1}

    assert forked(work, 60) == Ended({"a": 1})
    assert seen == []
    assert capfd.readouterr().out == ""


def endless() -> None:
    while True:
        pass


@each_row(
    ("work", "why"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "signal 9"),
        (lambda: os._exit(0), "signal 0"),
    ],
    ids=["killed", "gone"],
)
def test_what_ends_work_without_an_answer(work: Callable[[], Any], why: str) -> None:
    assert forked(work, 0).why == why


@pytest.mark.trial
def test_work_without_an_end_is_ended() -> None:
    assert forked(endless, 0).why == "cpu"


def test_work_that_waits_for_ever_is_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "STILL", 0.05)
    assert forked(lambda: threading.Event().wait(), 60).why == "stuck"


def test_an_error_of_the_work_is_ours() -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        forked(lambda: 1 / 0, 60)


def test_a_stream_ends_with_the_work() -> None:
    assert list(streamed(lambda send: [send(number) for number in range(3)] and None)) == [0, 1, 2]


def test_a_stream_that_nobody_reads_on_ends_its_process() -> None:
    def work(send: Callable[[Any], None]) -> None:
        send(os.getpid())
        threading.Event().wait()

    found = streamed(work)
    process = next(found)
    found.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_stream_tells_an_error() -> None:
    def work(send: Callable[[Any], None]) -> None:
        send(1)
        raise KeyError("gone")

    found = streamed(work)
    assert next(found) == 1
    with pytest.raises(RuntimeError, match="KeyError: 'gone'"):
        next(found)
