"""The list of the curriculum's domains: exam weight, and how ready the learner is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widgets.option_list import Option

from trainer.content.curriculum import domain_info
from trainer.session.standing import percent
from trainer.tui.text import MUTED, bar, columns
from trainer.tui.widgets.lists import OneLine, PickList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.session import DomainState, Summary

EVERYTHING = "all"
"""The ID of the row for all domains."""
ROOMY = 34
"""Cells from which on a row has a bar and the exam's weight."""


class DomainList(PickList):
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
        rows = [Option(domain_row("All domains", "", self._summary.mastered, width), id=EVERYTHING)]
        for one in self._domains:
            title = domain_info(one.domain).short_title
            rows.append(Option(domain_row(title, f"{one.weight}%", one.mastery, width), id=one.domain))
        return rows

    def picked(self, row: str | None, *, opened: bool) -> None:
        """Tell the screen which one it is; enter goes to it."""
        self.post_message(self.Chosen(None if row in (None, EVERYTHING) else row, opened=opened))


def domain_head(width: int) -> Content:
    """The line above the rows."""
    if width < ROOMY:
        return Content.styled(f"{'ready':>{width}}", MUTED)
    return Content.styled(f"{columns('', width - 21)}exam{'ready':>17}", MUTED)


def domain_row(title: str, weight: str, mastery: float, width: int) -> Content:
    """One row: title, the exam's weight, bar and percent of readiness."""
    done = f"{percent(mastery):>4}%"
    if width < ROOMY:
        return OneLine.assemble(columns(title, width - 5), (done, "bold" if mastery else MUTED))
    full = bar(mastery, 10)
    solid = full.rstrip("─")
    return OneLine.assemble(
        columns(title, width - 21),
        (f"{weight:>4}", MUTED),
        "  ",
        (solid, "$text-primary"),
        (full[len(solid) :], MUTED),
        (done, "bold" if mastery else MUTED),
    )
