"""Rows of a batch as the formats get them: a pass, a failure, an error, and answers without a verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from trainer.batch import Row

ACTS = "=cmd|' /C calc'!A0 \x1b[31m\u202e<b>&\"]]>"
"""What acts in a terminal, a spreadsheet or a page."""

GOLDEN = Path(__file__).parent / "golden"


def check(
    status: str, *, name: str = "read-only", reason: str = "", line: int = 0, **more: Any
) -> dict[str, Any]:
    place = {"file": "pod.yaml", "line": line, "column": 5, "path": "spec"} if line else {}
    return {
        "id": name,
        "says": "Its root is read-only",
        "status": status,
        "points": 2 if status == "pass" else 0,
        "max_points": 2,
        "scope": "file",
        "reasons": [{"message": reason} | place] if reason else [],
        "evidence": [],
    } | more


def row(learner: str, checks: list[dict[str, Any]] | None, **more: Any) -> Row:
    passed = bool(checks) and all(one["status"] == "pass" for one in checks or [])
    values = {
        "learner": learner,
        "card": "pod-ro",
        "status": "graded" if checks is not None else "missing",
        "passed": passed,
        "points": sum(one["points"] for one in checks or []),
        "max_points": 2 * len(checks or [1]),
        "file": f"{learner}/pod-ro" if checks is not None else None,
        "message": "" if checks is not None else "no answer",
        "seed": 0,
    } | more
    verdict = None
    if checks is not None:
        verdict = {name: values[name] for name in ("card", "seed", "passed", "points", "max_points")}
        verdict |= {"schema": "cks-trainer.verdict/1", "problems": [], "refused": [], "checks": checks}
        verdict |= {"effect": values.pop("effect")} if "effect" in values else {}
    return Row(**values, verdict=msgspec.json.encode(verdict))


ROWS = [
    row("ana", [check("pass", name="exists"), check("pass")]),
    row(
        "bo",
        [
            check("pass", name="exists"),
            check("fail", reason="It is writable.", line=9, evidence=["touch /x: ok"]),
        ],
    ),
    row("bo", None, card="np-deny"),
    row(
        ACTS,
        [
            check("fail", name="exists", reason=ACTS, line=3),
            check("skipped", reason="skipped until ..."),
            check("error", name="x", reason="not judged"),
        ],
        status="error",
        file="é t/pod.yaml",
    ),
    row("zoe", None, status="unreadable", file="zoe/pod-ro", message="is a pipe"),
]
