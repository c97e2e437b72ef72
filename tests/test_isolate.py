"""Workers: results in order, and every way to die becomes a value while the others go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.samples import first_of
from trainer import isolate
from trainer.isolate import Failed, Limits, Pool

TASKS = "isolated_tasks"
"""The workers find it on `sys.path`."""


@pytest.fixture(scope="module", autouse=True)
def on_path() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parent))
        yield


PLENTY = Limits(seconds=300.0, megabytes=512, patience=300.0)
"""More time than any task here takes on any machine."""


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(2, PLENTY) as pool:
        yield pool


def test_results_come_in_the_order_of_the_tasks(pool: Pool) -> None:
    assert list(pool.map(f"{TASKS}:double", ((n,) for n in range(500)))) == [2 * n for n in range(500)]


def test_tasks_are_read_only_as_far_as_needed() -> None:
    read = []

    def endless() -> Iterator[tuple[int]]:
        number = 0
        while True:
            read.append(number)
            yield (number,)
            number += 1

    with Pool(2, PLENTY) as pool:
        results = pool.map(f"{TASKS}:double", endless())
        assert [next(results) for _ in range(300)] == [2 * n for n in range(300)]
        assert len(read) <= 300 + 2 * 64


@pytest.mark.parametrize(
    ("how", "cause", "words"),
    [
        ("exit", "died", "code 7"),
        ("signal", "died", "SIGSEGV"),
        ("memory", "memory", "more memory"),
        ("raise", "raised", "ValueError"),
    ],
)
def test_a_task_that_fails_is_a_value_and_the_others_go_on(
    pool: Pool, how: str, cause: str, words: str
) -> None:
    tasks = [("a",), ("b",), (how,), ("c",), ("d",), ("e",), ("f",), ("g",)]
    results = list(pool.map(f"{TASKS}:misbehave", tasks))
    assert [result for result in results if not isinstance(result, Failed)] == list("abcdefg")
    failed = results[2]
    assert isinstance(failed, Failed)
    assert failed.cause == cause
    assert words in failed.message


@pytest.mark.parametrize("how", first_of(["kill", "exit", "signal", "memory"]))
def test_what_kills_a_worker_once_changes_no_result(pool: Pool, tmp_path: Path, how: str) -> None:
    """The system is out of memory, somebody sends a signal: that isn't the task's result."""
    tasks = [(str(tmp_path / f"mark-{number}"), how) for number in range(2)]
    assert list(pool.map(f"{TASKS}:die_unless", tasks)) == ["second attempt"] * 2


@pytest.mark.parametrize(("how", "count"), [("exit", 2), ("raise", 1)])
def test_a_task_has_two_attempts_and_only_one_if_it_raises(
    pool: Pool, tmp_path: Path, how: str, count: int
) -> None:
    assert isinstance(pool.call(f"{TASKS}:attempts", str(tmp_path), how), Failed)
    assert len(list(tmp_path.iterdir())) == count


def test_those_in_flight_behind_a_dead_worker_are_not_blamed() -> None:
    """One worker, four tasks sent ahead: each has its own result, in order, none twice."""
    tasks = [("a",), ("kill",), ("kill",), ("b",)]
    with Pool(1, PLENTY) as pool:
        results = list(pool.map(f"{TASKS}:misbehave", tasks))
    found = [one.cause if isinstance(one, Failed) else one for one in results]
    assert found == ["a", "died", "died", "b"]


def test_a_worker_killed_between_tasks_blames_nobody() -> None:
    with Pool(2, PLENTY) as pool:
        for number in range(2):
            assert pool.call(f"{TASKS}:double", number) == 2 * number
            for worker in pool._workers:
                if worker._process is not None:
                    worker._process.kill()
                    worker._process.wait()


def test_a_second_attempt_is_alone(tmp_path: Path) -> None:
    """No other task runs beside it: not even their memory can be the reason."""
    tasks = [("exit",), *(("a",) for _ in range(40))]
    with Pool(2, PLENTY) as pool:
        beside: list[int] = []
        give = isolate._give

        def watched(worker: Any, task: Any, done: Any) -> None:
            give(worker, task, done)
            others = sum(len(one.tasks) for one in pool._workers)
            if any(one.is_alone for one in pool._workers):
                beside.append(others)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(isolate, "_give", watched)
            results = list(pool.map(f"{TASKS}:misbehave", tasks))
    assert beside == [1]
    assert results[1:] == ["a"] * 40


def test_no_room_for_a_worker_is_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    with Pool(2, PLENTY) as pool:
        with monkeypatch.context() as patch:
            patch.setattr(subprocess, "Popen", full)
            results = list(pool.map(f"{TASKS}:double", [(1,), (2,)]))
        assert [one.message for one in results] == [
            "no worker process could be started: Resource temporarily unavailable"
        ] * 2
        assert pool.call(f"{TASKS}:double", 3) == 6


def test_processor_time_is_limited() -> None:
    with Pool(1, Limits(seconds=0.2, megabytes=512, patience=300.0)) as pool:
        failed = pool.call(f"{TASKS}:misbehave", "spin")
        assert failed == Failed("time", "used more than 0.2 s of processor time")
        assert pool.call(f"{TASKS}:double", 4) == 8


def test_each_task_has_the_time_for_itself() -> None:
    """Together they use more than one may: the clock starts again with each."""
    with Pool(1, Limits(seconds=0.3, megabytes=512, patience=300.0)) as pool:
        assert list(pool.map(f"{TASKS}:spin_for", [(0.06,)] * 6)) == ["spun"] * 6


def test_a_task_that_hangs_is_ended() -> None:
    with Pool(1, Limits(seconds=300.0, megabytes=512, patience=0.01)) as pool:
        failed = pool.call(f"{TASKS}:misbehave", "hang")
    assert failed == Failed("time", "hangs: no answer, and no processor time used")


def test_a_task_that_waits_for_the_processor_does_not_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a busy machine takes: while the worker gets on, it is waited for."""
    looks = iter(range(10**9))
    monkeypatch.setattr(isolate, "_processor_time", lambda pid: next(looks))
    with Pool(1, Limits(seconds=300.0, megabytes=512, patience=0.0)) as pool:
        assert pool.call(f"{TASKS}:spin_for", 0.05) == "spun"
    assert next(looks) > 2


