"""The start screen: what to do now, the domains, their cards, a search, and the highlighted card."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Container, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from trainer.content.catalogue import matches
from trainer.content.curriculum import domain_info
from trainer.errors import TrainerError
from trainer.session.arrange import ORDERS, arranged, facts_of, next_order
from trainer.session.standing import percent
from trainer.session.today import bare_overview
from trainer.tui.asking import AsksOnce
from trainer.tui.commands import bindings_of
from trainer.tui.host import Host, host_of
from trainer.tui.layout import BROAD, HIGH, WIDE, classes_for
from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import clock_text, columns, counted
from trainer.tui.widgets.cards import CardList, card_head
from trainer.tui.widgets.domains import DomainList, domain_head
from trainer.tui.widgets.footer import KeysBar
from trainer.tui.widgets.preview import preview, topics
from trainer.tui.widgets.today import Today

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.session import CardState, Session
    from trainer.session.today import Overview
    from trainer.tui.commands import Place

WIDTHS = [(0, "-slim"), (72, "-narrow"), (WIDE, "-wide"), (BROAD, "-broad")]
"""Only the cards; beside them the domains; with the task; with the competencies."""
HEIGHTS = [(0, "-flat"), (16, "-low"), (HIGH, "-high")]
"""Without today; with three lines of it; with four."""
SORT = "sort"
"""The name of the learner's choice of an order in the store."""


class Catalogue(AsksOnce, ClosesItself, Screen[None]):
    """Choose a card."""

    PLACES: ClassVar[tuple[Place, ...]] = ("catalogue",)
    AUTO_FOCUS = "#cards"
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("catalogue"))

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._domain: str | None = None
        self._wanted = ""
        self._was_shown = False
        self._order = "exam"
        self._exam_left: float | None = None

    def compose(self) -> ComposeResult:
        """Header, today, domains, cards, the highlighted card, competencies, keys."""
        size = self.app.size
        self.update_classes(
            classes_for(size.width, WIDTHS) | classes_for(size.height, HEIGHTS), update=False
        )  # the styles are applied when the screen is shown
        self._load(first=True)
        yield Static(id="head", markup=False)
        yield Today(self._overview, 4 if size.height >= HIGH else 3)
        with Container(id="lists"):
            with Vertical(id="left", classes="frame"):
                yield Static(id="domain-head", markup=False)
                domains = DomainList(self._overview.domains, self._overview.summary)
                domains.first_width, cards_width = first_widths(size.width)
                yield domains
            with Vertical(id="right", classes="frame"):
                yield Static(id="card-head", markup=False)
                cards = CardList()
                cards.first_width = cards_width
                yield cards
            yield Static(id="preview", classes="frame", markup=False)
            yield Static(id="topics", classes="frame", markup=False)
        yield KeysBar("catalogue")

    def on_mount(self) -> None:
        """Show everything."""
        self.query_one("#left").border_title = Content("Domains")
        self._show_cards()

    def on_screen_resume(self) -> None:
        """Come back from a card: the progress may have changed."""
        came_back, self._was_shown = self._was_shown, True
        if came_back:
            self._reload(keep=self._host.last_card)
            self._host.last_card = None  # from now on, the cursor stays where it is

    def _reload(self, keep: str | None = None) -> None:
        self._load()
        self.query_one(Today).show(self._overview)
        self.query_one(DomainList).show(self._overview.domains, self._overview.summary)
        self._show_cards(keep)

    def on_resize(self, event: events.Resize) -> None:
        """Fit the heads to another width."""
        del event
        self.call_after_refresh(self._show_heads)

    @on(DomainList.Chosen)
    def _choose_domain(self, event: DomainList.Chosen) -> None:
        if event.domain != self._domain:
            self._domain = event.domain
            self._show_cards()
        if event.opened:
            self.query_one(CardList).focus()

    @on(Today.Wanted)
    def _start(self, event: Today.Wanted) -> None:
        self._host.open_next(kind=event.kind)

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

    def action_review(self) -> None:
        """Start the highlighted card in another wording; one that was never tried is only opened."""
        state = self.query_one(CardList).state
        if state is not None:
            (self._host.open_review if state.attempts else self._host.open_card)(state.card.id)

    @work
    async def action_rate(self) -> None:
        """Say how well one knew the highlighted card; it comes back accordingly."""
        from trainer.tui.screens.rate import rated

        state = self.query_one(CardList).state
        if state is not None and await rated(self, state.card.id, state.card.title) is not None:
            self._reload()

    async def action_search(self) -> None:
        """Show the search and type into it; no start needs it before."""
        if not self.query("#search"):
            words = "words of the task, a kind, rt4, due, new, weak, passed, hard; esc ends"
            search = Input(id="search", placeholder=words, compact=True)
            await self.query_one("#right").mount(search, before="#card-head")
        search = self.query_one("#search", Input)
        search.display = True
        search.focus()

    def action_sort(self) -> None:
        """Sort the cards in the next order."""
        self._order = next_order(self._order)
        try:
            self._session.store.choose(SORT, self._order)
        except TrainerError as error:  # the list is sorted all the same
            self._host.tell(str(error), "error")
        self._show_cards()

    def action_back(self) -> None:
        """End the search, else show all domains again."""
        search = next(iter(self.query("#search").results(Input)), None)
        if search is not None and search.display:
            search.value = ""
            search.display = False
        else:
            self._domain = None
            self.query_one(DomainList).rebuild(keep="all")
        self._show_cards()
        self.query_one(CardList).focus()

    def action_next_todo(self) -> None:
        """Start the first step of the plan."""
        self._host.open_next()

    def action_exam(self) -> None:
        """Resume the exam that runs, or begin one."""
        self._host.open_exam()

    def action_drill(self) -> None:
        """Ask for the minutes, cards and domain of a short exam, and begin it."""
        self._host.open_drill()

    def action_exams(self) -> None:
        """Show all exams."""
        self._host.show_exams()

    def action_goal(self) -> None:
        """Ask for the day of the exam and the minutes a day."""
        self._host.ask_goal()

    def action_progress(self) -> None:
        """Show the progress screen."""
        self._host.show_progress()

    @property
    def _host(self) -> Host:
        return host_of(self.app)

    def _load(self, *, first: bool = False) -> None:
        try:
            self._overview: Overview = self._session.overview()
            self._exam_left = self._session.store.exam_left()
            if first:
                self._order = self._session.store.choice(SORT) or "exam"
        except TrainerError as error:  # without stored progress the cards still work
            self._overview = bare_overview(self._session)
            self._host.tell(str(error), "error")
        self._facts = facts_of(self._overview)

    def _show_cards(self, keep: str | None = None) -> None:
        """Show the cards that match; `keep` is the ID of the one to highlight, if it is among them."""
        words = self._wanted.casefold().split()
        states = arranged(self._overview.states, self._order, self._overview.plan)
        shown = [state for state in states if self._fits(state, words)]
        problems = self._session.catalogue.problems if not words else ()
        where = " in this domain" if self._domain and not words else ""
        cards = self.query_one(CardList)
        headed = self._order not in ORDERS or self._order == "exam"
        cards.show(
            shown,
            problems,
            empty=f"No card matches {self._wanted!r}." if words else f"No cards{where} yet.",
            due={name for name, facts in self._facts.items() if "due" in facts},
            headings={one.domain: one.weight for one in self._overview.domains} if headed else None,
            keep=keep if any(state.card.id == keep for state in shown) else None,
        )
        self._name_cards(len(shown))
        self._show_preview(cards.state)
        self._show_heads()

    def _name_cards(self, number: int) -> None:
        where = domain_info(self._domain).title if self._domain and not self._wanted.strip() else "all"
        right = self.query_one("#right")
        right.border_title = Content(f"Cards · {where} · {number}")
        right.border_subtitle = Content(f"/ filter · o {ORDERS.get(self._order, ORDERS['exam'])}")

    def _show_preview(self, state: CardState | None) -> None:
        due = next((one for one in self._overview.due if state and one.card == state.card.id), None)
        text = Content("") if state is None else preview(state, self._host.clock(), due)
        pane = self.query_one("#preview", Static)
        pane.border_title = Content("Card")
        pane.update(text)

    def _fits(self, state: CardState, words: list[str]) -> bool:
        card = state.card
        if not words:
            return self._domain is None or card.domain == self._domain
        return matches(card, words, lambda name: self._facts[name])

    def _show_heads(self) -> None:
        head = self.query_one("#head", Static)
        width = head.content_size.width or self.size.width - 4
        head.update(head_line(self._overview, width, self._exam_left))
        cards, domains = self.query_one(CardList), self.query_one(DomainList)
        if width := domains.scrollable_content_region.width or domains.first_width:
            self.query_one("#domain-head", Static).update(domain_head(width))
        if width := cards.scrollable_content_region.width or cards.first_width:
            self.query_one("#card-head", Static).update(card_head(width))
        pane = self.query_one("#topics", Static)
        if pane.display and (width := pane.content_size.width):
            pane.border_title = Content("Competencies")
            pane.update(topics(self._overview.domains, self._domain, width))


