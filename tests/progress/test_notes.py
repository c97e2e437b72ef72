"""Tests of `progress.notes`: a note and a bookmark for a card."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from trainer.progress.notes import Note, keep, note_on, notes
from trainer.progress.store import Store


def test_notes_and_bookmarks_are_kept_replaced_and_removed(tmp_path: Path) -> None:
    file = tmp_path / "p.db"
    with closing(Store.open(file)) as store:
        assert note_on(store, "pod-ro") == Note()
        keep(store, "pod-ro", Note("  two\nlines \n"))
        keep(store, "np-and-or", Note(bookmark=True))
        keep(store, "other", Note("x", bookmark=True))
        keep(store, "other", Note(" \n"))
    with closing(Store.open(file)) as store:
        assert notes(store) == {"pod-ro": Note("two\nlines"), "np-and-or": Note("", bookmark=True)}
        assert note_on(store, "pod-ro") == Note("two\nlines")
        assert note_on(store, "other") == Note()
