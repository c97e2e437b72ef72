"""`grade`: the contract, the exit codes, what is recorded."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cks = Callable[..., Any]
Answer = Callable[..., Path]
SOLUTIONS = (
    Path(__file__).parents[2] / "fixtures" / "pack-mini" / "solutions" / "runtime-security" / "tiny-pod"
)


def attempts(cks: Cks) -> int:
    return int(cks("progress", "--json").json["attempts"])


def test_the_contract_of_a_refused_answer(cks: Cks, answer: Answer) -> None:
    ran = cks("grade", "--json", answer("wrong-place"))
    assert (ran.code, ran.err) == (1, "")
    place = {
        "file": "pod.yaml",
        "line": 12,
        "column": 5,
        "path": "spec.securityContext.readOnlyRootFilesystem",
    }
    (problem,) = ran.json["problems"]
    assert problem.items() >= (place | {"severity": "error"}).items()
    assert ran.json | {"problems": []} == {
        "schema": "cks-trainer.verdict/1",
        "card": "tiny-pod",
        "seed": 0,
        "passed": False,
        "points": 0,
        "max_points": 5,
        "problems": [],
        "refused": [{"document": "Pod sun/tiny", "counts": True}],
        "attempt": 1,
        "checks": [
            {
                "id": "exists",
                "says": "Pod tiny exists in Namespace sun",
                "status": "fail",
                "points": 0,
                "max_points": 2,
                "scope": "file",
                "reasons": [{"message": ran.json["checks"][0]["reasons"][0]["message"], **place}],
                "evidence": ["`kubectl get pod tiny -n sun`: NotFound."],
            },
            {
                "id": "read-only",
                "says": "Every container has a read-only root filesystem",
                "status": "skipped",
                "points": 0,
                "max_points": 3,
                "scope": "file",
                "reasons": [{"message": 'skipped until "Pod tiny exists in Namespace sun" passes'}],
                "evidence": [],
                "why": "Nobody can plant files in it.",
            },
        ],
    }
    assert "spec.containers[0].securityContext" in ran.json["checks"][0]["reasons"][0]["message"]


@pytest.mark.parametrize(
    ("variant", "code", "points"), [("reference", 0, 5), ("wrong-writable", 1, 2), ("wrong-place", 1, 0)]
)
def test_points_and_exit_code(cks: Cks, variant: str, code: int, points: int) -> None:
    ran = cks("grade", "--card", "tiny-pod", "--json", SOLUTIONS / f"{variant}.yaml")
    assert (ran.code, ran.json["points"], ran.json["passed"]) == (code, points, code == 0)


def test_the_text_says_what_where_and_why(cks: Cks, answer: Answer) -> None:
    ran = cks("grade", answer("wrong-writable"))
    lines = ran.out.splitlines()
    assert lines[0] == "PASS  2/2  Pod tiny exists in Namespace sun"
    assert lines[1] == "FAIL  0/3  Every container has a read-only root filesystem"
    assert lines[2].split()[0] == "pod.yaml:12:7"
    assert lines[-1] == "tiny-pod: 2 of 5 points, not passed"
    assert ran.err.startswith("graded in ")
    assert ran.err.endswith(" ms, attempt 1\n")


def test_answers_in_the_workspace_are_attempts(cks: Cks, answer: Answer) -> None:
    folder = answer("wrong-writable")
    assert cks("grade", folder / "pod.yaml").err.endswith("attempt 1\n")
    assert cks("grade", "--card", "tiny-pod").err.endswith("attempt 1\n"), "the same bytes"
    answer("reference")
    assert cks("grade", folder).err.endswith("attempt 2\n")
    assert cks("grade", "--no-record", folder).err.endswith(" ms\n")
    assert attempts(cks) == 2


def test_answers_elsewhere_are_attempts_when_asked_for(cks: Cks, tmp_path: Path) -> None:
    file = tmp_path / "tiny-pod.yaml"
    file.write_bytes((SOLUTIONS / "reference.yaml").read_bytes())
    assert cks("grade", file).code == 0
    assert attempts(cks) == 0
    assert cks("grade", "--record", file).err.endswith("attempt 1\n")
    assert attempts(cks) == 1


def test_an_answer_from_stdin(cks: Cks, monkeypatch: pytest.MonkeyPatch) -> None:
    data = (SOLUTIONS / "wrong-writable.yaml").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    ran = cks("grade", "--card", "tiny-pod", "--json", "-")
    assert ran.code == 1
    assert ran.json["checks"][1]["reasons"][0]["line"] == 12
    assert attempts(cks) == 0


def test_several_files_are_one_answer(cks: Cks, tmp_path: Path) -> None:
    files = [tmp_path / "space.yaml", tmp_path / "pod.yaml"]
    files[0].write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: moon}\n")
    files[1].write_bytes((SOLUTIONS / "reference.yaml").read_bytes())
    assert cks("grade", "--card", "tiny-pod", *files).code == 0
    assert cks("grade", "--card", "tiny-space", *files).code == 0


def test_the_seed_decides_which_wording_is_right(cks: Cks, tmp_path: Path) -> None:
    reference = SOLUTIONS / "reference.yaml"
    varied = tmp_path / "tiny-pod.yaml"
    varied.write_text(reference.read_text().replace("sun", "moon").replace("1.32.0", "1.36.1"))
    for path, options, code in (
        (reference, (), 0),
        (reference, ("--seed", "0"), 0),
        (reference, ("--seed", "3"), 1),
        (varied, ("--seed", "3"), 0),
        (varied, (), 1),
        (varied, ("--seed", "x"), 2),
        (varied, ("--seed", "3", "--learner", "ann"), 2),
    ):
        assert cks("grade", "--card", "tiny-pod", *options, path).code == code, (path.name, options)
    assert cks("--seed", "3", "grade", varied, "--json").json["seed"] == 3


def test_an_answer_in_the_workspace_has_the_seed_of_its_task(
    cks: Cks, answer: Callable[..., Path], tmp_path: Path
) -> None:
    cks("start", "tiny-pod", "--seed", "3")
    reference = (SOLUTIONS / "reference.yaml").read_text()
    folder = answer(reference.replace("sun", "moon").replace("1.32.0", "1.36.1"))
    assert cks("grade", "--card", "tiny-pod", "--json").json["seed"] == 3
    assert cks("grade", folder / "pod.yaml").code == 0
    ran = cks("grade", "--card", "tiny-pod", "--seed", "2")
    assert (ran.code, "has the task of seed 3, not 2" in ran.err) == (2, True)
    last = cks("progress", "--json").json["states"][1]["last"]
    assert (last["passed"], last["seed"]) == (True, 3)
    outside = folder.rename(tmp_path / "tiny-pod")
    assert cks("grade", outside).code == 0
    assert cks("grade", outside / "pod.yaml", "--seed", "0").code == 1
    (outside / ".seed").unlink()
    assert cks("grade", outside).code == 1


@pytest.mark.parametrize(("variant", "code"), [("reference", 0), ("wrong-writable", 0), ("nothing-there", 0)])
def test_a_grader_that_wants_zero_gets_zero(cks: Cks, variant: str, code: int) -> None:
    ran = cks("grade", "--card", "tiny-pod", "--exit-zero", "--json", SOLUTIONS / f"{variant}.yaml")
    assert ran.code == code
    assert ran.json["schema"] in ("cks-trainer.verdict/1", "cks-trainer.error/1")


def test_zero_does_not_hide_a_wrong_call(cks: Cks) -> None:
    assert cks("grade", "--exit-zero", "--card", "nope", SOLUTIONS / "reference.yaml").code == 2


def test_a_wrong_card_comes_before_a_missing_file(cks: Cks) -> None:
    ran = cks("grade", "--json", "--card", "tiny-pof", "none.yaml")
    assert ran.code == 2
    assert ran.json["schema"] == "cks-trainer.error/1"
    assert (ran.json["kind"], ran.json["exit"]) == ("usage", 2)
    assert "tiny-pod" in ran.json["remedy"]


def test_no_answer_is_named(cks: Cks) -> None:
    ran = cks("grade")
    assert ran.code == 2
    assert "nothing to grade" in ran.err


def test_an_answer_not_begun(cks: Cks) -> None:
    ran = cks("grade", "--card", "tiny-pod")
    assert ran.code == 4
    assert "does not exist" in ran.err


def test_a_store_that_fails_does_not_lose_the_verdict(cks: Cks, answer: Answer, tmp_path: Path) -> None:
    folder = answer("reference")
    (tmp_path / "progress.db").write_text("my notes")
    ran = cks("grade", folder)
    assert ran.code == 5
    assert "5 of 5 points, passed" in ran.out
    assert "not recorded" in ran.err
    assert "not changed" in ran.err
    assert (tmp_path / "progress.db").read_text() == "my notes"


def test_a_fault_while_recording_does_not_lose_the_verdict(
    cks: Cks, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("trainer.session.recording.new_attempt", fault)
    ran = cks("grade", "--json", answer("reference"))
    assert (ran.code, ran.json["passed"]) == (5, True)
    assert "unexpected error" in ran.err


def test_secrets_do_not_reach_the_store(cks: Cks, answer: Answer, tmp_path: Path) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: sun}\nstringData: {key: hunter2-hunter2}\n"
    answer((SOLUTIONS / "reference.yaml").read_text() + "---\n" + secret)
    assert cks("grade", "--card", "tiny-pod").code == 0
    assert attempts(cks) == 1
    assert b"hunter2" not in (tmp_path / "progress.db").read_bytes()


def test_the_effect_as_text_and_as_json(cks: Cks) -> None:
    root = Path(__file__).parents[3]
    solutions = root / "solutions" / "cluster-setup" / "np-and-or"
    wrong = next(solutions.glob("wrong-*or*.yaml"))
    text = cks("grade", "--effect", "--no-record", "--pack", root, "--card", "np-and-or", wrong)
    assert text.code == 1
    assert "Effect: No Pod without role=checkout reaches the API" in text.out
    assert "\n  ✗ " in text.out
    found = cks(
        "grade", "--effect", "--json", "--no-record", "--pack", root, "--card", "np-and-or", wrong
    ).json["effect"]
    checks = cks("grade", "--json", "--no-record", "--pack", root, "--card", "np-and-or", wrong).json[
        "checks"
    ]
    assert [one["check"] for one in found] == [
        one["id"] for one in checks if one["status"] in ("pass", "fail")
    ]
    cells = [
        cell for one in found for row in one["rows"] for cell in row["cells"] if cell["state"] == "wrong"
    ]
    assert {cell.get("file") for cell in cells} == {wrong.name}
