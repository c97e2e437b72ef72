"""Tests of `grading.redact_text`."""

from __future__ import annotations

import pytest

from trainer.grading.redact_text import after_ends, broken_lines, replace_in_place
from trainer.manifests.model import Path
from trainer.manifests.reading.parse import parse


def gone(_value: str) -> str:
    return "GONE"


def replaced(text: str, *paths: Path, number: int = 0) -> str:
    return replace_in_place(text, parse(text.encode(), "a").documents[number], paths, gone)


def test_scalars_of_all_styles() -> None:
    assert replaced(
        "a: x # c\nb: 'y'\nc: |\n  z\n  z\nd: {e: 1, f: [2, 3]}\n", ("a",), ("b",), ("c",), ("d", "e")
    ) == ("a: GONE # c\nb: GONE\nc: GONE\nd: {e: GONE, f: [2, 3]}\n")


def test_items_of_lists() -> None:
    assert replaced("- a\n- b\n", (1,)) == "- a\n- GONE\n"
    assert replaced("[a, b]\n", (0,)) == "[GONE, b]\n"


def test_one_of_several_documents() -> None:
    assert replaced("a: x\n---\na: y\n---\na: z\n", ("a",), number=1) == "a: x\n---\na: GONE\n---\na: z\n"


def test_json_stays_json() -> None:
    assert replaced('{"a": "x", "b": ["y"]}', ("a",), ("b", 0)) == '{"a": "GONE", "b": ["GONE"]}'


def test_what_cannot_be_replaced_leaves_the_document_out() -> None:
    # The second value is an alias of the first: replacing the scalar leaves the alias without its anchor.
    text = "a: &x secret\nb: *x\n---\nc: d\n"
    assert replaced(text, ("a",)) == "# this document contained secret values and is left out\n---\nc: d\n"


def test_forms_of_keys_and_separators() -> None:
    assert replaced("{a: x, b: y}\n", ("b",)) == "{a: x, b: GONE}\n"
    assert replaced("{a: x\n}\n", ("a",)) == "{a: GONE\n}\n"
    assert replaced("'a b' : x\nc: d\n", ("a b",)) == "'a b' : GONE\nc: d\n"
    assert replaced('"a:b": x\nc: d\n', ("a:b",)) == '"a:b": GONE\nc: d\n'
    assert replaced("a:b: x # c\n# d\nc: d\n", ("a:b",)) == "a:b: GONE # c\n# d\nc: d\n"
    assert replaced("a:\n  - x\n  - y\nb: z\n", ("a", 0)) == "a:\n  - GONE\n  - y\nb: z\n"
    assert replaced("a: x", ("a",)) == "a: GONE"
    assert replaced("a:   x\n", ("a",)) == "a: GONE\n"


def test_the_last_of_several_documents_and_one_with_an_end() -> None:
    assert replaced("a: x\n---\na: y\n", ("a",), number=1) == "a: x\n---\na: GONE\n"
    assert replaced("a: x\n...\n---\na: y\n", ("a",)) == "a: GONE\n...\n---\na: y\n"
    assert replaced("a: x\n---\na: y\n", ("a",)) == "a: GONE\n---\na: y\n"


def test_all_values_must_be_gone() -> None:
    # `b` can't be replaced in place: although `a` is, nothing of the document stays.
    both = "a: x\nb: &y hidden\nc: *y\n---\nd: e\n"
    assert replaced(both, ("a",), ("b",)) == (
        "# this document contained secret values and is left out\n---\nd: e\n"
    )


@pytest.mark.parametrize(
    "key",
    "apiVersion kind name namespace type metadata data stringData labels annotations items".split(),
)
def test_harmless_keys_of_broken_text_keep_their_values(key: str) -> None:
    assert broken_lines(f"{key}: Secret", 1, gone) == f"{key}: Secret"
    assert broken_lines(f'  - "{key}": [hidden', 1, gone) == f'  - "{key}": GONE'
    assert broken_lines(f"{key}: {{a: hidden", 1, gone) == f"{key}: GONE"


def test_lines_of_broken_text() -> None:
    assert broken_lines("  'token' : hidden", 1, gone) == "  'token' : GONE"
    assert broken_lines("password:", 1, gone) == "password:"
    assert broken_lines("  any: more:  ", 1, gone) == "  any: GONE"
    assert broken_lines("\n   \n  # hidden\n--- # note", 1, gone) == "\n   \n  GONE\n--- # note"


def test_broken_lines() -> None:
    text = "kind: Secret\ndata:\n  a: xyz\n  - loose\n{\n# note\n---\nname: b\n"
    assert (
        broken_lines(text, 1, gone) == "kind: Secret\ndata:\n  a: GONE\n  GONE\nGONE\n# note\n---\nname: b\n"
    )
    assert broken_lines("a: 1\nb: 2", 2, gone) == "a: 1\nb: GONE"


def echo(value: str) -> str:
    return f"<{value}>"


def test_the_digest_is_that_of_the_value_alone() -> None:
    assert broken_lines("\t loose text \nany: a b ", 1, echo) == "\t <loose text>\nany: <a b >"
    document = parse(b"a:  'x y'  # c\nb: 5\n", "a").documents[0]
    assert replace_in_place("a:  'x y'  # c\nb: 5\n", document, [("a",), ("b",)], lambda one: f"x{one}") == (
        "a: xx y  # c\nb: x5\n"
    )


def test_keys_of_several_words_and_compact_json() -> None:
    assert replaced("a b: x\nc: d\n", ("a b",)) == "a b: GONE\nc: d\n"
    assert replaced('{"a":"x","b":"y"}', ("b",)) == '{"a":"x","b": "GONE"}'


@pytest.mark.parametrize("paths", [[("a", "p"), ("b", "p")], [("b", "p"), ("a", "p")]])
def test_one_value_that_stays_leaves_the_document_out(paths: list[Path]) -> None:
    # The merged key has no place of its own, so that only one of both values is replaced.
    text = "a: &m {p: hidden}\nb:\n  <<: *m\n---\nc: d\n"
    assert replaced(text, *paths) == ("# this document contained secret values and is left out\n---\nc: d\n")


@pytest.mark.parametrize("end", ["", "\n", "\n---\n", "\n...\n", "\n---"])
@pytest.mark.parametrize("start", ["", "---\n", "k: v\n---\n"])
def test_where_a_document_of_one_line_ends(start: str, end: str) -> None:
    number = int(start.startswith("k"))
    assert replaced(f"{start}a: x{end}", ("a",), number=number) == f"{start}a: GONE{end}"


def test_what_only_looks_like_a_mark_ends_no_document() -> None:
    assert replaced("a: x\nb: |\n  ---\nc: z\n", ("c",)) == "a: x\nb: |\n  ---\nc: GONE\n"
    assert replaced("a: |\n  x\n  ---\n  y\nc: z\n", ("a",)) == "a: GONE\nc: z\n"


def test_values_after_an_end_mark() -> None:
    text = "a: seen\n... \nb: hidden\n--- # next\nc: seen\n...e: seen\n"
    assert after_ends(text, echo) == text.replace("b: hidden", "b: <hidden>")
    assert after_ends("...\n--- a: seen\n... b: hidden", echo) == "...\n--- a: seen\n... b: <hidden>"


def test_a_line_that_ends_like_a_key_tells_nothing() -> None:
    assert broken_lines("  two words:  ", 1, gone) == "  two words:  "
    assert broken_lines("  two: words", 1, gone) == "  two: GONE"
