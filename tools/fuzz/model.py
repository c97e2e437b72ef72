"""What a target is, and what it says of one input."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from hypothesis.strategies import SearchStrategy

Case = Any
"""One input, as plain JSON values, so that it can be stored and tried again."""


class Judged(msgspec.Struct, frozen=True):
    """What became of one input."""

    outcome: str
    """In one word, for the table: `pass`, `fail`, `refused`, ..."""
    faults: tuple[str, ...] = ()
    """What must not be: a crash with its place, or a property that doesn't hold. The text is the kind of the
    fault: two inputs with the same text show the same one."""


class Target(msgspec.Struct, frozen=True):
    """One part of the program with its inputs."""

    name: str
    about: str
    """What is read, and what must hold, in one line."""
    share: int
    """Its part of 1000 inputs."""
    cases: Callable[[], SearchStrategy[Case]]
    judge: Callable[[Case], Judged]


def crash(error: BaseException) -> str:
    """The kind of a crash: the exception, and the last line of the program that it went through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/trainer/" in frame.filename.replace("\\", "/")]
    place = ours[-1] if ours else frames[-1]
    module = place.filename.replace("\\", "/").rpartition("/trainer/")[2]
    return f"{type(error).__name__} in {module} line {place.lineno}"


def judging(judge: Callable[[Case], Judged]) -> Callable[[Case], Judged]:
    """A judge that counts an exception as a crash, with its place."""

    @wraps(judge)
    def guarded(case: Case) -> Judged:
        try:
            return judge(case)
        except Exception as error:
            return Judged("crash", (crash(error),))

    return guarded
