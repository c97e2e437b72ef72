"""Tests with a table of rows."""

from __future__ import annotations

import inspect

import pytest

from tests.table import MOST_SHOWN, each_row

seen: list[object] = []


@each_row(("number", "text"), [(1, "one"), (2, "two")])
@each_row("side", "lr")
def pairs(tmp: str, number: int, text: str, side: str) -> None:
    seen.append((tmp, number, text, side))


def test_every_row_is_tried_with_every_row_of_the_other_tables_and_with_the_fixtures() -> None:
    seen.clear()
    pairs(tmp="t")
    assert seen == [("t", number, text, side) for number, text in ((1, "one"), (2, "two")) for side in "lr"]
    assert list(inspect.signature(pairs).parameters) == ["tmp"]


@each_row("number", [1, 2, 3, 4], ids=["first", "second", "third", "fourth"])
def odd(number: int) -> None:
    if number == 4:
        pytest.fail("four")
    assert number % 2


def test_every_row_that_fails_is_reported() -> None:
    with pytest.raises(BaseExceptionGroup, match="2 of 4 rows") as group:
        odd()
    failures = group.value.exceptions
    assert [type(one) for one in failures] == [AssertionError, pytest.fail.Exception]
    assert [one.__notes__ for one in failures] == [["row 1: second"], ["row 3: fourth"]]


def test_a_row_is_named_by_its_values() -> None:
    @each_row("a, b", [(1, "x" * 300)])
    def test(a: int, b: str) -> None:
        raise ValueError

    @each_row("c", [{}], ids=type)
    def other(c: object) -> None:
        raise ValueError

    with pytest.raises(ExceptionGroup) as group:
        test()
    [note] = group.value.exceptions[0].__notes__
    assert note.startswith("row 0: 1, 'xxx")
    assert len(note) == MOST_SHOWN + len("row 0: ")
    with pytest.raises(ExceptionGroup) as group:
        other()
    assert group.value.exceptions[0].__notes__ == ["row 0: <class 'dict'>"]


def test_a_table_that_tests_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no rows for a"):
        each_row("a", [])
    with pytest.raises(ValueError, match="1 values for a, b"):
        each_row("a, b", [(1,)])


class TestOfAClass:
    @each_row("number", [1, 2])
    def test_rows(self, number: int) -> None:
        assert isinstance(self, TestOfAClass)
        assert number in (1, 2)
