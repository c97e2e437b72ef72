"""`progress`: by domain and card, as text and JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cks = Callable[..., Any]


def test_nothing_done_yet(cks: Cks) -> None:
    ran = cks("progress")
    assert ran.code == 0
    assert ran.out.startswith("mastered 0% of the exam · 0 of 2 cards passed · 0 attempts · streak 0\n")
    assert "2 of 26 competencies have cards; the others count as not mastered\n" in ran.out
    assert "no card" in next(line for line in ran.out.splitlines() if line.startswith("CS5"))
    assert max(map(len, ran.out.splitlines())) <= 80
    assert ran.out.endswith("no card started yet: cks-trainer list\n")


def test_json(cks: Cks, answer: Callable[..., Path]) -> None:
    cks("grade", answer("wrong-writable"))
    cks("grade", answer("reference"))
    ran = cks("progress", "--json")
    assert ran.code == 0
    assert ran.json["schema"] == "cks-trainer.progress/1"
    assert ran.json["mastered"] == pytest.approx(0.2 / 5)
    assert (ran.json["competencies"], ran.json["covered"]) == (26, 2)
    assert ran.json["domains"][5]["competencies"][3]["mastery"] == 1
    assert (ran.json["streak"], ran.json["attempts"], ran.json["cards"], ran.json["passed"]) == (1, 2, 2, 1)
    assert ran.json["days"][0]["attempts"] == 2
    assert ran.json["days"][0]["ready"] == pytest.approx(0.2 / 5)
    assert ran.json["estimate"]["score"] == pytest.approx(0.2 / 5)
    assert len(ran.json["forecast"]) == 14
    assert [one["check"] for one in ran.json["weakest"]] == ["read-only"]
    assert sum(domain["weight"] for domain in ran.json["domains"]) == 100
    assert [domain["mastery"] for domain in ran.json["domains"]] == [0, 0, 0, 0, 0, 0.2]
    space, pod = ran.json["states"]
    assert (space["card"], space["status"], space["last"]) == ("tiny-space", "new", None)
    assert (pod["status"], pod["attempts"], pod["best"]) == ("passed", 2, 100)
    assert (pod["last"]["number"], pod["last"]["points"], pod["last"]["max_points"]) == (2, 5, 5)


def test_the_table(cks: Cks, answer: Callable[..., Path]) -> None:
    cks("grade", answer("wrong-writable"))
    lines = cks("progress").out.splitlines()
    assert lines[3].split() == ["domain", "exam", "yours", "passed"]
    row = next(line for line in lines if line.startswith("tiny-pod"))
    assert row.split()[:4] == ["tiny-pod", "partial", "40%", "1"]
    assert row.endswith("1 of 2 checks")
    assert any(line.startswith("an exam today: about 2%, give or take") for line in lines)
    assert "reviews: 0 today, 1 in the six days after, 0 in the week after" in lines
    assert max(map(len, lines)) <= 80


def test_export_and_import(
    cks: Cks, answer: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cks("grade", answer("wrong-writable"))
    cks("plan", "--minutes", "45")
    file = tmp_path / "out" / "history.jsonl"
    ran = cks("progress", "export", file)
    assert (ran.code, ran.out) == (0, f"{file}: 2 rows\n")
    assert file.stat().st_mode & 0o077 == 0
    data = file.read_bytes()
    refused = cks("progress", "export", file)
    assert (refused.code, "--force" in refused.err) == (2, True)
    assert cks("progress", "export", file, "--force", "--json").json["rows"] == 2
    assert file.read_bytes() == data
    assert cks("progress", "import", file).out == "nothing new\n"

    monkeypatch.setenv("CKS_TRAINER_DATABASE", str(tmp_path / "other.db"))
    assert cks("progress", "import", file).out == "added 1 attempts, 1 choices\n"
    assert cks("progress", "--json").json["attempts"] == 1
    assert cks("progress", "import", file, "--json").json["added"]["attempts"] == 0
    file.write_bytes(data[:-9])
    assert cks("progress", "import", file).code == 2
    assert cks("progress", "import", tmp_path / "nothing").code == 4
    for arguments in (["export"], ["import"], ["delete", file]):
        assert cks("progress", *arguments).code == 2
