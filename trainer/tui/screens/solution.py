"""The solution of a card: differences from the answer, the files, the way with kubectl, the explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from trainer.tui.commands import bindings_of
from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import MUTED, counted, indented, literal, one_line
from trainer.tui.widgets.code import code_lines
from trainer.tui.widgets.footer import KeysBar
from trainer.tui.widgets.markdown import render_markdown
from trainer.tui.widgets.side_by_side import compared

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.content.card import Card
    from trainer.session import Reveal
    from trainer.tui.commands import Place

Section = Literal["differences", "files", "kubectl", "explain"]


class SolutionScreen(ClosesItself, Screen[None]):
    """One scrolling text in four sections; a key goes to each."""

    CSS_PATH = "solution.tcss"
    PLACES: ClassVar[tuple[Place, ...]] = ("solution",)
    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("solution"))

    def __init__(self, card: Card, reveal: Reveal, section: Section = "files") -> None:
        super().__init__()
        self._card = card
        self._reveal = reveal
        self._section: Section = section
        self._built_for = 0

    def compose(self) -> ComposeResult:
        """Title, sections, keys."""
        yield Static(one_line(f"Solution of {self._card.id}: {self._card.title}"), id="head", markup=False)
        self._built_for = self.app.size.width
        with VerticalScroll(id="solution"):
            for section, text in self._sections(self._built_for).items():
                yield Static(text, id=section, markup=False, classes="section")
        yield KeysBar("solution")

    def on_mount(self) -> None:
        """Focus the text; begin at the requested section."""
        self.query_one("#solution").focus()
        self.call_after_refresh(self.action_section, self._section)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap again."""
        if event.size.width != self._built_for:
            self._built_for = event.size.width
            for section, text in self._sections(event.size.width).items():
                self.query_one(f"#{section}", Static).update(text)

    def action_section(self, section: Section) -> None:
        """Go to a section."""
        self._section = section
        top = self.query_one(f"#{section}").virtual_region.y
        self.query_one("#solution").scroll_to(y=top, animate=False)

    def action_back(self) -> None:
        """Back to the card."""
        self.dismiss()

    def _sections(self, screen: int) -> dict[str, Content]:
        """The sections for a screen of this width; padding and scroll bar take four cells."""
        width, reveal = screen - 4, self._reveal
        return {
            "differences": differences_text(reveal, width),
            "files": files_text(reveal),
            "kubectl": kubectl_text(reveal),
            "explain": render_markdown(reveal.explain, width),
        }


def differences_text(reveal: Reveal, width: int) -> Content:
    """Where the answer differs from the solution, in words; not every difference is a mistake."""
    lines = [Content.styled("How your answer differs", "bold underline")]
    if not reveal.differences:
        text = reveal.uncompared or "Your answer doesn't differ from the solution."
        lines += indented(literal(text), width, 0)
    else:
        many = counted(len(reveal.differences), "difference")
        lines += indented(Content(f"{many}. Another way can be right, too: the checks decide."), width, 0)
    for difference in reveal.differences:
        place = f"{difference.location}  {difference.path}" if difference.location else difference.path
        lines.append(Content(""))
        lines += indented(one_line(f"≠ {place}", "bold"), width, 0)
        lines += indented(literal(difference.message), width, 2)
        for title, value in (("yours   ", difference.yours), ("solution", difference.expected)):
            told = not value or f"`{value}`" in difference.message
            lines += [] if told else _value(title, value)
    if reveal.yours:
        lines += compared(reveal.yours, reveal.files, width)
    return Content("\n").join(lines)


def files_text(reveal: Reveal) -> Content:
    """The files of the solution."""
    lines: list[Content] = []
    for name, text in reveal.files.items():
        lines.append(literal(f"The solution: {name}", "bold underline"))
        lines += code_lines(text, name)
    return Content("\n").join(lines)


def kubectl_text(reveal: Reveal) -> Content:
    """The fast way with kubectl, if the card has one."""
    lines = [Content.styled("With kubectl", "bold underline")]
    if reveal.imperative:
        lines += code_lines(reveal.imperative, "it.sh")
    else:
        lines.append(Content("This card has no shortcut with kubectl."))
    return Content("\n").join(lines)


def _value(title: str, text: str) -> list[Content]:
    first, *rest = code_lines(text)
    lines = [Content.assemble((f"  {title} ", MUTED), first)]
    return lines + [line.pad_left(len(title) + 3) for line in rest]
