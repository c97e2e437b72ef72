"""Tests of `content.files`: the files of a pack's cards."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trainer.content.files import card_files, card_id_of, mark_of


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    for name in ("b/x.yaml", "a-b/y.yaml", "a/z.yaml", "a/m.n.yaml", "a/.hidden.yaml", "a/note.md", "c.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_cards_are_found_by_domain_and_name(tasks: Path) -> None:
    found = card_files(tasks)
    assert list(found) == ["a/m.n.yaml", "a/z.yaml", "a-b/y.yaml", "b/x.yaml"]
    assert [card_id_of(name) for name in found] == ["m.n", "z", "y", "x"]
    assert Path(found["a/z.yaml"].path).read_text() == "a/z.yaml"


def test_a_folder_that_is_not_there_has_no_cards(tmp_path: Path) -> None:
    assert card_files(tmp_path / "nowhere") == {}


def test_a_mark_changes_with_the_file(tasks: Path) -> None:
    (tasks / "c").mkdir()
    (tasks / "c" / "gone.yaml").symlink_to("nowhere")
    before = {name: mark_of(file) for name, file in card_files(tasks).items()}
    assert before["c/gone.yaml"] is None, "a link to nothing"
    path = tasks / "a" / "z.yaml"
    status = path.stat()
    path.write_text("changed!")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    after = {name: mark_of(file) for name, file in card_files(tasks).items()}
    assert {name for name in after if after[name] != before[name]} == {"a/z.yaml"}, (
        "though size and time stay"
    )
