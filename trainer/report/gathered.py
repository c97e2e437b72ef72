"""Rows of a batch -> the class as a whole: who has which result, which check fails how often, and why.

Of each answer only what a page shows is kept: 10,000 rows take some megabytes.
"""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from trainer.report.rows import checks_of, place_of
from trainer.report.statistics import separation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trainer.report.rows import ResultRow

MOST_MISTAKES = 40
"""How many different mistakes are kept for one check; of the others, only who made them."""
LONGEST = 1000
"""Characters of a sentence; the rest is cut."""
_LETTERS = {"pass": "p", "fail": "f", "skipped": "s", "error": "e"}


class Result(NamedTuple):
    """One learner's answer to one card."""

    status: str
    """As in a row."""
    passed: bool
    points: float
    """Without what a late policy takes away."""
    message: str
    letters: str
    """A letter for each check of the card, in its order; a space for one that this answer doesn't have."""
    late: bool
    submitted: str


class Mistake:
    """A way to fail a check: what is said of it, and who did it at which place."""

    def __init__(self, messages: tuple[str, ...], evidence: tuple[str, ...], picture: Any) -> None:
        self.messages = messages
        self.evidence = evidence
        self.picture = picture
        """As in the JSON of a verdict; None without one."""
        self.made: list[tuple[int, str]] = []
        """Learners by their number, and the place of each."""


class Item:
    """A check of a card, and how the class did it."""

    def __init__(self, check: dict[str, Any], number: int) -> None:
        self.id = check["id"]
        self.number = number
        """From 1, in the card's order."""
        self.says = _cut(check["says"])
        self.why = _cut(check.get("why", ""))
        self.points = check["max_points"]
        self.passed = self.failed = self.skipped = self.open = 0
        self.others: list[int] = []
        """Learners, by their number, with a mistake that isn't kept."""
        self._mistakes: dict[bytes, Mistake] = {}
        self.separates: float | None = None
        """`statistics.separation`; None where it says nothing."""

    @property
    def judged(self) -> int:
        """The answers that the check judged, or skipped because of what they lack."""
        return self.passed + self.failed + self.skipped

    @property
    def missed(self) -> int:
        """The answers that don't do it."""
        return self.failed + self.skipped

    @property
    def mistakes(self) -> list[Mistake]:
        """The mistakes, most frequent first."""
        return sorted(self._mistakes.values(), key=lambda one: -len(one.made))

    def add(self, learner: int, check: dict[str, Any], picture: Any) -> None:
        """Count what became of the check in a learner's answer."""
        status = check["status"]
        self.passed += status == "pass"
        self.failed += status == "fail"
        self.skipped += status == "skipped"
        self.open += status == "error"
        if status != "fail":
            return
        messages = tuple(dict.fromkeys(_cut(one["message"]) for one in check["reasons"]))
        evidence = tuple(map(_cut, check["evidence"]))
        key = sha256(msgspec.json.encode([messages, evidence, _unplaced(picture)])).digest()
        if key not in self._mistakes and len(self._mistakes) == MOST_MISTAKES:
            self.others.append(learner)
            return
        mistake = self._mistakes.setdefault(key, Mistake(messages, evidence, picture))
        mistake.made.append((learner, _place(check)))


class CardResults:
    """A card of the batch: its checks and the results of the learners, by their number."""

    def __init__(self, card: str, number: int) -> None:
        self.id = card
        self.number = number
        """From 0, in the order of the cards."""
        self.max_points = 0
        self.results: dict[int, Result] = {}
        self._items: dict[str, Item] = {}

    @property
    def items(self) -> list[Item]:
        """The checks in the card's order."""
        return list(self._items.values())

    def add(self, learner: int, row: ResultRow) -> None:
        """Take a learner's row."""
        checks = checks_of(row)
        pictures = _pictures(row)
        self.max_points = max(self.max_points, row.max_points)
        found = {}
        for check in checks:
            item = self._items.setdefault(check["id"], Item(check, len(self._items) + 1))
            item.add(learner, check, pictures.get(check["id"]))
            found[check["id"]] = _LETTERS[check["status"]]
        self.results[learner] = Result(
            row.status,
            row.passed,
            row.final_points,
            _cut(row.message),
            "".join(found.get(name, " ") for name in self._items),
            bool(row.late),
            row.submitted_at or "",
        )

    @property
    def passed(self) -> int:
        """The answers with full marks."""
        return sum(result.passed for result in self.results.values())

    @property
    def average(self) -> int:
        """The points of all learners in percent, rounded; an answer that is missing has none."""
        reached = sum(result.points for result in self.results.values())
        return percent(reached, self.max_points * len(self.results))

    def letter(self, learner: int, item: Item) -> str:
        """What became of a check: p, f, s, e, or a space without a verdict."""
        result = self.results.get(learner)
        return (result.letters if result else "")[item.number - 1 : item.number] or " "


