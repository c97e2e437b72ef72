"""Tests of `tui.screens.explain`: what a field means."""

from __future__ import annotations

from textual.app import App

from tests.tui.showing import assert_shows
from trainer.ask.explain import ask_explain
from trainer.tui.screens.explain import ExplainScreen
from trainer.versions import DEFAULT


async def test_it_shows_the_field_and_closes() -> None:
    app = App[None]()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = ExplainScreen(ask_explain("pod.spec.containers", DEFAULT))
        app.push_screen(screen)
        await assert_shows(app, "Pod.spec.containers")
        await assert_shows(app, "<[]Container> -required-")
        await pilot.press("j", "q")
        assert app.screen is not screen
        text = screen.text(60)
        assert max(map(len, text.plain.split("\n"))) < 130  # addresses stay whole
        assert "securityContext <SecurityContext>" in text.plain
