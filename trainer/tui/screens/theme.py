"""Choosing the colors: each theme is shown as it is highlighted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static
from textual.widgets.option_list import Option

from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import literal
from trainer.tui.themes import TITLES
from trainer.tui.widgets.lists import PlainList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType


class ThemeList(PlainList):
    """The themes, by their plain names."""

    def rows(self, width: int) -> Sequence[Option]:
        """A row for each theme."""
        del width
        return [Option(literal(title), id=name) for name, title in TITLES.items()]


class ThemeScreen(ClosesItself, ModalScreen[str | None]):
    """The names of the themes; gives the chosen one, or None after escape, with the colors as they were."""

    CSS_PATH = "theme.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,ctrl+c", "back", show=False)]

    def __init__(self, theme: str) -> None:
        super().__init__()
        self._before = theme

    def compose(self) -> ComposeResult:
        """The list, and how to leave it."""
        with Vertical(id="theme"):
            yield ThemeList()
            yield Static("enter keeps it · esc goes back", id="theme-keys", markup=False)

    def on_mount(self) -> None:
        """Begin at the theme in use."""
        listed = self.query_one(ThemeList)
        listed.rebuild(keep=self._before)
        listed.focus()

    def on_option_list_option_highlighted(self, event: PlainList.OptionHighlighted) -> None:
        """Show the theme."""
        event.stop()
        if event.option.id:
            self.app.theme = event.option.id

    def on_option_list_option_selected(self, event: PlainList.OptionSelected) -> None:
        """Keep the theme."""
        event.stop()
        self.dismiss(event.option.id)

    def action_back(self) -> None:
        """Go back to the colors of before."""
        self.app.theme = self._before
        self.dismiss(None)
