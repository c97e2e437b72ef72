"""Which checks go wrong most often: from the recorded verdicts, the latest attempts only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from trainer.content.listed import Listed
    from trainer.progress.model import Attempt

LATEST = 5
"""Attempts of a card that count: an old failure that was overcome isn't a weakness."""


class WeakCheck(msgspec.Struct, frozen=True, eq=False):
    """A check that failed in `failed` of the latest `tries` attempts that judged it."""

    card: Listed
    check: str
    says: str
    failed: int
    tries: int


def weakest_checks(
    cards: Iterable[Listed], attempts: Callable[[str], Sequence[Attempt]], limit: int = 8
) -> list[WeakCheck]:
    """The checks with the most failures, worst first; `attempts` gives a card's, oldest first.

    SKIPPED and ERROR say nothing about the learner and do not count.
    """
    found = [weak for card in cards for weak in _of_card(card, attempts(card.id)[-LATEST:])]
    found.sort(key=lambda weak: (-weak.failed / weak.tries, -weak.failed))
    return found[:limit]


def _of_card(card: Listed, attempts: Sequence[Attempt]) -> list[WeakCheck]:
    judged: dict[str, list[bool]] = {}
    for attempt in attempts:
        verdict: dict[str, Any] = msgspec.json.decode(attempt.verdict)
        for check in verdict.get("checks", ()):
            if check["status"] in ("pass", "fail"):
                judged.setdefault(check["id"], []).append(check["status"] == "fail")
    return [
        WeakCheck(card, check.id, check.says, sum(judged[check.id]), len(judged[check.id]))
        for check in card.checks
        if any(judged.get(check.id, ()))
    ]
