"""A screen that is closed at any moment, and what comes too late for it."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.css.query import NoMatches
from textual.screen import Screen

from tests.samples import first_of
from tests.tui.fake_session import NOON, WRONG, FakeSession, card
from trainer.ask.explain import ask_explain
from trainer.session.plan import Goal
from trainer.session.review import Due, Rating
from trainer.session.today import Review
from trainer.tui import screens
from trainer.tui.app import TrainerApp
from trainer.tui.lifetime import ClosesItself, is_gone
from trainer.tui.palette import Palette
from trainer.tui.screens.about import About
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.catalogue import Catalogue
from trainer.tui.screens.confirm import Confirm, LeaveUnsaved
from trainer.tui.screens.drill import DrillScreen
from trainer.tui.screens.explain import ExplainScreen
from trainer.tui.screens.given import GivenScreen
from trainer.tui.screens.help import Help
from trainer.tui.screens.links import LinksScreen
from trainer.tui.screens.live import LiveScreen, TypeName
from trainer.tui.screens.note import NoteScreen
from trainer.tui.screens.progress import Progress
from trainer.tui.screens.rate import RateScreen
from trainer.tui.screens.solution import SolutionScreen
from trainer.tui.screens.theme import ThemeScreen
from trainer.tui.screens.welcome import Welcome
from trainer.versions import DEFAULT

SCREENS: dict[type[Screen[Any]], Callable[[FakeSession], Screen[Any]]] = {
    About: lambda session: About(session.settings),
    DrillScreen: DrillScreen,  # type: ignore[dict-item]
    CardScreen: lambda session: CardScreen(session, card()),  # type: ignore[arg-type]
    Confirm: lambda _: Confirm("Really?", yes="yes"),
    ExplainScreen: lambda _: ExplainScreen(ask_explain("pod.spec", DEFAULT)),
    GivenScreen: lambda _: GivenScreen(card()),
    Help: lambda _: Help(),
    LeaveUnsaved: lambda _: LeaveUnsaved(["pod.yaml"]),
    LinksScreen: lambda _: LinksScreen(["https://kubernetes.io/docs/"]),
    LiveScreen: lambda session: LiveScreen(session, card()),  # type: ignore[arg-type]
    NoteScreen: lambda _: NoteScreen("A card", "text", lambda _: None),
    Palette: lambda _: Palette(),
    Progress: lambda session: Progress(session, NOON),  # type: ignore[arg-type]
    RateScreen: lambda _: RateScreen(
        "A card",
        Review(1, Rating.GOOD, False, Due("pod-ro", NOON.timestamp(), NOON.date(), ())),
        dict.fromkeys(Rating, NOON.date()),
        NOON.date(),
    ),
    SolutionScreen: lambda session: SolutionScreen(card(), session.reveal(card())),
    ThemeScreen: lambda _: ThemeScreen("dark"),
    TypeName: lambda _: TypeName("Which?"),
    Welcome: lambda _: Welcome(Goal(), NOON.date(), first=True),
}
OTHERS = {"Catalogue", "ExamScreen", "ExamsScreen", "ReportScreen"}
"""The screen below all, and those that need an exam: their own tests close them."""
MOMENTS = (0, 4), (1, 2, 3, 5)
"""Turns of the event loop between opening and closing: from nothing composed to all there."""


def an_app(tmp_path: Path) -> TrainerApp:
    session = FakeSession(tmp_path, (card(),), editor="true")
    session.write(card(), "pod.yaml", WRONG)
    return TrainerApp(session)  # type: ignore[arg-type]


def test_every_screen_of_the_app_closes_only_itself() -> None:
    for module in pkgutil.iter_modules(screens.__path__, f"{screens.__name__}."):
        importlib.import_module(module.name)
    known = {
        kind
        for kind in _below(Screen)
        if kind.__module__.startswith("trainer.") and not kind.__subclasses__()
    }
    assert {kind.__name__ for kind in known} == {kind.__name__ for kind in SCREENS} | OTHERS
    assert all(issubclass(kind, ClosesItself) for kind in known)


def _below(kind: type) -> set[type]:
    return {kind, *(deeper for one in kind.__subclasses__() for deeper in _below(one))} - {Screen}


@pytest.mark.parametrize("moments", first_of(MOMENTS))
async def test_a_screen_can_be_closed_at_any_moment(tmp_path: Path, moments: tuple[int, ...]) -> None:
    app = an_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        for kind, moment in product(SCREENS, moments):
            screen = SCREENS[kind](app.session)  # type: ignore[arg-type]
            app.push_screen(screen)
            for _ in range(moment):
                await asyncio.sleep(0)
            screen.dismiss()
            await pilot.pause()
            assert app._exception is None, (kind, moment)
            assert isinstance(app.screen, Catalogue), (kind, moment)
            assert is_gone(screen), (kind, moment)


async def test_a_key_for_a_screen_that_is_not_composed_yet_waits_for_it(tmp_path: Path) -> None:
    app = an_app(tmp_path)
    async with app.run_test(size=(80, 10)):
        screen = Help()
        app.push_screen(screen)
        assert not screen.query("#help")
        assert await app.run_action("scroll('down')", screen)
        assert screen.query("#help")


async def test_an_action_for_a_screen_that_is_closed_does_nothing(tmp_path: Path) -> None:
    app = an_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = CardScreen(app.session, card())
        app.push_screen(screen)
        await pilot.pause()
        await screen.dismiss()
        assert not await app.run_action("write", screen)
        assert app._exception is None


@pytest.mark.parametrize("composed", [False, True])
async def test_what_comes_after_a_screen_is_closed_does_nothing(tmp_path: Path, composed: bool) -> None:
    app = an_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = CardScreen(app.session, card())
        app.push_screen(screen)
        if composed:
            await pilot.pause()
        screen.call_after_refresh(screen._show_lines)
        screen.call_later(screen._show_lines)
        screen.run_worker(partial(_later, screen._show_lines))
        screen.action_hint()
        screen.dismiss()
        await pilot.pause()
        assert app._exception is None
        assert is_gone(screen)


async def test_a_question_of_a_screen_that_is_being_closed_is_not_asked(tmp_path: Path) -> None:
    app = an_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        for ask in ("back", "hint"), ("hint", "back"), ("solution", "back"), ("cluster", "back"):
            screen = CardScreen(app.session, card())
            app.push_screen(screen)
            await pilot.pause()
            for action in ask:
                getattr(screen, f"action_{action}")()
            await pilot.pause()
            assert app.is_running, ask
            assert not app._closing, ask
            while len(app.screen_stack) > 1:
                app.screen.dismiss()
                await pilot.pause()
        assert app._exception is None


@pytest.mark.parametrize("closed", [False, True])
async def test_quitting_while_a_card_opens_or_closes_quits(tmp_path: Path, closed: bool) -> None:
    app = an_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = CardScreen(app.session, card())
        app.push_screen(screen)
        app.leave()
        if closed:
            screen.dismiss()
        await pilot.pause()
        assert app._exception is None
    assert app._exit
    assert not app.return_code


async def _later(act: Callable[[], None]) -> None:
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    act()


async def test_a_screen_closes_once_and_nothing_but_itself(tmp_path: Path) -> None:
    app = an_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        below, above = Progress(app.session, NOON), Help()
        app.push_screen(below)
        app.push_screen(above)
        await below.dismiss()
        assert app.screen is above
        above.dismiss()
        above.dismiss()
        above.dismiss()
        await pilot.pause()
        assert app.screen is below
        assert app._exception is None


class Wrong(ClosesItself, Screen[None]):
    """Looks up what it never had."""

    def on_mount(self) -> None:
        self.query_one("#never")


async def test_a_child_that_a_screen_never_had_is_still_an_error() -> None:
    app: App[None] = App()
    with pytest.raises(NoMatches):
        await _open(app, Wrong())


async def _open(app: App[None], screen: Screen[None]) -> None:
    async with app.run_test() as pilot:
        app.push_screen(screen)
        await pilot.pause()


async def test_the_styles_of_a_new_screen_are_found_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[Screen[Any]] = []
    for kind in (Catalogue, Help):
        monkeypatch.setattr(kind, "update_node_styles", lambda self, animate=True: again.append(self))
    app = an_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        for name in (Catalogue, CardScreen, Help, Palette, Progress):
            if name is not Catalogue:
                app.push_screen(SCREENS[name](app.session))  # type: ignore[arg-type]
                await pilot.pause()
            nodes = list(app.screen.walk_children(with_self=True))
            found = [dict(node.styles.get_rules()) for node in nodes]
            app.stylesheet.update(app.screen)
            assert [dict(node.styles.get_rules()) for node in nodes] == found, name
        assert again == []
