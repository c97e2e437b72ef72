"""The test double of the session, an app on it, a clock that stands still, and a pilot without one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import textual.app
import textual.pilot
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

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


@pytest.fixture(autouse=True)
def outside_tmux(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that run in tmux don't open editors beside it."""
    monkeypatch.delenv("TMUX", raising=False)


_PARSED: dict[object, list[RuleSet]] = {}
_PARSE = Stylesheet._parse_rules


def _parsed_once(sheet: Stylesheet, css: str, **where: object) -> list[RuleSet]:
    key = (css, *where.values(), frozenset(sheet._variables.items()))
    if key not in _PARSED:
        _PARSED[key] = _PARSE(sheet, css, **where)  # type: ignore[arg-type]
    return _PARSED[key]


@pytest.fixture(autouse=True)
def stylesheets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every app parses the same stylesheets, most of them Textual's; here each is parsed once."""
    monkeypatch.setattr(Stylesheet, "_parse_rules", _parsed_once)


@pytest.fixture
def session(tmp_path: Path) -> FakeSession:
    return FakeSession(tmp_path / "answers")


@pytest.fixture
def app(session: FakeSession) -> TrainerApp:
    return TrainerApp(session, clock=lambda: NOON)  # type: ignore[arg-type]
