"""Tests of `widgets.line`: only another text is laid out and painted."""

from __future__ import annotations

from typing import Any

from textual.app import App, ComposeResult
from textual.content import Content

from trainer.tui.widgets.line import Line


class Counting(Line):
    """Counts how often it is painted again."""

    refreshed = 0

    def refresh(self, *regions: Any, **rest: Any) -> Any:
        self.refreshed += 1
        return super().refresh(*regions, **rest)


class Lines(App[None]):
    def compose(self) -> ComposeResult:
        yield Counting(markup=False)


async def test_only_another_text_is_painted() -> None:
    app = Lines()
    async with app.run_test() as pilot:
        line = app.query_one(Counting)
        changes = []
        for text in (
            Content("00:01"),
            Content("00:01"),
            Content.styled("00:01", "bold"),
            Content.styled("00:01", "bold"),
            Content("00:02"),
            "00:02",
        ):
            before = line.refreshed
            line.update(text)
            changes.append(line.refreshed > before)
            await pilot.pause()
            assert str(line.render()) == str(text)
        assert changes == [True, False, True, False, True, True]
