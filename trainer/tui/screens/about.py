"""About the program: version, independence, license, folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from trainer import __version__
from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import MUTED, literal

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.config import Settings

INDEPENDENT = (
    "An independent practice trainer for the Certified Kubernetes Security Specialist (CKS) exam. "
    "It is not endorsed by The Linux Foundation or CNCF; the names are their trademarks."
)


class About(ClosesItself, ModalScreen[None]):
    """Version, independence, license, and where files are stored."""

    CSS_PATH = "about.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,ctrl+c", "dismiss", show=False)]

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def compose(self) -> ComposeResult:
        """One text."""
        with VerticalScroll(id="about"):
            yield Static(about_text(self._settings), markup=False)

    def on_click(self) -> None:
        """A click closes it."""
        self.dismiss()


def about_text(settings: Settings) -> Content:
    """The text of the screen."""
    return Content("\n").join(
        [
            Content.styled(f"cks-trainer {__version__}", "bold"),
            Content(""),
            Content(INDEPENDENT),
            Content(""),
            Content(
                "License: MIT; descriptions of Kubernetes fields: Apache 2.0."
                " Nothing that you write is executed or sent anywhere."
            ),
            literal(f"Your answers: {settings.workspace}"),
            literal(f"Your progress: {settings.database}"),
            Content(""),
            Content.styled("esc closes this screen", MUTED),
        ]
    )
