"""A framed pane: its title is in the border, the border of the focused one has the accent color.

A double click on the title asks the screen to fill itself with the pane, or to show all panes again. What
frames look like is in `app.tcss`, under the class `frame`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget

if TYPE_CHECKING:
    from textual import events
    from textual.content import Content


class Framed(Widget):
    """For a widget with the class `frame`."""

    class ZoomWanted(Message):
        """The title was clicked twice; `pane` is the framed widget."""

        def __init__(self, pane: Widget) -> None:
            super().__init__()
            self.pane = pane

    def put_title(self, title: Content, right: Content | None = None) -> None:
        """Write a title into the upper border, and another text into the lower one."""
        if self._border_title != title:
            self.border_title = title
        if self._border_subtitle != right:
            self.border_subtitle = right

    def on_click(self, event: events.Click) -> None:
        """A double click on the upper border zooms."""
        if event.chain == 2 and event.screen_y == self.region.y:
            event.stop()
            self.post_message(Framed.ZoomWanted(self))
