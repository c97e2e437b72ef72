"""Tests of `tui.widgets.footer`: the footer."""

from __future__ import annotations

import pytest

from tests.tui.fake_session import FakeSession
from trainer.tui.app import TrainerApp
from trainer.tui.commands import commands_of
from trainer.tui.screens.help import Help
from trainer.tui.widgets.footer import KeysBar, footer_content


@pytest.mark.parametrize("width", [30, 60, 79, 110])
def test_it_fits_and_keeps_the_way_back_and_the_help(width: int) -> None:
    content = footer_content("card", width)
    assert content.cell_length <= width
    assert "esc back" in content.plain
    assert "? help" in content.plain


def test_at_80_columns_every_key_of_a_card_is_there() -> None:
    plain = footer_content("card", 79).plain
    for command in commands_of("card"):
        if command.footer:
            assert f"{command.key} {command.footer}" in plain


def test_wide_it_has_the_apps_keys_too() -> None:
    assert footer_content("card", 118).plain.endswith("? help  ctrl+p palette  q quit")


async def test_a_click_on_a_key_does_what_the_key_does(app: TrainerApp, session: FakeSession) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        place = footer_content("catalogue", 79).plain.index("? help")
        await pilot.click(KeysBar, offset=(place + 2, 0))
        await pilot.pause()
        assert isinstance(app.screen, Help)
