"""How long it takes to draw what an answer does, after its verdict: a figure for `tools/bench.py`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tools.figures import Figure
from trainer.content.catalogue import load_catalogue
from trainer.content.locate import builtin_pack
from trainer.content.solutions import load_solutions
from trainer.grading.effect import effects
from trainer.grading.grade import grade

if TYPE_CHECKING:
    from trainer.content.card import Card
    from trainer.manifests.answer import Answer

BUDGET = 100.0
RUNS = 3


def figures() -> list[Figure]:
    """CPU milliseconds for the reference answer of the card that takes longest."""
    pack = builtin_pack()
    answers = [(card, load_solutions(card, pack).reference.answer) for card in load_catalogue(pack).cards]
    slowest, card_id = max(
        (min(_milliseconds(card, answer) for _ in range(RUNS)), card.id) for card, answer in answers
    )
    return [Figure(f"effect after the verdict, slowest ({card_id})", slowest, "ms", BUDGET)]


def _milliseconds(card: Card, answer: Answer) -> float:
    verdict = grade(card, answer)
    begin = time.process_time()
    effects(card, answer, verdict)
    return (time.process_time() - begin) * 1000
