"""Tests of `tui.screens.links`: choosing a page, to open or to copy it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.fake_session import FakeSession, card
from tests.tui.screens.opened import opened
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.tui import links
from trainer.tui.app import TrainerApp
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.links import LinksScreen

PAGES = ("https://kubernetes.io/docs/" + "a" * 90, "https://kubernetes.io/docs/b/")


async def test_pages_are_opened_and_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    went: list[str] = []
    monkeypatch.setattr(
        links, "open_link", lambda _, address: went.append(address) is None and "b" in address[-3:]
    )
    session = FakeSession(tmp_path, (card(docs=PAGES),))
    app = TrainerApp(session)  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(app, pilot)
        row = next(line for line in shown(app).splitlines() if "aaaa" in line)
        assert row.rstrip(" │").endswith("a…"), "one line for each address"
        await pilot.press("o")
        await assert_soon(lambda: isinstance(app.screen, LinksScreen))
        await pilot.press("j", "enter")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        assert went == [PAGES[1]]
        await pilot.press("y")
        await assert_soon(lambda: isinstance(app.screen, LinksScreen))
        await pilot.press("y")
        await assert_shows(app, "Copied")
        assert app.clipboard == PAGES[0]
        await pilot.press("o")
        await assert_soon(lambda: isinstance(app.screen, LinksScreen))
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        assert len(went) == 1
        assert isinstance(app.screen, CardScreen)
        app.screen.action_use_link(0)
        await assert_shows(app, "No browser with a window")
        app.screen.action_switch_clipboard()
        await assert_shows(app, "clipboard is off")


async def test_one_page_is_opened_at_once_and_none_is_told(
    app: TrainerApp, monkeypatch: pytest.MonkeyPatch, session: FakeSession
) -> None:
    went: list[str] = []
    monkeypatch.setattr(links, "open_link", lambda _, address: not went.append(address))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        screen = await opened(app, pilot)
        await pilot.press("o")
        await assert_soon(lambda: went == ["https://kubernetes.io/docs/"])
        screen.card = card(docs=())
        await pilot.press("y")
        await assert_shows(app, "This card names no pages.")
