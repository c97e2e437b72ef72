"""Tests of `report.json`: verdict."""

from __future__ import annotations

import json
from pathlib import Path

from trainer.report.json import location_json, problem_json, verdict_json
from trainer.verdict import CheckResult, Location, Problem, Reason, Refusal, Severity, Status, Verdict

GOLDEN = Path(__file__).parent / "golden"
REFUSED = Location("pod.yaml", 9, 5, "spec.securityContext.readOnlyRootFilesystem")
VERDICT = Verdict(
    "pod-ro",
    (
        CheckResult(
            "pod-exists",
            "Pod pod-ro exists in Namespace sun",
            Status.FAIL,
            0,
            2,
            reasons=(Reason("the field belongs to a container", REFUSED),),
            evidence=("the API server refuses the Pod",),
        ),
        CheckResult(
            "read-only-root",
            "Every container of pod-ro has a read-only root filesystem",
            Status.SKIPPED,
            0,
            3,
            reasons=(Reason("needs pod-exists"),),
        ),
    ),
    (Problem("the field belongs to a container", Severity.ERROR, REFUSED),),
    (Refusal("Pod sun/pod-ro", counts=True),),
    seed=7,
)


def test_golden() -> None:
    assert verdict_json(VERDICT) == json.loads((GOLDEN / "verdict.json").read_text("utf-8"))


def test_the_order_of_the_fields_is_stable() -> None:
    text = json.dumps(verdict_json(VERDICT), indent=2) + "\n"
    assert text == (GOLDEN / "verdict.json").read_text("utf-8")


def test_problem_with_remedy_and_without_place() -> None:
    assert problem_json(Problem("a", Severity.WARNING, remedy="b")) == {
        "message": "a",
        "severity": "warning",
        "remedy": "b",
    }


def test_no_place() -> None:
    assert location_json(None) == {}
    assert location_json(Location("a", 0, 0)) == {"file": "a", "line": 0, "column": 0, "path": ""}
