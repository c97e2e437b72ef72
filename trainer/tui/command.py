"""One row of the command table: what a key does in a place."""

from __future__ import annotations

from typing import Literal

import msgspec

Place = Literal[
    "app",
    "list",
    "catalogue",
    "searching",
    "card",
    "editing",
    "typing",
    "solution",
    "given",
    "links",
    "progress",
    "dialog",
    "exam",
    "exam-editing",
    "exam-report",
    "exams",
]

KEY_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "escape": "esc",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "ctrl+underscore": "ctrl+/",
    "ctrl+@": "ctrl+space",
}
"""Names of keys in Textual, and as they are on a keyboard."""


class Command(msgspec.Struct, frozen=True):
    """One thing that can be done in one place.

    `keys` are Textual's names; the first one is shown. `footer` is the word in the footer (empty:
    not shown), `palette` the plain English name in the palette (empty: not shown), `help` the
    sentence of the help screen.
    """

    place: Place
    action: str
    keys: tuple[str, ...]
    footer: str
    palette: str
    help: str

    @property
    def key(self) -> str:
        """The key as it is shown: `?`, `ctrl+p`, `esc`."""
        return KEY_NAMES.get(self.keys[0], self.keys[0]) if self.keys else ""

    @property
    def key_while_typing(self) -> str:
        """The key that works while letters are text: `f1` for `?`, `ctrl+q` for `q`."""
        names = [KEY_NAMES.get(key, key) for key in self.keys]
        return next((name for name in names if len(name) > 1), "")
