"""The words of an expression."""

from __future__ import annotations

from trainer.simulate.cel.tokens import tokens


def test_words_marks_strings_and_comments() -> None:
    found = [(token.kind, token.text) for token in tokens("a.?b[?0] >= r'\\' // end")]
    assert found == [
        ("word", "a"), ("mark", ".?"), ("word", "b"), ("mark", "[?"), ("number", "0"), ("mark", "]"), ("mark", ">="),
        ("string", "r'\\'"),
    ]  # fmt: skip


def test_numbers() -> None:
    words = "0x1Fu 12 7U 1.5e3 .5 1e-5 2.size()"
    assert [one.text for one in tokens(words)] == [
        *("0x1Fu", "12", "7U", "1.5e3", ".5", "1e-5", "2", ".", "size", "(", ")")
    ]


def test_places() -> None:
    assert [token.start for token in tokens(" a +  b")] == [1, 3, 6]
