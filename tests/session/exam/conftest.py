"""A session on a pack with two cards, and an exam of both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from trainer.config import Settings
from trainer.progress.exams import Exam
from trainer.session import Session
from trainer.session.exam.draw import Plan
from trainer.session.exam.start import begin

PACK = Path(__file__).parents[2] / "fixtures" / "pack-mini"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    settings = Settings(tmp_path / "ws", tmp_path / "p.db", tmp_path / "config.toml", pack=PACK)
    opened = Session.open(settings, clock=lambda: 1_773_140_400.0)
    yield opened
    opened.close()


@pytest.fixture
def exam(session: Session) -> Exam:
    return begin(session, Plan(minutes=10, cards=2), 7)
