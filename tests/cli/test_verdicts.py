"""Which exit code a verdict means, and what is said of an attempt."""

from __future__ import annotations

import json

import pytest

from trainer.cli.verdicts import exit_code, show
from trainer.errors import ClusterError
from trainer.manifests.answer import Answer
from trainer.session import Graded
from trainer.verdict import CheckResult, Status, Verdict


def verdict(*statuses: Status, needs_cluster: bool = False) -> Verdict:
    checks = [
        CheckResult(f"c{n}", "says", status, int(status is Status.PASS), 1)
        for n, status in enumerate(statuses)
    ]
    if needs_cluster:
        checks.append(CheckResult("live", "says", Status.SKIPPED, 0, 1, needs_cluster=True))
    return Verdict("pod-ro", tuple(checks))


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ((Status.PASS, Status.PASS), 0),
        ((Status.PASS, Status.FAIL), 1),
        ((Status.PASS, Status.SKIPPED), 1),
        ((Status.FAIL, Status.ERROR), 5),
        ((Status.ERROR,), 5),
        ((), 1),
    ],
)
def test_exit_code(statuses: tuple[Status, ...], code: int) -> None:
    assert exit_code(verdict(*statuses)) == code


def test_a_check_skipped_for_want_of_a_cluster_does_not_count() -> None:
    assert exit_code(verdict(Status.PASS, needs_cluster=True)) == 0


def test_an_attempt_is_told_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert show(Graded(verdict(Status.PASS), Answer(()), 12.4, 3), json=False) == 0
    captured = capsys.readouterr()
    assert captured.err == "graded in 12 ms, attempt 3\n"
    assert "1 of 1 points, passed" in captured.out


def test_a_verdict_survives_a_store_that_fails(capsys: pytest.CaptureFixture[str]) -> None:
    graded = Graded(verdict(Status.PASS), Answer(()), 12.4, unrecorded="the disk is full")
    assert show(graded, json=True) == 5
    captured = capsys.readouterr()
    assert '"passed": true' in captured.out
    assert '"not_recorded": "the disk is full"' in captured.out
    assert captured.err == "not recorded: the disk is full\n"


def test_why_a_live_check_stopped_is_in_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    graded = Graded(verdict(Status.PASS), Answer(()), 12.4, 3)
    assert show(graded, json=True, trouble=ClusterError("no route", remedy="start it")) == 3
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert (told["attempt"], told["cluster_error"]["message"]) == (3, "no route")
    assert "no route" in captured.err
