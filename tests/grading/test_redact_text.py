"""Tests of `grading.redact_text`."""

from __future__ import annotations

from trainer.grading.redact_text import broken_lines, replace_in_place
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


def test_broken_lines() -> None:
    text = "kind: Secret\ndata:\n  a: xyz\n  - loose\n{\n# note\n---\nname: b\n"
    assert (
        broken_lines(text, 1, gone) == "kind: Secret\ndata:\n  a: GONE\n  GONE\nGONE\n# note\n---\nname: b\n"
    )
    assert broken_lines("a: 1\nb: 2", 2, gone) == "a: 1\nb: GONE"
