"""Tests of `tui.drafts`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trainer.errors import TrainerError
from trainer.tui.drafts import Draft, draft_path, drop_draft, find_draft, keep_draft


def test_a_draft_is_kept_found_and_dropped(tmp_path: Path) -> None:
    file = tmp_path / "pod.yaml"
    keep_draft(file, "a: 1\r\nb: ü\n")
    assert draft_path(file).name == ".pod.yaml.draft"
    assert find_draft(file) == Draft("a: 1\r\nb: ü\n", newer_file=False)
    drop_draft(file)
    assert find_draft(file) is None
    drop_draft(file)
    assert list(tmp_path.iterdir()) == []


def test_a_file_saved_after_the_draft_is_told(tmp_path: Path) -> None:
    file = tmp_path / "pod.yaml"
    keep_draft(file, "old")
    file.write_text("new")
    later = draft_path(file).stat().st_mtime_ns + 10**9
    os.utime(file, ns=(later, later))
    assert find_draft(file) == Draft("old", newer_file=True)


def test_what_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TrainerError, match="cannot store"):
        keep_draft(tmp_path / "file" / "pod.yaml", "x")


def test_a_draft_makes_the_folder_that_its_file_will_need(tmp_path: Path) -> None:
    keep_draft(tmp_path / "deep" / "pod.yaml", "x")
    assert find_draft(tmp_path / "deep" / "pod.yaml") == Draft("x", newer_file=False)


def test_a_draft_that_is_no_text_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "pod.yaml"
    draft_path(file).write_bytes(b"\xff\xfe")
    assert find_draft(file) is None
    assert draft_path(file).exists()
