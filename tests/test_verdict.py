"""Tests of `verdict`: the result model: plain frozen data that every layer may use."""

from __future__ import annotations

from trainer.verdict import PASSED, CheckResult, Location, Outcome, Reason, Status, Verdict


def check(status: Status, *, needs_cluster: bool = False) -> CheckResult:
    points = 2 if status is Status.PASS else 0
    return CheckResult(str(status), "says", status, points, 2, needs_cluster=needs_cluster)


def test_points_and_passed() -> None:
    verdict = Verdict("card", (check(Status.PASS), check(Status.FAIL)))
    assert (verdict.points, verdict.max_points, verdict.passed) == (2, 4, False)
    assert Verdict("card", (check(Status.PASS),)).passed
    assert not Verdict("card", ()).passed


def test_what_only_lacks_a_cluster_does_not_count() -> None:
    verdict = Verdict("card", (check(Status.PASS), check(Status.SKIPPED, needs_cluster=True)))
    assert (verdict.points, verdict.max_points, verdict.passed) == (2, 2, True)


def test_skipped_and_error_are_no_full_marks() -> None:
    for status in (Status.SKIPPED, Status.ERROR):
        assert not Verdict("card", (check(Status.PASS), check(status))).passed


def test_outcome_of_reasons() -> None:
    assert Outcome.of([]) == PASSED
    failed = Outcome.of([Reason("a")], ["b"])
    assert (failed.status, failed.evidence) == (Status.FAIL, ("b",))


def test_location_as_text() -> None:
    assert str(Location("a.yaml", 3, 5, "spec")) == "a.yaml:3:5"
    assert str(Location("Pod sun/web", 0, 0)) == "Pod sun/web"
