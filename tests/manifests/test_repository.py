"""Tests of `manifests.repository`: the files that a question is about."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from trainer.errors import AnswerUnreadable, UsageError
from trainer.manifests import repository
from trainer.manifests.answer import AnswerFile
from trainer.manifests.limits import MAX_BYTES
from trainer.manifests.repository import LeftOut, read_sources

NEITHER = "not a .yaml, .yml or .json file"


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def test_a_folder_is_read_as_kubectl_reads_it(tmp_path: Path) -> None:
    read = ["a/b/c/d/e/f/pod.yml", "b/c.yaml", "b.json", "b.yaml"]
    left = ["NOTES.txt", "README.md", "UPPER.YAML", "b/_helpers.tpl", "b/logo.png", "pod.yaml.bak"]
    write(tmp_path, *read, *left, ".git/config.yaml")
    found = read_sources([tmp_path])
    assert [file.name for file in found.files] == read
    assert sorted(found.left_out, key=lambda one: one.file) == [LeftOut(name, NEITHER) for name in left]
    assert found.named == frozenset()
    assert set(found.others) == set(left)


def test_a_named_file_is_read_whatever_its_ending(tmp_path: Path) -> None:
    write(tmp_path, "pod.txt", "dir/pod.tmpl", "dir/a.yaml")
    found = read_sources([tmp_path / "pod.txt", tmp_path / "dir/pod.tmpl", tmp_path / "dir"])
    assert [file.name for file in found.files] == ["pod.txt", "pod.tmpl", "a.yaml"]
    assert found.named == {"pod.txt", "pod.tmpl"}


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"kind: Pod\n")))
    assert read_sources([Path("-")]).files == (AnswerFile("stdin", b"kind: Pod\n"),)


def test_two_files_of_one_name_have_their_whole_paths(tmp_path: Path) -> None:
    write(tmp_path, "a/pod.yaml", "b/pod.yaml")
    found = read_sources([tmp_path / "a", tmp_path / "b"])
    assert [file.name for file in found.files] == [f"{tmp_path}/a/pod.yaml", f"{tmp_path}/b/pod.yaml"]


def test_links_lead_nowhere_else(tmp_path: Path) -> None:
    repo = tmp_path / "repo"
    write(repo, "real.yaml")
    write(tmp_path, "secret.yaml", "elsewhere/pod.yaml")
    (repo / "in.yaml").symlink_to("real.yaml")
    (repo / "out.yaml").symlink_to("../secret.yaml")
    (repo / "gone.yaml").symlink_to("nothing")
    (repo / "loop.yaml").symlink_to("loop.yaml")
    (repo / "folder.yaml").symlink_to(".")
    (repo / "folder").symlink_to("../elsewhere")
    os.mkfifo(repo / "pipe.yaml")
    found = read_sources([repo])
    assert [file.name for file in found.files] == ["in.yaml", "real.yaml"]
    assert {one.file: one.why for one in found.left_out} == {
        "folder": NEITHER,
        "folder.yaml": "a link to something that isn't a file",
        "gone.yaml": "a link to a missing file",
        "loop.yaml": "a link to a missing file",
        "out.yaml": "a link that leads out of the folder",
        "pipe.yaml": "not a regular file",
    }
    assert "folder" not in found.others


def test_one_unreadable_manifest_stops_no_other(tmp_path: Path) -> None:
    write(tmp_path, "b.yaml")
    (tmp_path / "a.yaml").write_bytes(b"x" * (MAX_BYTES + 1))
    found = read_sources([tmp_path])
    assert [file.name for file in found.files] == ["b.yaml"]
    assert [(error.file, "too large" in error.message) for error in found.unreadable] == [("a.yaml", True)]
    with pytest.raises(AnswerUnreadable, match="too large"):
        read_sources([tmp_path / "a.yaml"])


def test_folders_nest_as_deep_as_paths_are_long(tmp_path: Path) -> None:
    here = tmp_path
    for _ in range(600):
        here = here / "d"
    here.mkdir(parents=True)
    (here / "pod.yaml").write_text("")
    assert [file.name for file in read_sources([tmp_path]).files] == [f"{'d/' * 600}pod.yaml"]


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.yaml", "b.yaml", "c.txt")
    for name, limit in (("MAX_FILES", 1), ("MAX_TOTAL", 7), ("MAX_ENTRIES", 2)):
        with monkeypatch.context() as patched:
            patched.setattr(repository, name, limit)
            with pytest.raises(AnswerUnreadable, match="there are more than") as caught:
                read_sources([tmp_path])
            assert "folder further down" in caught.value.remedy
    assert len(read_sources([tmp_path]).files) == 2


def test_what_is_missing_or_not_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_sources([])
    with pytest.raises(AnswerUnreadable, match="does not exist"):
        read_sources([tmp_path / "gone"])


def test_a_folder_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.yaml", "shut/b.yaml")
    scandir = os.scandir

    def refuse(folder: Path) -> Any:
        if folder.name == "shut":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    found = read_sources([tmp_path])
    with pytest.raises(AnswerUnreadable, match="Permission denied"):
        read_sources([tmp_path / "shut"])
    assert [file.name for file in found.files] == ["a.yaml"]
    assert [error.file for error in found.unreadable] == ["shut"]
