"""Tests of `tui.widgets.frame`: titles in borders, and the double click that zooms."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tests.tui.fake_session import HOSTILE
from tests.tui.showing import shown
from trainer.tui.text import literal
from trainer.tui.widgets.frame import Framed


class Pane(Vertical, Framed):
    DEFAULT_CSS = "Pane { border: round red; height: 5; }"

    def compose(self) -> ComposeResult:
        self.put_title(literal(f"Pane {HOSTILE}"), Content("below"))
        yield Static("inside")


class Host(App[None]):
    zooms = 0

    def compose(self) -> ComposeResult:
        yield Pane()

    def on_framed_zoom_wanted(self, event: Framed.ZoomWanted) -> None:
        assert isinstance(event.pane, Pane)
        self.zooms += 1


async def test_titles_are_literal_and_a_double_click_on_them_zooms() -> None:
    app = Host()
    async with app.run_test(size=(80, 10)) as pilot:
        text = shown(app)
        assert "Pane [red]evil[/] [@click=app.quit]x[/]" in text
        assert "below" in text
        assert not set("\x1b\x9b\u202e") & set(text)
        for offset, wanted in (((5, 0), 1), ((5, 1), 1), ((5, 3), 1), ((9, 0), 2)):
            await pilot.double_click(Pane, offset=offset)
            await pilot.pause()
            assert app.zooms == wanted, offset
        await pilot.click(Pane, offset=(5, 0))
        await pilot.pause()
        assert app.zooms == 2
