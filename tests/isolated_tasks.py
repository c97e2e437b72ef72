"""Tasks for the workers of `test_isolate.py`, in a module of their own: it loads quickly, and each worker loads it."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path


def double(number: int) -> int:
    return 2 * number


def misbehave(how: str) -> object:
    if how == "hang":
        while True:
            signal.pause()
    if how == "spin":
        while True:
            pass
    if how == "exit":
        os._exit(7)
    if how == "signal":
        os.kill(os.getpid(), signal.SIGSEGV)
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "memory":
        return len(bytearray(1 << 40))
    if how == "raise":
        raise ValueError("no such thing")
    if how == "print":
        sys.stdout.write("meddling with the pipes")
        sys.stdout.flush()
        return sys.stdin.read()
    return how


def spin_for(seconds: float) -> str:
    """Use that much processor time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return "spun"


def die_unless(marker: str, how: str) -> str:
    """Die in the first attempt, and leave a mark by which the second one knows."""
    if not Path(marker).exists():
        Path(marker).touch()
        misbehave(how)
    return "second attempt"


def attempts(folder: str, how: str) -> None:
    """Leave a mark for each attempt, then die."""
    Path(folder, str(len(os.listdir(folder)))).touch()  # noqa: PTH208
    misbehave(how)


def large(size: int) -> bytes:
    return b"x" * size
