"""The same answers as files, in the layouts in which classes submit them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tools.classroom.roll import Submitted

Layout = Callable[[Sequence[Submitted], Path], Path]
"""Writes the answers below an empty folder -> the submissions as `batch` takes them."""


def learner_card(answers: Sequence[Submitted], folder: Path) -> Path:
    """`<learner>/<card>/<file>`."""
    for one in answers:
        _write(one, folder / one.learner / one.card)
    return folder


def card_learner(answers: Sequence[Submitted], folder: Path) -> Path:
    """`<card>/<learner>/<file>`."""
    for one in answers:
        _write(one, folder / one.card / one.learner)
    return folder


LAYOUTS: dict[str, Layout] = {
    "learner/card": learner_card,
    "card/learner": card_learner,
}


def _write(one: Submitted, folder: Path) -> None:
    for file in one.files:
        (folder / file.name).parent.mkdir(parents=True, exist_ok=True)
        (folder / file.name).write_bytes(file.data)
