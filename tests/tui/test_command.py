"""Tests of `tui.command`: the names of keys as they are on a keyboard."""

from __future__ import annotations

from trainer.tui.command import Command


def test_keys_are_shown_as_they_are_typed() -> None:
    command = Command("exam", "help", ("question_mark", "f1"), "help", "", "Help.")
    assert (command.key, command.key_while_typing) == ("?", "f1")
    assert (Command("exam", "x", (), "", "X", "X.").key, command.keys[0]) == ("", "question_mark")
