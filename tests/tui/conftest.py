"""The test double of the session, an app on it, and a clock that stands still."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fake_session import NOON, FakeSession

from trainer.tui.app import TrainerApp


@pytest.fixture
def session(tmp_path: Path) -> FakeSession:
    return FakeSession(tmp_path / "answers")


@pytest.fixture
def app(session: FakeSession) -> TrainerApp:
    return TrainerApp(session, clock=lambda: NOON)  # type: ignore[arg-type]
