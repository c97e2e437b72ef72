"""Tests of `tui.screens.card_help`: hints, solution, difference."""

from __future__ import annotations

import pytest
from textual import events

from tests.tui.fake_session import FakeSession
from tests.tui.screens.opened import opened
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.errors import StoreError
from trainer.tui.app import TrainerApp
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.confirm import Confirm
from trainer.tui.screens.solution import SolutionScreen


async def test_hints_come_one_by_one_without_a_question_and_stay(
    app: TrainerApp, session: FakeSession
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("2", "h")
        await assert_shows(app, "Look at the container.")
        assert "No answer yet" in shown(app), "the pane that is shown stays"
        assert "It is a field of securityContext." not in shown(app)
        assert session.hints == {"pod-ro": 1}
        await pilot.press("h")
        await assert_shows(app, "It is a field of securityContext.")
        assert "Look at the container." not in shown(app)
        await pilot.press("h")
        await assert_soon(lambda: "It is a field of securityContext." not in shown(app))
        await pilot.press("h")
        await assert_shows(app, "Look at the container.")
        await pilot.press("1", "G")
        await assert_shows(app, "Hint 2 of 2")
        assert session.hints == {"pod-ro": 2}
        await pilot.press("escape")
        await assert_soon(lambda: not isinstance(app.screen, CardScreen))
        await opened(app, pilot)
        await pilot.press("1", "G")
        await assert_shows(app, "Hint 2 of 2")


async def test_a_hint_that_cannot_be_recorded_is_not_shown(
    app: TrainerApp, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StoreError("cannot write the progress")

    monkeypatch.setattr(session, "next_hint", refuse)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(app, pilot)
        await pilot.press("h", "h")
        await assert_shows(app, "cannot write the progress")
        assert "Look at the container." not in shown(app)


async def test_solution_and_difference_ask_first(app: TrainerApp, session: FakeSession) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        for key, words in ("s", "The solution: pod.yaml"), ("d", "A container is missing."):
            session.shown.clear()
            await pilot.press(key)
            await assert_soon(lambda: isinstance(app.screen, Confirm))
            await pilot.press("escape")
            await assert_soon(lambda: isinstance(app.screen, CardScreen))
            assert session.shown == set()
            await pilot.press(key)
            await assert_soon(lambda: isinstance(app.screen, Confirm))
            await pilot.press("y")
            await assert_shows(app, words)
            await pilot.press("escape")
            await assert_soon(lambda: isinstance(app.screen, CardScreen))
            await pilot.press(key)
            await assert_soon(lambda: isinstance(app.screen, SolutionScreen))
            await pilot.press("escape")
            await assert_soon(lambda: isinstance(app.screen, CardScreen))


async def test_keys_pressed_twice_in_a_hurry(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        for key in ("h", "h"):
            app.post_message(events.Key(key, key))
        await assert_shows(app, "Hint 2 of 2")
        for key in ("s", "s"):
            app.post_message(events.Key(key, key))
        await assert_soon(lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        for _ in range(3):
            app.post_message(events.Key("escape", None))
        await assert_shows(app, "Domain")
        assert app.is_running
