"""Questions before anything that cannot be undone, or that costs something."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Static

from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import literal

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

Leave = Literal["save", "draft", "stay"]
"""What to do with unsaved text when its screen is left."""


class Confirm(ClosesItself, ModalScreen[bool]):
    """A question with yes and no; escape and enter mean no."""

    CSS_PATH = "confirm.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", show=False),
        Binding("n,escape,enter,q,ctrl+c", "answer(False)", show=False),
    ]

    def __init__(self, question: str, *, yes: str, no: str = "no, go back") -> None:
        super().__init__()
        self._question = question
        self._choices = (("y", yes, "screen.answer(True)"), ("n", no, "screen.answer(False)"))

    def compose(self) -> ComposeResult:
        """Question and keys."""
        yield from _dialog(self._question, self._choices)

    def action_answer(self, answer: bool) -> None:
        """Answer and close."""
        self.dismiss(answer)


class LeaveUnsaved(ClosesItself, ModalScreen[Leave]):
    """Asks what to do with unsaved text; escape goes back to it."""

    CSS_PATH = "confirm.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "answer('save')", show=False),
        Binding("l", "answer('draft')", show=False),
        Binding("escape,enter,n,ctrl+c", "answer('stay')", show=False),
    ]

    def __init__(self, files: list[str]) -> None:
        super().__init__()
        self._files = files

    def compose(self) -> ComposeResult:
        """Question and keys."""
        names = ", ".join(self._files)
        question = f"Unsaved text in {names}."
        yield from _dialog(
            question,
            (
                ("s", "save, then leave", "screen.answer('save')"),
                ("l", "leave; the text is kept as a draft for next time", "screen.answer('draft')"),
                ("esc", "stay here", "screen.answer('stay')"),
            ),
        )

    def action_answer(self, answer: Leave) -> None:
        """Answer and close."""
        self.dismiss(answer)


def _dialog(question: str, choices: tuple[tuple[str, str, str], ...]) -> ComposeResult:
    with Vertical(id="dialog"):
        yield Static(literal(question), markup=False)
        for key, words, action in choices:
            click = Style.from_meta({"@click": action})
            line = Content.assemble((f"{key:>4}", Style(bold=True) + click), (f"  {words}", click))
            yield Static(line, markup=False, classes="choice")
