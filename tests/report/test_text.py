"""Tests of `report.text`: verdict."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tests.table import each_row
from trainer.report.text import check_lines, problem_lines, verdict_lines
from trainer.safe_text import Line
from trainer.verdict import CheckResult, Location, Problem, Reason, Refusal, Severity, Status, Verdict

GOLDEN = Path(__file__).parent / "golden"
FIELD = Location("pod.yaml", 9, 5, "spec.securityContext.readOnlyRootFilesystem")


def check(
    status: Status, says: str, points: int, *reasons: Reason, evidence: tuple[str, ...] = ()
) -> CheckResult:
    reached = points if status is Status.PASS else 0
    return CheckResult(says.lower(), says, status, reached, points, reasons=reasons, evidence=evidence)


VERDICT = Verdict(
    "pod-ro",
    (
        check(
            Status.FAIL,
            "Pod pod-ro exists in Namespace sun",
            2,
            Reason(
                "The API server refuses this field at Pod level: it belongs to a container.\n"
                "Move it to spec.containers[0].securityContext.",
                FIELD,
            ),
        ),
        check(
            Status.SKIPPED,
            "Every container of pod-ro has a read-only root filesystem",
            3,
            Reason("needs pod-exists"),
        ),
        check(
            Status.FAIL,
            "Frontend pods reach backend on TCP 8080, nobody else does, whatever the name of this very long check",
            10,
            Reason(
                "Line 14 starts a second entry of `from`.",
                Location("policy.yaml", 14, 5, "spec.ingress[0].from[1]"),
            ),
            Reason(
                "To ask for both, put them into one entry.",
                Location("policy.yaml", 14, 5, "spec.ingress[0].from[1]"),
            ),
            evidence=("shop/guest reaches shop/backend on TCP 8080.",),
        ),
        check(Status.PASS, "Role deployer exists in Namespace ci", 2),
        check(
            Status.ERROR,
            "httpd can write its pid file",
            1,
            Reason("This check could not run: not judged: eval."),
        ),
    ),
    (
        Problem(
            "The API server refuses this field at Pod level: it belongs to a container.",
            Severity.ERROR,
            FIELD,
        ),
        Problem(
            "duplicate key `name`: the last one counts",
            Severity.WARNING,
            Location("pod.yaml", 4, 3, "metadata.name"),
        ),
    ),
)


def text_of(verdict: Verdict, width: int = 80) -> str:
    return "\n".join(verdict_lines(verdict, width=width)) + "\n"


@each_row(
    ("refused", "last"),
    [
        (
            (Refusal("Pod sun/other", counts=False), Refusal("Job sun/a", counts=False)),
            "pod-ro: 2 of 2 points, passed\n"
            "kubectl apply refuses Pod sun/other and Job sun/a: the task doesn't need what is\nrefused.\n",
        ),
        (
            (Refusal("Pod sun/pod-ro", counts=True),),
            "pod-ro: 2 of 2 points, not passed\n"
            "kubectl apply refuses Pod sun/pod-ro: the answer doesn't pass.\n",
        ),
    ],
)
def test_refused_documents_are_named_at_the_end(refused: tuple[Refusal, ...], last: str) -> None:
    verdict = Verdict("pod-ro", (check(Status.PASS, "Pod pod-ro exists", 2),), refused=refused)
    assert text_of(verdict).endswith(f"\n\n{last}")
    failed = Verdict("pod-ro", (check(Status.FAIL, "Pod pod-ro exists", 2),), refused=refused)
    assert text_of(failed).endswith("pod-ro: 0 of 2 points, not passed\n")


@each_row("width", [80, 50])
def test_golden(width: int) -> None:
    assert text_of(VERDICT, width=width) == (GOLDEN / f"verdict-{width}.txt").read_text("utf-8")


def test_no_line_is_wider_than_asked_for() -> None:
    for line in verdict_lines(VERDICT, width=60):
        assert (
            len(line) <= 60 or " " not in line.strip() or line.strip().startswith(("pod.yaml", "policy.yaml"))
        )


def test_lines_know_the_color_of_their_status() -> None:
    lines = [line for line in verdict_lines(VERDICT) if isinstance(line, Line)]
    assert {(line[: line.painted].strip(), line.style) for line in lines} >= {("PASS", "32"), ("FAIL", "31")}
    assert len(lines) == len(VERDICT.checks) + len(
        [line for line in lines if line.startswith(("REF", "WARN"))]
    )


def test_lines_are_wrapped_as_they_are_written() -> None:
    bad = check(Status.FAIL, "a\x1b[2J", 1, Reason("b\x1b]52;c;" + " \u202e" * 40, None))
    lines = check_lines(bad, width=60)
    assert lines[0] == "FAIL  0/1  a\\x1b[2J"
    assert max(map(len, lines)) <= 60


def test_problem_lines() -> None:
    problem = Problem("a is wrong", Severity.ERROR, Location("a.yaml", 1, 2, "x"), "Do b.")
    assert problem_lines(problem) == ["REFUSED  a.yaml:1:2   x", "      a is wrong", "      Do b."]
    assert problem_lines(Problem("a", Severity.WARNING)) == ["WARNING", "      a"]


def test_a_place_without_a_line() -> None:
    live = check(Status.FAIL, "a", 1, Reason("b", Location("Pod sun/web", 0, 0, "spec")))
    assert check_lines(live)[1] == "      Pod sun/web   spec"


def test_a_failed_check_says_why_it_matters() -> None:
    failed = CheckResult("a", "It is read-only", Status.FAIL, 0, 2, why="Nobody can\nplant files.")
    assert check_lines(failed)[1:] == ["      Why it matters: Nobody can plant files."]
    assert len(check_lines(msgspec.structs.replace(failed, status=Status.PASS))) == 1
    assert len(check_lines(msgspec.structs.replace(failed, why=""))) == 1
