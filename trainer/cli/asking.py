"""How a question about manifests is answered on the command line: what was read, the reply, the exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.cli import streams
from trainer.cli.base import Run
from trainer.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trainer.ask import Reply
    from trainer.ask.loading import Loaded
    from trainer.errors import TrainerError
    from trainer.versions import Version

MOST_NAMED = 10
"""How many files that were not read are named at the terminal, for each reason; JSON has all."""


class Asker(msgspec.Struct, frozen=True):
    """Who asks: the run, the answers that are expected (any, if none is named), and the file for SARIF."""

    run: Run
    expect: tuple[str, ...] = ()
    sarif: Path | None = None

    def surprised(self, reply: Reply) -> bool:
        """Whether the answer isn't one of those that are expected."""
        return bool(self.expect) and reply.answer.casefold() not in (one.casefold() for one in self.expect)


def answer(
    asker: Asker,
    kubernetes: Version,
    question: Callable[..., Reply],
    *groups: tuple[Path, ...],
    plain: bool = False,
    read: Callable[[tuple[Path, ...]], Loaded] | None = None,
) -> int:
    """Answer a question about what is loaded from each group of files, by `read` or as manifests; returns the
    exit code.

    What isn't covered by the answer is told first, and makes the exit code 1, or 4 for unreadable files. An
    answer that isn't expected makes it 1, too.
    """
    from trainer.ask import Absent
    from trainer.ask.loading import hidden_in, load, told
    from trainer.errors import TrainerError

    loaded: list[Loaded] = []
    try:
        loaded.extend(read(paths) if read else load(paths, kubernetes, plain=plain) for paths in groups)
        reply = told(question(*loaded), loaded)
    except TrainerError as error:
        if isinstance(error, Absent) and error.loaded is not None:
            loaded.append(error.loaded)
        hidden = hidden_in(loaded).error(error)
        _save(asker, loaded, groups, error=hidden)
        return _unanswered(asker.run, hidden, loaded)
    _tell(loaded)
    _save(asker, loaded, groups, reply=reply)
    surprised = asker.surprised(reply)
    if asker.run.json:
        expected = {"as_expected": not surprised} if asker.expect else {}
        streams.out_json(reply.json() | _json(loaded) | expected)
    else:
        _print(reply)
    if surprised:
        streams.say(f"expected: {' or '.join(asker.expect)}")
    return _code(loaded) or int(ExitCode.NOT_PASSED if surprised else ExitCode.PASSED)


def _save(
    asker: Asker,
    loaded: list[Loaded],
    groups: Sequence[tuple[Path, ...]],
    *,
    reply: Reply | None = None,
    error: TrainerError | None = None,
) -> None:
    """Write the SARIF file, if one is named: what is refused, what isn't as expected, or the error."""
    if asker.sarif is None:
        return
    from trainer.cli.ask_findings import save_findings

    wrong = reply is not None and (asker.surprised(reply) or (reply.finds and not asker.expect))
    paths = [path for group in groups for path in group]
    save_findings(asker.sarif, loaded, paths, reply if wrong else None, error)


def _unanswered(run: Run, error: TrainerError, loaded: list[Loaded]) -> int:
    """Report why a question has no answer; returns the exit code.

    If what it is about may be among what was refused, that is the reason.
    """
    from trainer.ask import Absent
    from trainer.cli.failures import Failure, failure_of

    failure = failure_of(error)
    _tell(loaded)
    if isinstance(error, Absent) and (code := _code(loaded)):
        message = f"{failure.message} that the API server accepts"
        failure = Failure("refused", message, code, "fix what was left out, then ask again")
    if run.json:
        streams.out_json({"schema": streams.ERROR_SCHEMA, **failure.fields(), **_json(loaded)})
    streams.say_lines(failure.lines())
    return failure.exit


def _code(loaded: list[Loaded]) -> int:
    """1 if an object was refused, 4 if a file is unreadable, else 0."""
    if any(one.unreadable for one in loaded):
        return int(ExitCode.UNREADABLE)
    return int(ExitCode.PASSED if all(one.complete for one in loaded) else ExitCode.NOT_PASSED)


def _json(loaded: list[Loaded]) -> dict[str, Any]:
    forms = [one.json() for one in loaded]
    return {name: [item for form in forms for item in form[name]] for name in ("problems", "not_read")}


def _tell(loaded: list[Loaded]) -> None:
    """Say what is wrong with the files, and what was left out."""
    from trainer.cli.failures import problem_line
    from trainer.verdict import Severity

    for one in loaded:
        for problem in one.problems:
            what = "left out" if problem.severity is Severity.ERROR else "warning"
            streams.say(f"{what}: {problem_line(problem)}")
        names: dict[str, list[str]] = {}
        for left in one.not_read:
            names.setdefault(left.why, []).append(left.file)
        for why, files in names.items():
            more = f" and {len(files) - MOST_NAMED} more" if len(files) > MOST_NAMED else ""
            streams.say(f"not read, {why}: {', '.join(files[:MOST_NAMED])}{more}")


def _print(reply: Reply) -> None:
    """Print one answer: the summary line, its table, and the reasons with their places."""
    from trainer.cli.tables import table

    streams.out(f"{reply.question}: {reply.answer}")
    if reply.rows:
        head, *rows = reply.rows
        streams.out()
        streams.out_lines(table(head, rows))
    for reason in reply.reasons:
        place = f"{reason.location}  " if reason.location else ""
        streams.out(f"  {place}{reason.message}")
