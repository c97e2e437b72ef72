"""`batch`: rows and files, the roster, and what is said on the way."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tools.docs.contracts import BatchForm

Cks = Callable[..., Any]
REFERENCE = (
    Path(__file__).parents[3] / "fixtures/pack-mini/solutions/runtime-security/tiny-pod/reference.yaml"
).read_text()


@pytest.fixture
def subs(tmp_path: Path) -> Path:
    folder = tmp_path / "subs"
    for name, place, text in (
        ("alice", "tiny-pod.yaml", REFERENCE),
        ("bob", "tiny-pod/pod.yaml", REFERENCE.replace("true", "false")),
        ("carol", "tiny-pod/pod.yaml", "[" * 1000),
        ("=dave()", "tiny-space.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: moon}\n"),
    ):
        (folder / name / place).parent.mkdir(parents=True)
        (folder / name / place).write_text(text)
    return folder


def rows(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]


@pytest.mark.usefixtures("in_this_process")
def test_every_learner_and_card_is_a_row(cks: Cks, subs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = cks("batch", subs, "--cards", "tiny-pod,tiny-space", "--out", out, "--jobs", "1")
    assert (ran.code, ran.out) == (0, f"{out}/results.jsonl\n{out}/results.csv\n")
    assert [(row["learner"], row["card"], row["status"], row["points"]) for row in rows(out)] == [
        ("=dave()", "tiny-pod", "missing", 0),
        ("=dave()", "tiny-space", "graded", 1),
        ("alice", "tiny-pod", "graded", 5),
        ("alice", "tiny-space", "missing", 0),
        ("bob", "tiny-pod", "graded", 2),
        ("bob", "tiny-space", "missing", 0),
        ("carol", "tiny-pod", "unreadable", 0),
        ("carol", "tiny-space", "missing", 0),
    ]
    assert {row["schema"] for row in rows(out)} == {"cks-trainer.result/1"}
    with (out / "results.csv").open(newline="") as file:
        cells = list(csv.DictReader(file))
    assert cells[0]["learner"] == "'=dave()"
    assert (cells[2]["passed"], cells[2]["file"]) == ("true", "alice/tiny-pod.yaml")
    assert "3 graded (2 passed), 4 missing, 1 unreadable" in ran.err
    assert "8 of 8\n" in ran.err


@pytest.mark.usefixtures("in_this_process")
def test_the_roster_decides_who_is_graded(cks: Cks, subs: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("student,mail\nzoe,z@x\nalice,a@x\nalice,a@x\n")
    ran = cks(
        "batch",
        subs,
        "--roster",
        roster,
        "--cards",
        "tiny-pod",
        "--out",
        tmp_path / "out",
        "--json",
        "--format",
        "jsonl",
    )
    assert ran.code == 0
    msgspec.convert(ran.json, BatchForm)
    assert ran.json == {
        "schema": "cks-trainer.batch/1",
        "learners": 2,
        "cards": ["tiny-pod"],
        "rows": 2,
        "graded": 1,
        "missing": 1,
        "unreadable": 0,
        "error": 0,
        "passed": 1,
        "files": [str(tmp_path / "out" / "results.jsonl")],
        "not_read": [],
        "not_in_roster": ["=dave()", "bob", "carol"],
        "listed_twice": ["alice"],
        "layouts": {"<learner>/": 4},
    }
    assert [row["learner"] for row in rows(tmp_path / "out")] == ["zoe", "alice"]
    assert "listed twice in the roster, graded once: alice" in ran.err
    assert "not in the roster, skipped: =dave(), bob, carol" in ran.err
    assert not (tmp_path / "out" / "results.csv").exists()


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--cards", "tiny-pof"], 2, "Did you mean tiny-pod"),
        (["--cards", ","], 2, "--cards is empty"),
        (["--cards", "tiny-pod", "--format", "jsonl,xml"], 2, "unknown format 'xml'"),
        (["--cards", "tiny-pod", "--jobs", "0"], 2, "0 is not in the range"),
        (["--cards", "tiny-pod", "--roster", "none.csv"], 4, "none.csv does not exist"),
    ],
)
def test_a_wrong_call_writes_nothing(
    cks: Cks, subs: Path, tmp_path: Path, options: list[str], code: int, words: str
) -> None:
    ran = cks("batch", subs, "--out", tmp_path / "out", *options)
    assert ran.code == code
    assert words in ran.err
    assert not (tmp_path / "out").exists()


def test_no_submissions(cks: Cks, tmp_path: Path) -> None:
    ran = cks("batch", tmp_path / "none", "--cards", "tiny-pod", "--out", tmp_path / "out")
    assert ran.code == 4
    (tmp_path / "empty").mkdir()
    ran = cks("batch", tmp_path / "empty", "--cards", "tiny-pod", "--out", tmp_path / "out")
    assert ran.code == 2
    assert "contains no learner's folder" in ran.err


def test_results_that_cannot_be_written(cks: Cks, subs: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    ran = cks("batch", subs, "--cards", "tiny-pod", "--out", tmp_path / "out")
    assert ran.code == 4
    assert "out is a file, not a folder" in ran.err


@pytest.mark.usefixtures("in_this_process")
def test_the_folder_of_one_card(cks: Cks, subs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (tmp_path / "one" / "ana").mkdir(parents=True)
    (tmp_path / "one" / "ana" / "my.yaml").write_text(REFERENCE)
    (tmp_path / "one" / "bob.json").write_text("{}")
    (tmp_path / "one" / "cy.zip").write_text("PK")
    ran = cks("batch", tmp_path / "one", "--card", "tiny-pod", "--out", out)
    assert "layout: <learner>.yaml (1), <learner>.zip (1), <learner>/ (1)\n" in ran.err
    assert [(row["learner"], row["passed"], row["file"]) for row in rows(out)] == [
        ("ana", True, "ana"),
        ("bob", False, "bob.json"),
        ("cy", False, "cy.zip"),
    ]
    assert cks("batch", subs, "--out", out).code == 2
    assert cks("batch", subs, "--card", "tiny-pod", "--cards", "tiny-pod", "--out", out).code == 2


def test_the_table_says_why(cks: Cks, subs: Path, tmp_path: Path) -> None:
    """The first reason of a failure, and what a learner without an answer has submitted."""
    (subs / "eve").mkdir()
    (subs / "eve" / "tiny-pod.zip").write_text("PK")
    cks("batch", subs, "--cards", "tiny-pod", "--out", tmp_path / "out")
    with (tmp_path / "out" / "results.csv").open(newline="") as file:
        said = {cells["learner"]: cells["message"] for cells in csv.DictReader(file)}
    assert said["alice"] == ""
    assert said["bob"].startswith("pod.yaml:")
    assert said["carol"].startswith("pod.yaml is nested more than 100 levels deep")
    assert said["eve"].startswith("eve/tiny-pod.zip isn't a whole ZIP archive: its end is missing")
    assert said["'=dave()"] == "no answer; not read: tiny-space.yaml"


def test_rows_that_are_not_fully_judged_make_the_exit_code_5(
    cks: Cks, subs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours isn't a result: it is counted, and the shell sees it."""
    helper = tmp_path / "path" / "always_dying.py"
    helper.parent.mkdir()
    helper.write_text("import os\ndef grade_one(*arguments):\n    os._exit(9)\n")
    monkeypatch.syspath_prepend(str(helper.parent))
    monkeypatch.setattr("trainer.batch.__name__", "always_dying")
    for learner in ("alice", "bob", "carol"):
        (subs / learner).rename(tmp_path / learner)
    ran = cks("batch", subs, "--cards", "tiny-pod", "--out", tmp_path / "out")
    assert ran.code == 5
    assert "0 graded (0 passed), 0 missing, 0 unreadable, 1 not fully judged (status error)" in ran.err
    assert [row["status"] for row in rows(tmp_path / "out")] == ["error"]
    ran = cks("batch", subs, "--cards", "tiny-pod", "--out", tmp_path / "out", "--json")
    assert (ran.code, ran.json["graded"], ran.json["error"]) == (5, 0, 1)


