"""Tests of `tui.screens.rate`: from the list of cards; each rating says when the card comes back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.tui.screens.test_card_pass import answered
from tests.tui.showing import assert_shows, assert_soon, assert_told, shown
from tests.tui.sitting_session import AT, real_session
from trainer.session.review import Rating
from trainer.tui.app import TrainerApp
from trainer.tui.screens.catalogue import Catalogue
from trainer.tui.screens.rate import RateScreen
from trainer.tui.widgets.cards import CardList


async def test_the_highlighted_card_is_rated_and_stays_highlighted(tmp_path: Path) -> None:
    session = real_session(tmp_path)
    answered(session)
    session.grade(session.card("tiny-pod"), seconds=60.0)
    app = TrainerApp(session, clock=lambda: datetime.fromtimestamp(AT).astimezone())
    async with app.run_test(size=(80, 24)) as pilot:
        await assert_shows(app, "Today")
        row = app.screen.query_one(CardList)
        while row.state is None or row.state.card.id != "tiny-pod":
            await pilot.press("j")
        await pilot.press("a")
        await assert_soon(lambda: isinstance(app.screen, RateScreen))
        text = shown(app)
        assert all(f"{int(one)}  {one.word}" in text for one in Rating)
        assert "1  again  tomorrow" in text
        await pilot.press("home", "enter")
        await assert_told(app, "Rated again: the card comes back tomorrow.")
        assert isinstance(app.screen, Catalogue)
        await assert_shows(app, "nothing today; next tomorrow")
        assert app.screen.query_one(CardList).state.card.id == "tiny-pod"
        for leave in ("escape", "q"):
            await pilot.press("a", leave)
            assert isinstance(app.screen, Catalogue)
        review = session.last_review("tiny-pod")
        assert review is not None
        assert review.rating is Rating.AGAIN
    session.close()
