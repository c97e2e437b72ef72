"""Tests of `tui.screens.catalogue`: the start."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.tui.fake_session import HOSTILE, NOON, RIGHT, FakeSession, card
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.errors import StoreError
from trainer.session import AttemptSummary, CardState
from trainer.tui.app import TrainerApp
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.catalogue import Catalogue, preview
from trainer.tui.widgets.cards import CardList


def ids(app: TrainerApp) -> list[str | None]:
    return [option.id for option in app.screen.query_one(CardList).options if not option.disabled]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20), (200, 60)])
async def test_domains_cards_and_preview_are_there_at_every_size(
    app: TrainerApp, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size):
        text = shown(app)
        for words in (
            "cks-trainer",
            "mastered 0%",
            "Cluster Setup",
            "15%",
            "pod-ro",
            "easy",
            "RT4 Ensure immutability",
            "? help",
        ):
            assert words in text, words
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_from_110_columns_on_the_lists_stand_side_by_side(app: TrainerApp) -> None:
    async with app.run_test(size=(109, 30)) as pilot:
        assert app.screen.query_one("#right").region.x == 0
        await pilot.resize_terminal(110, 30)
        await assert_soon(lambda: app.screen.query_one("#right").region.x == 50)
        await assert_shows(app, "Domain")


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


async def test_q_is_a_letter_in_the_search(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", "q", "question_mark")
        assert app.screen.query_one(Input).value == "q?"
        assert isinstance(app.screen, Catalogue)


async def test_the_footer_shows_the_keys_that_work_in_the_search(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash")
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
        await assert_shows(app, "✓ passed  pod-ro")
        await pilot.press("n")
        await assert_soon(
            lambda: isinstance(app.screen, CardScreen) and app.screen.card.id == "immutable-httpd"
        )


async def test_the_mouse_chooses_and_opens(app: TrainerApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.click(CardList, offset=(15, 2))
        await assert_soon(lambda: isinstance(app.screen, CardScreen) and app.screen.card.id == "np-and-or")


async def test_all_passed(app: TrainerApp, session: FakeSession) -> None:
    for one in session.catalogue.cards:
        session.start(one)
        session.write(one, "pod.yaml", RIGHT)
        session.grade(one)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("n")
        await assert_shows(app, "You have passed every card.")


async def test_no_cards_at_all(tmp_path: Path) -> None:
    session = FakeSession(tmp_path)
    session.catalogue.cards = ()
    app = TrainerApp(session)  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        assert "No cards yet." in shown(app)
        await pilot.press("enter", "n", "slash", "escape")
        assert isinstance(app.screen, Catalogue)


def test_the_preview_says_the_last_try() -> None:
    last = AttemptSummary(2, NOON.timestamp() - 86400, 2, 5, 2, 3, passed=False)
    prompt = "Create Pod `pod-ro`\nin Namespace `sun`.\n\n- It runs `sleep 1d`.\n- It is **read-only**."
    tried = CardState(card(title=HOSTILE, prompt=prompt), "partial", 2, 40, last)
    text = preview(tried, NOON).plain
    assert text.splitlines()[0].startswith("[red]evil[/] [@click=app.quit]x[/]")
    assert text.splitlines()[1].endswith("runtime · 5 points · last try yesterday: 2 of 3 checks")
    assert text.splitlines()[2:] == [
        "Create Pod pod-ro in Namespace sun.",
        "- It runs sleep 1d.",
        "- It is read-only.",
    ]


async def test_without_a_progress_the_cards_are_there(
    app: TrainerApp, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise StoreError("cannot read the progress: [disk]")

    monkeypatch.setattr(session, "states", broken)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await assert_shows(app, "[disk]")
        assert ids(app) == ["pod-ro", "immutable-httpd", "np-and-or"]
        await pilot.press("p")
        assert isinstance(app.screen, Catalogue)


async def test_next_opens_the_first_card_first_and_the_cursor_follows(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        first, second = ids(app)[:2]
        for name in (first, second):
            await pilot.press("n")
            await assert_soon(lambda: isinstance(app.screen, CardScreen))
            assert isinstance(app.screen, CardScreen)
            assert app.screen.card.id == name
            await pilot.press("escape")
            await assert_soon(lambda: isinstance(app.screen, Catalogue))
            state = app.screen.query_one(CardList).state
            assert state is not None
            assert state.card.id == name


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
