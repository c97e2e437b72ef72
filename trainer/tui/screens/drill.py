"""A drill: the minutes, cards and domain of a short exam, which are remembered for the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static
from textual.widgets.option_list import Option

from trainer.content.curriculum import DOMAINS
from trainer.errors import TrainerError
from trainer.progress.exams import Exam
from trainer.session.exam.draw import Plan
from trainer.session.exam.start import begin
from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import columns, counted, literal
from trainer.tui.widgets.lists import PlainList
from trainer.tui.widgets.panels import keys_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.session import Session

DRILL = "drill"
"""The name of the last drill in the store: minutes, cards and domain, with a slash between them."""
USUAL = "30//"
ALL = "all"
TEXT = "A short exam: its clock, no hints, graded at the end. What you leave empty fits the rest."


class DomainPick(PlainList):
    """All domains, and each of them with its number of cards."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="drill-domain")
        self._session = session

    def rows(self, width: int) -> Sequence[Option]:
        """A row for each choice."""
        cards = [card.domain for card in self._session.catalogue.cards]
        names = [("all domains", ALL, len(cards))]
        names += [(info.title, info.id, cards.count(info.id)) for info in DOMAINS]
        return [
            Option(literal(f"{columns(title, max(width - 10, 8))}{counted(number, 'card'):>9}"), id=name)
            for title, name, number in names
        ]


class DrillScreen(ClosesItself, ModalScreen[Exam | None]):
    """Gives the exam that was begun, or None after escape."""

    CSS_PATH = "drill.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False),
        Binding("ctrl+q,ctrl+c", "app.quit", show=False),  # the app's own keys end at a dialog
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._minutes, self._cards, self._domain = self._remembered()

    def compose(self) -> ComposeResult:
        """Text, minutes, cards, domain, what is wrong with them, keys."""
        with Vertical(id="drill") as box:
            box.border_title = Content("Drill")
            yield Static(TEXT, id="drill-text", markup=False)
            for name, value in (("Minutes", self._minutes), ("Cards", self._cards)):
                with Horizontal(classes="line"):
                    yield Label(name, markup=False)
                    yield Input(value, restrict="[0-9]*", max_length=4, id=name.lower(), compact=True)
            yield DomainPick(self._session)
            yield Static(id="wrong", markup=False)
            keys = keys_line(("enter", "begin"), ("tab", "next field"), ("esc", "back"))
            yield Static(keys, id="drill-keys", markup=False)

    def on_mount(self) -> None:
        """Begin with the minutes, and the domain of the last drill."""
        self.query_one(DomainPick).rebuild(keep=self._domain or ALL)
        self.query_one("#minutes").focus()

    @on(Input.Submitted)
    @on(PlainList.OptionSelected)
    def action_accept(self) -> None:
        """Draw the exam and begin it, or say why that isn't possible."""
        option = self.query_one(DomainPick).highlighted_option
        domain = option.id if option is not None and option.id not in (None, ALL) else ""
        minutes, cards = (self.query_one(f"#{name}", Input).value for name in ("minutes", "cards"))
        plan = Plan(int(minutes or 0) or None, int(cards or 0) or None, (domain,) if domain else ())
        if not plan.is_drill:
            self._say("Say the minutes, the cards or a domain. A whole exam: x on the start screen.")
            return
        try:
            exam = begin(self._session, plan)
            self._session.store.choose(DRILL, f"{minutes}/{cards}/{domain}")
        except TrainerError as error:
            self._say(str(error))
        else:
            self.dismiss(exam)

    def action_back(self) -> None:
        """Begin nothing."""
        self.dismiss(None)

    def _say(self, words: str) -> None:
        self.query_one("#wrong", Static).update(literal(f"! {words}", "$text-error"))

    def _remembered(self) -> tuple[str, str, str]:
        """The last drill; what can't be read counts as none."""
        try:
            stored = self._session.store.choice(DRILL) or USUAL
        except TrainerError:
            stored = USUAL
        minutes, cards, domain, *_ = [*stored.split("/"), "", "", ""]
        known = {info.id for info in DOMAINS}
        return (
            minutes if minutes.isdecimal() else "",
            cards if cards.isdecimal() else "",
            domain if domain in known else "",
        )
