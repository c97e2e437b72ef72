"""The words that fit at the cursor: chosen with the arrows, and inserted with tab or enter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual.content import Content
from textual.widgets import Static

from trainer.tui.text import MUTED, columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.manifests.schema.complete import Proposal

ROWS = 8
"""Words that are shown at once."""

Answer = Literal["taken", "kept", "other"]
"""What a key did: the word was chosen; the list took the key; the key belongs to the editor."""


class Completion(Static):
    """A list that never has the focus: the editor offers it each key first. Hidden while it is empty."""

    DEFAULT_CSS = """
    Completion { height: auto; display: none; background: $panel; color: $foreground; padding: 0 1; }
    Completion.-open { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.words: Sequence[Proposal] = ()
        self._at = 0

    @property
    def is_open(self) -> bool:
        """Whether there is something to choose."""
        return bool(self.words)

    @property
    def chosen(self) -> Proposal:
        """The highlighted word."""
        return self.words[self._at]

    def offer(self, words: Sequence[Proposal]) -> None:
        """Show these words; none closes the list. The highlight stays on its word."""
        before = self.chosen.word if self.words else ""
        self._at = next((n for n, one in enumerate(words) if one.word == before), 0)
        self.words = words
        self.set_class(bool(words), "-open")
        self._show()

    def key(self, name: str) -> Answer:
        """What a key of the editor does to the list."""
        if not self.words:
            return "other"
        if name in ("tab", "enter"):
            return "taken"
        steps = {"down": 1, "up": -1, "pagedown": ROWS, "pageup": -ROWS}
        if name in steps:
            step, last = steps[name], len(self.words) - 1
            self._at = (
                (self._at + step) % (last + 1) if abs(step) == 1 else min(max(self._at + step, 0), last)
            )
            self._show()
            return "kept"
        if name == "escape":
            self.offer(())
            return "kept"
        return "other"

    def on_resize(self) -> None:
        """Fit the notes to another width."""
        self._show()

    def _show(self) -> None:
        first = min(max(self._at - ROWS // 2, 0), max(len(self.words) - ROWS, 0))
        rows = self.words[first : first + ROWS]
        width = max((len(one.word) for one in rows), default=0)
        room = max(self.content_size.width or self.app.size.width // 2, 20)
        width = min(width, room // 2)
        lines = []
        for number, one in enumerate(rows, first):
            here = number == self._at
            sign = "▸ " if here else "  "
            note = columns(one.note, room - width - 4)
            style = "bold reverse" if here else ""
            lines.append(Content.assemble((f"{sign}{columns(one.word, width)}", style), "  ", (note, MUTED)))
        if len(self.words) > ROWS:
            lines.append(Content.styled(f"  {self._at + 1} of {len(self.words)}", MUTED))
        self.update(Content("\n").join(lines))
