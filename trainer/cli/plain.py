"""The whole practice as lines of text: for screen readers, and for terminals that can't draw an app.

A conversation: one command for each line, about the card that is open. What the command line has already is
that command (`hint`, `solution`, `list`, ...). Here are only the open card, the answer's files, and numbers
for cards and files. Nothing is drawn, nothing moves, no sign stands for a word.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from trainer.cli import streams
from trainer.cli.base import Run, unknown
from trainer.cli.ending import tidied_on_signals
from trainer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trainer.content.card import Card
    from trainer.session.model import CardState

_END = "."
"""The line that ends a text."""


class _Word(msgspec.Struct, frozen=True):
    """A command of the conversation: what it needs after its name, what it does, and its function."""

    usage: str
    says: str
    do: Callable[[Plain, list[str]], None]
    needs_card: bool = False


class Plain:
    """One conversation.

    `commands` are the names of those of the command line, and `command_line` runs one on its words.
    """

    def __init__(self, run: Run, commands: Sequence[str], command_line: Callable[[list[str]], int]) -> None:
        self.run = run
        self.session = run.session
        self.commands = commands
        self.command_line = command_line
        self.card: Card | None = None
        self.listed: list[str] = []
        """The IDs of the cards that were listed last, by number."""
        self.since = 0.0
        """When the card was opened, by a clock that only goes forward."""
        self.ended = False

    def talk(self) -> None:
        """Answer one line after the other, until `quit` or the end of the input."""
        with tidied_on_signals():
            while not self.ended:
                try:
                    line = streams.read_line(f"{self.card.id if self.card else 'no card'}> ")
                except KeyboardInterrupt:
                    streams.say()
                    streams.say('Type "quit" to leave.')
                    continue
                except UnicodeDecodeError:
                    streams.say("that line isn't UTF-8 text")
                    continue
                if line is None:
                    return
                streams.guarded(lambda text=line: self.answer(text))  # type: ignore[misc]

    def greet(self) -> None:
        """Say what this is, and where the learner stands."""
        streams.out('CKS trainer as plain text. Type a command and press Enter. "help" lists the commands.')
        states = self.session.states()
        passed = sum(state.status == "passed" for state in states)
        streams.out(f"{passed} of {len(states)} cards passed.")
        left = [state for state in states if state.status in ("started", "partial")]
        if left and self.card is None:
            latest = max(left, key=lambda state: state.last.at if state.last else 0)
            streams.out(f'You left {_named(latest)}. Type "open {latest.card.id}" to go on.')
        if self.card is None:
            streams.out('"next" opens the next card, "cards" lists all.')

    def answer(self, line: str) -> int:
        """Do what one line says; returns an exit code. Raises `TrainerError` for what can't be done."""
        words = _split(line)
        if not words:
            if self.card is not None:
                _grade(self, [])
            return 0
        name, rest = words[0].lower(), words[1:]
        word = WORDS.get(name) or WORDS.get(_SYNONYMS.get(name, ""))
        if word is not None:
            if word.needs_card:
                self.opened()
            word.do(self, rest)
            return 0
        if name in self.commands:
            return self.command_line(words)
        if not rest and name in {card.id for card in self.session.catalogue.cards}:
            self.work_on(name)
            return 0
        unknown(f"unknown command {words[0]!r}", name, [*WORDS, *self.commands])
        return None

    def opened(self) -> Card:
        """The open card. Raises `UsageError` without one."""
        if self.card is None:
            raise UsageError("no card is open", remedy='"next" opens the next one; "cards" lists them')
        return self.card

    def work_on(self, name: str) -> None:
        """Open a card by its ID or by its number in the last list, start it, and read its task."""
        if name.isdecimal() and name.isascii():
            if not 1 <= int(name[:6]) <= len(self.listed):
                raise UsageError(f"there is no card number {name[:20]}", remedy='"cards" lists them')
            name = self.listed[int(name) - 1]
        card = self.run.card(name)
        self.session.start(card)
        self.card, self.since = card, time.monotonic()
        _task(self, [])

    def file(self, words: Sequence[str]) -> str:
        """The file of the answer that the words name, by name or number; without words, the only one."""
        files = self.opened().files
        if not words:
            if len(files) == 1:
                return files[0]
            raise UsageError(
                "this card has several files", remedy=f"name one of them: {', '.join(files)}, or its number"
            )
        return _one_of(words[0], files, "file of the answer")


def _split(line: str) -> list[str]:
    import shlex

    try:
        return shlex.split(line)
    except ValueError:
        raise UsageError("a quotation mark isn't closed", remedy="type it twice, or leave it out") from None


