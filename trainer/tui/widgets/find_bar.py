"""The line below the editor in which one types what to find, or the number of a line to go to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Input, Static
from textual.widgets.text_area import Selection

from trainer.tui.text import literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.tui.keystrokes import Place
    from trainer.tui.widgets.editor import Editor

MOST_FOUND = 10_000
"""More places than this are not counted."""


class FindBar(Horizontal):
    """Finds words in an editor as they are typed, and goes to a line by its number; hidden until opened."""

    DEFAULT_CSS = """
    FindBar { height: 1; display: none; background: $panel; padding: 0 1; }
    FindBar.-open { display: block; }
    FindBar Static { width: auto; }
    FindBar Input, FindBar Input:focus { border: none; height: 1; width: 1fr; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "close", show=False),
        Binding("f3,down", "step(1)", show=False),
        Binding("shift+f3,up", "step(-1)", show=False),
    ]

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self._what: Literal["words", "line"] = "words"
        self._words = ""
        self._from: Place = (0, 0)

    def compose(self) -> ComposeResult:
        """What to type, the text that is typed, and what was found."""
        yield Static("Find", id="find-label", markup=False)
        yield Input(id="find-text")
        yield Static(id="find-count", markup=False)

    def ask(self, what: Literal["words", "line"]) -> None:
        """Ask for words to find, or for the number of a line."""
        selected = self._editor.selected_text
        self._what = what
        self._from = min(self._editor.selection)
        self.add_class("-open")
        typed = self.query_one(Input)
        self.query_one("#find-label", Static).update("Find" if what == "words" else "Go to line")
        words = selected if selected and "\n" not in selected else self._words
        with typed.prevent(Input.Changed):
            typed.value = words if what == "words" else ""
        typed.action_select_all()
        self.screen.set_focus(typed)
        self._tell()

    def step(self, by: Literal[1, -1]) -> None:
        """Select the next (1) or the previous (-1) place of the words; after the last comes the first."""
        found = self._found()
        if found:
            start = min(self._editor.selection)
            later = [p for p in found if p > start] if by > 0 else [p for p in found if p < start]
            around = found[0] if by > 0 else found[-1]
            self._select((later[0] if by > 0 else later[-1]) if later else around)
        self._tell()

    def action_step(self, by: Literal[1, -1]) -> None:
        """The next or the previous place."""
        if self._what == "words":
            self.step(by)

    def action_close(self) -> None:
        """Hide the line and go back to the text."""
        self.remove_class("-open")
        self.screen.set_focus(self._editor)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Select the first place from where the search began; without one, go back there."""
        event.stop()
        if self._what == "words":
            self._words = event.value
            found = self._found()
            if found:
                self._select(next((place for place in found if place >= self._from), found[0]))
            else:
                self._editor.move_cursor(self._from)
        self._tell()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: the next place, or the line."""
        event.stop()
        if self._what == "words":
            self._words = event.value
            self.step(1)
            return
        digits = event.value.strip()
        if digits.isascii() and digits.isdigit():
            self._editor.go_to(int(digits[:9]))
        self.action_close()

    def _found(self) -> list[Place]:
        return places(self._editor.document.lines, self._words)

    def _select(self, place: Place) -> None:
        row, column = place
        self._editor.move_cursor(place, center=True)
        self._editor.selection = Selection(place, (row, column + len(self._words)))

    def _tell(self) -> None:
        if self._what == "line":
            words = f"1 to {self._editor.document.line_count}"
        else:
            found = self._found()
            here = min(self._editor.selection)
            number = found.index(here) + 1 if here in found else 0
            words = f"{number} of {len(found)}" if found else "not found" if self._words else ""
        self.query_one("#find-count", Static).update(literal(words))


def places(lines: Sequence[str], words: str) -> list[Place]:
    """Where words are in a text: rows and columns. Capital letters count if the words have one.

    >>> places(["Pod pod", "pods"], "pod"), places(["Pod pod"], "Pod")
    ([(0, 0), (0, 4), (1, 0)], [(0, 0)])
    """
    if not words:
        return []
    pattern = re.compile(re.escape(words), re.IGNORECASE if words == words.lower() else 0)
    found: list[Place] = []
    for row, line in enumerate(lines):
        found += [(row, match.start()) for match in pattern.finditer(line)]
        if len(found) > MOST_FOUND:
            return found[:MOST_FOUND]
    return found
