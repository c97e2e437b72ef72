"""Tests of `tui.widgets.domains`: the list of the curriculum's domains."""

from __future__ import annotations

from rich.cells import cell_len

from tests.tui.fake_session import FakeSession
from trainer.tui.app import TrainerApp
from trainer.tui.widgets.cards import CardList
from trainer.tui.widgets.domains import DomainList, domain_head, domain_row


def test_rows_have_their_width_and_line_up_with_the_head() -> None:
    for width in (38, 50, 80, 120):
        row = domain_row("Monitoring, Logging and Runtime Security", "20%", 0.4, 2, 5, width)
        assert cell_len(row.plain) == width
        assert cell_len(domain_head(width).plain) == width
        assert row.plain.index("20%") + 3 == domain_head(width).plain.index("exam") + 4


def test_a_row_says_all_in_words_and_numbers() -> None:
    row = domain_row("Cluster Setup", "15%", 0.4, 2, 5, 80).plain
    assert row.split() == ["Cluster", "Setup", "15%", "████░░░░░░", "40%", "2/5"]


async def test_choosing_a_domain_filters_the_cards(app: TrainerApp, session: FakeSession) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        domains, cards = app.screen.query_one(DomainList), app.screen.query_one(CardList)
        assert [option.id for option in cards.options] == ["pod-ro", "immutable-httpd", "np-and-or"]
        domains.focus()
        await pilot.press("j")
        await pilot.pause()
        assert [option.id for option in cards.options] == ["np-and-or"]
        await pilot.press("enter")
        await pilot.pause()
        assert app.focused is cards
