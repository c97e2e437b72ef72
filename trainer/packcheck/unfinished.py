"""What an author still has to write: lines with the words FILL IN, as `pack new` leaves them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from trainer.content.card import Card
from trainer.content.locate import Pack
from trainer.content.solutions import solutions_folder
from trainer.files import read_file
from trainer.packcheck.report import problem
from trainer.safe_text import one_line
from trainer.verdict import Problem

MARK = "FILL IN"
"""The words that mark what is unfinished."""


def unfinished_problems(card: Card, pack: Pack) -> Iterator[Problem]:
    """Every line of the card and its solutions that is marked, in the order of the files."""
    folder = solutions_folder(card, pack)
    inner = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    for path in (card.source, *inner):
        for number, line in enumerate(_text(path).split("\n"), 1):
            if MARK in line:
                yield problem(path, pack, f"unfinished: {one_line(line.strip(), 80)}", line=number)


def _text(path: Path) -> str:
    return read_file(path).decode("utf-8", "replace")