def _one_of(word: str, names: Sequence[str], what: str) -> str:
    if word in names:
        return word
    if word.isdecimal() and word.isascii() and 1 <= int(word[:6]) <= len(names):
        return names[int(word) - 1]
    raise UsageError(f"{word!r} isn't a {what}", remedy=f"name one of: {', '.join(names) or 'none'}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _named(state: CardState) -> str:
    done = ""
    if state.last is not None:
        done = f", {state.last.checks_passed} of {state.last.checks_total} checks passed"
    return f"{state.card.id}, {state.card.title}{done}"


def _cards(plain: Plain, words: list[str]) -> None:
    states = {state.card.id: state for state in plain.session.states()}
    cards = plain.session.catalogue.filter(search=" ".join(words), facts=lambda card: (states[card].status,))
    plain.listed = [card.id for card in cards]
    for number, card in enumerate(cards, 1):
        state = states[card.id]
        best = f", best result {state.best} percent" if state.attempts and state.status != "passed" else ""
        about = f"{card.difficulty}, {card.minutes} minutes, {state.status}{best}"
        streams.out(f"{number}. {card.id}: {card.title}. {about}.")
    if not cards:
        streams.out("No card matches.")


def _open(plain: Plain, words: list[str]) -> None:
    if not words:
        raise UsageError("which card?", remedy='"open" with its ID or its number; "cards" lists them')
    plain.work_on(words[0])


def _next(plain: Plain, _: list[str]) -> None:
    step = plain.session.overview().plan.following(plain.card.id if plain.card else None)
    if step is None:
        streams.out("There is nothing else to do: every other card has passed, and none is due.")
        return
    if step.kind == "due":
        plain.session.start_review(step.state.card.id)
        streams.out("This card is due for review.")
    plain.work_on(step.state.card.id)


def _task(plain: Plain, _: list[str]) -> None:
    card = plain.opened()
    points = sum(check.points for check in card.checks)
    streams.out(f"{card.title}.")
    streams.out(
        f"{card.difficulty}, {card.minutes} minutes, {_count(points, 'point')}, Kubernetes {card.kubernetes}."
    )
    streams.out_text(card.prompt.strip())
    streams.out("Checks:")
    for number, check in enumerate(card.checks, 1):
        streams.out(f"{number}. {check.says}. {_count(check.points, 'point')}.")
    if card.limits:
        streams.out_text(f"Not covered: {card.limits.strip()}")
    files = ", ".join(card.files)
    streams.out(f"Your answer: {files} in {plain.session.folder(card)}")
    given = len(_given_files(card))
    if given:
        streams.out(f'{_count(given, "given file")}: "given" lists what the card gives.')
    streams.out('Save it in your editor, or type "edit" or "write"; then press Enter here to grade.')


def _given_files(card: Card) -> dict[str, str]:
    from trainer.content.material import material

    return material(card)


def _given(plain: Plain, words: list[str]) -> None:
    card = plain.opened()
    files = _given_files(card)
    if words:
        _read_out(files[_one_of(words[0], list(files), "given file")])
        return
    for number, (name, text) in enumerate(files.items(), 1):
        streams.out(f"{number}. {name}, {_count(len(text.splitlines()), 'line')}.")
    if not files:
        streams.out("This card gives no files.")
        return
    from trainer.manifests.answer import GIVEN

    streams.out(f'"given 1" reads the first. They are in {plain.session.folder(card) / GIVEN}')


def _read_out(text: str) -> None:
    """A text with the number before each line, to which the verdict's places point."""
    streams.out_lines(f"{number}: {line}" for number, line in enumerate(text.splitlines(), 1))


def _answer(plain: Plain, words: list[str]) -> None:
    card = plain.opened()
    name = plain.file(words)
    held = plain.session.text(card, name)
    if held.text.strip():
        _read_out(held.text)
    else:
        streams.out(f"{name} is empty.")


def _edit(plain: Plain, words: list[str]) -> None:
    from trainer.session.editor import editor_of, run_editor

    card = plain.opened()
    name = plain.file(words)
    command = editor_of(plain.session.settings.editor)
    if command is None:
        raise UsageError("no editor is set", remedy='set EDITOR before you start, or type "write"')
    edited = run_editor(command, [plain.session.folder(card) / name])
    if edited.how != "ended":
        streams.say(edited.message)
    _grade(plain, [])


def _write(plain: Plain, words: list[str]) -> None:
    card = plain.opened()
    name = plain.file(words)
    before = plain.session.text(card, name)
    streams.out(f'Type {name}. A line with only "{_END}" ends it; ctrl-C keeps the file as it is.')
    lines: list[str] = []
    try:
        while (line := streams.read_line("")) is not None and line != _END:
            lines.append(line)
        if line is None:
            plain.ended = True
    except KeyboardInterrupt:
        _keep(plain, card, name, lines)
        streams.say(f"{name} is unchanged.")
        return
    except BaseException:  # the terminal is gone: what was typed isn't
        _keep(plain, card, name, lines)
        raise
    if plain.ended:
        _keep(plain, card, name, lines)
        return
    backup = plain.session.write(card, name, "".join(f"{line}\n" for line in lines), before)
    if backup is not None:
        streams.say(f"what was in {name} meanwhile is in {backup}")
    _grade(plain, [])


def _keep(plain: Plain, card: Card, name: str, lines: list[str]) -> None:
    """Put a text that wasn't ended into the backups."""
    if any(line.strip() for line in lines):
        place = plain.session.keep_text(card, name, "".join(f"{line}\n" for line in lines))
        streams.say(f"what you typed is in {place}")


def _grade(plain: Plain, _: list[str]) -> None:
    from trainer.cli.verdicts import show

    card = plain.opened()
    seconds = time.monotonic() - plain.since
    graded = plain.session.grade(card, seconds=seconds)
    show(graded, json=False)
    if graded.verdict.passed:
        minutes = _count(max(1, round(seconds / 60)), "minute")
        streams.out(
            f"Passed in {minutes}; the exam's pace is {card.minutes}."
            ' "next" opens the next card, "solution" reads ours.'
        )


def _checks(plain: Plain, _: list[str]) -> None:
    for number, check in enumerate(plain.opened().checks, 1):
        why = f" {' '.join(check.why.split())}" if check.why else ""
        streams.out(f"{number}. {check.says}. {_count(check.points, 'point')}.{why}")


def _docs(plain: Plain, _: list[str]) -> None:
    docs = plain.opened().docs
    streams.out_lines(docs or ["This card names no page."])


def _on_card(command: str) -> Callable[[Plain, list[str]], None]:
    """A command of the command line about the open card."""

    def do(plain: Plain, words: list[str]) -> None:
        plain.command_line([command, plain.opened().id, *words])

    return do


def _help(_: Plain, __: list[str]) -> None:
    for word in WORDS.values():
        streams.out(f"{word.usage}: {word.says}")
    streams.out("Enter alone: grade the answer.")
    streams.out("Every other command of cks-trainer works, too: progress, list, ask, doctor.")


def _quit(plain: Plain, _: list[str]) -> None:
    plain.ended = True


WORDS: dict[str, _Word] = {
    "next": _Word("next", "open the next card of your plan.", _next),
    "cards": _Word("cards WORD", "list the cards with this word; without a word, all.", _cards),
    "open": _Word("open CARD", "open a card by its ID or its number in the last list.", _open),
    "task": _Word("task", "read the task again.", _task, needs_card=True),
    "given": _Word("given NAME", "read a given file; without a name, list them.", _given, needs_card=True),
    "answer": _Word("answer FILE", "read your answer with line numbers.", _answer, needs_card=True),
    "edit": _Word("edit FILE", "open your editor, then grade.", _edit, needs_card=True),
    "write": _Word("write FILE", "type the file here, then grade.", _write, needs_card=True),
    "grade": _Word("grade", "grade the answer.", _grade, needs_card=True),
    "checks": _Word("checks", "read what is checked, and why it matters.", _checks, needs_card=True),
    "hint": _Word("hint", "read the next hint.", _on_card("hint"), needs_card=True),
    "solution": _Word("solution", "read the solution; asks first.", _on_card("solution"), needs_card=True),
    "docs": _Word("docs", "read the addresses of the documentation.", _docs, needs_card=True),
    "reset": _Word(
        "reset", "start over; asks first, your answer is backed up.", _on_card("start"), needs_card=True
    ),
    "help": _Word("help", "read this list.", _help),
    "quit": _Word("quit", "leave; everything is saved.", _quit),
}
"""The commands of the conversation, in the order in which `help` reads them."""

_SYNONYMS = {
    "n": "next", "o": "open", "t": "task", "g": "given", "a": "answer", "e": "edit", "w": "write",
    "c": "checks", "r": "grade",
    "h": "hint", "s": "solution", "?": "help", "q": "quit",
    "exit": "quit", "bye": "quit",
    "ls": "cards", "hints": "hint", "retry": "reset", "restart": "reset", "practice": "next",
}  # fmt: skip


def practice(
    run: Run, card: str | None, commands: Sequence[str], command_line: Callable[[list[str]], int]
) -> None:
    """Hold the conversation, on a card if one is named. Raises `UsageError` for an unknown card."""
    plain = Plain(run, commands, command_line)
    if card is not None:
        plain.card = run.card(card)
    plain.greet()
    if card is not None:
        plain.work_on(card)
    plain.talk()