@pytest.mark.usefixtures("in_this_process")
def test_every_learner_may_have_a_wording_of_their_own(cks: Cks, tmp_path: Path) -> None:
    cks("start", "tiny-pod", "--seed", "3")  # whoever grades has started the card, too
    for name in ("ann", "bob", "cleo", "dan"):
        shown = cks("solution", "tiny-pod", "--yes", "--learner", name, "--json").json
        (tmp_path / "subs" / name).mkdir(parents=True)
        (tmp_path / "subs" / name / "tiny-pod.yaml").write_text(shown["files"]["pod.yaml"])
    (tmp_path / "subs" / "copy").mkdir()
    (tmp_path / "subs" / "copy" / "tiny-pod.yaml").write_text(REFERENCE)

    def passed(*options: str) -> dict[str, bool]:
        out = tmp_path / "out"
        ran = cks(
            "batch",
            tmp_path / "subs",
            "--cards",
            "tiny-pod,tiny-space",
            "--out",
            out,
            "--jobs",
            "1",
            *options,
        )
        assert ran.code == 0, ran.err
        found = [row for row in rows(out) if row["card"] == "tiny-pod"]
        assert all(row["seed"] == row["verdict"]["seed"] for row in found)
        assert {row["seed"] for row in rows(out) if row["card"] == "tiny-space"} == {0}
        return {row["learner"]: row["passed"] for row in found}

    assert passed("--seed-by-learner") == {
        "ann": True,
        "bob": True,
        "cleo": True,
        "copy": False,
        "dan": True,
    }
    assert passed()["copy"]
    assert passed("--seed", "3") != passed()
    both = cks(
        "batch",
        tmp_path / "subs",
        "--cards",
        "tiny-pod",
        "--out",
        tmp_path / "out",
        "--seed",
        "1",
        "--seed-by-learner",
    )
    assert both.code == 2
