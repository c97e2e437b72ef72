"""Tests of `tui.synonyms`: other words for commands."""

from __future__ import annotations

from trainer.tui.commands import COMMANDS
from trainer.tui.synonyms import _SYNONYMS, synonyms_of


def test_every_entry_is_for_a_command_of_the_palette() -> None:
    offered = {command.action.partition("(")[0]: command for command in COMMANDS if command.palette}
    assert [action for action in _SYNONYMS if action not in offered and action != "back"] == []
    assert "restart" in synonyms_of(offered["reset"]).split()
    assert synonyms_of(offered["write"]) != synonyms_of(offered["edit"])
