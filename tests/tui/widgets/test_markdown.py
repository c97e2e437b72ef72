"""Tests of `tui.widgets.markdown`: markdown as literal text: the structure is shown, nothing in it acts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tui.fake_session import HOSTILE
from trainer.tui.widgets.markdown import render_markdown


def lines(text: str, width: int = 40) -> list[str]:
    return [line.rstrip() for line in render_markdown(text, width).plain.split("\n")]


def test_paragraphs_wrap_and_stand_apart() -> None:
    assert lines("one two three\nfour\n\nfive", 20) == ["one two three four", "", "five"]


def test_lists_hang() -> None:
    text = "Do:\n\n- first thing that is long enough to wrap\n- second\n  1. inner\n  2. more\n\nEnd."
    assert lines(text, 30) == [
        "Do:",
        "",
        "• first thing that is long",
        "  enough to wrap",
        "• second",
        "  1. inner",
        "  2. more",
        "",
        "End.",
    ]


def test_code_is_kept_as_it_is() -> None:
    assert lines("```yaml\nspec:\n  a: [ALL]\n```\n\nUse `drop: [ALL]` here") == [
        "  spec:",
        "    a: [ALL]",
        "",
        "Use drop: [ALL] here",
    ]


def test_emphasis_and_code_are_styled() -> None:
    content = render_markdown("a **b** *c* `d`", 40)
    assert {content.plain[span.start : span.end]: str(span.style) for span in content.spans} == {
        "b": "bold",
        "c": "italic",
        "d": "$text-primary",
    }


def test_links_show_their_address_and_do_nothing() -> None:
    content = render_markdown("See [docs](https://kubernetes.io/x) and <b>html</b>.", 80)
    assert content.plain == "See docs (https://kubernetes.io/x) and <b>html</b>."
    assert all("@click" not in str(span.style) for span in content.spans)


def test_hostile_text_is_literal() -> None:
    plain = render_markdown(HOSTILE, 200).plain
    assert "[red]evil[/] [@click=app.quit]x[/]" in plain
    assert not set("\x1b\x9b\u202e") & set(plain)


def test_headings_rules_and_tables_do_not_get_lost() -> None:
    assert lines("# Why\n\ntext\n\n---\n\n| a | b |\n|---|---|\n| 1 | 2 |") == [
        "Why", "", "text", "", "─" * 20, "", "a  b", "────", "1  2",
    ]  # fmt: skip


@settings(max_examples=60)
@given(st.text("ab*`_[]()#->\n 1.|!<&\x1b", max_size=80), st.integers(10, 60))
def test_nothing_breaks_it(text: str, width: int) -> None:
    assert "\x1b" not in render_markdown(text, width).plain
