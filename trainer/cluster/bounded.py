"""Runs something that may block with a timeout, and lets it be canceled meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from trainer.cluster.faults import Interrupted

T = TypeVar("T")

LOOK_SECONDS = 0.1
"""Seconds between two checks for a cancellation."""


class Late(Exception):
    """It took too long."""


def run_within(work: Callable[[], T], seconds: float, cancelled: Callable[[], bool]) -> T:
    """Run `work` in its own thread and return its result, or raise what it raises.

    Raises `Late` after `seconds`, and `Interrupted` once `cancelled()` is true. Then the thread
    ends with the timeouts of its own socket; it cannot keep the program from ending.
    """
    if cancelled():
        raise Interrupted("cancelled")
    results: list[tuple[bool, Any]] = []
    done = threading.Event()

    def run() -> None:
        try:
            results.append((True, work()))
        except BaseException as error:  # passed to the caller's thread
            results.append((False, error))
        done.set()

    deadline = time.monotonic() + seconds
    threading.Thread(target=run, daemon=True, name="cks-trainer-call").start()
    while not done.wait(min(LOOK_SECONDS, max(deadline - time.monotonic(), 0))):
        if cancelled():
            raise Interrupted("cancelled")
        if time.monotonic() >= deadline:
            raise Late
    good, value = results[0]
    if good:
        return value  # type: ignore[no-any-return]
    raise value


def pause(seconds: float, cancelled: Callable[[], bool], sleep: Callable[[float], None] = time.sleep) -> None:
    """Wait, and check for a cancellation meanwhile; raises `Interrupted`."""
    deadline = time.monotonic() + seconds
    while not cancelled():
        rest = deadline - time.monotonic()
        if rest <= 0:
            return
        sleep(min(LOOK_SECONDS, rest))
    raise Interrupted("cancelled")
