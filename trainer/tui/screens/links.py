"""Choose one of a card's addresses, to open or to copy it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets.option_list import Option

from trainer.tui.commands import bindings_of
from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import columns, literal
from trainer.tui.widgets.frame import Framed
from trainer.tui.widgets.lists import PlainList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

Chosen = tuple[Literal["open", "copy"], str]
"""What to do with which address."""


class LinksList(PlainList):
    """One row for each address."""

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__(id="links-list")
        self._addresses = addresses

    def rows(self, width: int) -> Sequence[Option]:
        """The rows for a width in cells."""
        return [
            Option(literal(columns(one, width)), id=f"link-{at}") for at, one in enumerate(self._addresses)
        ]


class LinksPane(Vertical, Framed):
    """The list in its frame."""


class LinksScreen(ClosesItself, ModalScreen[Chosen | None]):
    """The addresses; enter or `o` opens the highlighted one, `y` copies it, escape closes."""

    CSS_PATH = "links.tcss"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("links"))

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__()
        self._addresses = addresses

    def compose(self) -> ComposeResult:
        """The list, in a frame that says the keys."""
        with LinksPane(id="links", classes="frame") as pane:
            pane.put_title(Content("Pages"), Content("enter open   y copy   esc back"))
            yield LinksList(self._addresses)

    def on_mount(self) -> None:
        """Let the keys move at once."""
        self.query_one(LinksList).focus()

    def on_option_list_option_selected(self) -> None:
        """Enter or a click opens the address."""
        self.action_open()

    def action_open(self) -> None:
        """Open the highlighted address."""
        self._choose("open")

    def action_copy(self) -> None:
        """Copy the highlighted address."""
        self._choose("copy")

    def action_back(self) -> None:
        """Back to the card."""
        self.dismiss(None)

    def _choose(self, what: Literal["open", "copy"]) -> None:
        index = self.query_one(LinksList).highlighted
        if index is not None:
            self.dismiss((what, self._addresses[index]))
