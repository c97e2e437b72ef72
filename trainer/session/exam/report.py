"""What came out of an exam: by domain, by check, and by minute. It needs only what the database has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from trainer.content.curriculum import DOMAINS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.progress.exams import Ended, Exam, ExamCard, Outcome

PASS = 67
"""Percent of the points that pass: https://docs.linuxfoundation.org/tc-docs/certification/important-instructions-cks"""

OUTCOMES: dict[Outcome, str] = {
    "graded": "graded",
    "empty": "not answered",
    "unreadable": "can't be read",
    "gone": "the card is gone",
    "failed": "not graded",
}
"""What became of an answer, in words."""


class CheckLine(msgspec.Struct, frozen=True):
    """One check of a card of an exam."""

    id: str
    says: str
    status: str
    points: int
    max_points: int
    reasons: tuple[str, ...]


class CardLine(msgspec.Struct, frozen=True):
    """One card of an exam: `seconds` against its target, and its checks, if its answer was judged."""

    position: int
    card: str
    title: str
    domain: str
    outcome: Outcome
    points: int
    max_points: int
    passed: bool
    seconds: float
    minutes: int
    flagged: bool
    note: str
    checks: tuple[CheckLine, ...]

    @property
    def failed(self) -> tuple[CheckLine, ...]:
        """The checks that gave no points."""
        return tuple(check for check in self.checks if check.status != "pass")


class DomainLine(msgspec.Struct, frozen=True):
    """The cards of one domain together."""

    domain: str
    title: str
    weight: int
    """Percent of the whole exam."""
    cards: int
    points: int
    max_points: int
    seconds: float
    minutes: int


class Report(msgspec.Struct, frozen=True):
    """An exam that has ended."""

    exam: int
    how: Ended
    drill: bool
    seed: int
    started: float
    """Seconds since 1970, UTC."""
    points: int
    max_points: int
    percent: int
    """Rounded down, so that it is 67 only for a pass."""
    passed: bool
    unjudged: int
    """Points of checks that could not be judged, which isn't the learner's fault; they count as missed."""
    seconds: float
    """With the exam open."""
    minutes: int
    domains: tuple[DomainLine, ...]
    cards: tuple[CardLine, ...]


def report_of(exam: Exam) -> Report:
    """The report of an exam that has ended. A canceled one has no points at all."""
    cards = tuple(_card(card) for card in exam.cards)
    points, most = sum(card.points for card in cards), sum(card.max_points for card in cards)
    return Report(
        exam=exam.number,
        how=exam.how or "canceled",
        drill=exam.drill,
        seed=exam.seed,
        started=exam.started,
        points=points,
        max_points=most,
        percent=100 * points // most if most else 0,
        passed=bool(most) and exam.how != "canceled" and 100 * points >= PASS * most,
        unjudged=sum(check.max_points for card in cards for check in card.checks if check.status == "error"),
        seconds=exam.used / 1000,
        minutes=exam.minutes,
        domains=_domains(cards),
        cards=cards,
    )


def _card(card: ExamCard) -> CardLine:
    result = card.result
    verdict: dict[str, Any] = msgspec.json.decode(result.verdict) if result and result.verdict else {}
    checks = tuple(
        CheckLine(
            check["id"],
            check["says"],
            check["status"],
            check["points"],
            check["max_points"],
            tuple(_reason(reason) for reason in check["reasons"]),
        )
        for check in verdict.get("checks", ())
        if check["scope"] == "file"
    )
    return CardLine(
        position=card.position,
        card=card.card,
        title=card.title,
        domain=card.domain,
        outcome=result.outcome if result else "empty",
        points=result.points if result else 0,
        max_points=result.max_points if result else card.points,
        passed=bool(verdict.get("passed")),
        seconds=card.used / 1000,
        minutes=card.minutes,
        flagged=card.flagged,
        note=result.note if result else "",
        checks=checks,
    )


def _reason(reason: dict[str, Any]) -> str:
    place = f"{reason['file']}:{reason['line']}: " if reason.get("file") and reason.get("line") else ""
    return f"{place}{reason['message']}"


def _domains(cards: Sequence[CardLine]) -> tuple[DomainLine, ...]:
    found = []
    for info in DOMAINS:
        mine = [card for card in cards if card.domain == info.id]
        if mine:
            found.append(
                DomainLine(
                    info.id,
                    info.title,
                    info.weight,
                    len(mine),
                    sum(card.points for card in mine),
                    sum(card.max_points for card in mine),
                    sum(card.seconds for card in mine),
                    sum(card.minutes for card in mine),
                )
            )
    return tuple(found)
