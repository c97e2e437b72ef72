"""Tests of `tui.widgets.cards`: the list of cards."""

from __future__ import annotations

from pathlib import Path

from rich.cells import cell_len

from tests.tui.fake_session import HOSTILE, FakeSession, card
from tests.tui.showing import shown
from trainer.session import AttemptSummary, CardState
from trainer.tui.app import TrainerApp
from trainer.tui.widgets.cards import CardList, card_head, card_row, domain_heading
from trainer.verdict import Location, Problem


def test_rows_have_their_width_and_line_up_with_the_head() -> None:
    for width in (32, 48, 80, 160):
        row = card_row(CardState(card(), "partial", 2, 40), width)
        assert cell_len(row.plain) == width
        assert cell_len(card_head(width).plain) == width
        assert cell_len(domain_heading("runtime-security", 20, width).plain) >= width


def test_a_row_says_title_result_level_and_minutes() -> None:
    last = AttemptSummary(2, 0.0, 2, 5, 1, 2, False)
    for state, due, words in (
        (CardState(card(), "passed", 2, 100), False, ["✓", "passed"]),
        (CardState(card(), "passed", 2, 100), True, ["↻", "due"]),
        (CardState(card(), "partial", 2, 40, last), False, ["◐", "1", "of", "2"]),
        (CardState(card(), "started"), False, ["◔", "started"]),
        (CardState(card(), "new"), False, ["○"]),
    ):
        row = card_row(state, 80, due=due).plain
        assert row.split() == [words[0], "Make", "pod-ro", "read-only", *words[1:], "easy", "4"]


async def test_broken_cards_are_named_and_stop_no_other(tmp_path: Path) -> None:
    problem = Problem("domain: unknown [red]", location=Location("tasks/x.yaml", 4, 9, "$.domain"))
    app = TrainerApp(FakeSession(tmp_path, (card(),), problems=(problem,)))  # type: ignore[arg-type]
    async with app.run_test(size=(120, 24)):
        text = shown(app)
        assert "! broken card: tasks/x.yaml:4:9: domain: unknown [red]" in text
        assert "○ Make pod-ro read-only" in text
        assert "MONITORING, LOGGING AND RUNTIME SECURITY" in text


async def test_hostile_titles_are_literal_and_their_card_opens(tmp_path: Path) -> None:
    hostile = card("[red]", title=HOSTILE, prompt=HOSTILE)
    app = TrainerApp(FakeSession(tmp_path, (hostile,)))  # type: ignore[arg-type]
    async with app.run_test(size=(140, 30)) as pilot:
        await pilot.pause()
        assert "○ [red]evil[/] [@click=app.quit]x[" in shown(app)
        await pilot.click(CardList, offset=(20, 1))
        await pilot.pause()
        assert "[@click=app.quit]x[/]" in shown(app)
        assert not app._exit
