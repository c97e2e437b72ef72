"""The part of the card screen for a pass: what was reached, when the card comes back, what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from trainer.tui.screens.card_base import CardBase
from trainer.tui.screens.rate import rated
from trainer.tui.widgets.panels import PassPanel, next_line, review_line

if TYPE_CHECKING:
    from textual.content import Content


class SaysWhatIsNext(CardBase):
    """The panel that appears with a pass, and the key that changes its rating."""

    def show_pass(self, *, seconds: float | None, attempt: int, hints: int) -> None:
        """Show the panel. `seconds` is the time spent; None if the answer had passed before."""
        panel = self.query_one(PassPanel)
        panel.show(self.card, seconds=seconds, attempt=attempt, hints=hints, after=self._after())

    @work
    async def action_rate(self) -> None:
        """Say how well one knew it; the card comes back accordingly."""
        if await rated(self, self.card.id, self.card.title) is not None:
            self.query_one(PassPanel).show_after(self._after())

    def _after(self) -> list[Content]:
        """When the card comes back, and the next step of the plan; what can't be read isn't shown."""
        review = self._do(lambda: self._session.last_review(self.card.id))
        overview = self._do(self._session.overview)
        lines = []
        if overview is not None:
            if review is not None:
                lines.append(review_line(review, overview.today, varies=bool(self.card.vary)))
            lines.append(next_line(overview.plan.following(self.card.id)))
        return lines
