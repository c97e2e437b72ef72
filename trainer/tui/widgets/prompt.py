"""The task as in the exam, the given material, the hints shown so far, the docs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from trainer.content.material import sections
from trainer.tui.lifetime import WhileThere
from trainer.tui.text import MUTED, columns, indented, literal
from trainer.tui.widgets.code import code_lines
from trainer.tui.widgets.frame import Framed
from trainer.tui.widgets.markdown import CODE, render_markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.content.card import Card
    from trainer.content.material import Section

SHORT = 14
"""Lines of given objects that are shown as YAML."""


class PromptView(WhileThere, VerticalScroll, Framed):
    """Shows a card's task; scrolls with arrow and vim keys."""

    DEFAULT_CSS = "PromptView { scrollbar-gutter: stable; }"
    """The scroll bar has its column from the start: what is wrapped before it appears fits after, too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_by(1)", show=False),
        Binding("k,up", "scroll_by(-1)", show=False),
        Binding("G", "scroll_end", show=False),
    ]

    def __init__(self, card: Card, hints: Sequence[str] = (), folder: str = "") -> None:
        super().__init__(id="task", classes="frame")
        self.put_title(Content("Task"))
        self._card = card
        self._folder = folder
        self._hints = list(hints)
        self._note = ""
        self._built_for = 0

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id="task-text", markup=False)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap again."""
        del event
        if self._room != self._built_for:
            self._build()

    def action_scroll_by(self, lines: int) -> None:
        """Scroll some lines at once, without an animation that a second key would cut short."""
        self.scroll_relative(y=lines, animate=False)

    def show_hints(self, hints: Sequence[str]) -> None:
        """Show these hints at the end of the task; what is visible stays where it is."""
        if list(hints) != self._hints:
            self._hints = list(hints)
            self._build()

    def show_note(self, note: str) -> None:
        """Show the learner's own note at the end of the task."""
        if note != self._note:
            self._note = note
            if self._built_for:
                self._build()

    @property
    def _room(self) -> int:
        """Cells of a line; one is left free before the scroll bar."""
        return max(self.scrollable_content_region.width - 1, 0)

    def _build(self) -> None:
        self._built_for = width = self._room
        text = task_text(self._card, self._hints, width, self._folder)
        if self._note:
            text = Content("\n\n").join([text, _section("Your note", [self._note], width)])
        self.query_one("#task-text", Static).update(text)


def task_text(card: Card, hints: Sequence[str], width: int, folder: str = "") -> Content:
    """The text of the task's pane, wrapped to a width in cells; the hints come last.

    The `folder` is the one of the answer, where the given material is, too.
    """
    parts = [render_markdown(card.prompt, width)]
    if card.files:
        where = [f"in {folder}"] if folder else []
        parts.append(_section("Submit", [", ".join(card.files), *where], width))
    if card.limits:
        parts.append(_section("Not covered by this card", [card.limits], width))
    parts += [_cluster(card, section, width) or _given(section, width) for section in sections(card)]
    if card.docs:
        parts.append(_links(card.docs, width))
    if card.attribution is not None:
        whose = card.attribution
        credit = f"{whose.title}, {whose.address}, {whose.licence}; changed: {whose.changed}"
        parts.append(_section("Based on", [credit], width))
    if hints:
        parts.append(_hints(card, hints, width))
    return Content("\n\n").join(parts)


def _links(addresses: Sequence[str], width: int) -> Content:
    """Each address in one line, which a click opens; its end is cut where there is no room."""
    title = Content.assemble(("Pages allowed in the exam", "bold"), ("  o opens, y copies", MUTED))
    lines = [title]
    for index, address in enumerate(addresses):
        shown = address.removeprefix("https://")
        click = Style.from_meta({"@click": f"screen.use_link({index})"})
        lines.append(literal(columns(shown, width - 2).rstrip(), CODE).stylize(click).pad_left(2))
    return Content("\n").join(lines)


def _hints(card: Card, hints: Sequence[str], width: int) -> Content:
    lines: list[Content] = []
    for number, hint in enumerate(hints, 1):
        lines.append(Content.styled(f"Hint {number} of {len(card.hints)}", "bold"))
        rendered = render_markdown(hint, width - 2)
        lines += [line.pad_left(2) for line in rendered.split("\n")]
    return Content("\n").join(lines)


def _section(title: str, texts: Sequence[str], width: int) -> Content:
    lines = [literal(title, "bold")]
    for text in texts:
        lines += indented(literal(text), width, 2)
    return Content("\n").join(lines)


def _cluster(card: Card, section: Section, width: int) -> Content | None:
    """The given objects counted by kind, where their YAML would fill the pane; `g` shows them."""
    kinds = Counter(line[6:].strip() for line in card.given.split("\n") if line.startswith("kind: "))
    if section.title != "Given" or card.given.count("\n") <= SHORT or not kinds or "List" in kinds:
        return None
    counts = ", ".join(f"{kind} ({number})" for kind, number in kinds.items())
    title = Content.assemble(("Given", "bold"), ("  g shows the objects", MUTED))
    lines = [title, *indented(literal(counts), width, 2)]
    starters = f"The objects in {', '.join(card.start_given)} already exist."
    return Content("\n").join([*lines, *(indented(literal(starters), width, 2) if card.start_given else [])])


def _given(section: Section, width: int) -> Content:
    lines = [literal(section.title, "bold")]
    if section.text:
        for line in code_lines(section.text, section.title.rpartition(": ")[2]):
            lines += indented(line, width, 2)
    if section.note:
        lines += indented(literal(section.note), width, 2)
    return Content("\n").join(lines)
