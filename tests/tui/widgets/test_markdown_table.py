"""Tests of `tui.widgets.markdown_table`."""

from __future__ import annotations

from textual.content import Content

from tests.table import each_row
from trainer.tui.widgets.markdown_table import table_lines

ROWS = (("Mistake", "What happens"), ("the wrong field", "It is rejected."), ("日本", ""))


def lines(width: int, rows: tuple[tuple[str, ...], ...] = ROWS) -> list[str]:
    return [line.plain for line in table_lines([[Content(cell) for cell in row] for row in rows], width)]


def test_columns_are_as_wide_as_they_need() -> None:
    assert lines(60) == [
        "Mistake          What happens",
        "─" * 32,
        "the wrong field  It is rejected.",
        "日本",
    ]


def test_the_widest_column_is_wrapped_first() -> None:
    assert lines(30, (("a", "b"), ("key", "one two three four five six seven"), ("c", "d"))) == [
        "a    b",
        "─" * 30,
        "key  one two three four five",
        "     six seven",
        "c    d",
    ]


def test_rows_stay_apart_where_their_heads_are_wrapped() -> None:
    assert lines(22) == [
        "Mistake     What",
        "            happens",
        "─" * 22,
        "the wrong   It is",
        "field       rejected.",
        "",
        "日本",
    ]


@each_row("width", range(10, 60))
def test_no_line_is_too_wide_and_nothing_gets_lost(width: int) -> None:
    found = table_lines([[Content(cell) for cell in row] for row in ROWS], width)
    assert max(line.cell_length for line in found) <= width
    shown = "".join(line.plain for line in found)
    assert sorted(set(shown) - set(" |─")) == sorted(
        {char for row in ROWS for cell in row for char in cell} - {" "}
    )
    for char in "Mwj":
        assert shown.count(char) == sum(cell.count(char) for row in ROWS for cell in row)


def test_columns_that_do_not_fit_are_one_text() -> None:
    assert lines(10, (("aaaaaaaaa", "bbbbbbbbb"), ("c", "d"))) == ["aaaaaaaaa", "|", "bbbbbbbbb", "c | d"]


def test_the_head_is_bold_and_cells_keep_their_style() -> None:
    head, _, row = table_lines(
        [[Content("a"), Content("b")], [Content.styled("code", "red"), Content("d")]], 40
    )
    assert {span.style for span in head.spans} == {"bold"}
    assert [(span.start, span.end, span.style) for span in row.spans] == [(0, 4, "red")]
