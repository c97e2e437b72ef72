"""The list of cards: mark, name, level, minutes, best result; and the broken cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from trainer.tui.text import CARD_SIGNS, MUTED, columns, indented, literal, problem_text
from trainer.tui.widgets.lists import PlainList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.session import CardState
    from trainer.verdict import Problem

LONGEST_NAME = 25
"""Cells for the names of cards, at most."""


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
        self._problems: Sequence[Problem] = ()
        self._empty = "No cards."

    @property
    def state(self) -> CardState | None:
        """The highlighted card's state."""
        option = self.highlighted_option
        return self._states.get(option.id or "") if option else None

    @property
    def longest(self) -> int:
        """Cells of the longest name."""
        return max((cell_len(name) for name in self._states), default=LONGEST_NAME)

    def show(
        self,
        states: Sequence[CardState],
        problems: Sequence[Problem],
        *,
        empty: str,
        keep: str | None = None,
    ) -> None:
        """Show these cards, and what is wrong with those that cannot be read.

        `empty` is the text for an empty list, `keep` the ID of the card to highlight.
        """
        self._states = {state.card.id: state for state in states}
        self._problems, self._empty = problems, empty
        self.rebuild(keep=keep)

    def rows(self, width: int) -> Sequence[Option]:
        """The rows for a width in cells."""
        rows = [
            Option(card_row(state, width, self.longest), id=state.card.id) for state in self._states.values()
        ]
        if not rows:
            rows.append(Option(literal(f" {self._empty}"), disabled=True))
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


def card_head(width: int, longest: int = LONGEST_NAME) -> Content:
    """The line above the rows; `longest` is the cells of the longest name."""
    name, title = _widths(width, longest)
    text = f"           {columns('Card', name)}  {columns('', title)}{'level':<7}{'min':>4}{'best':>6}"
    return Content.styled(text, MUTED)


def card_row(state: CardState, width: int, longest: int = LONGEST_NAME) -> Content:
    """One row: sign and word of the status, name, title, level, minutes, best result."""
    sign, word, colour = CARD_SIGNS[state.status]
    name, title = _widths(width, longest)
    best = f"{state.best}%" if state.attempts else "-"
    card = state.card
    return Content.assemble(
        (f" {sign} {word:<8}", colour),
        (columns(card.id, name), "bold"),
        "  ",
        columns(card.title, title - 1) + " " if title else "",
        f"{card.difficulty:<7}{card.minutes:>4}{best:>6}",
    )


def _widths(width: int, longest: int) -> tuple[int, int]:
    """Cells for the card's name and for its title, which is shown only if there is room."""
    room = width - 11 - 2 - 17
    name = min(max(longest, 4), LONGEST_NAME)
    if room - name < 12:
        return max(room, 8), 0
    return name, room - name


def _broken(problem: Problem, width: int) -> Content:
    lines = indented(literal(f"! broken card: {problem_text(problem)}"), width, 1)
    return Content("\n").join(lines)
