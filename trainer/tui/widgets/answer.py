"""The text of one file of the answer: viewer and editor, with marks at the failing lines."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, ClassVar

import msgspec
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.strip import Strip

from trainer.tui.text import columns
from trainer.tui.widgets.editor import Editor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType

GUTTER = 2
"""Cells between line number and text: the mark's sign and its bar."""


class Mark(msgspec.Struct, frozen=True):
    """A message at a line. `line` is 1-based, `sign` one character, `colour` red or yellow."""

    line: int
    sign: str
    word: str
    message: str
    colour: str


class AnswerView(Editor):
    """A viewer and editor with marks.

    A marked line has a sign and a bar between its number and its text, and as much of the message
    at its end as fits.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"answer--red", "answer--yellow"}
    DEFAULT_CSS = """
    AnswerView { background: $background; }
    AnswerView > .text-area--gutter { color: $foreground 60%; }
    AnswerView > .text-area--cursor-gutter { color: $foreground; }
    AnswerView > .answer--red { color: $text-error; }
    AnswerView > .answer--yellow { color: $text-warning; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("G", "bottom", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._marks: dict[int, Mark] = {}
        self._marked_lines: list[str] = []

    @property
    def gutter_width(self) -> int:
        """Cells of line number and mark; one extra space keeps the number off the edge."""
        return super().gutter_width + 1

    @property
    def marks(self) -> list[Mark]:
        """The marks, by line."""
        return [self._marks[line] for line in sorted(self._marks)]

    @property
    def cursor_mark(self) -> Mark | None:
        """The mark of the cursor's line, if it has one."""
        return self._marks.get(self.cursor_location[0] + 1)

    def show_marks(self, marks: Iterable[Mark], graded: str | None = None) -> None:
        """Show only these marks; for a line with several, the first one.

        `graded` is the text that they refer to, if the shown text has changed since.
        """
        lines = self.document.lines if graded is None else _lines(graded)
        self._marks, self._marked_lines = {}, lines
        for mark in marks:
            self._marks.setdefault(min(max(mark.line, 1), len(lines)), mark)
        if graded is not None:
            self.move_marks()
        self.refresh()

    def move_marks(self) -> None:
        """After a change of the text: marks move with their lines; changed lines lose theirs."""
        if not self._marks:
            return
        old, new = self._marked_lines, self.document.lines
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
        rest = min(len(old), len(new)) - same
        tail = zip(reversed(old), reversed(new), strict=False)
        after = min(rest, sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], tail)))
        moved: dict[int, Mark] = {}
        for line, mark in self._marks.items():
            if line <= same:
                moved[line] = mark
            elif line > len(old) - after:
                here = line + len(new) - len(old)
                moved[here] = msgspec.structs.replace(mark, line=here)
        self._marks, self._marked_lines = moved, new
        self.refresh()

    def next_mark(self, step: int) -> None:
        """Go to the next (`step` 1) or the previous (-1) marked line; after the last comes the first."""
        lines = sorted(self._marks)
        if not lines:
            return
        here = self.cursor_location[0] + 1
        later = (
            [line for line in lines if line > here] if step > 0 else [line for line in lines if line < here]
        )
        around = lines[0] if step > 0 else lines[-1]
        self.go_to((later[0] if step > 0 else later[-1]) if later else around)

    def render_line(self, y: int) -> Strip:
        """A line of the text area, with the mark that belongs to it."""
        strip = super().render_line(y)
        mark = self._marks.get(y + self.scroll_offset.y + 1)
        return strip if mark is None else self._marked(strip, mark)

    def _marked(self, strip: Strip, mark: Mark) -> Strip:
        width = strip.cell_length
        colour = Style(color=self.get_component_rich_style(f"answer--{mark.colour}").color)
        number, sign, rest = strip.divide([self.gutter_width - GUTTER, self.gutter_width, width])
        background = next((segment.style for segment in sign if segment.style), None) or Style()
        pieces = [number, Strip([Segment(f"{mark.sign}▌", background + colour + Style(bold=True))], GUTTER)]
        room = self.scrollable_content_region.width - self.gutter_width - len(rest.text.rstrip()) - 3
        message = f"{mark.word} {mark.message}"
        if room >= 12 and not self.scroll_offset.x:
            used = cell_len(rest.text.rstrip()) + 2
            room = self.scrollable_content_region.width - self.gutter_width - used - 1
            text = columns(message, min(room, cell_len(message)))
            kept = rest.crop(0, used).extend_cell_length(used)
            note = Strip([Segment(text, background + colour + Style(italic=True))], cell_len(text))
            tail = rest.crop(used + cell_len(text), rest.cell_length)
            pieces += [kept, note, tail]
        else:
            pieces.append(rest)
        return Strip.join(pieces)


def _lines(text: str) -> list[str]:
    """The lines of a text as the text area counts them: a newline begins another line."""
    lines = text.splitlines()
    return [*lines, ""] if not lines or text.endswith(("\n", "\r")) else lines
