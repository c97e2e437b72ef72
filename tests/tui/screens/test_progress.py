"""Tests of `tui.screens.progress`: where the learner stands."""

from __future__ import annotations

import re

import pytest

from tests.tui.fake_session import RIGHT, WRONG, FakeSession
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.tui.app import TrainerApp
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.catalogue import Catalogue
from trainer.tui.screens.progress import Progress


@pytest.fixture
def tried(session: FakeSession) -> FakeSession:
    for card, text in zip(session.catalogue.cards, (RIGHT, WRONG), strict=False):
        session.start(card)
        session.write(card, "pod.yaml", text)
        session.grade(card)
    return session


async def test_report_and_charts_at_every_size(app: TrainerApp, tried: FakeSession) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("p")
        await assert_shows(app, "READY BY COMPETENCY")
        text = shown(app)
        assert "1 of 3 cards passed" in text
        assert "2 of 26 have cards; others 0%" in text
        assert re.search(r"CS1 Use Network security policies .* 0 of 1 +0%", text)
        assert re.search(r"CS5 Verify platform binaries .* no card", text)
        assert "Days of practice" not in text
        await pilot.press("c")
        await assert_shows(app, "Days of practice")
        assert "next 14 days" in shown(app)
        assert "an exam today: about 2% ± " in shown(app)
        await assert_shows(app, "28 Feb")
        await pilot.press("c", "end")
        await assert_shows(app, "LAST ATTEMPTS")
        text = shown(app)
        assert "1 of 1 failed" in text
        assert re.search(r"✓ Make pod-ro read-only +03:2[12] of  4 min  in time", text)
        await pilot.resize_terminal(200, 50)
        await assert_shows(app, "Days of practice")
        assert "LAST ATTEMPTS" in shown(app)
        await pilot.resize_terminal(20, 6)
        await pilot.pause()
        await pilot.press("c", "c", "home", "escape")
        await assert_soon(lambda: isinstance(app.screen, Catalogue))


async def test_enter_opens_the_next_card_of_a_competency_or_the_card_and_escape_goes_back(
    app: TrainerApp, tried: FakeSession
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("p")
        await assert_shows(app, "READY BY COMPETENCY")
        await pilot.press("home", "enter")
        await assert_soon(lambda: isinstance(app.screen, CardScreen) and app.screen.card.id == "np-and-or")
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, Progress))
        await pilot.press("end", "enter")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, Progress))
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, Catalogue))


async def test_before_the_first_attempt(app: TrainerApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("p")
        await assert_shows(app, "The line begins with the second day.")
        await pilot.press("end")
        await assert_shows(app, "None yet: open a card and save an answer.")
        await assert_shows(app, "None: no check failed recently.")
        assert isinstance(app.screen, Progress)
