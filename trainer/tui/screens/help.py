"""All keys, from the table of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from trainer.tui.commands import KEY_NAMES, PLACE_TITLES, commands_of
from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import indented

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.tui.commands import Command

SIGNS = (
    "Card signs: ○ new, ◔ started, ◐ partial, ✓ passed; ★ bookmarked, ✎ has your note.\n"
    "Check signs: ✓ PASS, ✗ FAIL, - SKIP (waits for another check), ! ERROR (not your fault).\n"
    "A line marked ✗▌ or !▌ has a message: move there to read it."
)


_KEYS = 14
"""Cells for the names of keys."""


class Help(ClosesItself, ModalScreen[None]):
    """The help screen; scrolls, closes with escape or `?`."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q,ctrl+c", "dismiss", show=False),
        Binding("j", "scroll('down')", show=False),
        Binding("k", "scroll('up')", show=False),
    ]

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        with VerticalScroll(id="help"):
            yield Static(help_text(self.app.size.width), id="help-text", markup=False)

    def on_mount(self) -> None:
        """Let the arrow keys scroll at once."""
        self.query_one("#help").focus()

    def on_resize(self, event: events.Resize) -> None:
        """Wrap for another width."""
        del event
        self.call_after_refresh(self._wrap)

    def _wrap(self) -> None:
        text = self.query_one("#help-text", Static)
        text.update(help_text(text.content_size.width or self.app.size.width))

    def action_scroll(self, direction: str) -> None:
        """Scroll a line, by vim keys."""
        scroller = self.query_one("#help")
        (scroller.scroll_down if direction == "down" else scroller.scroll_up)(animate=False)


def help_text(width: int) -> Content:
    """The whole help for a width in cells, generated from the table."""
    lines = [
        Content.styled("Help", "bold"),
        Content("esc closes this screen; arrow keys or j and k scroll"),
        Content(""),
    ]
    for place, title in PLACE_TITLES.items():
        lines.append(Content.styled(title, "bold underline"))
        for command in commands_of(place):
            lines += _lines(command, width) if command.keys else []
        lines.append(Content(""))
    lines += [Content.styled("Signs", "bold underline"), *Content(SIGNS).split("\n")]
    lines += [
        Content(""),
        Content("The mouse works too: click a row, a key in the footer, a tab or a check."),
        Content("Every save is graded, whichever editor saves it: the files are in your workspace folder."),
        Content("For screen readers, the same as plain text: cks-trainer show, grade, hint, solution."),
    ]
    return Content("\n").join(lines)


def _lines(command: Command, width: int) -> list[Content]:
    """A command's keys, and beside them its sentence, in as many lines as it needs."""
    keys = ", ".join(KEY_NAMES.get(key, key) for key in command.keys)
    lead = f"  {keys:<{_KEYS}} "
    first, *rest = indented(Content(command.help), max(width, 2 * _KEYS), _KEYS + 3)
    if len(lead) > _KEYS + 3:
        return [Content.styled(lead, "bold"), first, *rest]
    return [Content.assemble((lead, "bold"), first[_KEYS + 3 :]), *rest]
