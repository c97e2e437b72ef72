"""Tables and bars."""

from __future__ import annotations

import pytest

from trainer.cli import tables


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


def test_styles_only_where_colours_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tables.styled("x", "bold") == "x"
    monkeypatch.setattr("trainer.cli.streams.colours", lambda: True)
    assert tables.styled("x", "bold", "red") == "\x1b[1;31mx\x1b[0m"
    assert tables.styled("", "bold") == ""
