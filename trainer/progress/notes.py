"""What learners keep for themselves about a card: a note and a bookmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from trainer.progress.store import Store


class Note(msgspec.Struct, frozen=True):
    """The note on a card, empty if none was written, and whether the card is bookmarked."""

    text: str = ""
    bookmark: bool = False


def notes(store: Store) -> dict[str, Note]:
    """The notes and bookmarks by card ID; a card without either isn't among them. Raises `StoreError`."""
    with store.reading() as db:
        rows = db.execute("SELECT card, text, bookmark FROM notes").fetchall()
    return {card: Note(text, bool(bookmark)) for card, text, bookmark in rows}


def note_on(store: Store, card: str) -> Note:
    """The note and the bookmark of one card. Raises `StoreError`."""
    with store.reading() as db:
        row = db.execute("SELECT text, bookmark FROM notes WHERE card = ?", (card,)).fetchone()
    return Note(row[0], bool(row[1])) if row else Note()


def keep(store: Store, card: str, note: Note) -> None:
    """Replace the note and the bookmark of a card; an empty one is removed. Raises `StoreError`."""
    with store.writing() as db:
        db.execute("DELETE FROM notes WHERE card = ?", (card,))
        if note.text.strip() or note.bookmark:
            db.execute(
                "INSERT INTO notes VALUES (?, ?, ?, ?)",
                (card, note.text.strip(), int(note.bookmark), store.now()),
            )
