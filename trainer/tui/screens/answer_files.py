"""The part of a screen with an answer that goes from one of its files to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from trainer.tui.widgets.answer_pane import AnswerPane

if TYPE_CHECKING:
    from typing import Any


class SwitchesFiles(Screen[None]):
    """Keys and clicks for the files of the answer; a screen whose card can't be shown has none."""

    def action_pane(self, pane: Any) -> None:
        """Show a pane and focus it; the screen that has the panes says how."""
        raise NotImplementedError

    def action_next_file(self) -> None:
        """Show the answer's next file."""
        for answer in self.query(AnswerPane):
            answer.next_file()
            self.action_pane("answer")

    def action_show_file(self, index: int) -> None:
        """Show a file of the answer, by its position in the list of files."""
        for answer in self.query(AnswerPane):
            answer.show_file(answer.files[index])
