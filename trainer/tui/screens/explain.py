"""What a field means: the offline `kubectl explain`, over the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from trainer.ask.explain import explained_lines
from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import MUTED, literal

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.manifests.schema.explain import Explained

WIDEST = 100
"""Cells of a line, at most."""


class ExplainScreen(ClosesItself, ModalScreen[None]):
    """Type, values, description and fields; scrolls, closes with escape."""

    CSS_PATH = "explain.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+c,ctrl+e,enter", "dismiss", show=False),
        Binding("j", "scroll('down')", show=False),
        Binding("k", "scroll('up')", show=False),
    ]

    def __init__(self, shown: Explained) -> None:
        super().__init__()
        self._shown = shown

    def compose(self) -> ComposeResult:
        """The path in the border, and the text."""
        with VerticalScroll(id="explain") as scroller:
            scroller.border_title = literal(".".join([self._shown.kind, *self._shown.path])).markup
            scroller.border_subtitle = "esc closes"
            yield Static(self.text(min(self.app.size.width - 10, WIDEST)), markup=False)

    def on_mount(self) -> None:
        """Let the arrow keys scroll at once."""
        self.query_one("#explain").focus()

    def action_scroll(self, direction: str) -> None:
        """Scroll a line, by vim keys."""
        scroller = self.query_one("#explain")
        (scroller.scroll_down if direction == "down" else scroller.scroll_up)(animate=False)

    def text(self, width: int) -> Content:
        """The lines, with the names of fields in bold."""
        return Content("\n").join([_styled(line) for line in explained_lines(self._shown, width)])


def _styled(line: str) -> Content:
    if line.startswith("  ") and line[2:3].strip():
        name, _, rest = line[2:].partition(" ")
        return Content.assemble("  ", (name, "bold $text-primary"), " ", literal(rest))
    if line.endswith(":") and not line.startswith(" "):
        return literal(line, "bold")
    return literal(line, "" if line.startswith("    ") else MUTED)
