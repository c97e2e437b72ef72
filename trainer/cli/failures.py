"""From an exception to the words, the JSON object and the exit code of a failed command."""

from __future__ import annotations

import errno
import os
from typing import Any

import msgspec

from trainer.cli.exit_codes import ExitCode
from trainer.errors import (
    AnswerUnreadable,
    CardError,
    ClusterError,
    ConfigError,
    NotJudged,
    StoreError,
    TrainerError,
    UsageError,
    in_words,
)
from trainer.safe_text import capitalized
from trainer.verdict import Problem

_KINDS: tuple[tuple[type[TrainerError], str, ExitCode], ...] = (
    (ConfigError, "config", ExitCode.USAGE),
    (CardError, "card", ExitCode.USAGE),
    (UsageError, "usage", ExitCode.USAGE),
    (AnswerUnreadable, "unreadable", ExitCode.UNREADABLE),
    (ClusterError, "cluster", ExitCode.CLUSTER),
    (StoreError, "store", ExitCode.INTERNAL),
    (NotJudged, "not-judged", ExitCode.INTERNAL),
    (TrainerError, "files", ExitCode.UNREADABLE),
)


_OF_A_PATH = frozenset(
    {
        errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENOENT,
        errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE, errno.ENXIO, errno.EEXIST,
    }
)  # fmt: skip
"""What the system says of a path that the person chose, wherever it was looked at: never a fault of ours."""


class Failure(msgspec.Struct, frozen=True):
    """Why a command ended without its result."""

    kind: str
    message: str
    exit: int
    remedy: str = ""
    file: str | None = None
    problems: tuple[Problem, ...] = ()
    trace: str = ""
    """Where in the program it happened, for a fault of ours: printed, not part of the object."""

    def fields(self) -> dict[str, Any]:
        """The fields of the JSON object, without its schema."""
        return {
            "kind": self.kind,
            "message": self.message,
            "remedy": self.remedy,
            "file": self.file,
            "problems": [problem_fields(problem) for problem in self.problems],
            "exit": self.exit,
        }

    def lines(self) -> list[str]:
        """The words for stderr, one problem a line."""
        lines = [*self.trace.split("\n"), self.message] if self.trace else [self.message]
        lines += (f"  {problem_line(problem)}" for problem in self.problems)
        if self.remedy:
            lines.append(f"  {capitalized(self.remedy)}")
        return lines


def failure_of(error: Exception) -> Failure:
    """The failure that an exception means. An unexpected exception is our fault and keeps its trace."""
    for kind, name, code in _KINDS:
        if isinstance(error, kind):
            return Failure(
                kind=name,
                message=error.message,
                exit=int(code),
                remedy=error.remedy,
                file=error.file if isinstance(error, AnswerUnreadable) else None,
                problems=error.problems if isinstance(error, CardError) else (),
            )
    if isinstance(error, OSError) and error.errno in _OF_A_PATH and error.filename is not None:
        return Failure(
            kind="files",
            message=f"{os.fsdecode(error.filename)}: {error.strerror}",
            exit=int(ExitCode.UNREADABLE),
            remedy="check the path, its permissions, and free space",
        )
    import traceback  # a twentieth of `list`, and only a crash needs it

    return Failure(
        kind="internal",
        message=f"cks-trainer hit an unexpected error: {in_words(error)}",
        exit=int(ExitCode.INTERNAL),
        remedy="not your fault; please report it with the lines above and `cks-trainer doctor --report FILE`",
        trace="".join(traceback.format_tb(error.__traceback__)).rstrip(),
    )


def problem_fields(problem: Problem) -> dict[str, Any]:
    """A problem in the form of the JSON contracts."""
    place = problem.location
    return {
        "message": f"{problem.message} {problem.remedy}".strip(),
        "severity": str(problem.severity),
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "path": place.path if place else "",
    }


def problem_line(problem: Problem) -> str:
    """A problem as `file:line:column: $.path: message`, and what to do."""
    place = problem.location
    where = ""
    if place:
        # A card's error already has its paths as `$.path`.
        path = place.path if place.path.startswith("$") or not place.path else f"$.{place.path}"
        where = f"{place}: " + (f"{path}: " if path else "")
    return f"{where}{problem.message}" + (f" ({problem.remedy})" if problem.remedy else "")
