"""Write a note on a card; closing keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import TextArea

from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import one_line
from trainer.tui.widgets.frame import Framed

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType


class NotePane(Vertical, Framed):
    """The text in its frame."""


class NoteScreen(ClosesItself, ModalScreen[None]):
    """A text that is kept however the screen is closed: escape, ctrl+s, or the end of the app."""

    CSS_PATH = "note.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+s", "close_note", show=False, priority=True),
    ]

    def __init__(self, title: str, text: str, keep: Callable[[str], object]) -> None:
        super().__init__()
        self._note_title = title
        self._text = text
        self._keep = keep

    def compose(self) -> ComposeResult:
        """The text, in a frame that says the key."""
        with NotePane(id="note", classes="frame") as pane:
            pane.put_title(one_line(f"Your note: {self._note_title}"), Content("esc keeps it and closes"))
            yield TextArea(self._text, id="note-text", soft_wrap=True)

    def on_mount(self) -> None:
        """Write at the end of what is there."""
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    def action_close_note(self) -> None:
        """Keep the text and close."""
        self._store()
        self.dismiss(None)

    async def may_leave(self) -> bool:
        """The app ends: keep the text."""
        self._store()
        return True

    def _store(self) -> None:
        self._keep(self.query_one(TextArea).text)
