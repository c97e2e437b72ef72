"""Opening a card in the app, for the tests of the parts of its screen."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from tests.tui.fake_session import FakeSession
from tests.tui.showing import assert_soon
from trainer.tui.app import TrainerApp
from trainer.tui.screens.card import CardScreen
from trainer.tui.widgets.answer_pane import AnswerPane


def pod(session: FakeSession) -> Path:
    """The file of the first card, in a folder that exists: another program may have made it."""
    folder = session.folder(session.catalogue.cards[0])
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "pod.yaml"


async def opened(app: TrainerApp, pilot: Pilot[None]) -> CardScreen:
    await pilot.press("enter")
    await assert_soon(lambda: isinstance(app.screen, CardScreen))
    await pilot.pause()
    assert isinstance(app.screen, CardScreen)
    return app.screen


def answer(app: TrainerApp) -> AnswerPane:
    return app.screen.query_one(AnswerPane)
