"""Verdict -> machine-readable JSON, version 1: fields may be added, never changed or removed."""

from __future__ import annotations

from typing import Any

from trainer.verdict import CheckResult, Location, Problem, Reason, Verdict

SCHEMA = "cks-trainer.verdict/1"


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain JSON values.

    The fields of a place (`file`, `line`, `column`: 1-based, `path`) are omitted without a place,
    `remedy` if the message already says it, `why` if the card doesn't say it. `status`: pass | fail |
    skipped | error; `scope`: file | live. `refused` names the documents that kubectl would not get into the
    cluster: with one that `counts` the answer doesn't pass.
    """
    return {
        "schema": SCHEMA,
        "card": verdict.card,
        "seed": verdict.seed,
        "passed": verdict.passed,
        "points": verdict.points,
        "max_points": verdict.max_points,
        "problems": [problem_json(problem) for problem in verdict.problems],
        "refused": [{"document": one.document, "counts": one.counts} for one in verdict.refused],
        "checks": [_check(check) for check in verdict.checks],
    }


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem as plain JSON values."""
    fields: dict[str, Any] = {"message": problem.message, "severity": problem.severity.value}
    if problem.remedy:
        fields["remedy"] = problem.remedy
    return fields | location_json(problem.location)


def location_json(location: Location | None) -> dict[str, Any]:
    """A place as plain JSON values; empty without a place."""
    if location is None:
        return {}
    return {"file": location.file, "line": location.line, "column": location.column, "path": location.path}


def _check(check: CheckResult) -> dict[str, Any]:
    return {
        "id": check.id,
        "says": check.says,
        "status": check.status.value,
        "points": check.points,
        "max_points": check.max_points,
        "scope": check.scope.value,
        "reasons": [_reason(reason) for reason in check.reasons],
        "evidence": list(check.evidence),
        **({"why": check.why} if check.why else {}),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {"message": reason.message} | location_json(reason.location)
