"""Markdown as literal text: the structure is shown, nothing in it acts.

Links show their address instead of opening anything, HTML and markup are shown as written.
Textual's own Markdown widget mounts a widget for each block; a card must appear in one frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from trainer.safe_text import clean
from trainer.tui.text import MUTED, literal
from trainer.tui.widgets.code import code_lines
from trainer.tui.widgets.markdown_table import table_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

CODE = "$text-primary"
"""The style of code, in lines and in blocks."""

_YAML = ("", "yaml", "yml", "json")


def render_markdown(text: str, width: int) -> Content:
    """Markdown wrapped to a width in cells. Reads CommonMark and tables."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(clean(text))
    return Content("\n").join(_Writer(max(width, 20)).write(tokens))


class _Writer:
    """Turns the tokens of one text into lines; knows how deep inside lists it is."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.lines: list[Content] = []
        self.marks: list[str] = []
        self.numbers: list[int | None] = []
        self.indent = 0
        self.tight = False
        self.heading = False
        self.cells: list[Content] | None = None
        self.rows: list[list[Content]] = []

    def write(self, tokens: Sequence[Token]) -> list[Content]:
        """All lines."""
        for token in tokens:
            match token.type:
                case "bullet_list_open":
                    self.numbers.append(None)
                case "ordered_list_open":
                    self.numbers.append(int(str(token.attrs.get("start", 1))))
                case "bullet_list_close" | "ordered_list_close":
                    self.numbers.pop()
                    self._gap()
                case "list_item_open":
                    self._open_item()
                case "list_item_close":
                    self._close_item()
                case _:
                    self._leaf(token)
        while self.lines and not self.lines[-1].plain.strip():
            self.lines.pop()
        return self.lines

    def _leaf(self, token: Token) -> None:
        match token.type:
            case "heading_open":
                self.heading = True
            case "paragraph_open":
                self.tight = token.hidden
            case "inline" if self.cells is not None:
                self.cells.append(_inline(token, ""))
            case "inline":
                self._block(_inline(token, "bold" if self.heading else ""))
                self.heading = False
            case "tr_open":
                self.cells = []
            case "tr_close":
                self.rows.append(self.cells or [])
                self.cells = None
            case "table_close":
                for line in table_lines(self.rows, max(self.width - self.indent, 10)):
                    self.lines.append(self._lead() + line)
                self.rows = []
                self._gap()
            case "fence" | "code_block":
                self._code(token.content, token.info.strip())
            case "html_block":
                self._block(literal(token.content.rstrip()))
            case "hr":
                self._block(Content("─" * min(self.width - self.indent, 20)))

    def _open_item(self) -> None:
        number = self.numbers[-1] if self.numbers else None
        if number is not None:
            self.numbers[-1] = number + 1
        mark = "• " if number is None else f"{number}. "
        self.marks.append(mark)
        self.indent += len(mark)

    def _close_item(self) -> None:
        mark = self.marks.pop()
        self.indent -= len(mark)

    def _block(self, content: Content) -> None:
        for line in content.wrap(max(self.width - self.indent, 10)):
            self.lines.append(self._lead() + line.rstrip())
        if not self.tight:
            self._gap()
        self.tight = False

    def _code(self, text: str, language: str) -> None:
        """A block of code; one whose language isn't given has one color, except a manifest."""
        if language or text.startswith("apiVersion:"):
            names = {"sh": "it.sh", "bash": "it.sh", "shell": "it.sh", "dockerfile": "Dockerfile"}
            lines = code_lines(
                text, names.get(language.lower(), "it.yaml" if language in _YAML else "it.txt")
            )
        else:
            lines = [literal(line, CODE) for line in text.rstrip("\n").split("\n")]
        for line in lines:
            self.lines.append(self._lead() + line.pad_left(2))
        self._gap()

    def _lead(self) -> Content:
        """The indentation or the item's mark before a line; a mark is written once."""
        lead = " " * self.indent
        if self.marks and self.marks[-1].strip():
            mark = self.marks[-1]
            lead = " " * (self.indent - len(mark)) + mark
            self.marks[-1] = " " * len(mark)
        return Content(lead)

    def _gap(self) -> None:
        if self.lines and self.lines[-1].plain.strip():
            self.lines.append(Content(""))


def _inline(token: Token, style: str) -> Content:
    """The content of one paragraph, heading or cell."""
    parts: list[Content] = []
    styles: list[str] = [style] if style else []
    addresses: list[str] = []
    for child in token.children or ():
        match child.type:
            case "text" | "html_inline":
                parts.append(literal(child.content, " ".join(styles)))
            case "code_inline":
                parts.append(literal(child.content, " ".join([*styles, CODE])))
            case "softbreak":
                parts.append(Content(" "))
            case "hardbreak":
                parts.append(Content("\n"))
            case "strong_open":
                styles.append("bold")
            case "em_open":
                styles.append("italic")
            case "strong_close" | "em_close":
                styles.pop()
            case "link_open":
                addresses.append(str(child.attrs.get("href", "")))
            case "link_close":
                address = addresses.pop()
                if address and address not in "".join(part.plain for part in parts):
                    parts.append(literal(f" ({address})", MUTED))
            case "image":
                parts.append(literal(f"{child.content} ({child.attrs.get('src', '')})"))
    return Content("").join(parts)
