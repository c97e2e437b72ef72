"""Tests of `tui.app`: the app: it wires screens together, nothing else. `run(session)` is the door."""

from __future__ import annotations

import pytest

from tests.tui.fake_session import WRONG, FakeSession
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.errors import TrainerError
from trainer.tui import app as app_module
from trainer.tui.app import TrainerApp
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.catalogue import Catalogue
from trainer.tui.screens.confirm import LeaveUnsaved
from trainer.tui.screens.theme import ThemeScreen
from trainer.tui.themes import DARK, LIGHT


async def test_it_starts_with_the_catalogue_and_leaves_with_q(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        assert isinstance(app.screen, Catalogue)
        await pilot.press("q")
        await assert_soon(lambda: not app.is_running or app._exit)


async def test_leaving_asks_where_text_is_unsaved(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "i", "a", "ctrl+q")
        await assert_soon(lambda: isinstance(app.screen, LeaveUnsaved))
        assert "Unsaved text in" in shown(app)
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        assert not app._exit
        await pilot.press("ctrl+q")
        await assert_soon(lambda: isinstance(app.screen, LeaveUnsaved))
        await pilot.press("l")
        await assert_soon(lambda: app._exit)


async def test_a_theme_is_previewed_kept_and_remembered(app: TrainerApp) -> None:
    async with app.run_test() as pilot:
        assert app.theme == DARK
        await pilot.press("t")
        await assert_soon(lambda: isinstance(app.screen, ThemeScreen))
        await pilot.press("down")
        assert app.theme == LIGHT
        await pilot.press("escape")
        assert app.theme == DARK
        await pilot.press("t")
        await assert_soon(lambda: isinstance(app.screen, ThemeScreen))
        await pilot.press("down", "enter")
        await assert_soon(lambda: app.session.store.choice("theme") == LIGHT)
        assert app.theme == LIGHT
    again = TrainerApp(app.session)
    assert again.theme == LIGHT
    app.session.store.choose("theme", "gone")
    assert TrainerApp(app.session).theme == DARK


async def test_a_theme_that_cannot_be_remembered_is_used(app: TrainerApp) -> None:
    def refuse(*_: str) -> None:
        raise TrainerError("read-only")

    store = app.session.store
    readable, store.choice = store.choice, refuse
    assert TrainerApp(app.session).theme == DARK
    store.choice, store.choose = readable, refuse
    async with app.run_test(notifications=True):
        app.action_theme(LIGHT)
        assert app.theme == LIGHT
        await assert_soon(
            lambda: "The theme isn't remembered: read-only" in [note.message for note in app._notifications]
        )


async def test_what_is_told_is_literal_and_that_the_program_is_independent(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24), notifications=True):
        app.tell("[red]x[/] \x1b[2J")
        await assert_shows(app, "[red]x[/]")
        app.action_about()
        await assert_shows(app, "It is not endorsed by The")


async def test_the_next_card_comes_round(app: TrainerApp, session: FakeSession) -> None:
    async with app.run_test() as pilot:
        app.open_card(session.catalogue.cards[-1].id)
        await pilot.pause()
        app.open_next(session.catalogue.cards[-1])
        await assert_soon(lambda: isinstance(app.screen, CardScreen) and app.screen.card.id == "pod-ro")
        app.open_card(session.catalogue.cards[0].id)
        await pilot.pause()
        assert len(app.screen_stack) == 2


def test_run_runs_the_app(monkeypatch, session: FakeSession) -> None:  # type: ignore[no-untyped-def]
    ran: list[object] = []
    monkeypatch.setattr(TrainerApp, "run", lambda self: ran.append(self.session))
    app_module.run(session)  # type: ignore[arg-type]
    assert ran == [session]


@pytest.mark.parametrize(
    "sizes",
    [((2, 2), (80, 24)), pytest.param(((10, 4), (200, 60), (30, 8), (80, 24)), marks=pytest.mark.trial)],
)
async def test_no_size_breaks_a_screen(
    app: TrainerApp, session: FakeSession, sizes: tuple[tuple[int, int], ...]
) -> None:
    first = session.catalogue.cards[0]
    session.start(first)
    session.write(first, "pod.yaml", WRONG)
    session.grade(first)
    async with app.run_test(size=(80, 24)) as pilot:
        for keys in (
            [],
            ["p"],
            ["escape", "enter", "1"],
            ["2"],
            ["3"],
            ["question_mark"],
            ["escape", "s", "y"],
        ):
            await pilot.press(*keys)
            for size in sizes:
                await pilot.resize_terminal(*size)
                await pilot.pause()
        await assert_shows(app, "The solution: pod.yaml")


async def test_copying_can_be_switched_off(app: TrainerApp, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    async with app.run_test():
        monkeypatch.setattr(app._driver, "write", written.append)
        app.copy_to_clipboard("one")
        assert [text for text in written if "]52;c;" in text]
        app.session.store.choose("clipboard", "off")
        written.clear()
        app.copy_to_clipboard("two")
        assert not [text for text in written if "]52;c;" in text]
        assert app.clipboard == "two"
