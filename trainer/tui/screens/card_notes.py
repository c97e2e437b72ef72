"""The part of the card screen for what learners keep themselves: a note and a bookmark."""

from __future__ import annotations

import msgspec

from trainer.progress.notes import Note
from trainer.tui.screens.card_base import CardBase
from trainer.tui.widgets.prompt import PromptView


class KeepsNotes(CardBase):
    """The note is shown at the end of the task; the list of cards has a sign for it, and for the bookmark."""

    def show_stored_note(self) -> None:
        """Show the note that was written earlier, if any."""
        note = self._do(lambda: self._session.note(self.card))
        if note is not None:
            self.query_one(PromptView).show_note(note.text)

    def action_note(self) -> None:
        """Write a note."""
        from trainer.tui.screens.note import NoteScreen

        note = self._do(lambda: self._session.note(self.card))
        if note is not None:
            self.app.push_screen(NoteScreen(self.card.title, note.text, self._keep_text))

    def action_bookmark(self) -> None:
        """Bookmark the card, or remove the bookmark."""
        note = self._do(lambda: self._session.note(self.card))
        if note is None:
            return
        changed = msgspec.structs.replace(note, bookmark=not note.bookmark)
        if self._keep(changed):
            self._host.tell("Bookmarked: ★ in the list." if changed.bookmark else "The bookmark is removed.")

    def _keep_text(self, text: str) -> None:
        before = self._do(lambda: self._session.note(self.card))
        if before is not None and text.strip() != before.text:
            self._keep(msgspec.structs.replace(before, text=text))

    def _keep(self, note: Note) -> bool:
        """Store the note and show it; False, and why, if that fails."""

        def store() -> bool:
            self._session.keep_note(self.card, note)
            return True

        if not self._do(store):
            return False
        self.query_one(PromptView).show_note(note.text.strip())
        return True
