"""Tests of `tui.widgets.today`: what there is to do now."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from rich.cells import cell_len

from tests.tui.fake_session import NOON, RIGHT, WRONG, FakeSession, card
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.session.plan import Goal, make_plan
from trainer.session.review import Due
from trainer.tui.app import TrainerApp
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.catalogue import Catalogue
from trainer.tui.widgets.today import Today, pace, today_lines

TODAY = NOON.date()


def tried(tmp_path: Path) -> FakeSession:
    """One card in progress, one due, one that failed some days ago, one new, one that comes later."""
    names = ("left", "due", "failed", "new", "later")
    session = FakeSession(tmp_path, tuple(card(name, title=f"The {name} one") for name in names))
    for name, text in (("failed", WRONG), ("left", WRONG), ("due", RIGHT), ("later", RIGHT)):
        one = session.card(name)
        session.start(one)
        session.write(one, "pod.yaml", text)
        session.grade(one)
    session.due = (
        Due("due", 0.0, TODAY - timedelta(days=2), ()),
        Due("failed", 1.0, TODAY + timedelta(days=1), ("pod-exists",)),
        Due("later", 2.0, TODAY + timedelta(days=5), ()),
    )
    return session


def test_each_line_says_what_and_how_much(tmp_path: Path) -> None:
    lines = dict(today_lines(tried(tmp_path).overview(), 70))
    assert list(lines) == ["continue", "due", "weak", "new"]
    for kind, line in lines.items():
        assert cell_len(line.plain) == 70
        assert line.plain.lower().startswith(kind)
    assert lines["continue"].plain.endswith("0 of 2 checks · 4 min")
    assert "The due one" in lines["due"].plain
    assert lines["due"].plain.endswith("1 card · about 4 min")
    assert "The failed one" in lines["weak"].plain
    assert lines["new"].plain.endswith("1 card today · 4 min")
    assert {cell_len(line.plain) for _, line in today_lines(tried(tmp_path).overview(), 50)} == {50}


def test_without_anything_due_it_says_when(tmp_path: Path) -> None:
    session = tried(tmp_path)
    session.due = session.due[2:]
    assert dict(today_lines(session.overview(), 60))["due"].plain == "Due       nothing today; next in 5 days"
    session.due = ()
    assert "due" not in dict(today_lines(session.overview(), 60))


def test_the_pace(tmp_path: Path) -> None:
    states = tried(tmp_path).states()
    for exam, minutes, words in (
        (None, 30, "30 min a day"),
        (TODAY + timedelta(days=2), 3, "3 min a day · every card before the exam: 6"),
        (TODAY + timedelta(days=2), 6, "6 min a day"),
        (date(2020, 1, 1), 1, "1 min a day"),
    ):
        assert pace(make_plan(states, (), TODAY, Goal(exam, minutes))) == words


async def test_a_click_on_a_line_starts_it(tmp_path: Path) -> None:
    session = tried(tmp_path)
    app = TrainerApp(session, clock=lambda: NOON)  # type: ignore[arg-type]
    async with app.run_test(size=(120, 40)) as pilot:
        await assert_shows(app, "Continue")
        await pilot.click(Today, offset=(20, 2))
        await assert_soon(lambda: isinstance(app.screen, CardScreen) and app.screen.card.id == "due")
        assert not (session.folder(session.card("due")) / "pod.yaml").exists(), "a review starts over"
        await pilot.press("escape")
        await assert_shows(app, "Today")
        await pilot.click(Today, offset=(20, 3))
        await assert_soon(lambda: isinstance(app.screen, CardScreen) and app.screen.card.id == "failed")


async def test_nothing_left_to_do(tmp_path: Path) -> None:
    session = FakeSession(tmp_path, (card(),))
    session.start(session.card("pod-ro"))
    session.write(session.card("pod-ro"), "pod.yaml", RIGHT)
    session.grade(session.card("pod-ro"))
    app = TrainerApp(session, clock=lambda: NOON)  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await assert_shows(app, "Every card has passed, and none is due.")
        today = app.screen.query_one(Today)
        assert today.region.height == 5, "nothing below moves"
        await pilot.click(Today, offset=(20, 1))
        await pilot.press("n")
        await assert_shows(app, "There is nothing else to do")
        assert "0 of 1 card passed" not in shown(app)


async def test_the_first_start_says_what_will_be_there_and_a_click_on_that_does_nothing(
    tmp_path: Path,
) -> None:
    app = TrainerApp(FakeSession(tmp_path), clock=lambda: NOON)  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        await assert_shows(app, "Due       nothing yet; a card comes back")
        await assert_shows(app, "Weak      nothing yet; cards whose checks failed")
        await pilot.click(Today, offset=(20, 1))
        await pilot.pause()
        assert isinstance(app.screen, Catalogue)
        await pilot.click(Today, offset=(20, 3))
        await assert_soon(lambda: isinstance(app.screen, CardScreen))


async def test_that_nothing_is_due_gives_way_to_what_can_be_done(tmp_path: Path) -> None:
    session = tried(tmp_path)
    session.due = session.due[1:]
    app = TrainerApp(session, clock=lambda: NOON)  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        await assert_shows(app, "│ New  ")
        assert "nothing today" not in shown(app)
        await pilot.resize_terminal(80, 40)
    app = TrainerApp(session, clock=lambda: NOON)  # type: ignore[arg-type]
    async with app.run_test(size=(80, 40)):
        await assert_shows(app, "nothing today; next tomorrow")
