"""Tests of `tui.screens.help`: all keys, from the table of commands."""

from __future__ import annotations

from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.tui.app import TrainerApp
from trainer.tui.commands import COMMANDS, PLACE_TITLES
from trainer.tui.screens.help import Help, help_text


def test_every_key_and_every_heading_is_there() -> None:
    text = " ".join(help_text(80).plain.split())
    for command in COMMANDS:
        if command.keys:
            assert f"{command.key}" in text
            assert command.help in text
    for title in PLACE_TITLES.values():
        assert title in text


def test_what_a_key_does_is_beside_it_in_every_line() -> None:
    lines = help_text(60).plain.split("\n")
    at = next(place for place, line in enumerate(lines) if line.startswith("  /  "))
    assert lines[at].startswith("  /              Search tasks")
    assert lines[at + 1].startswith(" " * 17)
    assert lines[at + 1].strip()
    assert max(map(len, lines[: at + 2])) <= 60


async def test_it_opens_anywhere_scrolls_and_closes(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        for size in (80, 24), (120, 40):
            await pilot.resize_terminal(*size)
            await pilot.press("question_mark")
            await assert_shows(app, "Choosing a card")
            scroller = app.screen.query_one("#help")
            await pilot.press("j", "j", "k")
            await assert_soon(lambda scroller=scroller: scroller.scroll_offset.y == 1)
            await pilot.press("end")
            await assert_shows(app, "For screen readers")
            await pilot.press("question_mark")
            await assert_soon(lambda: not isinstance(app.screen, Help))
            assert "Domain" in shown(app)
