"""Tests of `tui.widgets.cards`: the list of cards."""

from __future__ import annotations

from pathlib import Path

from rich.cells import cell_len

from tests.tui.fake_session import HOSTILE, RIGHT, FakeSession, card
from tests.tui.showing import shown
from trainer.session import CardState
from trainer.tui.app import TrainerApp
from trainer.tui.widgets.cards import CardList, card_head, card_row
from trainer.verdict import Location, Problem


def test_rows_have_their_width_and_line_up_with_the_head() -> None:
    for width in (38, 50, 80, 120):
        row = card_row(CardState(card(), "partial", 2, 40), width, 15)
        assert cell_len(row.plain) == width
        assert cell_len(card_head(width, 15).plain) == width


def test_a_row_says_its_status_in_a_word_and_a_sign() -> None:
    row = card_row(CardState(card(), "passed", 2, 100), 80, 6).plain
    assert row.split() == ["✓", "passed", "pod-ro", "Make", "pod-ro", "read-only", "easy", "4", "100%"]
    assert card_row(CardState(card(), "new"), 80, 6).plain.split()[:2] == ["○", "new"]


async def test_broken_cards_are_named_and_stop_no_other(tmp_path: Path) -> None:
    problem = Problem("domain: unknown [red]", location=Location("tasks/x.yaml", 4, 9, "$.domain"))
    app = TrainerApp(FakeSession(tmp_path, (card(),), problems=(problem,)))  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)):
        text = shown(app)
        assert "! broken card: tasks/x.yaml:4:9: domain: unknown [red]" in text
        assert "○ new     pod-ro" in text


async def test_hostile_titles_are_literal_and_their_card_opens(tmp_path: Path) -> None:
    hostile = card("[red]", title=HOSTILE, prompt=HOSTILE)
    app = TrainerApp(FakeSession(tmp_path, (hostile,)))  # type: ignore[arg-type]
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        text = shown(app)
        assert "[red]  [red]evil[/] [@click=app.quit]x[" in text
        await pilot.click(CardList, offset=(20, 0))
        await pilot.pause()
        assert "[@click=app.quit]x[/]" in shown(app)
        assert not app._exit


async def test_a_passed_card_is_shown_as_passed(app: TrainerApp, session: FakeSession) -> None:
    first = session.catalogue.cards[0]
    session.start(first)
    session.write(first, "pod.yaml", RIGHT)
    session.grade(first)
    async with app.run_test(size=(80, 24)):
        assert "✓ passed  pod-ro" in shown(app)
        assert "1 of 3 cards passed" in shown(app)
