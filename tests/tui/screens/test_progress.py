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


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_mastery_attempts_and_weakest(
    app: TrainerApp, tried: FakeSession, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("p")
        await assert_shows(app, "Mastery by domain")
        text = shown(app)
        assert "1 of 3 cards passed" in text
        assert "2 of 26 competencies have cards" in text
        assert "no card yet for CS2, CS3, CS4, CS5: 0% each" in text
        assert re.search(r"RT4 Ensure immutability.* ━━━━━─────  50%  2 cards", text)
        await pilot.press("end")
        await assert_shows(app, "Weakest checks")
        weakest = shown(app).split("Weakest checks")[1]
        assert "failed 1 of 1 immutable-httpd      Pod pod-ro exists" in weakest
        assert "✗ immutable-httpd" in shown(app)


async def test_enter_opens_the_card_and_escape_goes_back(app: TrainerApp, tried: FakeSession) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("p", "end", "enter")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        assert app.screen.card.id == "immutable-httpd"
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, Progress))
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, Catalogue))


async def test_before_the_first_attempt(app: TrainerApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("p")
        await assert_shows(app, "None yet: open a card and save an answer.")
        await pilot.press("enter")
        assert isinstance(app.screen, Progress)