class Gathered:
    """A class: learners in the order of the rows, cards in the order in which they first come."""

    def __init__(self) -> None:
        self.learners: list[str] = []
        self._cards: dict[str, CardResults] = {}
        self._numbers: dict[str, int] = {}

    def add(self, row: ResultRow) -> None:
        """Take a row."""
        number = self._numbers.setdefault(row.learner, len(self.learners))
        if number == len(self.learners):
            self.learners.append(row.learner)
        if row.card not in self._cards:
            self._cards[row.card] = CardResults(row.card, len(self._cards))
        self._cards[row.card].add(number, row)

    @property
    def cards(self) -> list[CardResults]:
        """The cards of the batch."""
        return list(self._cards.values())

    @cached_property
    def points(self) -> list[float]:
        """The points of each learner. Ask when all rows are there."""
        return [
            sum(card.results[number].points for card in self.cards if number in card.results)
            for number in range(len(self.learners))
        ]

    @cached_property
    def max_points(self) -> int:
        """The points of all cards. Ask when all rows are there."""
        return sum(card.max_points for card in self.cards)

    def percent(self, number: int) -> int:
        """The points of a learner in percent, rounded."""
        return percent(self.points[number], self.max_points)

    @property
    def average(self) -> int:
        """The points of all learners in percent, rounded."""
        return percent(sum(self.points), self.max_points * len(self.learners))

    def cards_of(self, number: int, *statuses: str) -> list[str]:
        """The cards of a learner's answers with one of these statuses that don't have full marks."""
        mine = [(card.id, card.results.get(number)) for card in self.cards]
        return [card for card, one in mine if one and one.status in statuses and not one.passed]

    def with_status(self, *statuses: str) -> Iterator[tuple[int, CardResults, Result]]:
        """The results with one of these statuses, in the order of learners."""
        for number in range(len(self.learners)):
            for card in self.cards:
                result = card.results.get(number)
                if result is not None and result.status in statuses:
                    yield number, card, result

    def judge_checks(self) -> None:
        """Compute for each check how well it separates. When all rows are there."""
        for card in self.cards:
            for item in card.items:
                item.separates = separation(self._right(card, item))

    def _right(self, card: CardResults, item: Item) -> Sequence[tuple[bool, float]]:
        """For each judged answer whether the check passed, and the learner's points for all the rest."""
        found = []
        for number in card.results:
            letter = card.letter(number, item)
            if letter in "pfs":
                right = letter == "p"
                found.append((right, self.points[number] - (item.points if right else 0)))
        return found


def percent(part: float, whole: float) -> int:
    """A share in percent, rounded; 0 of nothing."""
    return round(100 * part / whole) if whole else 0


def _pictures(row: ResultRow) -> dict[str, Any]:
    verdict = msgspec.json.decode(row.verdict)
    return {one["check"]: one for one in (verdict or {}).get("effect", ())}


def _unplaced(picture: Any) -> Any:
    """What a picture shows, without the places: these differ between answers that do the same."""
    if picture is None:
        return None
    rows = [
        [row["head"], [(cell["state"], cell["word"]) for cell in row["cells"]]] for row in picture["rows"]
    ]
    return [picture["title"], picture["columns"], rows]


def _place(check: dict[str, Any]) -> str:
    place = place_of(check)
    return f"{place['file']}:{place['line']}" if place else ""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
