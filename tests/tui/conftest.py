"""The test double of the session, and a clock that stands still."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))

if TYPE_CHECKING:
    from fake_session import FakeSession

    from trainer.tui.app import TrainerApp


def noon() -> datetime:
    """Always the same minute."""
    return datetime(2026, 3, 1, 12, 0, 0)


@pytest.fixture
def session(tmp_path: Path) -> FakeSession:
    from fake_session import FakeSession

    return FakeSession(tmp_path / "answers")


@pytest.fixture
def app(session: FakeSession) -> TrainerApp:
    from trainer.tui.app import TrainerApp

    return TrainerApp(session, clock=noon)  # type: ignore[arg-type]
