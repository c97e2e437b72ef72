"""Tests of `tui.screens.about`: what this program is, whose it is, and whose it is not."""

from __future__ import annotations

from tests.tui.fake_session import FakeSession
from tests.tui.showing import assert_shows, assert_soon
from trainer import __version__
from trainer.tui.app import TrainerApp
from trainer.tui.screens.about import About, about_text


def test_version_independence_and_places(session: FakeSession) -> None:
    text = about_text(session.settings).plain
    assert f"cks-trainer {__version__}" in text
    assert "not endorsed by The Linux Foundation or CNCF" in text
    assert str(session.settings.workspace) in text
    assert str(session.settings.database) in text


async def test_it_opens_and_closes(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        app.action_about()
        await assert_shows(app, "esc closes this screen")
        await pilot.press("escape")
        await assert_soon(lambda: not isinstance(app.screen, About))
