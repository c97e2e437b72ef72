"""Rows of a batch -> a Markdown file for each learner: what passed, what failed and why, and the next step.

Written for CommonMark 0.31 and GitHub Flavored Markdown. Words of a submission are text: what could be a
link, an image, HTML or structure is escaped.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from trainer.files import replace_file
from trainer.patterns import regex
from trainer.report.names import FileNames
from trainer.report.rows import checks_of, problems_of
from trainer.safe_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trainer.report.rows import ResultRow, Write

_ACTS = regex(r"[\\`*_{}\[\]<>()#!|~&$@^=]|:(?=//)|(?<=\w)\.(?=[^\W\d])")
"""What has a meaning anywhere in a line; `://` and names of hosts (`a.as`) become links by themselves."""
_BEGINS = regex(r"\A(?:[-+]|\d+(?=[.)]))")
"""What has a meaning at the start of a line."""
_SIGNS = {"pass": "✓", "fail": "✗", "skipped": "○", "error": "?"}
_WORDS = {"pass": "passed", "fail": "failed", "skipped": "skipped", "error": "not judged"}


@contextmanager
def folder_writer(folder: Path) -> Iterator[Write]:
    """Write the file of each learner when all of the learner's rows are there: they follow each other.

    The files of learners that are not in this batch stay. Raises `FileFault`.
    """
    rows: list[ResultRow] = []
    names = FileNames()

    def end() -> None:
        if rows:
            name = f"{names.of(rows[0].learner)}.md"
            replace_file(folder / name, learner_page(rows).encode(), sync=False)
            rows.clear()

    def write(row: ResultRow) -> None:
        if rows and rows[0].learner != row.learner:
            end()
        rows.append(row)

    yield write
    end()


def learner_page(rows: list[ResultRow]) -> str:
    """The page of one learner, from the learner's rows."""
    reached, most = sum(row.final_points for row in rows), sum(row.max_points for row in rows)
    passed = sum(row.passed for row in rows)
    cards = f"{passed} of {len(rows)} cards passed" if len(rows) > 1 else _word(rows[0])
    lines = [
        f"# Results of {escaped(rows[0].learner)}",
        "",
        f"**{reached:g} of {most} points**, {cards}",
        "",
        "| Card | Result | Points |",
        "|---|---|---|",
        *(
            f"| {escaped(row.card)} | {_word(row)} | {row.final_points:g} of {row.max_points} |"
            for row in rows
        ),
    ]
    for row in rows:
        lines += ["", *_card(row)]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Text for one line of Markdown, in which nothing is structure, a link, an image or HTML.

    >>> escaped("[a](javascript:b) | <c>")
    '\\\\[a\\\\]\\\\(javascript:b\\\\) \\\\| \\\\<c\\\\>'
    """
    line = " ".join(one_line(text.replace("\n", " ")).split())
    line = _ACTS.sub(lambda match: f"\\{match[0]}", line)
    return _BEGINS.sub(lambda match: f"\\{match[0]}" if match[0] in "-+" else f"{match[0]}\\", line)


def code(text: str) -> str:
    """Text as code in one line: whatever it has, it ends where it should. Not for tables."""
    line = one_line(text)
    fence = "`" * (max(map(len, _TICKS.findall(line)), default=0) + 1)
    pad = " " if line[:1] in ("`", " ") or line[-1:] in ("`", " ") else ""
    return f"{fence}{pad}{line}{pad}{fence}" if line else ""


_TICKS = regex("`+")


def _word(row: ResultRow) -> str:
    if row.passed:
        return "✓ passed"
    if row.status == "graded":
        return "✗ not passed"
    return {"missing": "· missing", "unreadable": "! unreadable"}.get(row.status, "? not fully judged")


def _card(row: ResultRow) -> Iterator[str]:
    points = f"{row.final_points:g} of {row.max_points} points"
    yield f"## {escaped(row.card)}: {points}"
    if row.late:
        less = row.points - row.final_points
        when = f"Submitted late, {row.submitted_at}" if row.submitted_at else "Submitted late"
        yield from ("", f"{when}: {less:g} points less." if less else f"{when}.")
    checks = checks_of(row)
    if not checks:
        yield from ("", f"{_word(row)}: {escaped(row.message)}")
    yield from _problems(row)
    for check in checks:
        sign, word = _SIGNS[check["status"]], _WORDS[check["status"]]
        reached = f"{check['points']} of {check['max_points']} points"
        yield from ("", f"{sign} **{escaped(check['says'])}**: {word}, {reached}")
        details = list(_details(check))
        yield from ["", *details] if details else []
    yield from ("", f"**Next step:** {_next_step(row, checks)}")


def _problems(row: ResultRow) -> Iterator[str]:
    """What kubectl would refuse, apart from what a check repeats."""
    said = {reason["message"].partition("\n")[0] for check in checks_of(row) for reason in check["reasons"]}
    found = [one for one in problems_of(row) if one["message"].partition("\n")[0] not in said]
    if found:
        yield from ("", "About the files:", "")
    for one in found:
        word = "Refused" if one["severity"] == "error" else "Warning"
        yield f"- {word}: {_placed(one)}{escaped(one['message'])} {escaped(one.get('remedy', ''))}".rstrip()


def _details(check: dict[str, Any]) -> Iterator[str]:
    if check["status"] == "pass":
        return
    for reason in check["reasons"]:
        yield f"- Why: {_placed(reason)}{escaped(reason['message'])}"
    for sentence in check["evidence"]:
        yield f"- Evidence: {escaped(sentence)}"
    if check.get("why") and check["status"] == "fail":
        yield f"- Why it matters: {escaped(check['why'])}"


def _placed(reason: dict[str, Any]) -> str:
    """The place of a reason, with a colon; empty without one."""
    if "file" not in reason:
        return ""
    line = f", line {reason['line']}" if reason["line"] else ""
    path = f" ({code(reason['path'])})" if reason["path"] else ""
    return f"{code(reason['file'])}{line}{path}: "


def _next_step(row: ResultRow, checks: list[dict[str, Any]]) -> str:
    """What the learner does now, in one or two sentences."""
    seed = f" --seed {row.seed}" if row.seed else ""
    card = f"{row.card}{seed}"
    if row.passed:
        return f"Compare your answer with the solution: {code(f'cks-trainer solution {card}')}"
    if row.status == "missing":
        return f"Read the task with {code(f'cks-trainer show {card}')}, and submit an answer."
    if row.status == "unreadable":
        return "Change what the message says, and submit again."
    failed = [check for check in checks if check["status"] == "fail"]
    if not failed:
        if row.status == "error":
            return "Nothing to do now: your instructor judges this answer."
        return "Change what is refused above: the checks are about it."
    place = next((one for one in failed[0]["reasons"] if "file" in one), None)
    where = f" at {code(place['file'])}, line {place['line']}" if place and place["line"] else ""
    again = f"cks-trainer grade --card {card} FILE"
    return (
        f"Begin with “{escaped(failed[0]['says'])}”{where}. Hints: {code(f'cks-trainer hint {card}')}. "
        f"Then grade it again: {code(again)}"
    )