def first_widths(width: int) -> tuple[int, int]:
    """The cells for rows of domains and cards on a screen of this width, as `catalogue.tcss` has it.

    With them the first frame is right, before anything is laid out; one cell is for a scrollbar.
    """
    frame, gutter = 4, 1
    if width < WIDTHS[1][0]:
        return 1, max(width - frame - gutter, 1)
    if width < WIDE:
        return 27 - frame - gutter, width - 27 - frame - gutter
    if width < BROAD:
        return 46 - frame - gutter, width - 2 - 46 - frame - gutter
    return 58 - frame - gutter, width - 2 - 58 - 58 - frame - gutter


def head_line(overview: Overview, width: int, exam_left: float | None = None) -> Content:
    """The program's name; at the right the exam, readiness, passed cards and streak, as far as they fit.

    An exam that runs is offered instead of all that; `exam_left` are its seconds left.
    """
    if exam_left is not None:
        right = f"mock exam: {clock_text(exam_left)} left · x resumes it"
        return Content.assemble(
            (columns("cks-trainer", max(width - len(right), 11)), "bold $text-primary"), (right, "bold")
        )
    total, days = overview.summary, overview.plan.days_left
    facts = [f"ready {percent(total.mastered)}%"]
    if days is not None:
        facts.insert(0, "exam today" if days == 0 else f"exam in {counted(days, 'day')}")
    if total.streak:
        facts.append(f"streak {counted(total.streak, 'day')}")
    facts.append(f"{total.passed} of {counted(total.cards, 'card')} passed")
    while len(facts) > 1 and len(" · ".join(facts)) > width - 13:
        del facts[-1]
    right = " · ".join(facts)
    return Content.assemble(
        (columns("cks-trainer", max(width - len(right), 11)), "bold $text-primary"), right
    )
