"""Tests of `tui.screens.welcome`: asked once, skipped with a key, wrong values are told."""

from __future__ import annotations

import pytest

from tests.tui.fake_session import NOON, RIGHT, FakeSession
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.session.plan import Goal
from trainer.session.today import goal
from trainer.tui.app import TrainerApp
from trainer.tui.screens.catalogue import Catalogue
from trainer.tui.screens.welcome import Welcome


def started(session: FakeSession) -> TrainerApp:
    """The app as the program starts it."""
    app = TrainerApp(session, clock=lambda: NOON)  # type: ignore[arg-type]
    app.welcomes = True
    return app


async def test_the_questions_are_asked_once(session: FakeSession) -> None:
    app = started(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await assert_shows(app, "Welcome to cks-trainer")
        await assert_shows(app, "enter continue   esc skip")
        await pilot.press(*"soon", "enter")
        await assert_shows(app, "! 'soon' isn't a date: write year, month and day: 2026-12-24")
        await pilot.press("ctrl+u", *"2026-03-21", "tab", "ctrl+u", *"45", "enter")
        await assert_soon(lambda: isinstance(app.screen, Catalogue))
        assert goal(session) == Goal(NOON.date().replace(day=21), 45)  # type: ignore[arg-type]
    app = started(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await assert_shows(app, "Today")
        await pilot.pause()
        assert isinstance(app.screen, Catalogue)
        await app.run_action("goal", app.screen)
        await assert_shows(app, "2026-03-21")
        assert "leave as it was" in shown(app)
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, Catalogue))


@pytest.mark.usefixtures("paints_by_itself")
async def test_it_is_what_is_painted_first(session: FakeSession, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[type] = []
    monkeypatch.setattr(
        TrainerApp, "post_display_hook", lambda app: painted.append(type(app.screen)), raising=False
    )
    async with started(session).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
    assert set(painted) == {Welcome}


async def test_skipping_is_remembered_and_small_terminals_show_it(session: FakeSession) -> None:
    app = started(session)
    async with app.run_test(size=(30, 10)) as pilot:
        await assert_soon(lambda: isinstance(app.screen, Welcome))
        await pilot.press("q", "escape")
        await assert_soon(lambda: isinstance(app.screen, Catalogue))
        assert session.choices == {"welcomed": "yes"}


async def test_who_has_begun_is_not_welcomed(session: FakeSession) -> None:
    session.start(session.catalogue.cards[0])
    session.write(session.catalogue.cards[0], "pod.yaml", RIGHT)
    session.grade(session.catalogue.cards[0])
    app = started(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await assert_shows(app, "Today")
        await pilot.pause()
        assert isinstance(app.screen, Catalogue)
