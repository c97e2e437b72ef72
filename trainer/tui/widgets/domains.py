"""The list of the curriculum's domains: exam weight and the learner's own progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from trainer.session.standing import percent
from trainer.tui.text import MUTED, bar, columns
from trainer.tui.widgets.lists import PlainList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.session import DomainState, Summary

EVERYTHING = "all"
"""The ID of the row for all domains."""


class DomainList(PlainList):
    """All domains together first, then one row for each domain of the curriculum."""

    class Chosen(Message):
        """Another domain is highlighted; None means all domains."""

        def __init__(self, domain: str | None, *, opened: bool) -> None:
            super().__init__()
            self.domain = domain
            self.opened = opened

    def __init__(self, domains: Sequence[DomainState], summary: Summary) -> None:
        super().__init__(id="domains")
        self._domains = list(domains)
        self._summary = summary

    def show(self, domains: Sequence[DomainState], summary: Summary) -> None:
        """Show other states."""
        self._domains, self._summary = list(domains), summary
        self.rebuild()

    def rows(self, width: int) -> Sequence[Option]:
        """The rows for a width in cells."""
        total = self._summary
        rows = [
            Option(
                domain_row("All domains", "", total.mastered, total.passed, total.cards, width), id=EVERYTHING
            )
        ]
        for domain in self._domains:
            row = domain_row(
                domain.title, f"{domain.weight}%", domain.mastery, domain.passed, domain.cards, width
            )
            rows.append(Option(row, id=domain.domain))
        return rows

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell the screen which domain it is."""
        event.stop()
        self._tell(event.option_id, opened=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter moves to the domain's cards."""
        event.stop()
        self._tell(event.option_id, opened=True)

    def _tell(self, row: str | None, *, opened: bool) -> None:
        self.post_message(self.Chosen(None if row in (None, EVERYTHING) else row, opened=opened))


def domain_head(width: int) -> Content:
    """The line above the rows."""
    return Content.styled(_row("Domain", "exam", "mastery", "cards", width), MUTED)


def domain_row(title: str, weight: str, mastery: float, passed: int, cards: int, width: int) -> Content:
    """One row: title, exam weight, bar and percent of mastery, passed cards of all."""
    done = f"{bar(mastery, 5 if width < 60 else 10)}{percent(mastery):>4}%"
    return Content(_row(title, weight, done, f"{passed}/{cards}", width))


def _row(title: str, weight: str, done: str, cards: str, width: int) -> str:
    length = 10 if width < 60 else 15
    room = width - 1 - 5 - 2 - length - 6
    return f" {columns(title, room)}{weight:>5}  {done:<{length}}{cards:>6}"
