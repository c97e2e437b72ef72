"""Which of the layouts a size gets, known before anything is laid out.

Textual sets the class of a breakpoint only after the first layout, which would flash up first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDE = 110
"""The least width, in cells, at which panes are side by side."""

BROAD = 160
"""The least width at which three panes side by side are wide enough for YAML."""

HIGH = 30
"""The least height, in lines, at which two panes fit above each other."""

BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
"""For `Screen.HORIZONTAL_BREAKPOINTS`."""

CARD_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide"), (BROAD, "-broad")]
"""Those of the card screen."""

CARD_HEIGHTS = [(0, "-low"), (HIGH, "-high")]
"""For `Screen.VERTICAL_BREAKPOINTS` of the card screen."""


def classes_for(length: int, breakpoints: Sequence[tuple[int, str]] = BREAKPOINTS) -> dict[str, bool]:
    """The classes of a screen of this width or height, for `update_classes`."""
    chosen = max((least for least, _ in breakpoints if length >= least), default=0)
    return {name: least == chosen for least, name in breakpoints}
