"""Other words by which people look for a command in the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer.tui.command import Command

_SYNONYMS = {
    "reset": "restart redo retry again begin",
    "choose_theme": "appearance look style dark light contrast blind scheme",
    "theme": "colors appearance look style mode",
    "copy": "clipboard yank text",
    "copy_all": "clipboard yank file yaml",
    "paste": "clipboard insert",
    "edit": "vim vi nano external answer file",
    "write": "type open write built-in",
    "grade": "check test submit verify run",
    "hint": "tip clue help",
    "solution": "answer reveal reference key",
    "difference": "compare diff",
    "discard": "revert undo unsaved restore",
    "find": "search look",
    "explain": "documentation docs describe kubectl field help",
    "complete": "autocomplete suggest",
    "help": "keys shortcuts keyboard bindings",
    "quit": "exit leave close stop",
    "save": "write store",
    "progress": "statistics score readiness results",
    "cluster": "live kubernetes",
    "rate": "rating review schedule fsrs easy hard good again",
    "drill": "exam short test timed minutes domain practice",
    "next_card": "skip following",
    "back": "leave close return list",
    "about": "version license",
}
"""By action: other words by which people look for it."""


def synonyms_of(command: Command) -> str:
    """Other words by which people look for a command."""
    return _SYNONYMS.get(command.action.partition("(")[0], "")
