"""The test of a whole pack, card by card, on all processors if there are many cards."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

import msgspec

from trainer.content.card import Card
from trainer.content.catalogue import card_paths, load_catalogue
from trainer.content.locate import Pack
from trainer.isolate import Failed, Limits, Pool
from trainer.packcheck.one import check_card
from trainer.packcheck.orphans import orphan_problems
from trainer.packcheck.report import CardReport, PackReport, problem
from trainer.versions import Version

LIMITS = Limits(seconds=300.0, megabytes=4096)
"""The limits for the test of one card."""

FEW = 4
"""For up to this many cards, starting workers costs more than it saves."""


def check_pack(
    pack: Pack, progress: Callable[[str], object] = lambda _: None, kubernetes: Version | None = None
) -> PackReport:
    """Test all cards of a pack and list every problem; `progress` gets a line for each card.

    `kubernetes` overrides the version that the cards name: does the pack hold on another one?
    Never raises for what is wrong with a pack: a card that cannot be loaded is a problem, and the
    others are tested anyway.
    """
    catalogue = load_catalogue(pack, rules=True, kubernetes=kubernetes)
    loaded = {card.source for card in catalogue.cards}
    broken = [path for path in card_paths(pack) if path not in loaded]
    reports = []
    for card, report in zip(catalogue.cards, _reports(catalogue.cards, pack), strict=True):
        reports.append(report)
        state = f"{len(report.problems)} problems" if report.problems else "ok"
        progress(f"{len(reports)}/{len(loaded)} {card.id}: {report.made} mutants, {state}")
    orphans = orphan_problems(catalogue.cards, broken, pack)
    return PackReport(tuple(reports), (*catalogue.problems, *orphans))


def _reports(cards: Sequence[Card], pack: Pack) -> Iterator[CardReport]:
    if len(cards) <= FEW:
        yield from (check_card(card, pack) for card in cards)
        return
    tasks = ((str(pack.tasks), str(pack.solutions), str(card.source), str(card.kubernetes)) for card in cards)
    with Pool(os.cpu_count() or 1, LIMITS) as pool:
        for card, reply in zip(cards, pool.map("trainer.packcheck.one:check_card_at", tasks), strict=True):
            if isinstance(reply, Failed):
                found = problem(card.source, pack, f"cannot test the card: {reply.message}")
                yield CardReport(card.id, card.competency, problems=(found,))
            else:
                yield msgspec.convert(reply, CardReport)
