"""Tests of `tui.card_commands`: the keys of a card."""

from __future__ import annotations

from collections import Counter

from trainer.tui.card_commands import CARD
from trainer.tui.commands import COMMANDS


def test_the_rows_of_a_card_are_in_the_table_and_no_key_does_two_things() -> None:
    assert set(CARD) <= set(COMMANDS)
    assert {command.place for command in CARD} == {"card"}
    keys = Counter(key for command in CARD for key in command.keys)
    assert [key for key, count in keys.items() if count > 1] == []
