"""The files of an answer in a line; it scrolls, so that the shown file is always visible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

GAP = "  "
"""Between two tabs."""
MORE_BEFORE, MORE_AFTER = "< ", " >"
"""What says that there are more tabs."""


class FileTabs(Static):
    """A click on a tab shows its file: the screen has an action `show_file` with its position."""

    def __init__(self) -> None:
        super().__init__(id="files", markup=False)
        self._names: list[Content] = []
        self._current = 0

    def show(self, names: Sequence[Content], current: int) -> None:
        """Show these tabs; `current` is the position of the shown file."""
        self._names, self._current = list(names), current
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """Choose again what fits."""
        del event
        self._draw()

    def _draw(self) -> None:
        self.update(tabs_content(self._names, self._current, self.size.width or self.app.size.width))


def state_words(*, started: bool, editing: bool, draft: bool, overtaken: bool) -> str:
    """What the text is that is shown of a file: a draft or what is on disk, and how either is discarded."""
    if not started:
        return "i or e starts it"
    parts = ["editing"] if editing else []
    if overtaken and draft:
        parts.append("your draft; the file on disk has changed")
    else:
        parts.append("your draft, not saved" if draft else "" if editing else "as on disk")
    if draft and not editing:
        parts.append("ctrl+s saves it, u discards it")
    return ", ".join(filter(None, parts))


def tabs_content(names: Sequence[Content], current: int, width: int) -> Content:
    """As many tabs as fit, the current one among them, in at most `width` cells."""
    first, last = _visible([name.cell_length for name in names], current, width)
    parts = []
    for index in range(first, last):
        style = Style(bold=True, underline=True) if index == current else Style()
        parts.append(names[index].stylize(style + Style.from_meta({"@click": f"screen.show_file({index})"})))
    line = Content(GAP).join(parts)
    before = MORE_BEFORE if first else ""
    after = MORE_AFTER if last < len(names) else ""
    return Content.assemble(before, line, after).truncate(max(width, 1), ellipsis=True)


def _visible(lengths: Sequence[int], current: int, width: int) -> tuple[int, int]:
    """The first tab that is shown, and the one after the last: as many as fit around the current one."""

    def cells(first: int, last: int) -> int:
        marks = (len(MORE_BEFORE) if first else 0) + (len(MORE_AFTER) if last < len(lengths) else 0)
        return sum(lengths[first:last]) + len(GAP) * max(last - first - 1, 0) + marks

    if cells(0, len(lengths)) <= width:
        return 0, len(lengths)
    first, last = current, min(current + 1, len(lengths))
    while True:
        if last < len(lengths) and cells(first, last + 1) <= width:
            last += 1
        elif first and cells(first - 1, last) <= width:
            first -= 1
        else:
            return first, last
