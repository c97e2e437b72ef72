"""Tests of `tui.screens.card_pass`: after a pass, when the card comes back and what is next; on a real session."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.tui.showing import assert_shows, assert_soon, assert_told, shown
from tests.tui.sitting_session import AT, real_session, reference
from trainer.errors import StoreError
from trainer.session import Session
from trainer.tui.app import TrainerApp
from trainer.tui.screens.rate import RateScreen


def answered(session: Session) -> None:
    """The answer to the first card is saved, and right."""
    card = session.card("tiny-pod")
    session.start(card)
    session.write(card, "pod.yaml", card.wording.text(reference("tiny-pod")))


async def test_a_pass_names_the_review_and_the_next_card_and_the_rating_changes_it(tmp_path: Path) -> None:
    session = real_session(tmp_path)
    answered(session)
    at = datetime.fromtimestamp(AT).astimezone()
    app = TrainerApp(session, clock=lambda: at, first_card="tiny-pod")
    async with app.run_test(size=(80, 24)) as pilot:
        await assert_shows(app, "tiny-pod")
        await pilot.press("a")
        await assert_told(app, "There is nothing to rate: save an answer first.")
        await pilot.press("r")
        await assert_shows(app, "✓ Passed")
        text = shown(app)
        assert "Back in " in text
        assert "rated easy, a changes that" in text
        other = session.card("tiny-space")
        assert f"n next: {other.title} · {other.minutes} min" in text
        await pilot.press("a")
        await assert_soon(lambda: isinstance(app.screen, RateScreen))
        await assert_shows(app, "How well did you know it?")
        assert "now: easy, by result, time and help · esc keeps it" in shown(app)
        days = session.days_if_rated("tiny-pod")
        assert sorted(days.values()) == list(days.values())
        await pilot.press("2")
        await assert_shows(app, "you rated it hard, a changes that")
        review = session.last_review("tiny-pod")
        assert review is not None
        assert (review.rating.word, review.chosen) == ("hard", True)
        await pilot.press("a")
        await assert_shows(app, "now: hard, as you rated it")
        await pilot.press("escape")
        await pilot.press("n")
        await assert_shows(app, other.title)
    session.close()


async def test_what_cannot_be_read_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = real_session(tmp_path)
    answered(session)
    app = TrainerApp(session, first_card="tiny-pod")

    def broken(name: str) -> None:
        raise StoreError("the disk is gone")

    async with app.run_test(size=(120, 40)) as pilot:
        await assert_shows(app, "tiny-pod")
        monkeypatch.setattr(session, "last_review", broken)
        await pilot.press("r")
        await assert_shows(app, "✓ Passed")
        assert "Back in" not in shown(app)
        await assert_told(app, "the disk is gone")
        await pilot.press("a")
        await pilot.pause()
        assert not isinstance(app.screen, RateScreen)
    session.close()
