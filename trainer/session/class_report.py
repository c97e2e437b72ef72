"""What the board of a class gets to know of a learner: the start of a card, and the result of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainer.config import Settings
    from trainer.content.card import Card
    from trainer.verdict import Verdict


def tell_class(
    settings: Settings,
    clock: Callable[[], float],
    card: Card,
    verdict: Verdict | None = None,
    *,
    again: bool = False,
) -> None:
    """Add what a learner did to the results of the class that the settings name, if any.

    Without a verdict, the card was started, or started over (`again`). Raises `StoreError`.
    """
    if settings.class_store is None or settings.learner is None:
        return
    from trainer.progress.classroom import Result, add

    told = Result(settings.learner, card.id, clock(), "reset" if again else "started", card.seed)
    if verdict is not None:
        told = Result(
            settings.learner,
            card.id,
            clock(),
            "graded",
            card.seed,
            verdict.points,
            verdict.max_points,
            verdict.passed,
            {check.id: str(check.status) for check in verdict.counted},
        )
    add(settings.class_store, told)
