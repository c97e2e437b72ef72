"""The app: it wires screens together, nothing else. `run(session)` is the door."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import App
from textual.reactive import Initialize, Reactive

from trainer.errors import CardError, TrainerError
from trainer.garbage import resume
from trainer.safe_text import clean
from trainer.tui.commands import bindings_of
from trainer.tui.lifetime import is_gone, when_composed
from trainer.tui.screens.catalogue import Catalogue
from trainer.tui.terminal import end_with_terminal, restored_on_signals
from trainer.tui.text import local_now, problem_text
from trainer.tui.themes import DARK, THEMES, TITLES, code_variables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from textual.actions import ActionParseResult
    from textual.binding import BindingType
    from textual.command import Provider
    from textual.dom import DOMNode
    from textual.notifications import SeverityLevel
    from textual.screen import Screen
    from textual.theme import Theme

    from trainer.content.card import Card
    from trainer.progress.exams import Exam
    from trainer.session import Session
    from trainer.session.plan import Goal, Kind


THEME = "theme"
"""The name of the choice in the store."""


STYLES = [Path(__file__).parent / name for name in ("app.tcss", "screens/catalogue.tcss")]
"""Those of the app and of the start screen; Textual loads those of other screens by itself."""


_THEMES = {theme.name: theme for theme in THEMES}


def _commands() -> type[Provider]:
    from trainer.tui.palette import Commands

    return Commands


def _remembered_theme(app: Any) -> str:
    """The theme that was chosen last; what can't be read, or isn't a theme of ours, counts as dark."""
    try:
        name: str | None = app.session.store.choice(THEME)
    except TrainerError:
        return DARK
    return name if name in TITLES else DARK


class TrainerApp(App[None]):
    """The practice trainer on a session. `clock` gives the local time, with its zone.

    `first_card` is the ID of a card that is open from the start.
    """

    TITLE = "cks-trainer"
    COMMANDS: ClassVar[set[Any]] = {_commands}
    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of("app"))

    theme: Reactive[str] = Reactive(Initialize(_remembered_theme))

    def __init__(
        self, session: Session, *, clock: Callable[[], datetime] = local_now, first_card: str | None = None
    ) -> None:
        self.session = session  # which knows the theme, and Textual asks for that at once
        super().__init__()
        # Textual's first guess, for a dumb terminal or one without a size, differs from what its driver
        # reports: then the two would resize the screen by turns, forever.
        self.console.size = shutil.get_terminal_size()
        self.clock = clock
        self.last_card: str | None = None
        self.first_card = first_card
        self.welcomes = False
        """Whether somebody who starts for the first time is welcomed."""

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Only ours. Registered after the start, they would make Textual read all styles twice."""
        return _THEMES

    @property
    def current_theme(self) -> Theme:
        """The theme; every line that is drawn asks for it."""
        return _THEMES[self.theme]

    def get_css_variables(self) -> dict[str, str]:
        """The variables of the theme, and the colors of code in texts."""
        return super().get_css_variables() | code_variables(self.theme)

    def get_default_screen(self) -> Screen[Any]:
        """The catalog is below all other screens."""
        self.stylesheet.read_all(STYLES)  # as `CSS_PATH`, Textual would parse them twice at the start
        return Catalogue(self.session)

    def on_mount(self) -> None:
        """Open what the app was started on: a card, or the exam."""
        if self.first_card is not None:
            self.open_card(self.first_card)
        elif self.session.opens_exam:
            self.open_exam()
        elif self.welcomes:
            self._welcome()

    def on_ready(self) -> None:
        """The first frame is shown: from now on, garbage is made."""
        resume()

    def tell(self, message: str, severity: SeverityLevel = "information") -> None:
        """Show a notice for a few seconds; the text is shown literally."""
        seconds = 5 if severity == "information" else 12
        self.notify(clean(message), severity=severity, timeout=seconds, markup=False)

    def open_card(self, card_id: str) -> None:
        """Work on a card; an open card stays."""
        from trainer.tui.screens.card import CardScreen

        if isinstance(self.screen, CardScreen) and self.screen.card.id == card_id:
            return
        card = self._card(card_id)
        if card is not None:
            self.last_card = card.id
            self.push_screen(CardScreen(self.session, card))

    def open_next(self, card: Card | None = None, *, kind: Kind | None = None) -> None:
        """Start the first step of the plan, of one kind if given; from a card's screen, the step after that
        card. After the last step comes the first."""
        from trainer.tui.screens.card import CardScreen

        try:
            following = self.session.overview().plan.following(card.id if card else None, kind)
        except TrainerError as error:
            self.tell(str(error), "error")
            return
        if following is None:
            self.tell("There is nothing else to do: every other card has passed, and none is due.")
            return
        opened = self._card(following.state.card.id, review=following.kind == "due")
        if opened is not None:
            self.last_card = opened.id
            show = self.push_screen if card is None else self.switch_screen
            show(CardScreen(self.session, opened))

    def open_review(self, card_id: str) -> None:
        """Start a card over in another wording, if its answer isn't unfinished, and work on it."""
        from trainer.tui.screens.card import CardScreen

        card = self._card(card_id, review=True)
        if card is not None:
            self.last_card = card.id
            self.push_screen(CardScreen(self.session, card))

    def _card(self, card_id: str, *, review: bool = False) -> Card | None:
        """The card whole; None, and why, where its file has changed for the worse or is gone.

        None during an exam as well: cards for practice have hints and solutions.
        """
        if any(getattr(screen, "HIDES_CARDS", False) for screen in self.screen_stack):
            self.tell("An exam is open: finish it first, or pause it (esc).", "warning")
            return None
        try:
            return self.session.start_review(card_id) if review else self.session.card(card_id)
        except TrainerError as error:
            problems = error.problems if isinstance(error, CardError) else ()
            self.tell("\n".join([str(error), *map(problem_text, problems)]), "error")
            return None

    def open_exam(self) -> None:
        """Resume the exam that runs, or begin one, after asking."""
        from trainer.tui.exam_door import enter

        enter(self)

    def open_drill(self) -> None:
        """Ask for the minutes, cards and domain of a short exam, and begin it."""
        from trainer.tui.exam_door import drill

        drill(self)

    def take_exam_again(self, earlier: Exam) -> None:
        """Begin an exam with the cards of an earlier one, after asking."""
        from trainer.tui.exam_door import take_again

        take_again(self, earlier)

    def show_exams(self) -> None:
        """Show all exams."""
        from trainer.tui.exam_door import show_exams

        show_exams(self)

    def _welcome(self) -> None:
        from trainer.session.today import is_first_start

        try:
            first = is_first_start(self.session)
        except TrainerError:  # the start screen says it
            return
        if first:
            self.ask_goal(first=True)

    def ask_goal(self, *, first: bool = False) -> None:
        """Ask for the day of the exam and the minutes a day; `first` welcomes, too."""
        from trainer.session.today import WELCOMED, goal, set_goal
        from trainer.tui.screens.welcome import Welcome

        def take(new: Goal | None) -> None:
            try:
                if new is not None:
                    set_goal(self.session, new)
                self.session.store.choose(WELCOMED, "yes")
            except TrainerError as error:
                self.tell(str(error), "error")

        try:
            now = goal(self.session)
        except TrainerError as error:
            self.tell(str(error), "error")
            return
        self.push_screen(Welcome(now, self.clock().date(), first=first), take)

    def show_progress(self) -> None:
        """Show the progress screen."""
        from trainer.tui.screens.progress import Progress

        try:
            self.session.states()
        except TrainerError as error:
            self.tell(str(error), "error")
            return
        self.push_screen(Progress(self.session, self.clock()))

    def action_command_palette(self) -> None:
        """Find any action or card by name."""
        from trainer.tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def action_help(self) -> None:
        """Show all keys."""
        from trainer.tui.screens.help import Help

        self.push_screen(Help())

    def action_about(self) -> None:
        """Show the screen about the program."""
        from trainer.tui.screens.about import About

        self.push_screen(About(self.session.settings))

    @work
    async def action_choose_theme(self) -> None:
        """Choose the colors; each theme is shown as it is highlighted."""
        from trainer.tui.screens.theme import ThemeScreen

        if not isinstance(self.screen, ThemeScreen):
            name = await self.push_screen(ThemeScreen(self.theme), wait_for_dismiss=True)
            if name:
                self.action_theme(name)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text: for the editor, and to the clipboard of the terminal unless the learner forbids it.

        Inside tmux it goes to tmux's buffer, from which tmux sets the clipboard.
        """
        from trainer.tui.links import may_copy  # it needs the browsers, which take time to load
        from trainer.tui.tmux import copy_in_tmux, in_tmux

        self._clipboard = text
        if not may_copy(self.session):
            return
        if self.is_web or not in_tmux() or not copy_in_tmux(text):
            super().copy_to_clipboard(text)

    def action_theme(self, name: str) -> None:
        """Use a theme, now and next time."""
        self.theme = name
        try:
            self.session.store.choose(THEME, name)
        except TrainerError as error:
            self.tell(f"The theme isn't remembered: {error}", "warning")

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action as soon as the screen that it is for is composed, unless that is closed before."""
        run = partial(super().run_action, action, default_namespace, namespaces)
        if default_namespace is None or default_namespace is self:
            return await run()
        return await when_composed(default_namespace, run)

    @work
    async def leave(self) -> None:
        """Quit; every screen with unsaved text asks first."""
        for screen in reversed(self.screen_stack):
            may_leave = getattr(screen, "may_leave", None)
            if may_leave is None:
                continue
            if not await when_composed(screen, may_leave) and not is_gone(screen):
                return
        self.exit()

    async def action_quit(self) -> None:
        """Textual's own ctrl+q and ctrl+c ask, too."""
        self.leave()


def run(session: Session, card: str | None = None) -> bool:
    """Run the app on the terminal until the learner quits. Returns whether it ended well, not by a crash.

    `card` is the ID of a card that is open from the start.

    Raises `UsageError` before anything is drawn if the folder isn't a pack.
    """
    _ = session.catalogue
    end_with_terminal()
    app = TrainerApp(session, first_card=card)
    app.welcomes = True
    with restored_on_signals():
        app.run()
    return not app.return_code
