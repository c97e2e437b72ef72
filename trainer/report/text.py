"""Verdict -> text for a terminal or a screen reader: in words, aligned, nothing by color alone."""

from __future__ import annotations

import textwrap

from trainer.safe_text import Line, clean
from trainer.verdict import CheckResult, Location, Problem, Reason, Scope, Severity, Status, Verdict

_WORDS = {Status.PASS: "PASS", Status.FAIL: "FAIL", Status.SKIPPED: "SKIP", Status.ERROR: "ERROR"}
_COLOURS = {Status.PASS: "32", Status.FAIL: "31", Status.SKIPPED: "33", Status.ERROR: "35"}
_NARROWEST = 40


def verdict_lines(verdict: Verdict, *, width: int = 80) -> list[str]:
    """The whole verdict: problems that no check repeats, each check, the sum.

    `width` in columns (at least 40 are used). Lines that begin with a status know its color.
    """
    width = max(width, _NARROWEST)
    lines: list[str] = []
    said = {
        (reason.location, line)
        for check in verdict.checks
        for reason in check.reasons
        for line in reason.message.split("\n")[:1]
    }
    for problem in verdict.problems:
        if (problem.location, problem.message.split("\n")[0]) not in said:
            lines += problem_lines(problem, width=width)
    points = max((len(_points(check)) for check in verdict.checks), default=0)
    for check in verdict.checks:
        lines += check_lines(check, width=width, points_width=points)
    passed = "passed" if verdict.passed else "not passed"
    lines += [""] if lines else []
    lines.append(f"{verdict.card}: {verdict.points} of {verdict.max_points} points, {passed}")
    return lines + [line for one in _on_refused(verdict) for line in textwrap.wrap(clean(one), width)]


def _on_refused(verdict: Verdict) -> list[str]:
    """Whether refused documents count, where the checks alone don't tell."""
    if any(check.status is not Status.PASS for check in verdict.counted):
        return []
    groups = {
        counts: " and ".join(one.document for one in verdict.refused if one.counts is counts)
        for counts in (True, False)
    }
    ends = {True: "the answer doesn't pass.", False: "the task doesn't need what is refused."}
    return [f"kubectl apply refuses {names}: {ends[counts]}" for counts, names in groups.items() if names]


def check_lines(check: CheckResult, *, width: int = 80, points_width: int = 0) -> list[str]:
    """One check: its status line, then each reason under its place, the evidence, why it matters."""
    head = f"{_WORDS[check.status]:<5} {_points(check):<{points_width}}  "
    indent = " " * (8 + max(points_width, len(_points(check))))
    says = check.says
    if check.scope is Scope.LIVE:
        says = f"live: {says}"
    short = check.reasons and check.status is Status.SKIPPED
    if short:
        says += f" ({check.reasons[0].message})"
    lines = _wrapped(says, width, first=head, indent=indent)
    lines[0] = Line(lines[0], _COLOURS[check.status], 5)
    if not short:
        before: Location | None = None
        for reason in check.reasons:
            lines += _reason_lines(reason, width, before)
            before = reason.location
    for sentence in check.evidence:
        lines += _wrapped(sentence, width, first=_INDENT, indent=_INDENT)
    if check.why and check.status is Status.FAIL:
        why = f"Why it matters: {' '.join(check.why.split())}"
        lines += _wrapped(why, width, first=_INDENT, indent=_INDENT)
    return lines


def problem_lines(problem: Problem, *, width: int = 80) -> list[str]:
    """One problem of a document: what kubectl would refuse, or a warning."""
    refused = problem.severity is Severity.ERROR
    word = "REFUSED" if refused else "WARNING"
    head = f"{word}  {_place(problem.location)}".rstrip()
    lines: list[str] = [Line(head, "31" if refused else "33", len(word))]
    for part in (problem.message, problem.remedy):
        if part:
            lines += _wrapped(part, width, first=_INDENT, indent=_INDENT)
    return lines


_INDENT = " " * 6


def _reason_lines(reason: Reason, width: int, before: Location | None) -> list[str]:
    lines = []
    if reason.location is not None and reason.location != before:
        lines.append(f"{_INDENT}{_place(reason.location)}")
    for part in reason.message.split("\n"):
        lines += _wrapped(part, width, first=_INDENT, indent=_INDENT)
    return lines


def _place(location: Location | None) -> str:
    if location is None:
        return ""
    return f"{location}   {location.path}".rstrip()


def _points(check: CheckResult) -> str:
    return f"{check.points}/{check.max_points}"


def _wrapped(text: str, width: int, *, first: str, indent: str) -> list[str]:
    """The text in lines of at most `width`; `first` begins the first. Being made safe may lengthen it."""
    room = max(width - len(indent), _NARROWEST // 2)
    lines = textwrap.wrap(clean(text), room, break_on_hyphens=False) or [""]
    return [first + lines[0], *(indent + line for line in lines[1:])]
