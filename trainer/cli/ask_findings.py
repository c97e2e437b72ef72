"""What a question finds wrong with manifests, as SARIF: refused objects, and answers that aren't expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.cli.saving import from_here
from trainer.errors import NotJudged
from trainer.verdict import Location, Severity

if TYPE_CHECKING:
    from trainer.ask import Reply
    from trainer.ask.loading import Loaded
    from trainer.batch import Row
    from trainer.errors import TrainerError

_TITLES = {
    "refused": "The API server refuses this",
    "answer": "What a question found",
    "question": "A question without an answer",
}


def save_findings(
    file: Path,
    loaded: Sequence[Loaded],
    paths: Sequence[Path],
    reply: Reply | None,
    error: TrainerError | None,
) -> None:
    """Write the findings: those of the files, the reasons of a reply that isn't expected, and an error.

    `paths` are the files and folders of the question: places are told from the current folder. Raises
    `AnswerUnreadable` if the file can't be written.
    """
    from trainer.cli.saving import write_rows

    write_rows({"sarif": file}, list(_rows(loaded, paths, reply, error)))


def _rows(
    loaded: Sequence[Loaded], paths: Sequence[Path], reply: Reply | None, error: TrainerError | None
) -> Iterator[Row]:
    for one in loaded:
        for problem in one.problems:
            if problem.severity is Severity.ERROR:
                message = f"{problem.message} {problem.remedy}".strip()
                yield _row("refused", message, problem.location, paths)
    if reply is not None:
        said = f"{reply.question}: {reply.answer}"
        for reason in reply.reasons:
            yield _row("answer", f"{said}. {reason.message}", reason.location, paths)
        if not reply.reasons:
            yield _row("answer", said, None, paths)
    if error is not None:
        where = error.location if isinstance(error, NotJudged) else None
        yield _row("question", str(error), where, paths, status="error")


def _row(
    rule: str, message: str, location: Location | None, paths: Sequence[Path], *, status: str = "fail"
) -> Row:
    """One finding in the form that the writer of SARIF takes: an answer with one check."""
    from trainer.batch import Row

    place = from_here(str(_file(location.file, paths))) if location else None
    reason: dict[str, Any] = {"message": message}
    if location is not None:
        reason |= {"file": place, "line": location.line, "column": location.column, "path": location.path}
    check = {
        "id": rule,
        "says": _TITLES[rule],
        "status": status,
        "reasons": [reason],
        "evidence": [],
        "apart": f"{place} {location.path if location else ''} {message}",
    }
    verdict = msgspec.json.encode({"checks": [check]})
    return Row("", "ask", "graded", False, 0, 0, place, verdict, message)


def _file(name: str, paths: Sequence[Path]) -> Path:
    """The path of a file that a place names: in a folder of the question, or one of its files."""
    inside = [path / name for path in paths if path.is_dir()]
    named = [path for path in paths if path.name == name]
    return next((path for path in (*inside, *named) if path.is_file()), Path(name))
