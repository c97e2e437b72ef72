"""Result files: whole or not at all, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.answers import GOLDEN, ROWS
from tests.table import each_row
from trainer.report.rows import CHECK_COLUMNS, COLUMNS, FORMATS, result_files, safe_cell


def row(learner: str = "alice") -> Any:
    values: dict[str, Any] = dict.fromkeys(COLUMNS, "")
    values |= {"learner": learner, "passed": True, "points": 3, "file": None}
    line = b'{"learner":"%s"}\n' % learner.encode()
    return SimpleNamespace(**values, json_line=lambda: line)


def test_both_files_are_written_whole(tmp_path: Path) -> None:
    with result_files(tmp_path / "out", ["jsonl", "csv"]) as write:
        write(row())
        write(row('=HYPERLINK("http://x")'))
        assert not (tmp_path / "out" / "results.csv").exists()
    assert (tmp_path / "out" / "results.jsonl").read_text().count("\n") == 2
    with (tmp_path / "out" / "results.csv").open(newline="") as file:
        head, first, second = csv.reader(file)
    assert tuple(head) == COLUMNS
    assert first == ["alice", "", "", "true", "3", *[""] * 7]
    assert second[0] == '\'=HYPERLINK("http://x")'
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_only_the_formats_asked_for(tmp_path: Path) -> None:
    with result_files(tmp_path, ["csv", "csv"]) as write:
        write(row())
    assert [path.name for path in tmp_path.iterdir()] == ["results.csv"]
    assert (tmp_path / "results.csv").stat().st_mode & 0o777 == 0o644


def test_an_interruption_leaves_the_older_results(tmp_path: Path) -> None:
    (tmp_path / "results.csv").write_text("older")

    def interrupted() -> None:
        with result_files(tmp_path, ["jsonl", "csv"]) as write:
            write(row())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [path.name for path in tmp_path.iterdir()] == ["results.csv"]
    assert (tmp_path / "results.csv").read_text() == "older"


@each_row(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-5", "'-5"),
        ("@x", "'@x"),
        ("\tx", "\\tx"),
        ("a;=1+1", "a;'=1+1"),
        ('a; "=1+1', "a;' \"=1+1"),
        ("a|@x", "a|'@x"),
        ("\x1b[31ma\u202e", "\\x1b[31ma\\u202e"),
        ("a\nb\r\n=c", "a\\nb\\r\\n=c"),
        ("  =1", "'  =1"),
        ("\uff1d1", "'\uff1d1"),
        (-5, "-5"),
        (True, "true"),
        (False, "false"),
        (None, ""),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_cells(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


@given(st.text())
def test_no_text_starts_a_formula(text: str) -> None:
    assert safe_cell(text).lstrip()[:1] not in ("=", "+", "-", "@")


@each_row("name", ["jsonl", "csv", "checks"])
def test_golden(tmp_path: Path, name: str) -> None:
    with result_files(tmp_path, [name]) as write:
        for one in ROWS:
            write(one)
    written = (tmp_path / FORMATS[name]).read_bytes()
    assert written == (GOLDEN / FORMATS[name]).read_bytes()


def test_a_row_for_each_check(tmp_path: Path) -> None:
    with result_files(tmp_path, ["checks"]) as write:
        for one in ROWS:
            write(one)
    with (tmp_path / "checks.csv").open(newline="") as file:
        head, *rows = csv.reader(file)
    assert tuple(head) == CHECK_COLUMNS
    assert [(one[0], one[3], one[5], one[9]) for one in rows[:4]] == [
        ("ana", "exists", "pass", ""), ("ana", "read-only", "pass", ""),
        ("bo", "exists", "pass", ""), ("bo", "read-only", "fail", "9"),
    ]  # fmt: skip
    assert len(rows) == 7
    assert rows[4][0].startswith("'="), "no formula"
    assert not any("\x1b" in cell for one in rows for cell in one)
