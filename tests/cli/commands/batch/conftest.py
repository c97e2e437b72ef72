"""Batches without worker processes: for tests of many runs, in which nothing hangs or dies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

import msgspec
import pytest


class Here:
    """Stands for `isolate.Pool`: the tasks run in this process, and values are as plain as there."""

    def __init__(self, *_: object) -> None:
        pass

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, function: str, tasks: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        module, _, name = function.partition(":")
        call = getattr(import_module(module), name)
        for task in tasks:
            yield plain(call(*plain(task)))


def plain(value: Any) -> Any:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(value))


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worker processes take most of the time of a small batch."""
    monkeypatch.setattr("trainer.batch.Pool", Here)
