"""Names of files that cards require and deliver."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.table import each_row
from trainer.content.names import LONGEST, answer_fault, folders_among, path_fault
from trainer.files import replace_file
from trainer.manifests.answer import read_answer

LONG = ["x" * LONGEST, "\U0001f600" * (LONGEST // 4), "a/" * 3 + "y" * LONGEST]


@pytest.mark.parametrize("name", ["pod.yaml", "etc/kubernetes/x.yaml", "a b", "\u00fcber.yaml", *LONG])
def test_a_name_without_a_fault_can_be_written_and_is_read(tmp_path: Path, name: str) -> None:
    assert answer_fault(name) == path_fault(name) == ("", "")
    replace_file(tmp_path / name, b"a: 1", inside=tmp_path)
    assert [file.name for file in read_answer([tmp_path], [name]).files] == [name]


@each_row(
    "name",
    [
        "",
        ".",
        "a/.",
        "/a",
        "../a",
        "a/..",
        "a//b",
        " ",
        "a\0",
        "a\nb",
        "\u202e",
        "x" * (LONGEST + 1),
        "\ud800",
    ],
)
def test_names_that_cannot_be(name: str) -> None:
    what, remedy = path_fault(name)
    assert what
    assert remedy
    assert answer_fault(name) == (what, remedy)


@each_row("name", [".x", "a/.x/y", "#x#", "x.bak", "given/x", "4913", "a/b/c/d/e"])
def test_what_grading_would_not_read(name: str) -> None:
    assert path_fault(name) == ("", "")
    assert answer_fault(name)[0]


def test_a_file_cannot_be_a_folder_too() -> None:
    assert folders_among(["a", "b/c", "a/d", "ab"]) == ["a"]
