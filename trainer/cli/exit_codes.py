"""The exit codes: an interface of the program."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """What the program's exit codes mean."""

    PASSED = 0
    """All passed, or the command did its work."""
    NOT_PASSED = 1
    """Not full marks, or something that the card is about is refused or not parsable."""
    USAGE = 2
    """The call, a card or a setting is wrong."""
    CLUSTER = 3
    """The cluster is unreachable."""
    UNREADABLE = 4
    """A file is missing, not a regular file, over a limit or not decodable."""
    INTERNAL = 5
    """A check could not run, or the progress could not be stored: not the learner's fault."""
    INTERRUPTED = 130


_ORDER = (
    ExitCode.INTERRUPTED,
    ExitCode.USAGE,
    ExitCode.UNREADABLE,
    ExitCode.INTERNAL,
    ExitCode.CLUSTER,
    ExitCode.NOT_PASSED,
)


def worst(codes: Iterable[int]) -> int:
    """The exit code if several apply: 2, 4, 5, 3, 1, in this order; 0 if none does.

    >>> worst([0, 1, 3])
    3
    """
    held = set(codes)
    return next((int(code) for code in _ORDER if code in held), 0)
