"""Tests of `trainer.picture`: the limits of a picture, and what is said of the rest."""

from __future__ import annotations

from trainer.picture import (
    LONGEST_WORD,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Fact,
    Row,
    State,
    asked,
    drawn,
    nothing_to_see,
    of_facts,
)
from trainer.verdict import Location, Outcome, Reason

PLACE = Location("a.yaml", 3, 1)


def test_a_cell_that_is_asked_about_has_a_place_only_if_it_is_wrong() -> None:
    assert asked(True, "denied", "allowed", PLACE) == Cell("denied", State.RIGHT, "allowed", None)
    assert asked(False, "denied", "denied", PLACE) == Cell("denied", State.WRONG, "", PLACE)


def test_a_small_picture_is_whole() -> None:
    picture = drawn("t", ["a"], [Row("x", (Cell("1"),))])
    assert (picture.left_out, picture.columns, picture.states()) == ("", ("a",), {State.UNASKED})


def test_wrong_rows_are_cut_last() -> None:
    rows = [Row(str(n), (asked(n < 98, "x"),)) for n in range(100)]
    picture = drawn("t", [""], rows)
    assert [row.head for row in picture.rows] == [*map(str, range(MOST_ROWS - 2)), "98", "99"]
    assert picture.left_out == "60 more rows aren't shown."
    every = drawn("t", [""], [Row(str(n), (asked(False, "x"),)) for n in range(MOST_ROWS + 1)])
    assert every.left_out == "1 more row isn't shown, 1 of them wrong."


def test_wrong_columns_are_cut_last() -> None:
    cells = tuple(asked(n != 19, str(n)) for n in range(20))
    picture = drawn("t", [str(n) for n in range(20)], [Row("x", cells)])
    assert picture.columns == (*map(str, range(MOST_COLUMNS - 1)), "19")
    assert picture.rows[0].cells[-1].word == "19"
    assert picture.left_out == "8 more columns aren't shown."


def test_a_wrong_row_of_a_tree_keeps_what_is_above_it() -> None:
    rows = [Row("/"), *(Row(str(n), (asked(True, "x"),), 1) for n in range(100)), Row("etc", (), 1)]
    rows.append(Row("passwd", (asked(False, "writable"),), 2))
    picture = drawn("t", [""], rows, "tree")
    assert [row.head for row in picture.rows[-2:]] == ["etc", "passwd"]
    assert (len(picture.rows), picture.rows[0].head) == (MOST_ROWS, "/")


def test_long_words_are_cut() -> None:
    picture = drawn("t" * 1000, ["c" * 1000], [Row("h" * 1000, (Cell("w" * 1000, before="b" * 1000),))])
    cell = picture.rows[0].cells[0]
    texts = [picture.title, picture.columns[0], picture.rows[0].head, cell.word, cell.before]
    assert [len(text) for text in texts] == [LONGEST_WORD] * 5
    assert all(text.endswith("…") for text in texts)


def test_what_is_not_there() -> None:
    picture = nothing_to_see("Pods", Outcome.of([Reason("No Pod matches x.", PLACE)]))
    assert picture.rows == (Row("No Pod matches x.", (Cell("missing", State.WRONG, "", PLACE),)),)


def test_facts_are_wrong_by_themselves_or_by_a_reason_at_their_place() -> None:
    other, elsewhere = Location("a.yaml", 9, 1), Location("a.yaml", 20, 1)
    facts = [
        Fact("a", "1", True, PLACE),
        Fact("b", "2", False, other, "1"),
        Fact("c", "3", None, PLACE),
        Fact("d", "4", True, None),
    ]
    reasons = [Reason("at the first", PLACE), Reason("elsewhere", elsewhere)]
    rows = of_facts("t", facts, Outcome.of(reasons)).rows
    assert [(row.head, *row.cells) for row in rows] == [
        ("a", Cell("1", State.WRONG, "", PLACE)),
        ("b", Cell("2", State.WRONG, "1", other)),
        ("c", Cell("3", State.UNASKED)),
        ("d", Cell("4", State.RIGHT)),
        ("elsewhere", Cell("wrong", State.WRONG, "", elsewhere)),
    ]
    passed = of_facts("t", [Fact("c", "3", None)], Outcome.of([])).rows
    assert passed[-1] == Row("what the check requires", (Cell("holds", State.RIGHT),))
