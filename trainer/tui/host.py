"""What screens and the palette need of the app that shows them; they don't know the app itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from textual.app import App
    from textual.notifications import SeverityLevel

    from trainer.content.card import Card
    from trainer.progress.exams import Exam
    from trainer.session import Session
    from trainer.session.plan import Kind


@runtime_checkable
class Host(Protocol):
    """The app as its screens see it.

    `clock` gives the local time, with its zone; `last_card` is the ID of the card that was opened
    last, until the list of cards has shown it.
    """

    session: Session
    last_card: str | None
    clock: Callable[[], datetime]

    def tell(self, message: str, severity: SeverityLevel = "information") -> None:
        """Show a notice for a few seconds; the text is shown literally."""

    def open_card(self, card_id: str) -> None:
        """Work on a card; an open card stays."""

    def open_next(self, card: Card | None = None, *, kind: Kind | None = None) -> None:
        """Start the first step of the plan, of one kind if given; from a card's screen, the step after that
        card."""

    def open_review(self, card_id: str) -> None:
        """Start a card over in another wording, if its answer isn't unfinished, and work on it."""

    def open_exam(self) -> None:
        """Resume the exam that runs, or begin one, after asking."""

    def open_drill(self) -> None:
        """Ask for the minutes, cards and domain of a short exam, and begin it."""

    def take_exam_again(self, earlier: Exam) -> None:
        """Begin an exam with the cards of an earlier one, after asking."""

    def show_exams(self) -> None:
        """Show all exams."""

    def ask_goal(self, *, first: bool = False) -> None:
        """Ask for the day of the exam and the minutes a day; `first` welcomes, too."""

    def show_progress(self) -> None:
        """Show the progress screen."""


def host_of(app: App[Any]) -> Host:
    """The app that Textual gives to a screen, as what it is."""
    return cast("Host", app)
