"""Tests of `tui.screens.card_base`: what the session refuses is told."""

from __future__ import annotations

import pytest

from tests.tui.fake_session import FakeSession
from tests.tui.screens.opened import opened
from tests.tui.showing import assert_shows, assert_soon
from trainer.errors import CardError, StoreError
from trainer.tui.app import TrainerApp
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.confirm import Confirm


async def test_what_the_session_refuses_is_told(
    app: TrainerApp, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StoreError("cannot write the progress: [disk] full")

    def without_solutions(*_: object) -> None:
        raise CardError("this pack has no solutions")

    monkeypatch.setattr(session, "start", refuse)
    monkeypatch.setattr(session, "reveal", refuse)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(app, pilot)
        await pilot.press("i", "escape")
        await assert_shows(app, "[disk] full")
        await pilot.press("s")
        await assert_soon(lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        monkeypatch.setattr(session, "shows_freely", without_solutions)
        await pilot.press("d")
        await assert_shows(app, "this pack has no solutions")
        assert isinstance(app.screen, CardScreen)
