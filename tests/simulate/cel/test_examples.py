"""Texts that a pattern matches."""

from __future__ import annotations

import re

from tests.table import each_row
from trainer.simulate.cel.examples import MOST, examples


@each_row(
    ("pattern", "wanted"),
    [
        ("^registry[.]example/", {"registry.example/"}),
        (r"^(registry\.example|quay\.io)/.+$", {"registry.example/a", "quay.io/a"}),
        ("a|b|c", {"a", "b", "c"}),
        (r"(?:x|y)-\d+", {"x-1", "y-1"}),
        ("(?i)ab?", {"ab", "a"}),
        ("[^a-z]{3}", {"111"}),
        (r"\bv[0-9]*?", {"v0", "v"}),
    ],
)
def test_one_text_for_each_alternative(pattern: str, wanted: set[str]) -> None:
    found = examples(pattern)
    assert wanted <= set(found)
    assert all(re.search(pattern, text) for text in found)


def test_what_cannot_be_read_gives_nothing_and_what_is_long_is_cut() -> None:
    assert examples("a)b") == []
    assert len(examples("|".join(map(str, range(100))))) == MOST
    for broken in ("(", "[", "a{", "\\", "(?", "a**"):
        assert len(examples(broken)) <= MOST
