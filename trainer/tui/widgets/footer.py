"""The footer: the keys of the place where the learner is, taken from the command table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from trainer.tui.commands import HOMES, commands_of

if TYPE_CHECKING:
    from textual import events

    from trainer.tui.commands import Command, Place

GAP = "  "
"""Between two keys."""


class KeysBar(Widget):
    """One line of keys. Keys that don't fit are left out: first the app's, then the last ones of the place.

    The keys to go back and for help always stay.

    A click on a key does what the key does.
    """

    DEFAULT_CSS = """
    KeysBar {
        dock: bottom; height: 1; color: $foreground 85%; padding: 0 1;
    }
    """

    auto_links = False
    """Keys have the accent color; as links, they and their words would have the same."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place: Place = place

    def show(self, place: Place) -> None:
        """Show the keys of another place."""
        if place != self.place:
            self.place = place
            self.refresh()

    def render(self) -> Content:
        """The keys that fit into the widget's width."""
        return footer_content(self.place, self.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """Choose again what fits."""
        del event
        self.refresh()


def footer_content(place: Place, width: int) -> Content:
    """The footer's line for a place, at most `width` cells wide."""
    typing = place in ("editing", "exam-editing", "searching")
    shown = [command for command in commands_of(place, "app") if command.footer]
    spare = [command for command in shown if command.place == "app"][::-1]
    spare += [command for command in shown if command.place != "app"][::-1]
    for command in spare:
        if sum(_cells(other, typing) for other in shown) - len(GAP) <= width:
            break
        if command.action not in ("back", "stop", "help"):
            shown.remove(command)
    return Content(GAP).join([_key(command, typing) for command in shown])


def _cells(command: Command, typing: bool) -> int:
    return cell_len(f"{_name(command, typing)} {command.footer}{GAP}")


def _name(command: Command, typing: bool) -> str:
    return command.key_while_typing if typing else command.key


def _key(command: Command, typing: bool) -> Content:
    action = f"{'app' if command.place == 'app' else 'screen'}.{command.action}"
    if command.place in HOMES:  # these are keys of the widget that has the focus
        action = f"app.simulate_key('{command.keys[0]}')"
    click = Style.from_meta({"@click": action})
    name = Content.styled(_name(command, typing), "bold $text-primary").stylize(click)
    return Content.assemble(name, (f" {command.footer}", click))
