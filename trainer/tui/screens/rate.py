"""Rating a card: how well the learner knew it, and when it would come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static
from textual.widgets.option_list import Option

from trainer.errors import TrainerError
from trainer.session.review import Rating, day_words
from trainer.tui.host import host_of
from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import MUTED, one_line
from trainer.tui.widgets.lists import PlainList

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.session.today import Review
    from trainer.tui.asking import AsksOnce

NO_ATTEMPT = "There is nothing to rate: save an answer first."
MEANINGS = {
    Rating.AGAIN: "I couldn't do it, or only with the solution",
    Rating.HARD: "I did it, with effort or help",
    Rating.GOOD: "I did it",
    Rating.EASY: "I did it at once",
}


class RatingList(PlainList):
    """The ratings with what they mean, and when the card comes back with each."""

    def __init__(self, days: Mapping[Rating, date], today: date) -> None:
        super().__init__(id="ratings")
        self._days = days
        self._today = today

    def rows(self, width: int) -> Sequence[Option]:
        """A row for each rating."""
        del width
        return [
            Option(
                Content.assemble(
                    (f"{int(rating)}  {rating.word:<7}", "bold"),
                    f"{day_words(day, self._today):<13}",
                    (MEANINGS[rating], MUTED),
                ),
                id=rating.word,
            )
            for rating, day in self._days.items()
        ]


class RateScreen(ClosesItself, ModalScreen[Rating | None]):
    """Gives the chosen rating, or None after escape."""

    CSS_PATH = "rate.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(int(rating)), f"rate({int(rating)})", show=False) for rating in Rating),
        Binding("escape,q,ctrl+c", "back", show=False),
    ]

    def __init__(self, title: str, review: Review, days: Mapping[Rating, date], today: date) -> None:
        super().__init__()
        self._title = title
        self._review = review
        self._days = days
        self._today = today

    def compose(self) -> ComposeResult:
        """The card, the ratings, and how to leave."""
        with Vertical(id="rate") as box:
            box.border_title = Content("How well did you know it?")
            yield Static(one_line(self._title, MUTED), id="rate-card", markup=False)
            yield RatingList(self._days, self._today)
            by = "as you rated it" if self._review.chosen else "by result, time and help"
            yield Static(
                f"now: {self._review.rating.word}, {by} · esc keeps it", id="rate-keys", markup=False
            )

    def on_mount(self) -> None:
        """Begin at the rating as it is."""
        listed = self.query_one(RatingList)
        listed.rebuild(keep=self._review.rating.word)
        listed.focus()

    def on_option_list_option_selected(self, event: PlainList.OptionSelected) -> None:
        """Take the highlighted rating."""
        event.stop()
        self.dismiss(Rating[str(event.option.id).upper()])

    def action_rate(self, number: int) -> None:
        """Take a rating by its number."""
        self.dismiss(Rating(number))

    def action_back(self) -> None:
        """Leave the rating as it is."""
        self.dismiss(None)


async def rated(screen: AsksOnce, card_id: str, title: str) -> Review | None:
    """Ask for another rating of the last sitting at a card, and store it; None if nothing changed.

    Call it in a worker.
    """
    host = host_of(screen.app)
    today = host.clock().date()
    try:
        review = host.session.last_review(card_id)
        days = host.session.days_if_rated(card_id)
        if review is None or not days:
            host.tell(NO_ATTEMPT)
            return None
        question: RateScreen = RateScreen(title, review, days, today)
        rating = await screen.asked(question, otherwise=None)
        if rating is None:
            return None
        review = host.session.rate(card_id, rating)
    except TrainerError as error:
        host.tell(str(error), "error")
        return None
    host.tell(f"Rated {rating.word}: the card comes back {day_words(review.due.day, today)}.")
    return review
