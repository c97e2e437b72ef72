"""The lines of the exam's screen: the clock, the tabs, the list of cards, the question before the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.binding import Binding
from textual.content import Content
from textual.widgets.option_list import Option

from trainer.session.exam.clock import clock_words
from trainer.session.exam.report import PASS
from trainer.tui.text import MUTED, columns, counted, one_line
from trainer.tui.widgets.card_lines import pane_tabs
from trainer.tui.widgets.frame import Framed
from trainer.tui.widgets.lists import PlainList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.binding import BindingType

    from trainer.progress.exams import Exam, ExamCard
    from trainer.session.exam.desk import Desk
    from trainer.session.exam.sitting import Sitting

LATE = 300
"""Seconds left from which on the clock is shown in red; also in words, by the alert."""
FLAG = "⚑"


def head_line(exam: Exam, left: float, width: int) -> Content:
    """The clock, where the learner is, the flags, and what passes."""
    flagged = sum(card.flagged for card in exam.cards)
    style = "bold $text-error" if left <= LATE else "bold"
    right = f"{PASS}% to pass"
    name = "DRILL" if exam.drill else "MOCK EXAM"
    parts = [(f"{name}   ", "bold"), (f"{clock_words(left)} left", style)]
    parts.append((f"   card {exam.at} of {len(exam.cards)}   {flagged} flagged", ""))
    used = sum(cell_len(text) for text, _ in parts)
    gap = width - used - cell_len(right)
    return Content.assemble(*parts, " " * gap if gap > 1 else "", (right if gap > 1 else "", MUTED))


def tabs_line(shown: str) -> Content:
    """The tabs of the narrow layout; a click shows the pane."""
    return pane_tabs({"cards": "Cards", "task": "Task", "answer": "Answer"}, shown)


def finish_question(exam: Exam, desk: Desk) -> str:
    """What must be known before an exam ends."""
    empty = sum(not desk.answered(card.card) for card in exam.cards)
    flagged = sum(card.flagged for card in exam.cards)
    facts = [f"{counted(empty, 'card')} empty"] if empty else []
    facts += [f"{counted(flagged, 'card')} flagged"] if flagged else []
    left = f"{clock_words(exam.left)} left"
    return f"End the exam and grade it? {', '.join([*facts, left])}."


class ExamList(PlainList, Framed):
    """The cards of the exam: number, flag, title, points, answered or empty."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("g", "screen.given", show=False)]
    """As in the other panes of the exam; in other lists, `g` goes to the first row."""

    def __init__(self, sitting: Sitting, desk: Desk) -> None:
        super().__init__(id="cards", classes="frame")
        self._sitting = sitting
        self._desk = desk
        self._shown: object = None

    def on_mount(self) -> None:
        """Highlight the card that is shown."""
        self.put_title(Content("Cards"))
        self.rebuild(keep=str(self._sitting.exam.at))

    def on_resize(self, event: events.Resize) -> None:
        """Fit the rows to another width, and to another height."""
        super().on_resize(event)
        self.rebuild()

    def look(self) -> None:
        """Show what has changed: a flag, an answer."""
        if self._shown != self._facts():
            self.rebuild()

    def rows(self, width: int) -> Sequence[Option]:
        """The rows for a width in cells."""
        exam = self._sitting.exam
        self._shown = facts = self._facts()
        lines = 2 if 2 * len(exam.cards) <= self.scrollable_content_region.height else 1
        return [
            Option(
                _row(card, here=card.position == exam.at, answered=answered, width=width, lines=lines),
                id=str(card.position),
            )
            for card, (answered, _) in zip(exam.cards, facts, strict=True)
        ]

    def _facts(self) -> list[tuple[bool, bool]]:
        return [(self._desk.answered(card.card), card.flagged) for card in self._sitting.exam.cards]


def _row(card: ExamCard, *, here: bool, answered: bool, width: int, lines: int = 1) -> Content:
    sign, word, style = ("●", "answered", "$text-success") if answered else ("○", "empty", MUTED)
    state = f"{sign} {word:<8}" if width >= 44 else sign
    tail = f" {card.points:>2} pt  " if width >= 50 else f" {card.points:>2}  " if width >= 30 else " "
    flag = FLAG if card.flagged else " "
    lead = f"{'▸' if here else ' '}{card.position:>2} "
    room = max(width - cell_len(lead) - cell_len(tail) - cell_len(state) - 2, 4)
    title, *more = [line.plain for line in one_line(card.title).wrap(room)] if lines > 1 else [card.title]
    first = Content.assemble(
        (lead, "bold" if here else MUTED),
        (f"{flag} ", "bold $text-warning"),
        (columns(title, room), "bold" if here else ""),
        (tail, MUTED),
        (state, style),
    )
    if not more:
        return first
    rest = columns(" ".join(more), room).rstrip()
    return Content.assemble(first, "\n", " " * (cell_len(lead) + 2), (rest, "bold" if here else ""))
