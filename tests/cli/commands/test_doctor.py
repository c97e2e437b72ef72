"""`doctor`: says what is there and what is wrong; one broken thing hides no other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trainer.content.index import cache_place

PACK = Path(__file__).parents[2] / "fixtures" / "pack-mini"

Cks = Callable[..., Any]


def findings(ran: Any, topic: str) -> dict[str, str]:
    return {one["name"]: one["value"] for one in ran.json["findings"] if one["topic"] == topic}


def test_a_sound_installation(cks: Cks, tmp_path: Path) -> None:
    ran = cks("doctor", "--json")
    assert ran.code == 0
    assert ran.json["schema"] == "cks-trainer.doctor/1"
    assert all(one["fine"] for one in ran.json["findings"])
    assert findings(ran, "cards")["cards"].startswith("2 in ")
    assert findings(ran, "cards")["index"] == f"{cache_place(PACK / 'tasks')} (2 of 2 cards)"
    assert findings(ran, "settings")["workspace"].endswith("(environment CKS_TRAINER_WORKSPACE)")
    assert findings(ran, "cluster")["context"].startswith("not set")
    assert "SQLite" in findings(ran, "progress")["journal"]
    assert not (tmp_path / "progress.db").exists(), "looking makes no store"


def test_the_store_is_looked_into(cks: Cks, answer: Callable[..., Path]) -> None:
    cks("grade", answer("reference"))
    assert findings(cks("doctor", "--json"), "progress")["attempts"] == "1"


def test_everything_wrong_is_told_at_once(cks: Cks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "progress.db").write_text("my notes")
    (tmp_path / "ws").write_text("a file")
    monkeypatch.setenv("CKS_TRAINER_PACK", "/nowhere")
    monkeypatch.setenv("EDITOR", "no-such-editor --wait")
    ran = cks("doctor")
    assert ran.code == 5
    wrong = [line for line in ran.out.splitlines() if "WRONG" in line]
    assert len(wrong) == 4
    assert "not changed" in ran.out
    assert "/nowhere is not a card pack" in ran.out
    assert "no-such-editor" in ran.out
    assert "ok    Python" in ran.out


def test_a_wrong_setting_does_not_stop_the_doctor(cks: Cks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CKS_TRAINER_WORKSPCE", "x")
    ran = cks("doctor")
    assert ran.code == 5
    assert "did you mean CKS_TRAINER_WORKSPACE?" in ran.out
    assert "ok    Python" in ran.out


def test_the_report_leaves_the_home_out(cks: Cks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    ran = cks("doctor", "--report", tmp_path / "report.txt")
    text = (tmp_path / "report.txt").read_text()
    assert ran.code == 0
    assert "~/ws" in text
    assert str(tmp_path) not in text
    assert "review it" in ran.err
    assert cks("doctor", "--report", tmp_path / "report.txt" / "no").code == 4


def test_a_kubeconfig_is_named_and_not_read(
    cks: Cks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    assert findings(cks("doctor", "--json"), "cluster")["kubeconfig"].endswith("(not found)")
    (tmp_path / "config").write_bytes(b"\xff not even text")
    assert findings(cks("doctor", "--json"), "cluster")["kubeconfig"] == str(tmp_path / "config")
