"""A session without engines: files on disk, a scripted verdict, progress in memory."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import msgspec

from trainer.config import Settings
from trainer.content.card import Card, Check
from trainer.errors import AnswerUnreadable
from trainer.manifests.answer import Answer, AnswerFile
from trainer.picture import Effect, Row, asked, drawn
from trainer.progress.model import Try
from trainer.progress.notes import Note
from trainer.session import AttemptSummary, CardState, DomainState, Graded, Reveal, Summary, workspace
from trainer.session.held import Held
from trainer.session.today import Overview
from trainer.verdict import CheckResult, Location, Problem, Reason, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainer.session.review import Due

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)

HOSTILE = "[red]evil[/] [@click=app.quit]x[/] \x1b[2J\x9b31m \u202egnp [/]"
"""What no widget may interpret: markup, an action link, escape sequences, bidi, a closing tag."""

PROMPT = """Create Pod `pod-ro` in Namespace `sun`.

- It runs `sleep 1d`.
- Its root filesystem is **read-only**."""

WRONG = "spec:\n  securityContext:\n    readOnlyRootFilesystem: true\n"
RIGHT = "spec:\n  containers:\n    - securityContext: {readOnlyRootFilesystem: true}\n"


def card(name: str = "pod-ro", **changes: object) -> Card:
    """A card with two checks of 2 and 3 points."""
    values: dict[str, object] = {
        "id": name,
        "title": f"Make {name} read-only",
        "domain": "runtime-security",
        "competency": "RT4",
        "difficulty": "easy",
        "minutes": 4,
        "prompt": PROMPT,
        "files": ("pod.yaml",),
        "checks": (
            Check("pod-exists", "Pod pod-ro exists in Namespace sun", 2, "object", None),
            Check("read-only-root", "Every container is read-only", 3, "fields", None, needs=("pod-exists",)),
        ),
        "source": Path(f"{name}.yaml"),
        "where": Location(f"{name}.yaml", 1, 1),
        "hints": ("Look at the container.", "It is a field of securityContext."),
        "docs": ("https://kubernetes.io/docs/",),
    }
    return Card(**{**values, **changes})  # type: ignore[arg-type]


def judge(card: Card, text: str) -> Verdict:
    """FAIL at line 3 for `WRONG`, PASS for anything with a container, else FAIL without a line."""
    first, second = card.checks[0], card.checks[1]
    if "containers" in text:
        return Verdict(
            card.id,
            tuple(
                CheckResult(check.id, check.says, Status.PASS, check.points, check.points)
                for check in card.checks
            ),
        )
    where = Location(card.files[0], 3, 5, "spec.securityContext.readOnlyRootFilesystem")
    says = "The API server refuses this field at Pod level: it belongs to a container."
    remedy = "Move it to spec.containers[0].securityContext."
    wrong = "readOnly" in text
    reason = (
        Reason(f"{says} {remedy}", where) if wrong else Reason("There is no Pod pod-ro in Namespace sun.")
    )
    return Verdict(
        card.id,
        (
            CheckResult(
                first.id, first.says, Status.FAIL, 0, 2, reasons=(reason,), evidence=("kubectl refuses it",)
            ),
            CheckResult(second.id, second.says, Status.SKIPPED, 0, 3, reasons=(Reason("needs pod-exists"),)),
        ),
        (Problem(says, location=where, remedy=remedy),) if wrong else (),
    )


class FakeSession:
    """The interface of `trainer.session.Session` over a folder, with `judge` for grading."""

    def __init__(
        self,
        folder: Path,
        cards: tuple[Card, ...] = (),
        *,
        problems: tuple[Problem, ...] = (),
        verdicts: Callable[[Card, str], Verdict] = judge,
        editor: str | None = None,
    ) -> None:
        cards = cards or (
            card(),
            card("immutable-httpd"),
            card("np-and-or", domain="cluster-setup", competency="CS1"),
        )
        self.settings = Settings(folder, folder / "progress.db", folder / "config.toml", editor=editor)
        self.catalogue = SimpleNamespace(
            cards=cards, problems=problems, get=lambda name: next(c for c in cards if c.id == name)
        )
        self.verdicts = verdicts
        self.attempts: dict[str, list[Verdict]] = {}
        self.texts: dict[str, str] = {}
        self.hints: dict[str, int] = {}
        self.drawn = 0
        self.shown: set[str] = set()
        self.begun: list[str] = []
        self.graded = 0
        self.clock = NOON.timestamp
        self.choices: dict[str, str] = {}
        self.notes: dict[str, Note] = {}
        self.due: tuple[Due, ...] = ()
        self.opens_exam = False
        self.store = SimpleNamespace(
            exam_left=lambda: None,
            standings=lambda: self.attempts,
            attempts=self._recorded,
            tries=self._tries,
            choice=self.choices.get,
            choose=self.choices.__setitem__,
        )

    def card(self, name: str) -> Card:
        return self.catalogue.get(name)

    def folder(self, card: Card) -> Path:
        return self.settings.workspace / card.id

    def started(self, card: Card) -> bool:
        return self.folder(card).exists()

    def start(self, card: Card) -> list[Path]:
        self.begun.append(card.id)
        return workspace.start(card, self.folder(card))

    def signature(self, card: Card) -> workspace.Signature:
        return workspace.signature(self.folder(card))

    def text(self, card: Card, file: str) -> Held:
        if not self.started(card):
            return Held(card.start.get(file, ""))
        return workspace.read(self.folder(card), file)

    def write(self, card: Card, file: str, text: str, before: Held | None = None) -> Path | None:
        return workspace.write(self.folder(card), file, text, before)

    def keep_text(self, card: Card, file: str, text: str) -> Path:
        return workspace.keep_text(self.folder(card), file, text)

    def reset(self, card: Card) -> Path:
        backup = workspace.put_away(self.folder(card))
        workspace.start(card, self.folder(card))
        return backup

    def read(self, card: Card) -> Answer:
        files = workspace.answer_files(self.folder(card))
        if not files:
            raise AnswerUnreadable("nothing is handed in yet", file=str(self.folder(card)))
        return Answer(tuple(AnswerFile(file.name, file.read_bytes()) for file in files))

    def effects(self, whose: Card, graded: Graded) -> tuple[Effect, ...]:
        """A picture of the container's root filesystem, for the check that was judged."""
        self.drawn += 1
        where = Location("pod.yaml", 3, 5)
        right = graded.verdict.passed
        cell = asked(right, "read-only" if right else "writable", "", where)
        return (Effect("pod-exists", drawn("Where it can write", [""], [Row("/", (cell,))])),)

    def grade(
        self, card: Card, paths: object = None, *, record: bool = True, seconds: float | None = None
    ) -> Graded:
        answer = self.read(card)
        self.graded += 1
        text = b"".join(file.data for file in answer.files).decode()
        verdict = self.verdicts(card, text)
        if not record:
            return Graded(verdict, answer, 12.0)
        if self.texts.get(card.id) != text:
            self.texts[card.id] = text
            self.attempts.setdefault(card.id, []).append(verdict)
        return Graded(verdict, answer, 12.0, len(self.attempts[card.id]))

    def hints_shown(self, card: Card) -> int:
        return self.hints.get(card.id, 0)

    def next_hint(self, card: Card) -> str | None:
        shown = self.hints_shown(card)
        if shown >= len(card.hints):
            return None
        self.hints[card.id] = shown + 1
        return card.hints[shown]

    def passed(self, card: Card) -> bool:
        return any(verdict.passed for verdict in self.attempts.get(card.id, []))

    def revealed(self, card: Card) -> bool:
        return card.id in self.shown

    def shows_freely(self, card: Card) -> bool:
        return self.revealed(card) or self.passed(card)

    def reveal(self, card: Card) -> Reveal:
        self.shown.add(card.id)
        where = Location(card.files[0], 3, 5, "spec")
        difference = SimpleNamespace(
            location=where,
            path="spec.containers",
            yours="missing",
            expected="- name: main",
            message="A container is missing.",
        )
        return Reveal({card.files[0]: RIGHT}, "# Why\n\nA read-only root.", "k run pod-ro", (difference,))

    def _recorded(self, card: str) -> list[SimpleNamespace]:
        from trainer.report.json import verdict_json

        verdicts = self.attempts.get(card, [])
        return [SimpleNamespace(verdict=msgspec.json.encode(verdict_json(one))) for one in verdicts]

    def _tries(self) -> list[Try]:
        """One attempt a day, up to the day before."""
        found = [
            Try(name, NOON.timestamp() - 86_400 * day, 100 if one.passed else 40, one.passed, 200.0 + day)
            for day, (name, one) in enumerate(
                ((name, one) for name, verdicts in self.attempts.items() for one in verdicts), 1
            )
        ]
        return found[::-1]

    def note(self, card: Card) -> Note:
        return self.notes.get(card.id, Note())

    def keep_note(self, card: Card, note: Note) -> None:
        self.notes[card.id] = note

    def states(self) -> list[CardState]:
        return [self._with_note(self._state(card)) for card in self.catalogue.cards]

    def _with_note(self, state: CardState) -> CardState:
        note = self.notes.get(state.card.id, Note())
        return msgspec.structs.replace(state, bookmarked=note.bookmark, noted=bool(note.text))

    def _state(self, card: Card) -> CardState:
        tries = self.attempts.get(card.id, [])
        if not tries:
            return CardState(card, "new")
        best = max(100 * verdict.points // verdict.max_points for verdict in tries)
        verdict = tries[-1]
        passed = sum(check.status is Status.PASS for check in verdict.checks)
        last = AttemptSummary(
            len(tries),
            NOON.timestamp() - 3600,
            verdict.points,
            verdict.max_points,
            passed,
            len(verdict.checks),
            verdict.passed,
        )
        status = "passed" if best == 100 else "partial"
        return CardState(card, status, len(tries), best, last, last.at, not verdict.passed)

    def domains(self) -> list[DomainState]:
        from trainer.session.standing import domain_states

        return domain_states(self.states())

    def summary(self) -> Summary:
        from trainer.session.standing import summarize

        return summarize(self.states(), [], time.time())

    def overview(self) -> Overview:
        from trainer.session.plan import Goal, make_plan

        states, today = self.states(), NOON.date()
        plan = make_plan(states, self.due, today, Goal())
        return Overview(states, self.domains(), self.summary(), self.due, plan, today)

    def start_review(self, name: str) -> Card:
        one = self.card(name)
        if self.passed(one):
            self.reset(one)
        return one

    def last_review(self, name: str) -> None:
        """No schedule."""

    def days_if_rated(self, name: str) -> dict[object, object]:
        return {}

    def close(self) -> None:
        """Nothing is open."""
