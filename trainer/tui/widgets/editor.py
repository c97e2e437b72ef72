"""A text area that is a viewer until it edits, and then has the keys of an editor for YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.actions import SkipAction
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from trainer.tui import keystrokes
from trainer.tui.commands import bindings_of
from trainer.tui.line_colors import LineColors
from trainer.tui.themes import syntax_theme

if TYPE_CHECKING:
    from collections import defaultdict
    from collections.abc import Callable

    from rich.text import Text
    from textual.binding import BindingType

    from trainer.tui.keystrokes import Change, Language, Place

HIGHLIGHT_CHARACTERS = 200_000
"""Longer text, and text with very long or deep lines, is shown without colors."""

HIGHLIGHT_LINE = 5_000

OTHERS_KEYS = ("ctrl+e", "ctrl+f", "ctrl+g")
"""Keys of Textual's text area that mean something else in ours; the pane around it has them."""

ONLY_EDITING = frozenset(("indent", "dedent", "undo", "redo", "comment", "cut", "paste"))
"""Actions that the viewer leaves to whatever is around it."""


class Editor(TextArea):
    """Control characters of the text are kept, and shown as harmless characters of the same length in bytes
    (so that the colors stay in place).
    """

    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("typing"))

    kind: Language = "text"
    """The language of the text; before the first one is shown, none that has colors."""
    takes_first: Callable[[str], bool] | None = None
    """Is offered each key first while editing; returns whether it took it."""
    completes: Callable[[], bool] | None = None
    """Completes the word before the cursor; returns whether it could."""

    def __init__(self) -> None:
        super().__init__(
            read_only=True,
            soft_wrap=False,
            show_line_numbers=True,
            tab_behavior="indent",
            highlight_cursor_line=True,
        )
        self.indent_width = keystrokes.STEP
        self.cursor_blink = False
        for key in OTHERS_KEYS:
            self._bindings.key_to_bindings.pop(key, None)

    def on_mount(self) -> None:
        """Use the colors of the app's theme, now and whenever it changes."""
        self.watch(self.app, "theme", self._follow_theme)

    @property
    def editing(self) -> bool:
        """Whether keys edit the text."""
        return not self.read_only

    def show_text(self, text: str, kind: Language = "yaml") -> None:
        """Show another text; cursor and scroll position stay if the text still has them.

        Where nobody types, lines are shown from their beginning: a cursor that is further right goes there.
        """
        row, column = self.cursor_location
        if self.read_only and self.scroll_offset.x:
            column = 0
        top = self.scroll_offset.y
        self.kind = kind
        language = _grammar_of(text, kind)
        if language is None:
            self.language = None  # before: what has no colors is never parsed for them
        self.load_text(text)
        self.language = language
        row = min(row, self.document.line_count - 1)
        self.move_cursor((row, min(column, len(self.document.get_line(row)))))
        self.scroll_to(x=0 if self.read_only else None, y=top, animate=False)

    def go_to(self, line: int, column: int = 1) -> None:
        """Put the cursor on a line and column (1-based), the line well inside the view."""
        row = min(max(line - 1, 0), self.document.line_count - 1)
        length = len(self.document.get_line(row))
        self.move_cursor((row, min(max(column - 1, 0), length)), center=True)

    def change(self, change: Change | None) -> None:
        """Make a change of `keystrokes`, as one step of undo; None changes nothing."""
        if change is None or self.read_only:
            return
        self.history.checkpoint()
        self.replace(change.text, change.start, change.end, maintain_selection_offset=False)
        self.history.checkpoint()
        self.selection = Selection(*change.selection)

    # -- actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that change the text belong to the editor only while it edits."""
        del parameters
        return self.editing if action in ONLY_EDITING else True

    def action_indent(self) -> None:
        """Complete a word that is begun; else blanks up to the next level. A selection moves to the right."""
        row, column = self.cursor_location
        line = self.document.get_line(row)
        begun = self.selection.is_empty and line[:column].strip() and not line[column:].strip()
        if begun and self.kind == "yaml" and self.completes is not None and self.completes():
            return
        self.change(keystrokes.indented(self.document.lines, self._selected))

    def action_dedent(self) -> None:
        """Move the lines of the selection, or of the cursor, one level to the left."""
        self.change(keystrokes.dedented(self.document.lines, self._selected))

    def action_comment(self) -> None:
        """Make comments of the lines, or text of comments."""
        if self.kind != "json":  # JSON has no comments
            self.change(keystrokes.commented(self.document.lines, self._selected))

    def action_delete_left(self) -> None:
        """Delete the selection, a level of the indentation, or a character."""
        change = None
        if not self.read_only and self.selection.is_empty:
            change = keystrokes.backspaced(self.document.lines, self.cursor_location)
        if change is None:
            super().action_delete_left()
        else:
            self.change(change)

    def action_copy(self) -> None:
        """Copy the selection; while editing and without one, the line. A viewer leaves the key to the app."""
        text = self.selected_text
        if not text and not self.editing:
            raise SkipAction
        self.app.copy_to_clipboard(text or self.document.get_line(self.cursor_location[0]) + "\n")

    def action_copy_all(self) -> None:
        """Copy the whole text."""
        self.app.copy_to_clipboard(self.text)

    def action_top(self, select: bool = False) -> None:
        """To the start of the text."""
        self.move_cursor((0, 0), select=select)

    def action_bottom(self, select: bool = False) -> None:
        """To the end of the text."""
        self.move_cursor(self.document.end, select=select)

    @property
    def _selected(self) -> tuple[Place, Place]:
        return (self.selection.start, self.selection.end)

    # -- keys

    async def _on_key(self, event: events.Key) -> None:
        """Run a key at once; Textual would run its binding only after it has bubbled up to the app.

        Letters that arrive in the same read (a slow line, a macro) would be typed before it. What comes in
        the same read after the focus has left follows it.
        """
        focused = self.screen.focused
        if focused is not None and focused is not self and self.editing:
            event.prevent_default()
            event.stop()
            focused.post_message(events.Key(event.key, event.character))
            return
        if self.read_only:
            return
        if self.takes_first is not None and self.takes_first(event.key):
            event.prevent_default()
            event.stop()
        elif event.key == "enter":
            event.prevent_default()
            event.stop()
            self.change(keystrokes.broken(self.document.lines, self._selected, self.kind))
        elif event.key in ("escape", "tab") or not event.is_printable:
            event.prevent_default()
            for owner in (self, self.parent):
                found = owner._bindings.key_to_bindings.get(event.key) if owner is not None else None
                if found and await self.app.run_action(found[0].action, owner):
                    event.stop()
                    return

    # -- what is shown

    def get_line(self, line_index: int) -> Text:
        """One line as it is shown: control characters as harmless characters of the same length
        in bytes."""
        line = super().get_line(line_index)
        line.plain = "".join(map(_harmless, line.plain))
        return line

    def _build_highlight_map(self) -> None:
        if isinstance(self._highlights, LineColors):
            self._highlights = type(self)._no_highlights()
        super()._build_highlight_map()
        if self.kind in ("shell", "dockerfile"):
            colors = LineColors(self.kind, self.document.get_line, HIGHLIGHT_LINE)
            self._highlights = cast("defaultdict[int, list[tuple[int, int | None, str]]]", colors)

    @staticmethod
    def _no_highlights() -> defaultdict[int, list[tuple[int, int | None, str]]]:
        from collections import defaultdict

        return defaultdict(list)

    def _follow_theme(self, theme: str) -> None:
        colors = syntax_theme(theme)
        self.register_theme(colors)
        self.theme = colors.name


def _grammar_of(text: str, kind: Language) -> str | None:
    """The language of the grammar that colors the text; None for long text and for languages without one."""
    small = len(text) <= HIGHLIGHT_CHARACTERS and max(map(len, text.split("\n"))) <= HIGHLIGHT_LINE
    return "yaml" if kind in ("yaml", "json") and small and _has_highlighter() else None


def _has_highlighter() -> bool:
    try:
        import tree_sitter  # noqa: F401
        import tree_sitter_yaml  # noqa: F401
    except ImportError:  # a platform without wheels: the text has no colors, all else works
        return False
    return True


def _harmless(character: str) -> str:
    if character.isprintable() or character == "\t":
        return character
    return {1: "?", 2: "¿", 3: "\ufffd"}.get(len(character.encode("utf-8", "replace")), "\ufffd")
