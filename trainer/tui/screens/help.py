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

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.tui.commands import Command

SIGNS = (
    "Card signs: ○ new, ◔ started, ◐ partial, ✓ passed; ★ bookmarked, ✎ has your note.\n"
    "Check signs: ✓ PASS, ✗ FAIL, - SKIP (waits for another check), ! ERROR (not your fault).\n"
    "A line marked ✗▌ or !▌ has a message: move there to read it."
)


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
            yield Static(help_text(), markup=False)

    def on_mount(self) -> None:
        """Let the arrow keys scroll at once."""
        self.query_one("#help").focus()

    def action_scroll(self, direction: str) -> None:
        """Scroll a line, by vim keys."""
        scroller = self.query_one("#help")
        (scroller.scroll_down if direction == "down" else scroller.scroll_up)(animate=False)


def help_text() -> Content:
    """The whole help, generated from the table."""
    lines = [
        Content.styled("Help", "bold"),
        Content("esc closes this screen; arrow keys or j and k scroll"),
        Content(""),
    ]
    for place, title in PLACE_TITLES.items():
        lines.append(Content.styled(title, "bold underline"))
        lines += [_line(command) for command in commands_of(place) if command.keys]
        lines.append(Content(""))
    lines += [Content.styled("Signs", "bold underline"), *Content(SIGNS).split("\n")]
    lines += [
        Content(""),
        Content("The mouse works too: click a row, a key in the footer, a tab or a check."),
        Content("Every save is graded, whichever editor saves it: the files are in your workspace folder."),
        Content("For screen readers, the same as plain text: cks-trainer show, grade, hint, solution."),
    ]
    return Content("\n").join(lines)


def _line(command: Command) -> Content:
    keys = ", ".join(KEY_NAMES.get(key, key) for key in command.keys)
    return Content.assemble((f"  {keys:<14}", "bold"), f" {command.help}")
