"""Tests of `tui.text`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.tui.fake_session import HOSTILE
from trainer.tui.text import (
    CARD_SIGNS,
    CHECK_SIGNS,
    ago,
    bar,
    clock_text,
    columns,
    counted,
    indented,
    literal,
    one_line,
)
from trainer.verdict import Status


def test_literal_reads_no_markup_and_shows_no_control_character() -> None:
    content = literal(HOSTILE)
    assert content.plain.startswith("[red]evil[/] [@click=app.quit]x[/] ")
    assert content.spans == []
    assert not set("\x1b\x9b\u202e") & set(content.plain)


def test_literal_with_a_style_styles_everything() -> None:
    content = literal("[b]x", "bold")
    assert content.plain == "[b]x"
    assert [(span.start, span.end, span.style) for span in content.spans] == [(0, 4, "bold")]


def test_one_line_joins_lines() -> None:
    assert one_line("a\n  b\tc ").plain == "a b c"


@settings(max_examples=60)
@given(st.text(), st.integers(1, 40))
def test_columns_have_their_width(text: str, width: int) -> None:
    assert cell_len(columns(text, width)) == width


def test_columns_cut_with_an_ellipsis() -> None:
    assert columns("immutable", 5) == "immu…"
    assert columns("x", 0) == ""


def test_a_bar_is_full_or_empty_only_when_it_is() -> None:
    assert [bar(fraction, 4) for fraction in (0, 0.01, 0.5, 0.99, 1)] == [
        "────",
        "━───",
        "━━──",
        "━━━─",
        "━━━━",
    ]


def test_numbers_and_durations_in_words() -> None:
    assert (counted(1, "card"), counted(0, "card")) == ("1 card", "0 cards")
    assert (clock_text(59.9), clock_text(3600)) == ("00:59", "1:00:00")


def test_ago() -> None:
    now = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
    for before, words in (
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(hours=20), "yesterday"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=30), "2026-02-08"),
    ):
        assert ago((now - before).timestamp(), now) == words


def test_indented_lines_fit() -> None:
    lines = indented(literal("one two three four five"), 12, 2)
    assert [line.plain for line in lines] == ["  one two", "  three four", "  five"]


def test_every_status_has_its_own_sign_and_word() -> None:
    assert set(CHECK_SIGNS) == set(Status)
    for signs in (CHECK_SIGNS, CARD_SIGNS):
        assert len({sign for sign, _, _ in signs.values()}) == len(signs)
        assert len({word for _, word, _ in signs.values()}) == len(signs)
