"""Tests of `tui.screens.card_notes`: a note and a bookmark for a card."""

from __future__ import annotations

import pytest

from tests.tui.fake_session import FakeSession
from tests.tui.screens.opened import opened
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.errors import StoreError
from trainer.progress.notes import Note
from trainer.tui.app import TrainerApp
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.note import NoteScreen


async def test_a_note_and_a_bookmark_are_kept_and_shown(app: TrainerApp, session: FakeSession) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        await pilot.press("m")
        await assert_soon(lambda: isinstance(app.screen, NoteScreen))
        await pilot.press(*"[red]qz", "escape")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        assert session.notes["pod-ro"] == Note("[red]qz")
        await pilot.press("b", "1", "G")
        await assert_shows(app, "Your note")
        assert "[red]qz" in shown(app)
        assert session.notes["pod-ro"] == Note("[red]qz", bookmark=True)
        await pilot.press("m")
        await assert_soon(lambda: isinstance(app.screen, NoteScreen))
        await pilot.press("!", "ctrl+s")
        await assert_soon(lambda: session.notes["pod-ro"] == Note("[red]qz!", bookmark=True))
        await pilot.press("escape")
        await assert_shows(app, "Make pod-ro read-only ★ ✎")
        await opened(app, pilot)
        await pilot.press("b")
        await assert_soon(lambda: session.notes["pod-ro"] == Note("[red]qz!"))
        await pilot.press("escape")
        await assert_shows(app, "Make pod-ro read-only ✎")


async def test_what_cannot_be_stored_is_told(
    app: TrainerApp, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StoreError("cannot write the progress")

    monkeypatch.setattr(session, "keep_note", refuse)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await opened(app, pilot)
        await pilot.press("b")
        await assert_shows(app, "cannot write the progress")
