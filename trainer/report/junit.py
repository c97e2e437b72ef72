"""Rows of a batch -> JUnit XML: a suite for each learner, a test case for each check.

The form that Jenkins publishes as `junit-10.xsd` (jenkinsci/xunit-plugin); other systems read it, too.
A check that fails is a `failure`, one that couldn't run an `error`, one that waits for another `skipped`.
An answer without a verdict is one case.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from trainer.report.rows import checks_of, explained, first_message
from trainer.safe_text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainer.report.rows import ResultRow, Write

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_TAGS = {"fail": "failure", "error": "error", "skipped": "skipped"}
_COUNTED = {"failures": "<failure", "errors": "<error", "skipped": "<skipped"}


@contextmanager
def writer(stream: IO[str]) -> Iterator[Write]:
    """Write the suites of learners whose rows follow each other; without learners, a suite for each card."""
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="cks-trainer">\n')
    rows: list[ResultRow] = []

    def write(row: ResultRow) -> None:
        if rows and (rows[0].learner != row.learner or not row.learner):
            stream.write(_suite(rows))
            rows.clear()
        rows.append(row)

    yield write
    if rows:
        stream.write(_suite(rows))
    stream.write("</testsuites>\n")


def _suite(rows: list[ResultRow]) -> str:
    cases = [case for row in rows for case in _cases(row)]
    counts = {name: sum(tag in case for case in cases) for name, tag in _COUNTED.items()}
    numbers = "".join(f' {name}="{count}"' for name, count in counts.items())
    points = "".join(
        f'    <property name="points of {_attribute(row.card)}" value="{row.points}/{row.max_points}"/>\n'
        for row in rows
    )
    return (
        f'  <testsuite name="{_attribute(rows[0].learner or rows[0].card)}" tests="{len(cases)}"{numbers}>\n'
        f"    <properties>\n{points}    </properties>\n{''.join(cases)}  </testsuite>\n"
    )


def _cases(row: ResultRow) -> Iterator[str]:
    checks = checks_of(row)
    if not checks:
        # Nothing was submitted, or not in a form that can be read: the learner can change both.
        tag = "error" if row.status == "error" else "failure"
        yield _case(row, "the answer is there", tag, row.message, "")
    for check in checks:
        yield _case(
            row, check["says"], _TAGS.get(check["status"], ""), first_message(check), explained(check)
        )


def _case(row: ResultRow, name: str, tag: str, message: str, details: str) -> str:
    head = f'    <testcase classname="{_attribute(row.card)}" name="{_attribute(name)}"'
    if not tag:
        return f"{head}/>\n"
    # Some readers take no text in `skipped`.
    said = f'<{tag} message="{_attribute(message)}"'
    return (
        f"{head}>{said}/></testcase>\n"
        if tag == "skipped" or not details
        else (
            f'{head}>{said} type="{_attribute(row.status)}">{_escaped(clean(details))}</{tag}></testcase>\n'
        )
    )


def _attribute(text: str) -> str:
    return _escaped(one_line(text))


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in text)
