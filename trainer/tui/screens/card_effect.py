"""The part of the card screen that shows what the answer does, on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from trainer.tui.layout import WIDE
from trainer.tui.screens.card_base import CardBase
from trainer.tui.widgets.answer_pane import AnswerPane
from trainer.tui.widgets.effect import EffectList, EffectPane
from trainer.tui.widgets.grader import Grader

if TYPE_CHECKING:
    from trainer.session import Graded
    from trainer.tui.screens.card_base import Pane


class ShowsEffect(CardBase):
    """The pane with the effect: a tab on a narrow screen, below the checks on a wide one."""

    @property
    def effect_wanted(self) -> bool:
        """Whether the pane is shown."""
        return self.has_class("-effect")

    def action_effect(self) -> None:
        """Show what the answer does, or hide it again."""
        is_there = self.query_one(EffectPane).wanted
        self.set_class(not is_there, "-effect")
        self.action_pane("checks" if is_there else "effect")

    def look_at_effect(self, shown: Pane) -> None:
        """Another pane is the current one: draw the effect if it can be seen."""
        if shown == "effect":
            self.add_class("-effect")
        beside = self.size.width >= WIDE and self.effect_wanted
        self.query_one(EffectPane).want(shown == "effect" or beside)

    def show_effect(self, graded: Graded | None) -> None:
        """There is another verdict, or none."""
        self.query_one(EffectPane).show(graded)

    @on(Grader.Finished)
    def _effect_of_verdict(self, event: Grader.Finished) -> None:
        self.show_effect(event.graded)

    @on(Grader.Failed)
    def _no_effect(self) -> None:
        self.show_effect(None)

    @on(Grader.Saved)
    def _no_answer_any_more(self, event: Grader.Saved) -> None:
        if event.empty:
            self.show_effect(None)

    @on(EffectList.Chosen)
    def _go_to_decider(self, event: EffectList.Chosen) -> None:
        place = event.location
        if place.file not in self._answer.files:
            if event.entered:
                self._host.tell(f"{place} decides, which isn't in your answer.")
            return
        self.query_one(AnswerPane).go_to(place.file, place.line, place.column)
        if event.entered and self.size.width < WIDE:
            self.action_pane("answer")
