"""`batch gradebook`: from a batch to the file for the platform."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from tests.batch.gradebook.books import CANVAS
from tests.cli.conftest import SOLUTIONS
from tools.docs.contracts import GradebookForm

Cks = Callable[..., Any]
REFERENCE = (SOLUTIONS / "runtime-security" / "tiny-pod" / "reference.yaml").read_text()


def test_from_answers_to_the_grade_book(cks: Cks, tmp_path: Path) -> None:
    for name, text in (
        ("ana", REFERENCE),
        ("7003", REFERENCE.replace("true", "false")),
        ("ghost", REFERENCE),
    ):
        (tmp_path / "subs" / name).mkdir(parents=True)
        (tmp_path / "subs" / name / "tiny-pod.yaml").write_text(text)
    out, export, merged = tmp_path / "out", tmp_path / "export.csv", tmp_path / "merged.csv"
    export.write_bytes(CANVAS.encode())
    cks("batch", tmp_path / "subs", "--cards", "tiny-pod", "--out", out)
    ran = cks("batch", "gradebook", export, out, "--assignment", "lab 2", "--out", merged)
    assert (ran.code, ran.out) == (1, f"{merged}\n")
    assert "no grade for ghost: not in the grade book" in ran.err
    assert "2 learners graded in Lab 2 (102) (Canvas), 2 cells changed" in ran.err
    assert 'late",,20,4.00' in merged.read_text()
    assert merged.read_bytes().count(b"\r\n") == CANVAS.count("\r\n")
    (tmp_path / "roster.csv").write_text("github;login\nghost;zoe\n")
    ran = cks(
        "batch",
        "gradebook",
        export,
        out,
        "--assignment",
        "102",
        "--out",
        merged,
        "--roster",
        tmp_path / "roster.csv",
    )
    assert (ran.code, "3 learners graded" in ran.err) == (0, True)
    told = cks("batch", "gradebook", export, out, "--column", "tiny-pod=101", "--out", merged, "--json").json
    msgspec.convert(told, GradebookForm)
    assert (told["schema"], told["columns"], told["unknown"]) == (
        "cks-trainer.gradebook/1",
        ["Lab 1 (101)"],
        ["ghost"],
    )
    assert json.dumps(told["written"]) == '["7003", "ana"]'


def test_a_wrong_call_writes_nothing(cks: Cks, tmp_path: Path) -> None:
    export, out = tmp_path / "export.csv", tmp_path / "merged.csv"
    export.write_bytes(CANVAS.encode())
    line = {
        "schema": "cks-trainer.result/1",
        "learner": "ana",
        "card": "a",
        "status": "graded",
        "points": 1,
        "max_points": 2,
    }
    (tmp_path / "results.jsonl").write_text(json.dumps(line) + "\n")
    for options, code, words in (
        (["--assignment", "Lab 9"], 2, "no column of grades named 'Lab 9'"),
        (["--column", "b=101"], 2, "the results have no card 'b'"),
        (["--column", "a"], 2, "--column CARD=NAME"),
        (["--column", "a=101", "--assignment", "Lab 1"], 2, "either --assignment or --column"),
        ([], 2, "3 columns of grades"),
    ):
        ran = cks("batch", "gradebook", export, tmp_path, "--out", out, *options)
        assert (ran.code, out.exists()) == (code, False), options
        assert words in ran.err
    assert cks("batch", "gradebook", export, tmp_path, "--out", export, "--assignment", "101").code == 2
    assert cks("batch", "gradebook", tmp_path / "no.csv", tmp_path, "--out", out).code == 4
    assert export.read_bytes() == CANVAS.encode()
    assert cks("batch", "gradebook", export, tmp_path, "--out", out, "--assignment", "101").code == 0
