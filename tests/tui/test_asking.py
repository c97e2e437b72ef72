"""Tests of `tui.asking`."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import App
from textual.screen import Screen

from tests.tui.showing import assert_soon
from trainer.tui.asking import AsksOnce


class Asking(AsksOnce, Screen[None]):
    """Asks twice at once."""

    answers: ClassVar[list[bool]] = []

    @work
    async def ask(self) -> None:
        self.answers.append(await self.confirmed("Really?", "yes"))


async def test_one_question_at_a_time() -> None:
    app = App[None]()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = Asking()
        await app.push_screen(screen)
        screen.ask()
        screen.ask()
        await assert_soon(lambda: screen.answers == [False])
        await pilot.press("y")
        await assert_soon(lambda: screen.answers == [False, True])
        assert app.screen is screen
