"""The test double of the session, an app on it, and a clock that stands still."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.fake_session import NOON, FakeSession
from trainer.tui.app import TrainerApp


@pytest.fixture
def session(tmp_path: Path) -> FakeSession:
    return FakeSession(tmp_path / "answers")


@pytest.fixture
def app(session: FakeSession) -> TrainerApp:
    return TrainerApp(session, clock=lambda: NOON)  # type: ignore[arg-type]
