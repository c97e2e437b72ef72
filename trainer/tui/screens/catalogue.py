"""The start screen: domains with progress, their cards, a search, a preview of the highlighted card."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Container, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from trainer.content.catalogue import matches
from trainer.errors import TrainerError
from trainer.session.model import CardState
from trainer.session.standing import domain_states, percent, summarize
from trainer.tui.commands import bindings_of
from trainer.tui.host import Host, host_of
from trainer.tui.layout import BREAKPOINTS, classes_for
from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import MUTED, ago, competency_text, counted, literal, one_line
from trainer.tui.widgets.cards import CardList, card_head
from trainer.tui.widgets.domains import DomainList, domain_head
from trainer.tui.widgets.footer import KeysBar

if TYPE_CHECKING:
    from datetime import datetime

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.session import DomainState, Session, Summary
    from trainer.tui.commands import Place


class Catalogue(ClosesItself, Screen[None]):
    """Choose a card."""

    PLACES: ClassVar[tuple[Place, ...]] = ("catalogue",)
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("catalogue"))

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._states: list[CardState] = []
        self._domains: list[DomainState] = []
        self._domain: str | None = None
        self._wanted = ""
        self._was_shown = False

    def compose(self) -> ComposeResult:
        """Header, search, two lists, preview, keys."""
        self.update_classes(classes_for(self.app.size.width), animate=False)
        self._load()
        yield Static(id="head", markup=False)
        yield Input(
            id="search",
            placeholder="search names, tasks, topics, levels, new, passed; esc ends the search",
            compact=True,
        )
        with Container(id="lists"):
            with Vertical(id="left"):
                yield Static(id="domain-head", markup=False)
                yield DomainList(self._domains, self._summary)
            with Vertical(id="right"):
                yield Static(id="card-head", markup=False)
                yield CardList()
            yield Static(id="preview", markup=False)
        yield KeysBar("catalogue")

    def on_mount(self) -> None:
        """Show everything and focus the list of cards."""
        self.query_one("#search").display = False
        self._show_cards()
        self.query_one(CardList).focus()

    def on_screen_resume(self) -> None:
        """Come back from a card: the progress may have changed."""
        came_back, self._was_shown = self._was_shown, True
        if came_back:
            self._load()
            self.query_one(DomainList).show(self._domains, self._summary)
            self._show_cards(keep=self._host.last_card)

    def on_resize(self, event: events.Resize) -> None:
        """Fit the heads to another width."""
        del event
        self.call_after_refresh(self._show_head)

    @on(DomainList.Chosen)
    def _choose_domain(self, event: DomainList.Chosen) -> None:
        self._domain = event.domain
        self._show_cards()
        if event.opened:
            self.query_one(CardList).focus()

    @on(CardList.Highlighted)
    def _preview(self, event: CardList.Highlighted) -> None:
        self._show_preview(event.state)

    @on(CardList.Opened)
    def _open(self, event: CardList.Opened) -> None:
        self._host.open_card(event.state.card.id)

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        self._wanted = event.value
        self._show_cards()

    @on(Input.Submitted)
    def action_to_cards(self) -> None:
        """Go from the search to the cards that were found."""
        self.query_one(CardList).focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the keys that work: in the search, letters are text."""
        self.query_one(KeysBar).show("searching" if event.widget.id == "search" else "catalogue")

    def action_open(self) -> None:
        """Open the highlighted card."""
        state = self.query_one(CardList).state
        if state is not None:
            self._host.open_card(state.card.id)

    def action_search(self) -> None:
        """Show the search and type into it."""
        search = self.query_one("#search", Input)
        search.display = True
        search.focus()

    def action_back(self) -> None:
        """End the search, else show all domains again."""
        search = self.query_one("#search", Input)
        if search.display:
            search.value = ""
            search.display = False
        else:
            self._domain = None
            self.query_one(DomainList).rebuild(keep="all")
        self._show_cards()
        self.query_one(CardList).focus()

    def action_next_todo(self) -> None:
        """Open the first unfinished card after the highlighted one, else the first of all.

        Before any card was opened, the highlighted one comes first.
        """
        here = self.query_one(CardList).state
        ids = [state.card.id for state in self._states]
        start = ids.index(here.card.id) + (self._host.last_card is not None) if here else 0
        order = self._states[start:] + self._states[:start]
        for state in order:
            if state.status != "passed":
                self._host.open_card(state.card.id)
                return
        self._host.tell("You have passed every card.")

    def action_progress(self) -> None:
        """Show the progress screen."""
        self._host.show_progress()

    @property
    def _host(self) -> Host:
        return host_of(self.app)

    def _load(self) -> None:
        try:
            self._states = self._session.states()
            self._summary: Summary = self._session.summary()
        except TrainerError as error:  # without stored progress the cards still work
            self._states = [CardState(card, "new") for card in self._session.catalogue.cards]
            self._summary = summarize(self._states, (), self._host.clock().timestamp())
            self._host.tell(str(error), "error")
        self._domains = domain_states(self._states)

    def _show_cards(self, keep: str | None = None) -> None:
        """Show the cards that match; `keep` is the ID of the one to highlight, if it is among them."""
        words = self._wanted.casefold().split()
        shown = [state for state in self._states if self._fits(state, words)]
        problems = self._session.catalogue.problems if not words else ()
        where = " in this domain" if self._domain and not words else ""
        empty = f"No card matches {self._wanted!r}." if words else f"No cards{where} yet."
        cards = self.query_one(CardList)
        there = keep if any(state.card.id == keep for state in shown) else None
        cards.show(shown, problems, empty=empty, keep=there)
        self._show_preview(cards.state)
        self._show_head()

    def _show_preview(self, state: CardState | None) -> None:
        text = Content("") if state is None else preview(state, self._host.clock())
        self.query_one("#preview", Static).update(text)

    def _fits(self, state: CardState, words: list[str]) -> bool:
        card = state.card
        if not words:
            return self._domain is None or card.domain == self._domain
        return matches(card, words, lambda _: state.status)

    def _show_head(self) -> None:
        summary = self._summary
        streak = f"   streak {counted(summary.streak, 'day')}" if summary.streak else ""
        passed = f"{summary.passed} of {counted(summary.cards, 'card')} passed"
        right = f"{passed}   mastered {percent(summary.mastered)}%{streak}"
        room = max(self.size.width - len(right) - 2, 13)
        line = Content.assemble((f"{'cks-trainer':<{room}}", "bold"), right)
        self.query_one("#head", Static).update(line)
        cards, domains = self.query_one(CardList), self.query_one(DomainList)
        if width := domains.scrollable_content_region.width:
            self.query_one("#domain-head", Static).update(domain_head(width))
        if width := cards.scrollable_content_region.width:
            self.query_one("#card-head", Static).update(card_head(width, cards.longest))


def preview(state: CardState, now: datetime) -> Content:
    """The preview of the highlighted card: its competency, the last try, the start of the task."""
    card = state.card
    topic = f"{card.competency} {competency_text(card.competency)}".rstrip()
    last = "not tried yet"
    if state.last is not None:
        when = ago(state.last.at, now)
        last = f"last try {when}: {state.last.checks_passed} of {counted(state.last.checks_total, 'check')}"
    return Content.assemble(
        one_line(card.title, "bold"),
        "\n",
        one_line(f"{topic} · {counted(card.points, 'point')} · {last}", MUTED),
        "\n",
        literal(_plain(card.prompt)),
    )


def _plain(markdown: str) -> str:
    """A task's text without blank lines and without the most common Markdown characters.

    The lines of a paragraph are joined; those of lists, code and tables stay apart.
    """
    parts = []
    for block in markdown.strip().split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip()]
        apart = any(line.startswith((" ", "-", "*", "|", "`", "#")) or line[0].isdigit() for line in lines)
        parts.append(("\n" if apart else " ").join(lines))
    return "\n".join(parts).replace("`", "").replace("**", "")
