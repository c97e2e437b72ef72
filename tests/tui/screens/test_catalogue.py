"""Tests of `tui.screens.catalogue`: the start."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.widgets import Input

from tests.tui.fake_session import NOON, RIGHT, FakeSession
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.errors import StoreError
from trainer.tui.app import TrainerApp
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.catalogue import Catalogue, first_widths
from trainer.tui.screens.help import Help
from trainer.tui.widgets.cards import CardList
from trainer.tui.widgets.domains import DomainList


def ids(app: TrainerApp) -> list[str | None]:
    return [option.id for option in app.screen.query_one(CardList).options if not option.disabled]


async def test_what_is_there_at_every_size(app: TrainerApp) -> None:
    always = ("cks-trainer", "ready 0%", "Make pod-ro", "easy", "15% of the exam", "? help")
    async with app.run_test(size=(80, 24)) as pilot:
        for width, height, words in (
            (80, 24, ("Today", "Domains", "Supply Chain", "RT4 Ensure")),
            (
                120,
                40,
                ("Today", "15%", "─────", "RT4 Ensure immutability of containers", "It runs sleep 1d."),
            ),
            (
                200,
                50,
                ("Today", "Competencies", "CS5 Verify platform binaries", "no card", "It runs sleep 1d."),
            ),
            (60, 20, ("Today",)),
            (60, 12, ()),
        ):
            await pilot.resize_terminal(width, height)
            await assert_soon(lambda width=width: app.screen.size.width == width)
            await pilot.pause()
            text = shown(app)
            for one in (*always, *words):
                assert one in text, f"{one} at {width}x{height}:\n{text}"
            assert all(cell_len(line) <= width for line in text.splitlines())
            assert app.screen.query_one(CardList).region.height >= 6


async def test_search_finds_by_name_title_topic_and_level(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"cluster set")
        await assert_soon(lambda: ids(app) == ["np-and-or"])
        await pilot.press("enter")
        assert isinstance(app.focused, CardList)
        await pilot.press("escape")
        await assert_soon(lambda: len(ids(app)) == 3)
        await pilot.press("slash", *"[red] zzz")
        await assert_shows(app, "No card matches '[red] zzz'.")
        await pilot.press("escape")
        assert not app.screen.query_one(Input).display
        assert len(ids(app)) == 3


async def test_keys_are_letters_in_the_search_and_the_footer_shows_those_that_work(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", "q", "question_mark")
        assert app.screen.query_one(Input).value == "q?"
        assert isinstance(app.screen, Catalogue)
        await pilot.press("escape", "slash")
        await assert_shows(app, "enter to the cards  esc end search  f1 help")
        assert "n next" not in shown(app)
        await pilot.press("enter")
        await assert_shows(app, "enter open  / search  n next")
        await pilot.press("slash", "escape")
        await assert_shows(app, "enter open  / search  n next")


async def test_enter_opens_and_the_progress_is_new_on_return(app: TrainerApp, session: FakeSession) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        session.write(session.catalogue.cards[0], "pod.yaml", RIGHT)
        await assert_shows(app, "PASSED")
        await pilot.press("escape")
        await assert_shows(app, "✓ Make pod-ro read-only")
        await assert_shows(app, "ready 2%")


async def test_the_mouse_chooses_and_opens(app: TrainerApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.click(CardList, offset=(15, 5))
        await assert_soon(lambda: isinstance(app.screen, CardScreen) and app.screen.card.id == "np-and-or")


async def test_all_passed(app: TrainerApp, session: FakeSession) -> None:
    for one in session.catalogue.cards:
        session.start(one)
        session.write(one, "pod.yaml", RIGHT)
        session.grade(one)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("n")
        await assert_shows(app, "There is nothing else to do")


async def test_no_cards_at_all(tmp_path: Path) -> None:
    session = FakeSession(tmp_path)
    session.catalogue.cards = ()
    app = TrainerApp(session)  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        assert "No cards yet." in shown(app)
        await pilot.press("enter", "n", "slash", "escape")
        assert isinstance(app.screen, Catalogue)


async def test_without_a_progress_the_cards_are_there(
    app: TrainerApp, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise StoreError("cannot read the progress: [disk]")

    monkeypatch.setattr(session, "overview", broken)
    monkeypatch.setattr(session, "states", broken)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await assert_shows(app, "[disk]")
        assert ids(app) == ["pod-ro", "immutable-httpd", "np-and-or"]
        await pilot.press("p")
        assert isinstance(app.screen, Catalogue)


async def test_next_follows_the_plan_and_the_cursor_follows(app: TrainerApp, session: FakeSession) -> None:
    plan = [step.state.card.id for step in session.overview().plan.steps]
    async with app.run_test(size=(80, 24)) as pilot:
        for name in plan[:2]:
            await pilot.press("n")
            await assert_soon(
                lambda name=name: isinstance(app.screen, CardScreen) and app.screen.card.id == name
            )
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, Catalogue))
        state = app.screen.query_one(CardList).state
        assert state is not None
        assert state.card.id == plan[1]


async def test_the_cursor_goes_back_to_a_card_once_and_then_stays(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await assert_soon(lambda: isinstance(app.screen, CardScreen))
        await pilot.press("escape", "down", "question_mark")
        await assert_soon(lambda: isinstance(app.screen, Help))
        await pilot.press("escape")
        await assert_soon(lambda: isinstance(app.screen, Catalogue))
        state = app.screen.query_one(CardList).state
        assert state is not None
        assert state.card.id == ids(app)[1]


async def test_the_order_is_remembered_and_v_starts_over(app: TrainerApp, session: FakeSession) -> None:
    session.start(session.catalogue.cards[1])
    session.write(session.catalogue.cards[1], "pod.yaml", RIGHT)
    session.grade(session.catalogue.cards[1])
    async with app.run_test(size=(80, 24)) as pilot:
        assert ids(app)[0] == "pod-ro"
        await pilot.press("o", "o")
        assert ids(app)[0] == "immutable-httpd", "the only one with a result"
        await assert_shows(app, "o weakest first")
        assert session.choices == {"sort": "weakest"}
        await pilot.press("home", "v")
        await assert_soon(
            lambda: isinstance(app.screen, CardScreen) and app.screen.card.id == "immutable-httpd"
        )
        assert not (session.folder(session.catalogue.cards[1]) / "pod.yaml").exists()
        # one that was never tried is only opened
        await pilot.press("escape", "down", "v")
        await assert_soon(lambda: isinstance(app.screen, CardScreen) and app.screen.card.id == "pod-ro")
        assert not session.started(session.catalogue.cards[0])
    again = TrainerApp(session, clock=lambda: NOON)  # type: ignore[arg-type]
    async with again.run_test(size=(80, 24)):
        await assert_shows(again, "o weakest first")


async def test_the_search_finds_what_list_finds(app: TrainerApp, session: FakeSession) -> None:
    """In tasks and checks, and by the learner's status."""
    session.write(session.catalogue.cards[0], "pod.yaml", RIGHT)
    session.grade(session.catalogue.cards[0])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"sleep 1d")
        await assert_soon(lambda: len(ids(app)) == 3)
        for word, names in (("passed", ["pod-ro"]), ("new", ["immutable-httpd", "np-and-or"])):
            app.screen.query_one(Input).value = word
            await assert_soon(lambda names=names: sorted(map(str, ids(app))) == names)


async def test_the_first_frame_has_the_widths_of_the_layout(app: TrainerApp) -> None:
    for width in (60, 80, 109, 120, 159, 160, 200):
        again = TrainerApp(app.session, clock=lambda: NOON)
        async with again.run_test(size=(width, 24)):
            domains, cards = again.screen.query_one(DomainList), again.screen.query_one(CardList)
            guessed = first_widths(width)
            assert cards.scrollable_content_region.width - guessed[1] in (0, 1), width
            assert width < 72 or domains.scrollable_content_region.width - guessed[0] in (0, 1), width
