"""The list of cards by title: status, result, level, minutes; and the broken cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from trainer.content.curriculum import domain_info
from trainer.tui.text import CARD_SIGNS, MUTED, columns, indented, literal, problem_text
from trainer.tui.widgets.lists import OneLine, PlainList

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from trainer.session import CardState
    from trainer.verdict import Problem


class CardList(PlainList):
    """The cards that match domain and search."""

    class Highlighted(Message):
        """Another card is highlighted; None where the list is empty."""

        def __init__(self, state: CardState | None) -> None:
            super().__init__()
            self.state = state

    class Opened(Message):
        """The learner wants to work on a card."""

        def __init__(self, state: CardState) -> None:
            super().__init__()
            self.state = state

    def __init__(self) -> None:
        super().__init__(id="cards")
        self._states: dict[str, CardState] = {}
        self._due: Collection[str] = ()
        self._headings: Mapping[str, int] = {}
        self._problems: Sequence[Problem] = ()
        self._empty = "No cards."

    @property
    def state(self) -> CardState | None:
        """The highlighted card's state."""
        option = self.highlighted_option
        return self._states.get(option.id or "") if option else None

    def show(
        self,
        states: Sequence[CardState],
        problems: Sequence[Problem],
        *,
        empty: str,
        due: Collection[str] = (),
        headings: Mapping[str, int] | None = None,
        keep: str | None = None,
    ) -> None:
        """Show these cards, and what is wrong with those that cannot be read.

        `empty` is the text for an empty list, `due` are the IDs of cards to review, `headings` the domains'
        weights in percent, by ID, if each domain has a heading; `keep` is the ID of the card to highlight.
        """
        self._due, self._headings = due, headings or {}
        self._states = {state.card.id: state for state in states}
        self._problems, self._empty = problems, empty
        self.rebuild(keep=keep)

    def rows(self, width: int) -> Sequence[Option]:
        """The rows for a width in cells."""
        rows: list[Option] = []
        domain = ""
        for state in self._states.values():
            if self._headings and state.card.domain != domain:
                domain = state.card.domain
                if rows:
                    rows.append(Option(Content(""), disabled=True))
                rows.append(Option(domain_heading(domain, self._headings[domain], width), disabled=True))
            rows.append(Option(card_row(state, width, due=state.card.id in self._due), id=state.card.id))
        if not rows:
            rows.append(Option(literal(self._empty), disabled=True))
        rows += [Option(_broken(problem, width), disabled=True) for problem in self._problems]
        return rows

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell the screen which card it is."""
        event.stop()
        self.post_message(self.Highlighted(self._states.get(event.option_id or "")))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tell the screen to open it."""
        event.stop()
        state = self._states.get(event.option_id or "")
        if state is not None:
            self.post_message(self.Opened(state))


_RIGHT = 1 + 7 + 1 + 6 + 4 + 1
"""Cells to the right of the title: result, level, minutes."""


def card_head(width: int) -> Content:
    """The line above the rows."""
    return Content.styled(f"{columns('', width - _RIGHT)} {'result':<7} {'level':<6}{'min':>4} ", MUTED)


def domain_heading(domain: str, weight: int, width: int) -> Content:
    """The line above the cards of a domain."""
    right = f"{weight}% of the exam "
    title = columns(domain_info(domain).title.upper(), max(width - len(right), 8))
    return OneLine.assemble((title, "bold $foreground 85%"), (right, MUTED))


def card_row(state: CardState, width: int, *, due: bool = False) -> Content:
    """One row: sign of the status, title, result in words, level, minutes.

    Without a result, the title has its room.
    """
    sign, word, color = CARD_SIGNS[state.status]
    if due:
        sign, word, color = "↻", "due", "$text-primary"
    elif state.status == "new":
        word = ""
    elif state.status == "partial" and state.last is not None:
        word = f"{state.last.checks_passed} of {state.last.checks_total}"
    card = state.card
    result = f" {columns(word, 7)} " if word else " "
    own = f"{' ★' if state.bookmarked else ''}{' ✎' if state.noted else ''}"
    room = width - 2 - _RIGHT + 9 - len(result) - len(own)
    title = columns(card.title, min(cell_len(card.title), room))
    return OneLine.assemble(
        (f"{sign} ", color),
        title,
        (own, "$text-primary"),
        " " * max(room - cell_len(title), 0),
        (result, color),
        (f"{card.difficulty:<6}{card.minutes:>4} ", MUTED),
    )


def _broken(problem: Problem, width: int) -> Content:
    lines = indented(literal(f"! broken card: {problem_text(problem)}"), width, 1)
    return Content("\n").join(lines)