def test_processor_time_of_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    spinning = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        before = isolate._processor_time(spinning.pid)
        while isolate._processor_time(spinning.pid) == before:
            pass
        spinning.send_signal(signal.SIGSTOP)
        os.waitpid(spinning.pid, os.WUNTRACED)
        assert isolate._processor_time(spinning.pid) == isolate._processor_time(spinning.pid)
        monkeypatch.setattr(sys, "platform", "darwin")
        assert b":" in isolate._processor_time(spinning.pid)
    finally:
        spinning.kill()
        spinning.wait()


def test_every_task_may_die(pool: Pool) -> None:
    results = list(pool.map(f"{TASKS}:misbehave", [("exit",)] * 3))
    assert [result.cause for result in results] == ["died"] * 3


def test_what_a_task_prints_or_reads_does_not_reach_the_pipes(pool: Pool) -> None:
    assert pool.call(f"{TASKS}:misbehave", "print") == ""
    assert pool.call(f"{TASKS}:misbehave", "fine") == "fine"


def test_large_tasks_and_results_do_not_block(pool: Pool) -> None:
    tasks = [("y" * 500_000,) for _ in range(6)]
    assert [len(result) for result in pool.map(f"{TASKS}:misbehave", tasks)] == [500_000] * 6
    assert [len(r) for r in pool.map(f"{TASKS}:large", ((300_000,) for _ in range(20)))] == [300_000] * 20


def test_an_unknown_function_is_a_value(pool: Pool) -> None:
    failed = pool.call("trainer.nowhere:nothing")
    assert isinstance(failed, Failed)
    assert failed.cause == "raised"
    assert "ModuleNotFoundError" in failed.message


def test_a_closed_pool_starts_again(pool: Pool) -> None:
    assert pool.call(f"{TASKS}:double", 4) == 8
    pool.close()
    assert pool.call(f"{TASKS}:double", 5) == 10
