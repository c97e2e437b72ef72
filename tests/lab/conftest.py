"""A small lab on the tiny pack: two cards, one of which varies, and learners with unusual names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from trainer.content.locate import Pack, pack_at
from trainer.lab.folder import Lab, members
from trainer.lab.new import new_lab

TINY = Path(__file__).parents[1] / "fixtures" / "pack-mini"
NAMES = ("Ann Lee", "Bo/../x", "=cmd <b>")
CARDS = ("tiny-pod", "tiny-space")


@pytest.fixture
def pack() -> Pack:
    return pack_at(TINY)


def made(tmp_path: Path, names: Sequence[str] = NAMES, seed: int | None = None) -> Path:
    """The folder of a new lab."""
    new_lab(tmp_path / "lab", Lab(CARDS, tuple(members(names)), "Lab *one*", seed), pack_at(TINY))
    return tmp_path / "lab"


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    return made(tmp_path)
