"""The test double of the session, an app on it, a clock that stands still, and a pilot without one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import textual.app
import textual.pilot

from tests.patience import HANGS
from tests.tui.fake_session import NOON, FakeSession
from trainer.tui.app import TrainerApp

FRAME = 1 / 50
"""Seconds; Textual paints more often than that."""


async def _settle(*_: float) -> None:
    """Let the app do all that it can do now, and paint.

    In place of Textual's own wait, which takes a process that gets little processor time for idle.
    Timers fire in the order of their time: once ours is over, a paint that was due before is done.
    """
    await _nothing_to_do()
    await asyncio.sleep(FRAME)
    await _nothing_to_do()


async def _nothing_to_do() -> None:
    loop = asyncio.get_running_loop()
    await asyncio.sleep(0)
    while loop._ready:  # type: ignore[attr-defined]
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key press or a pause ends when the app has nothing left to do, however long that takes."""
    monkeypatch.setattr(textual.app, "wait_for_idle", _settle)
    monkeypatch.setattr(textual.pilot, "wait_for_idle", _settle)
    monkeypatch.setattr(textual.pilot.Pilot._wait_for_screen, "__defaults__", (HANGS,))


@pytest.fixture
def session(tmp_path: Path) -> FakeSession:
    return FakeSession(tmp_path / "answers")


@pytest.fixture
def app(session: FakeSession) -> TrainerApp:
    return TrainerApp(session, clock=lambda: NOON)  # type: ignore[arg-type]
