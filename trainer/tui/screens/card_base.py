"""What all parts of the card screen share: the card, its session, the host, and how a refusal is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

from trainer.errors import TrainerError
from trainer.tui.host import Host, host_of
from trainer.tui.lifetime import ClosesItself
from trainer.tui.screens.answer_files import SwitchesFiles
from trainer.tui.screens.material import ShowsMaterial
from trainer.tui.widgets.answer_pane import AnswerPane

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainer.content.card import Card
    from trainer.session import Session

T = TypeVar("T")
Pane = Literal["task", "answer", "checks", "effect"]


class CardBase(ClosesItself, SwitchesFiles, ShowsMaterial):
    """A screen about one card."""

    def __init__(self, session: Session, card: Card) -> None:
        super().__init__()
        self.card = card
        self._session = session
        self._trouble = ""

    def action_pane(self, pane: Pane) -> None:
        """Show a pane and focus it; the screen that has the panes says how."""
        raise NotImplementedError

    def _material(self) -> tuple[Card, Session]:
        return self.card, self._session

    @property
    def _host(self) -> Host:
        return host_of(self.app)

    @property
    def _answer(self) -> AnswerPane:
        return self.query_one(AnswerPane)

    def _do(self, use_case: Callable[[], T]) -> T | None:
        """Run a use case of the session; if it refuses, show why and return None."""
        try:
            return use_case()
        except (TrainerError, OSError) as error:
            self._trouble = str(error)
            if self.is_mounted:
                self._host.tell(self._trouble, "error")
            return None
