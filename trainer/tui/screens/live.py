"""A cluster for a card: choose a context, check it, prepare it, reset it; each step asks first.

Everything that talks to the cluster runs in a thread and can be canceled with escape.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, ClassVar, TypeVar

import msgspec
from textual import on, work
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from trainer.errors import TrainerError, in_words
from trainer.safe_text import clean
from trainer.tui.asking import AsksOnce
from trainer.tui.lifetime import ClosesItself
from trainer.tui.text import literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from trainer.cluster.prepare import Step
    from trainer.cluster.reset import Doomed
    from trainer.content.card import Card
    from trainer.session import Session
    from trainer.session.live import Live, LiveOptions

T = TypeVar("T")
KEYS = "c check   p prepare   x reset   o other context   esc close"
_SHOWN_LINES = 12


class TypeName(ClosesItself, ModalScreen[str]):
    """Asks for a context's name to be typed; escape gives an empty text."""

    CSS_PATH = "live.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss('')", show=False)]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Question and a line to type in."""
        with Vertical(classes="live-box"):
            yield Static(literal(self._question), markup=False)
            yield Input(placeholder="the context's name")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter closes it."""
        self.dismiss(event.value)


class LiveScreen(AsksOnce, ClosesItself, ModalScreen["Live | None"]):
    """Ends with the last live check's result, or None without a check."""

    CSS_PATH = "live.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("c", "check", show=False),
        Binding("p", "prepare", show=False),
        Binding("x", "reset", show=False),
        Binding("o", "choose", show=False),
    ]

    class Progress(Message):
        """What a thread is doing."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(self, session: Session, card: Card) -> None:
        super().__init__()
        self._session = session
        self._card = card
        self._stop = threading.Event()
        self._busy = False
        self._lines: list[str] = []
        self._result: Live | None = None

    def compose(self) -> ComposeResult:
        """Title, contexts to choose from, what happens, keys."""
        with Vertical(classes="live-box"):
            yield Static(id="live-title", markup=False)
            yield OptionList(id="contexts", markup=False)
            yield Static(id="live-lines", markup=False)
            yield Static(KEYS, id="live-keys", markup=False)

    def on_mount(self) -> None:
        """The context from the settings is used; without one, the learner chooses."""
        self._show()
        if self._chosen_context:
            self.query_one("#contexts").display = False
        else:
            self.action_choose()

    def on_unmount(self) -> None:
        """Let a thread that still runs finish."""
        self._stop.set()

    @property
    def _chosen_context(self) -> str:
        return self._session.settings.context or ""

    # -- actions

    def action_leave(self) -> None:
        """Cancel what runs; with nothing running, close."""
        if self._busy:
            self._stop.set()
            self._say("cancelling")
        else:
            self.dismiss(self._result)

    def action_choose(self) -> None:
        """Show the contexts of the kubeconfig; nothing is contacted."""
        if self._busy:
            return
        from trainer.session.live import contexts_of

        listed = self.query_one("#contexts", OptionList)
        listed.clear_options()
        try:
            contexts = contexts_of()
        except TrainerError as error:
            self._say(str(error))
            return
        listed.add_options(
            [
                Option(literal(f"{one.name}   {one.server}"), id=str(index))
                for index, one in enumerate(contexts)
            ]
        )
        self._names = [one.name for one in contexts]
        listed.display = True
        listed.focus()
        self._say("choose a context" if contexts else "your kubeconfig has no contexts")

    @on(OptionList.OptionSelected, "#contexts")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        name = self._names[event.option_index]
        settings = self._session.settings
        sources = {**settings.sources, "context": "chosen in the app"}
        self._session.settings = msgspec.structs.replace(settings, context=name, sources=sources)
        self.query_one("#contexts").display = False
        self._say(f"context {name}")
        self._show()

    @work
    async def action_check(self) -> None:
        """Check the cluster; commands run in containers only after a yes."""
        if not self._ready():
            return
        commands = [" ".join(one["exec"]["command"]) for one in self._card.live if "exec" in one]
        allow = bool(commands) and await self.confirmed(
            f"Also run these commands in containers of context {self._chosen_context}? {'; '.join(commands)}",
            "yes, run them",
        )

        def job(options: LiveOptions) -> Live:
            from trainer.session.live import check_live

            graded = self._session.grade(self._card, record=False)
            live = check_live(self._session.settings, self._card, graded.answer, graded.verdict, options)
            if live.error is not None and _is_question(live.error):
                raise live.error
            return live

        live = await self._run(job, allow_exec=allow)
        if live is not None:
            self._result = live
            if live.error is not None:
                self._say(str(live.error))
            verdict = live.verdict
            self._say(f"{verdict.points} of {verdict.max_points} points; esc shows the checks")

    @work
    async def action_prepare(self) -> None:
        """Show what the card gives, and create it after a yes."""
        from trainer.session import live

        if not self._ready():
            return

        def look(options: LiveOptions) -> tuple[str, ...]:
            with live.connect(self._session.settings, options) as cluster:
                steps = live.plan_prepare(cluster, self._card, "")
            return tuple(_planned(step) for step in steps if step.is_work)

        def make(options: LiveOptions) -> tuple[str, ...]:
            with live.connect(self._session.settings, options) as cluster:
                steps = live.plan_prepare(cluster, self._card, "")
                done = live.do_prepare(cluster, self._card, steps, "", options.progress)
            return tuple(_planned(step) for step in done)

        await self._after_question(look, make, "Create", "created", "everything exists already")

    @work
    async def action_reset(self) -> None:
        """Show what was created for the card, and delete it after a yes."""
        from trainer.session import live

        if not self._ready():
            return

        def look(options: LiveOptions) -> tuple[str, ...]:
            with live.connect(self._session.settings, options) as cluster:
                doomed = live.plan_reset(cluster, self._card, "")
            return tuple(_doomed(one) for one in doomed)

        def delete(options: LiveOptions) -> tuple[str, ...]:
            with live.connect(self._session.settings, options) as cluster:
                doomed = live.plan_reset(cluster, self._card, "")
                done = live.do_reset(cluster, doomed, options.progress)
            return tuple(f"{one.title} (restored)" if one.restored else one.title for one in done)

        await self._after_question(
            look, delete, "Delete", "deleted", "the cluster has no objects of this card"
        )

    # -- helpers

    async def _after_question(
        self,
        look: Callable[[LiveOptions], tuple[str, ...]],
        act: Callable[[LiveOptions], tuple[str, ...]],
        verb: str,
        done: str,
        nothing: str,
    ) -> None:
        """Look up what would be done, ask, do it. Without a yes the program only reads."""
        planned = await self._run(look)
        if planned is None:
            return
        if not planned:
            self._say(nothing)
            return
        question = f"{verb} in context {self._chosen_context}: {', '.join(planned)}?"
        if not await self.confirmed(question, f"yes, {verb.lower()}"):
            self._say("nothing was changed")
            return
        titles = await self._run(act, allow_write=True)
        if titles is not None:
            self._say(f"{done}: {', '.join(titles) or 'nothing'}")

    def _ready(self) -> bool:
        if self._busy:
            return False
        if not self._chosen_context:
            self.action_choose()
        return bool(self._chosen_context)

    async def _run(
        self, job: Callable[[LiveOptions], T], *, allow_exec: bool = False, allow_write: bool = False
    ) -> T | None:
        """Run a job in a thread and report its errors. A production-like context must be typed first."""
        from trainer.session.live import LiveOptions

        typed = ""
        while True:
            self._stop.clear()
            options = LiveOptions(
                context=self._chosen_context,
                allow_exec=allow_exec,
                allow_write=allow_write,
                typed=typed,
                progress=self._report,
                cancelled=self._stop.is_set,
            )
            self._busy = True
            try:
                return await asyncio.to_thread(job, options)
            except TrainerError as error:
                self._say(str(error))
                if not _is_question(error):
                    return None
            except Exception as error:  # a defect of ours must not take the learner's screen away
                self._say(f"unexpected error: {in_words(error)}")
                return None
            finally:
                self._busy = False
            typed = await self.asked(
                TypeName(f"{self._lines[-1]}\nType the context's name to continue."), otherwise=""
            )
            if typed != self._chosen_context:
                self._say("not confirmed: nothing was done")
                return None

    def _report(self, words: str) -> None:
        """Called in the thread."""
        self.post_message(self.Progress(words))

    @on(Progress)
    def _show_progress(self, event: Progress) -> None:
        self._say(event.words)

    def _say(self, words: str) -> None:
        self._lines = [*self._lines, clean(words)][-_SHOWN_LINES:]
        self.query_one("#live-lines", Static).update(literal("\n".join(self._lines)))

    def _show(self) -> None:
        title = f"{self._card.id} in the cluster   context: {self._chosen_context or 'none chosen'}"
        self.query_one("#live-title", Static).update(literal(title))


def _is_question(error: BaseException | None) -> bool:
    """Whether typing the context's name would lift this refusal."""
    from trainer.cluster.guard import LooksLikeProduction

    return isinstance(error, LooksLikeProduction)


def _planned(step: Step) -> str:
    return f"{step.title} (updated)" if step.fate == "update" else step.title


def _doomed(one: Doomed) -> str:
    if one.restored:
        return f"{one.title} (only restored)"
    return f"{one.title} (with {', '.join(one.inside)})" if one.inside else one.title
