"""The part of the card screen that helps: hints, the solution, the difference from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import work

from trainer.tui import links
from trainer.tui.screens.card_base import CardBase
from trainer.tui.widgets.panels import HintPanel
from trainer.tui.widgets.prompt import PromptView

if TYPE_CHECKING:
    from trainer.tui.screens.solution import Section


class GivesHelp(CardBase):
    """Keys that help; what is shown for the first time is recorded."""

    _hint = 0
    """The number of the hint that the panel shows, from 1; 0 while it is closed."""

    def action_hint(self) -> None:
        """Show the next hint below the panes; after the last one, close it and begin again."""
        total = len(self.card.hints)
        if not total:
            self._host.tell("This card has no hints.")
            return
        self._hint = (self._hint + 1) % (total + 1)
        if self._hint > self._hints_shown():
            self._do(lambda: self._session.next_hint(self.card))
        seen = self._hints_shown()
        self._hint = min(self._hint, seen)  # one that can't be recorded isn't shown
        for panel in self.query(HintPanel):  # none before the screen is composed
            panel.show(self.card, self._hint)
        for prompt in self.query(PromptView):
            prompt.show_hints(self.card.hints[:seen])

    def action_switch_clipboard(self) -> None:
        """Let the app copy to the clipboard, or not; the choice is remembered."""
        value = "off" if links.may_copy(self._session) else None
        self._do(lambda: self._session.store.choose(links.CLIPBOARD, value))
        on = links.may_copy(self._session)
        self._host.tell(f"Copying to the clipboard is {'on' if on else 'off'}.")

    def action_solution(self) -> None:
        """Show the solution, after asking."""
        self._reveal("files")

    def action_difference(self) -> None:
        """Show how the answer differs from the solution, after asking."""
        self._reveal("differences")

    @work
    async def _reveal(self, section: str) -> None:
        from trainer.tui.screens.solution import SolutionScreen

        free = self._do(lambda: self._session.shows_freely(self.card))
        if free is None:
            return
        if not free:
            question = "Show the solution? This will be recorded in your progress."
            if not await self.confirmed(question, "yes, show it"):
                return
        reveal = self._do(lambda: self._session.reveal(self.card))
        if reveal is not None:
            self.app.push_screen(SolutionScreen(self.card, reveal, cast("Section", section)))

    def _hints_shown(self) -> int:
        return self._do(lambda: self._session.hints_shown(self.card)) or 0
