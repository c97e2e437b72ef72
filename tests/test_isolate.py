"""Workers: results in order, and every way to die becomes a value while the others go on."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from trainer.isolate import Failed, Limits, Pool

HERE = f"{Path(__file__).stem}"


# -- tasks; they run in the workers, which find this module on `sys.path`


def double(number: int) -> int:
    return 2 * number


def misbehave(how: str) -> object:
    if how == "hang":
        time.sleep(60)
    if how == "spin":
        while True:
            pass
    if how == "exit":
        os._exit(7)
    if how == "signal":
        os.kill(os.getpid(), signal.SIGSEGV)
    if how == "memory":
        return len(bytearray(1 << 40))
    if how == "raise":
        raise ValueError("no such thing")
    if how == "print":
        sys.stdout.write("meddling with the pipes")
        sys.stdout.flush()
        return sys.stdin.read()
    return how


def large(size: int) -> bytes:
    return b"x" * size


@pytest.fixture
def on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


@pytest.fixture
def pool(on_path: None) -> Iterator[Pool]:
    with Pool(2, Limits(seconds=1.0, megabytes=512)) as pool:
        yield pool


def test_results_come_in_the_order_of_the_tasks(pool: Pool) -> None:
    assert list(pool.map(f"{HERE}:double", ((n,) for n in range(500)))) == [2 * n for n in range(500)]


def test_tasks_are_read_only_as_far_as_needed(pool: Pool) -> None:
    read = []

    def endless() -> Iterator[tuple[int]]:
        number = 0
        while True:
            read.append(number)
            yield (number,)
            number += 1

    results = pool.map(f"{HERE}:double", endless())
    assert [next(results) for _ in range(300)] == [2 * n for n in range(300)]
    assert len(read) <= 300 + 2 * 64


@pytest.mark.parametrize(
    ("how", "cause", "words"),
    [
        ("hang", "time", "longer than 1 s"),
        ("spin", "time", "longer than 1 s"),
        ("exit", "died", "code 7"),
        ("signal", "died", "SIGSEGV"),
        ("memory", "memory", "more memory"),
        ("raise", "raised", "ValueError: no such thing"),
    ],
)
def test_a_task_that_fails_is_a_value_and_the_others_go_on(
    pool: Pool, how: str, cause: str, words: str
) -> None:
    tasks = [("a",), ("b",), (how,), ("c",), ("d",), ("e",), ("f",), ("g",)]
    results = list(pool.map(f"{HERE}:misbehave", tasks))
    assert [result for result in results if not isinstance(result, Failed)] == list("abcdefg")
    failed = results[2]
    assert isinstance(failed, Failed)
    assert failed.cause == cause
    assert words in failed.message


def test_every_task_may_die(pool: Pool) -> None:
    results = list(pool.map(f"{HERE}:misbehave", [("exit",)] * 5))
    assert [result.cause for result in results] == ["died"] * 5


def test_what_a_task_prints_or_reads_does_not_reach_the_pipes(pool: Pool) -> None:
    assert pool.call(f"{HERE}:misbehave", "print") == ""
    assert pool.call(f"{HERE}:misbehave", "fine") == "fine"


def test_large_tasks_and_results_do_not_block(pool: Pool) -> None:
    tasks = [("y" * 500_000,) for _ in range(6)]
    assert [len(result) for result in pool.map(f"{HERE}:misbehave", tasks)] == [500_000] * 6
    assert [len(r) for r in pool.map(f"{HERE}:large", ((300_000,) for _ in range(20)))] == [300_000] * 20


def test_an_unknown_function_is_a_value(pool: Pool) -> None:
    failed = pool.call("trainer.nowhere:nothing")
    assert isinstance(failed, Failed)
    assert failed.cause == "raised"
    assert "ModuleNotFoundError" in failed.message


def test_a_closed_pool_starts_again(pool: Pool) -> None:
    assert pool.call(f"{HERE}:double", 4) == 8
    pool.close()
    assert pool.call(f"{HERE}:double", 5) == 10
