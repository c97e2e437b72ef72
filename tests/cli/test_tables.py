"""Tables and bars."""

from __future__ import annotations

import pytest

from trainer.cli import tables
from trainer.safe_text import Line


def test_columns_are_as_wide_as_they_need() -> None:
    lines = tables.table(("a", "number"), [("日本", "1"), ("x", "22")], right=(1,))
    assert lines == ["a     number", "日本       1", "x         22"]


def test_no_trailing_blanks() -> None:
    assert tables.table(("a", "b"), [("long one", "")])[1] == "long one"


@pytest.mark.parametrize(
    ("share", "cells"), [(0, "----"), (0.01, "#---"), (0.5, "##--"), (0.99, "###-"), (1, "####")]
)
def test_a_bar_is_full_only_for_everything(share: float, cells: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert tables.bar(share, 4) == cells
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert tables.bar(share, 4) == cells.replace("#", "█").replace("-", "░")


def test_width_counts_columns() -> None:
    assert [tables.width(text) for text in ("abc", "né", "e\u0301", "日")] == [3, 2, 1, 2]


def test_styles_are_a_part_of_the_line_not_of_its_text() -> None:
    line = tables.styled("x", "bold", "red")
    assert isinstance(line, Line)
    assert (line, line.style, line.painted) == ("x", "1;31", 1)
    assert type(f"{line}") is str


def test_cells_are_made_safe_before_they_are_measured() -> None:
    assert tables.table(("a", "b"), [("x\x1b[31m", "y\n"), ("x", "z")]) == [
        "a          b",
        "x\\x1b[31m  y\\n",
        "x          z",
    ]


def test_a_title_gets_what_the_other_cells_leave() -> None:
    cells = [("card", "min"), ("np-default-deny", "4")]
    assert tables.title_room(None, cells) == 48
    assert tables.title_room(60, cells) == 60 - 17 - 5
    assert (tables.title_room(200, cells), tables.title_room(20, cells)) == (48, 12)
