"""The part of the card screen that helps: hints, the solution, the difference from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import work

from trainer.tui.screens.card_base import CardBase
from trainer.tui.widgets.prompt import PromptView

if TYPE_CHECKING:
    from trainer.tui.screens.solution import Section


class GivesHelp(CardBase):
    """Keys that help; what is shown for the first time is recorded."""

    @work
    async def action_hint(self) -> None:
        """Show the next hint; asks before the first."""
        total, shown = len(self.card.hints), self._hints_shown()
        if not total:
            self._host.tell("This card has no hints.")
            return
        if shown == 0:
            question = f"Show hint 1 of {total}? This will be recorded in your progress."
            if not await self.confirmed(question, "yes, show it"):
                return
        if self._do(lambda: self._session.next_hint(self.card)) is None and shown >= total:
            self._host.tell("You have seen all hints.")
        self.query_one(PromptView).show_hints(self.card.hints[: self._hints_shown()])
        self.action_pane("task")

    def action_solution(self) -> None:
        """Show the solution, after asking."""
        self._reveal("files")

    def action_difference(self) -> None:
        """Show how the answer differs from the solution, after asking."""
        self._reveal("differences")

    @work
    async def _reveal(self, section: str) -> None:
        from trainer.tui.screens.solution import SolutionScreen

        if not self._do(lambda: self._session.revealed(self.card) or self._session.passed(self.card)):
            question = "Show the solution? This will be recorded in your progress."
            if not await self.confirmed(question, "yes, show it"):
                return
        reveal = self._do(lambda: self._session.reveal(self.card))
        if reveal is not None:
            self.app.push_screen(SolutionScreen(self.card, reveal, cast("Section", section)))

    def _hints_shown(self) -> int:
        return self._do(lambda: self._session.hints_shown(self.card)) or 0
