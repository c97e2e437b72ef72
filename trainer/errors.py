"""Everything that the trainer raises on purpose.

::

    TrainerError
    ├── UsageError               the call is wrong: an option, a card's name (exit 2)
    │   ├── ConfigError          a setting or the settings file is wrong (exit 2)
    │   └── CardError            a card or pack is wrong; lists every problem (exit 2)
    ├── FileFault                a file can't be read or replaced; see `trainer.files` (exit 4)
    ├── AnswerUnreadable         no file, not a regular file, over a limit, not decodable (exit 4)
    ├── ClusterError             the cluster is unreachable or refuses the call (exit 3)
    ├── StoreError               the progress store cannot be read or written (exit 5)
    └── NotJudged                outside an engine's documented subset: the check becomes ERROR (exit 5)

YAML that does not parse and manifests that the API server would refuse aren't exceptions: they
are `trainer.verdict.Problem` values of a verdict, which lists all of them, not only the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.verdict import Location, Problem


class TrainerError(Exception):
    """What went wrong, in words for the person at the terminal, and what they can do about it."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} ({self.remedy})" if self.remedy else self.message


class UsageError(TrainerError):
    """The call itself is wrong: an option, an argument, the name of a card."""


class ConfigError(UsageError):
    """A setting is wrong; the message names where it comes from."""


class CardError(UsageError):
    """A card or a pack is wrong. `problems` has all of them, each with its file, line and path."""

    def __init__(self, message: str, problems: Sequence[Problem] = (), *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.problems = tuple(problems)


class AnswerUnreadable(TrainerError):
    """An answer's file is missing, not a regular file, over a limit, or not decodable."""

    def __init__(self, message: str, *, file: str, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.file = file


class ClusterError(TrainerError):
    """The cluster cannot be reached, or refuses the call."""


class StoreError(TrainerError):
    """The progress store cannot be read or written."""


class NotJudged(TrainerError):
    """A construct is outside an engine's documented subset; it is never guessed.

    `construct` names it in the learner's words; `location` says where it is, if known.
    """

    def __init__(self, construct: str, location: Location | None = None) -> None:
        where = f", {location.file} line {location.line}" if location else ""
        super().__init__(f"not judged: {construct}{where}")
        self.construct = construct
        self.location = location


_OF_THE_PROGRAM = (
    *(AttributeError, ImportError, IndexError, MemoryError, NameError, OSError, RecursionError, TypeError),
    ZeroDivisionError,
)
"""Exceptions whose message is about the program. That of others (`KeyError`) may be an answer's value."""


def in_words(error: BaseException) -> str:
    """An exception for a report that anybody may read: without what may be a value of an answer.

    >>> in_words(KeyError("hunter2")), in_words(IndexError("list index out of range"))
    ('KeyError', 'IndexError: list index out of range')
    """
    name, message = type(error).__name__, str(error)
    if isinstance(error, TrainerError):
        return f"{name}: {message}"
    return f"{name}: {message}" if message and isinstance(error, _OF_THE_PROGRAM) else name
