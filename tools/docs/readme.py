"""The numbers of the README: how many cards the domains have."""

from __future__ import annotations

from tools.docs.cards import built_in, coverage
from tools.docs.source import ROOT

BEGIN, END = "<!-- cards: written by make docs -->\n", "<!-- end of cards -->"


def readme() -> str:
    """The README, with today's numbers between its two marks. Raises `ValueError` without the marks."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"README.md needs the lines {BEGIN.strip()} and {END}")
    lines = coverage(built_in())
    return before + begin + "\n".join(lines) + "\n" + end + after
