"""Tests of `tui.widgets.domains`: the list of the curriculum's domains."""

from __future__ import annotations

from rich.cells import cell_len

from tests.tui.fake_session import FakeSession
from trainer.tui.app import TrainerApp
from trainer.tui.widgets.cards import CardList
from trainer.tui.widgets.domains import DomainList, domain_head, domain_row


def test_rows_have_their_width_and_line_up_with_the_head() -> None:
    for width in (22, 33, 34, 50, 120):
        row = domain_row("Cluster Hardening", "15%", 0.4, width)
        assert cell_len(row.plain) == width
        assert cell_len(domain_head(width).plain) == width
        assert row.plain.startswith("Cluster Hardening" if width != 34 else "Cluster Hard")
        assert row.plain.endswith(" 40%")
        assert ("15%" in row.plain) is ("exam" in domain_head(width).plain) is (width >= 34)


def test_a_row_says_all_in_words_and_numbers() -> None:
    row = domain_row("Cluster Setup", "15%", 0.4, 80).plain
    assert row.split() == ["Cluster", "Setup", "15%", "━━━━──────", "40%"]


async def test_choosing_a_domain_filters_the_cards(app: TrainerApp, session: FakeSession) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        domains, cards = app.screen.query_one(DomainList), app.screen.query_one(CardList)

        def ids() -> list[str | None]:
            return [option.id for option in cards.options if not option.disabled]

        assert ids() == ["pod-ro", "immutable-httpd", "np-and-or"]
        domains.focus()
        await pilot.press("j")
        await pilot.pause()
        assert ids() == ["np-and-or"]
        await pilot.press("enter")
        await pilot.pause()
        assert app.focused is cards
