"""The result of one answer -> `results.json` of Gradescope: a test for each check.

Follows "Autograder Specifications" of gradescope-autograders.readthedocs.io. The file must exist whatever
happens: an answer without a verdict has a score of 0, and the output says why.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from trainer.report.rows import checks_of, explained
from trainer.safe_text import clean, json_text, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainer.report.rows import ResultRow, Write


@contextmanager
def writer(stream: IO[str]) -> Iterator[Write]:
    """Write the results of all rows as one submission."""
    tests: list[dict[str, Any]] = []
    said: list[str] = []
    score = 0

    def write(row: ResultRow) -> None:
        nonlocal score
        score += row.points
        tests.extend(_test(check) for check in checks_of(row))
        if row.message and not checks_of(row):
            said.append(clean(row.message))

    yield write
    output = "\n".join(said)
    stream.write(json_text({"score": score, "output": output, "tests": tests}, indent=2) + "\n")


def _test(check: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": one_line(check["says"]),
        "score": check["points"],
        "max_score": check["max_points"],
        "status": "passed" if check["status"] == "pass" else "failed",
        "output": clean(explained(check)),
        "visibility": "visible",
    }
