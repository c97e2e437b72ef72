"""Tests of `session.editor`: the learner's own editor: which one it is, and what can become of running it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from trainer.session.editor import Edited, editor_command, editor_of, run_editor


def test_setting_before_visual_before_editor() -> None:
    environment = {"VISUAL": "code --wait", "EDITOR": "vi"}
    assert editor_command("nano -w", environment) == ["nano", "-w"]
    assert editor_command(None, environment) == ["code", "--wait"]
    assert editor_command("  ", {"EDITOR": "vi"}) == ["vi"]
    assert editor_command(None, {"EDITOR": ""}) is None


def test_an_unclosed_quote_is_one_word() -> None:
    assert editor_command("vi 'oops", {}) == ["vi 'oops"]


def test_the_environment_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "ed -s")
    assert editor_of(None) == ["ed", "-s"]


def test_an_editor_that_writes(tmp_path: Path) -> None:
    file = tmp_path / "pod.yaml"
    script = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text('a: 1')"
    assert run_editor([sys.executable, "-c", script], [file]) == Edited("ended")
    assert file.read_text() == "a: 1"


@pytest.mark.parametrize(
    ("script", "how", "words"),
    [
        ("raise SystemExit(3)", "failed", "exit code 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed", "SIGKILL"),
    ],
)
def test_an_editor_that_ends_badly(tmp_path: Path, script: str, how: str, words: str) -> None:
    edited = run_editor([sys.executable, "-c", script], [tmp_path / "pod.yaml"])
    assert edited.how == how
    assert words in edited.message


def test_an_editor_that_cannot_start(tmp_path: Path) -> None:
    missing = run_editor(["no-such-editor"], [tmp_path / "pod.yaml"])
    assert missing.how == "not-started"
    assert "not found" in missing.message
    folder = run_editor([str(tmp_path)], [tmp_path / "pod.yaml"])
    assert folder.how == "not-started"
    assert "cannot start" in folder.message
    assert run_editor(["a\0b"], [tmp_path]).how == "not-started"


def test_an_interrupted_editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("subprocess.call", interrupted)
    assert run_editor(["vi"], [tmp_path]).how == "interrupted"
