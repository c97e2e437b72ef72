"""Tests of `safe_text`: make text from outside safe to show."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.table import each_row
from trainer.safe_text import capitalized, clean, json_safe, odd_space, one_line


@each_row(
    ("text", "expected"),
    [
        ("a\u00a0b", (2, "no-break space (U+00A0)")),
        ("\u3000x", (1, "ideographic space (U+3000)")),
        ("a b\tc", (0, "")),
    ],
)
def test_odd_spaces(text: str, expected: tuple[int, str]) -> None:
    assert odd_space(text) == expected


@each_row(
    ("text", "expected"),
    [
        ("use another name", "Use another name"),
        ("read-only it is", "Read-only it is"),
        ("my-pod.yaml is empty", "my-pod.yaml is empty"),
        ("prod/web exists", "prod/web exists"),
        ("`a` is", "`a` is"),
        ("kubectl apply it", "kubectl apply it"),
        ("", ""),
    ],
)
def test_names_keep_their_case(text: str, expected: str) -> None:
    assert capitalized(text) == expected


def test_what_acts_is_written_out() -> None:
    assert clean("a\x1b[2Jb\x07\x7f\x9b\x00") == "a\\x1b[2Jb\\x07\\x7f\\x9b\\x00"
    assert clean("web\u202egnp\u200b\ufeff\u2066") == "web\\u202egnp\\u200b\\ufeff\\u2066"
    assert clean("\ud800\U000e0041") == "\\ud800\\U000e0041"
    assert clean("a\r\nb\tc\rd") == "a\nb\tc\\rd"


def test_ordinary_text_stays() -> None:
    text = "Pod `caf\u00e9` [red]x[/] \u2713 \u65e5\u672c"
    assert clean(text) == text
    assert one_line(text) == text


def test_one_line_has_one_line() -> None:
    assert one_line("a\nb\tc\u2028d\x85") == "a\\nb\\tc\\u2028d\\x85"
    assert one_line("abcdef", 4) == "abc\u2026"
    assert one_line("abcd", 4) == "abcd"


@settings(max_examples=100)
@given(st.text(max_size=40))
def test_nothing_that_acts_is_left(text: str) -> None:
    left = clean(text)
    acting = [sign for sign in left if sign not in "\t\n" and (sign < " " or "\x7f" <= sign <= "\x9f")]
    assert acting == []
    assert left.encode().decode() == left
    assert clean(left) == left
    assert "\n" not in one_line(text)


@given(st.text())
def test_json_means_the_same_and_nothing_in_it_acts(text: str) -> None:
    encoded = json.dumps({"a": [text]}, ensure_ascii=False, indent=2)
    safe = json_safe(encoded)
    assert json.loads(safe) == {"a": [text]}
    assert clean(safe) == safe
