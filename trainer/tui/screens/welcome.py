"""The first start: what this is, how to begin, and two questions that can be skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from trainer.errors import UsageError
from trainer.session.plan import Goal, read_exam_date, read_minutes
from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import literal

if TYPE_CHECKING:
    from datetime import date

    from textual.app import ComposeResult
    from textual.binding import BindingType

TEXT = (
    "Each card is a task as in the CKS exam. Save an answer, and it is graded at once: you see which line is "
    "wrong, why, and the evidence. No cluster is needed.\n\n"
    "n starts what comes next, enter opens a card, / filters, ? shows all keys.\n\n"
    "With the day of your exam, the plan knows how many minutes a day you need."
)


class Welcome(ClosesItself, ModalScreen[Goal | None]):
    """Asks for the day of the exam and the minutes a day; None if the questions were skipped."""

    CSS_PATH = "welcome.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "skip", show=False),
        Binding("ctrl+q,ctrl+c", "app.quit", show=False),  # the app's own keys end at a dialog
    ]

    def __init__(self, goal: Goal, today: date, *, first: bool) -> None:
        super().__init__()
        self._goal = goal
        self._today = today
        self._first = first

    def compose(self) -> ComposeResult:
        """Text, two inputs, what is wrong with them, keys."""
        with Vertical(id="welcome") as box:
            box.border_title = Content("Welcome to cks-trainer" if self._first else "Your exam")
            if self._first:
                yield Static(TEXT, id="about-it", markup=False)
            yield Label("Day of the exam (may stay empty)", markup=False)
            exam = self._goal.exam.isoformat() if self._goal.exam else ""
            yield Input(exam, placeholder="such as 2026-12-24", id="exam-date", compact=True)
            yield Label("Minutes a day", markup=False)
            yield Input(str(self._goal.minutes_a_day), id="minutes", compact=True)
            yield Static(id="wrong", markup=False)
            skip = "skip" if self._first else "leave as it was"
            keys = Content.assemble(
                ("enter", "bold $text-primary"), " continue   ", ("esc", "bold $text-primary"), f" {skip}"
            )
            yield Static(keys, id="welcome-keys", markup=False)

    def on_mount(self) -> None:
        """Begin with the day."""
        self.query_one("#exam-date").focus()

    @on(Input.Submitted)
    def action_accept(self) -> None:
        """Take both values, or say what is wrong."""
        exam, minutes = (self.query_one(f"#{name}", Input).value.strip() for name in ("exam-date", "minutes"))
        try:
            day = read_exam_date(exam, self._today) if exam else None
            a_day = read_minutes(minutes) if minutes else self._goal.minutes_a_day
        except UsageError as error:
            self.query_one("#wrong", Static).update(
                literal(f"! {error.message}: {error.remedy}", "$text-error")
            )
            return
        self.dismiss(Goal(day, a_day))

    def action_skip(self) -> None:
        """Ask nothing more."""
        self.dismiss(None)
