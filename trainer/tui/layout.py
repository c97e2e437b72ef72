"""Narrow or wide: which of the two layouts a width gets, known before anything is laid out.

Textual sets the class of a breakpoint only after the first layout, which would flash up first.
"""

from __future__ import annotations

WIDE = 110
"""The least width, in cells, at which panes are side by side."""

BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
"""For `Screen.HORIZONTAL_BREAKPOINTS`."""


def classes_for(width: int) -> dict[str, bool]:
    """The classes of a screen of this width, for `update_classes`."""
    return {"-narrow": width < WIDE, "-wide": width >= WIDE}
