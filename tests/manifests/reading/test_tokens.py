"""Tests of `manifests.reading.tokens`: what is written where."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.manifests.reading.tokens import Node, Unreadable, read_tokens


def written(text: str) -> list[tuple[str, str | None]]:
    """What is written of each scalar and alias, and its value."""
    found: list[tuple[str, str | None]] = []

    def walk(node: Node) -> None:
        for key, value in node.pairs or ():
            walk(key)
            walk(value)
        for item in node.items or ():
            walk(item)
        if node.pairs is None and node.items is None:
            found.append((text[node.start : node.end], node.value))

    root = read_tokens(text)
    assert root is not None
    walk(root)
    return found


def test_places_of_scalars_and_aliases() -> None:
    assert written("é: &x \"\\u0041😀\"\r\nb: *x\r\nc: !!int '1'\r\n") == [
        ("é", "é"), ('&x "\\u0041😀"', "A😀"), ("b", "b"), ("*x", "x"), ("c", "c"), ("!!int '1'", "1"),
    ]  # fmt: skip


def test_what_a_reader_drops_is_there() -> None:
    assert written("{a: x, a: y, <<: *z}") == [
        ("a", "a"), ("x", "x"), ("a", "a"), ("y", "y"), ("<<", "<<"), ("*z", "z"),
    ]  # fmt: skip


def test_texts_without_a_document() -> None:
    assert read_tokens("") is None
    assert read_tokens("# note\n") is None


@each_row("text", ["a: [", "a: b: c", "a\x07b", "a: b\n---\nc: d", "[" * 200])
def test_what_is_no_document(text: str) -> None:
    with pytest.raises(Unreadable):
        read_tokens(text)
