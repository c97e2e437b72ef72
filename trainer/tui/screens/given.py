"""What exists before the answer: the objects of the cluster as `kubectl get` prints them, and given files."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec
from rich.cells import cell_len
from textual import on
from textual.containers import Container, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static
from textual.widgets.option_list import Option

from trainer.content.material import NODE, OBJECTS, material
from trainer.content.tables import tables
from trainer.tui.commands import bindings_of
from trainer.tui.keystrokes import language_of
from trainer.tui.layout import BREAKPOINTS, classes_for
from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import MUTED, columns, counted, literal, one_line
from trainer.tui.widgets.editor import Editor
from trainer.tui.widgets.footer import KeysBar
from trainer.tui.widgets.frame import Framed
from trainer.tui.widgets.lists import PickList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.content.card import Card
    from trainer.tui.commands import Place

WIDEST = 48
"""Cells of a column, at most; the whole value is in the object's YAML."""


class Item(msgspec.Struct, frozen=True):
    """One thing that can be looked at: its name, its text, and the cells of its row."""

    name: str
    text: str
    cells: tuple[str, ...]


class Group(msgspec.Struct, frozen=True):
    """Items under one heading. `columns` are the heads of their cells."""

    title: str
    columns: tuple[str, ...]
    items: tuple[Item, ...]


def groups(card: Card) -> list[Group]:
    """All that a card gives: a group for each kind of object, then the files of the node and of the task."""
    found = [
        Group(table.kind, table.columns, tuple(Item(row.name, row.yaml, row.cells) for row in table.rows))
        for table in tables(card)
    ]
    node, task = [], []
    for name, text in material(card).items():
        lines = counted(text.count("\n") + (not text.endswith("\n")), "line")
        if name.startswith(f"{NODE}/"):
            node.append(Item(name.removeprefix(NODE), text, (name.removeprefix(NODE), lines)))
        elif name != OBJECTS:
            task.append(Item(name, text, (name, lines)))
    if node:
        found.append(Group("Files of the node", (), tuple(node)))
    if task:
        found.append(Group("Files of the task, also in the folder given/", (), tuple(task)))
    return found


class GivenList(PickList):
    """Tables one below the other; a heading can't be highlighted."""

    class Looked(Message):
        """An item is highlighted; `opened` if the learner chose it."""

        def __init__(self, item: Item, *, opened: bool) -> None:
            super().__init__()
            self.item = item
            self.opened = opened

    def __init__(self, found: Sequence[Group]) -> None:
        super().__init__(id="given-list")
        self._groups = found
        self.items = [item for group in found for item in group.items]

    def rows(self, width: int) -> Sequence[Option]:
        """The rows for a width in cells."""
        if not self.items:
            return [Option("Nothing exists before your answer.", disabled=True)]
        found: list[Option] = []
        index = 0
        for group in self._groups:
            gap = [Content("")] if found else []
            widths = _widths(group)
            head = [Content.styled(_cells(group.columns, widths, width), MUTED)] if group.columns else []
            title = literal(f"{group.title} ({len(group.items)})", "bold $text-primary")
            found.append(Option(Content("\n").join([*gap, title, *head]), disabled=True))
            for item in group.items:
                found.append(Option(literal(_cells(item.cells, widths, width)), id=f"item-{index}"))
                index += 1
        return found

    def picked(self, row: str | None, *, opened: bool) -> None:
        """Tell the screen which one it is; enter goes to it."""
        if row is not None:
            self.post_message(self.Looked(self.items[int(row.removeprefix("item-"))], opened=opened))


class GivenPane(Vertical, Framed):
    """The tables in their frame."""

    def __init__(self, found: Sequence[Group]) -> None:
        super().__init__(id="given", classes="frame")
        self._found = found

    def compose(self) -> ComposeResult:
        """Title and tables."""
        self.put_title(Content("Given"))
        yield GivenList(self._found)


class GivenText(Editor, Framed):
    """The YAML of an object, or a file; it can be scrolled and searched, not changed."""

    def __init__(self) -> None:
        super().__init__()
        self.id = "given-text"
        self.add_class("frame")

    def show(self, item: Item) -> None:
        """Show an item from its start."""
        self.put_title(one_line(item.name))
        self.show_text(
            item.text, language_of(item.name if "/" in item.name or "." in item.name else "a.yaml")
        )
        self.move_cursor((0, 0))
        self.scroll_home(animate=False)


class GivenScreen(ClosesItself, Screen[None]):
    """Wide: the tables above the text of what is highlighted; narrow: one of them at a time."""

    CSS_PATH = "given.tcss"
    PLACES: ClassVar[tuple[Place, ...]] = ("given",)
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("given"))

    def __init__(self, card: Card) -> None:
        super().__init__()
        self._card = card

    def compose(self) -> ComposeResult:
        """Title, tables, text, keys."""
        self.update_classes(classes_for(self.app.size.width), animate=False)
        title = one_line(f"What exists before your answer: {self._card.title}", "bold")
        yield Static(title, id="head", markup=False)
        with Container(id="parts"):
            yield GivenPane(groups(self._card))
            yield GivenText()
        yield KeysBar("given")

    def on_mount(self) -> None:
        """Show the first item."""
        given = self.query_one(GivenList)
        if given.items:
            self.query_one(GivenText).show(given.items[0])
        given.focus()

    @on(GivenList.Looked)
    def _look(self, event: GivenList.Looked) -> None:
        text = self.query_one(GivenText)
        text.show(event.item)
        if event.opened:
            self.add_class("-reading")
            text.focus()

    def action_switch(self) -> None:
        """Go from the tables to the text, or back."""
        given = self.query_one(GivenList)
        reading = self.focused is given
        self.set_class(reading and bool(given.items), "-reading")
        (self.query_one(GivenText) if reading and given.items else given).focus()

    def action_back(self) -> None:
        """From the text to the tables, and from them to the card."""
        if self.focused is self.query_one(GivenText):
            self.action_switch()
        else:
            self.dismiss()


def _widths(group: Group) -> list[int]:
    rows = [item.cells for item in group.items] + ([group.columns] if group.columns else [])
    return [min(max(map(cell_len, column)), WIDEST) for column in zip(*rows, strict=True)]


def _cells(cells: Sequence[str], widths: Sequence[int], width: int) -> str:
    """Cells in columns; the last one may use all the room that is left."""
    lead = "".join(columns(cell, room) + "   " for cell, room in zip(cells[:-1], widths[:-1], strict=True))
    return lead + columns(cells[-1], max(width - cell_len(lead), 8)).rstrip()
