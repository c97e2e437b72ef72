"""A list that moves with arrow keys and vim keys, and shows its text literally."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip
from textual.widgets import OptionList

from trainer.tui.commands import bindings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.binding import BindingType
    from textual.css.styles import RulesMap
    from textual.style import Style
    from textual.visual import RenderOptions
    from textual.widgets.option_list import Option


class OneLine(Content):
    """A row built for the width of its list: one line, cut where it is too long.

    Nobody has to look for places to wrap it, which makes a list of all cards appear sooner.
    """

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Its lines."""
        del rules, width
        return 1

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """The line, in its colors on top of `style`."""
        del height
        pieces = self.render(style, end="", parse_style=options.get_style)
        strip = Strip([Segment(text, (style + own).rich_style) for text, own in pieces], self.cell_length)
        return [strip if self.cell_length <= width else strip.crop(0, width)]


class PlainList(OptionList):
    """The base of every list: no markup, vim keys, its rows rebuilt when the width changes."""

    DEFAULT_CSS = """
    PlainList, PlainList:focus { border: none; padding: 0; height: 1fr; background: $background; }
    PlainList:focus { background-tint: transparent; }
    PlainList > .option-list--option-highlighted, PlainList:focus > .option-list--option-highlighted {
        color: $foreground; background: $primary 15%; text-style: none;
    }
    PlainList:focus > .option-list--option-highlighted { background: $primary 35%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("list"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(markup=False, **kwargs)
        self.auto_links = False
        self._built_for = 0
        self.first_width = 0
        """Cells that the list will have, where the screen knows it before the first layout."""

    def rows(self, width: int) -> Sequence[Option]:
        """The rows for a width in cells; subclasses give them."""
        raise NotImplementedError

    def rebuild(self, *, keep: str | None = None) -> None:
        """Make all rows again; the highlight stays on its row, or goes to the row with ID `keep`."""
        wanted = keep
        if wanted is None and self.highlighted_option is not None:
            wanted = self.highlighted_option.id
        width = self.scrollable_content_region.width or self.first_width or self.app.size.width
        self._built_for = width
        rows = self.rows(width)
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options(rows)
            self.highlighted = self._index_of(rows, wanted)

    def action_page_up(self) -> None:
        """One page up; on a list that has no room yet, to its first row."""
        if self.scrollable_content_region.area:
            super().action_page_up()  # type: ignore[no-untyped-call]
        else:
            self.action_first()

    def action_page_down(self) -> None:
        """One page down; on a list that has no room yet, to its last row."""
        if self.scrollable_content_region.area:
            super().action_page_down()  # type: ignore[no-untyped-call]
        else:
            self.action_last()

    def on_mount(self) -> None:
        """Have the rows in the first frame already; a list over the full width is right then."""
        if not self._built_for:
            self.rebuild()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the rows to another width."""
        del event
        self._refit()

    def watch_show_vertical_scrollbar(self) -> None:
        """The scrollbar takes its cells from the rows."""
        self.call_after_refresh(self._refit)

    def _refit(self) -> None:
        if self.scrollable_content_region.width != self._built_for:
            self.rebuild()

    @staticmethod
    def _index_of(rows: Sequence[Option], wanted: str | None) -> int | None:
        usable = [index for index, row in enumerate(rows) if not row.disabled]
        for index in usable:
            if wanted is not None and rows[index].id == wanted:
                return index
        return usable[0] if usable else None


class PickList(PlainList):
    """A list that tells its screen which row is highlighted, and which one is opened by enter or a click."""

    def picked(self, row: str | None, *, opened: bool) -> None:
        """Tell it; `row` is the ID of the row. Subclasses know what it stands for."""
        raise NotImplementedError

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Another row is highlighted."""
        event.stop()
        self.picked(event.option_id, opened=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A row is opened."""
        event.stop()
        self.picked(event.option_id, opened=True)
