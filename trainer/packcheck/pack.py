"""The test of a whole pack, card by card, on all processors if there are many cards."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

import msgspec

from trainer.content.card import Card
from trainer.content.catalogue import Catalogue, card_paths, load_catalogue, require_card
from trainer.content.locate import Pack
from trainer.isolate import Failed, Limits, Pool
from trainer.packcheck.one import check_card
from trainer.packcheck.orphans import orphan_problems
from trainer.packcheck.record import Record, digest_of
from trainer.packcheck.report import CardReport, PackReport, problem
from trainer.verdict import Problem
from trainer.versions import Version

LIMITS = Limits(seconds=300.0, megabytes=4096)
"""The limits for the test of one card."""

FEW = 4
"""For up to this many cards, starting workers costs more than it saves."""


def check_pack(
    pack: Pack,
    progress: Callable[[str], object] = lambda _: None,
    kubernetes: Version | None = None,
    *,
    only: Collection[str] = (),
    changed: bool = False,
) -> PackReport:
    """Test the cards of a pack and list every problem; `progress` gets a line for each card.

    `kubernetes` overrides the version that the cards name: does the pack hold on another one?
    `only` are the IDs of the cards to test, all if it is empty. With `changed`, a card is left out if nothing
    has changed since a test in which it had no problems.
    Raises `UsageError` for an ID that no card has. Never raises for what is wrong with a pack: a card that
    cannot be loaded is a problem, and the others are tested anyway.
    """
    for card_id in only:
        require_card(card_id, pack)
    catalogue = load_catalogue(pack, rules=True, kubernetes=kubernetes)
    wanted = [card for card in catalogue.cards if not only or card.id in only]
    record = Record()
    digests = {card.id: digest_of(card, pack) for card in wanted}
    cards = [card for card in wanted if not (changed and record.has(digests[card.id]))]
    reports = []
    for card, report in zip(cards, _reports(cards, pack), strict=True):
        reports.append(report)
        record.note(digests[card.id], correct=not report.problems)
        state = f"{len(report.problems)} problems" if report.problems else "ok"
        progress(f"{len(reports)}/{len(cards)} {card.id}: {report.made} mutants, {state}")
    record.save()
    found = [*catalogue.problems, *_orphans(catalogue, pack)]
    if only:
        found = [one for one in catalogue.problems if one.location and Path(one.location.file).stem in only]
    left_out = len(wanted) - len(cards) if changed else None
    return PackReport(tuple(reports), tuple(found), left_out, whole=not (only or changed))


def _orphans(catalogue: Catalogue[Card], pack: Pack) -> Iterator[Problem]:
    loaded = {card.source for card in catalogue.cards}
    broken = [path for path in card_paths(pack) if path not in loaded]
    return orphan_problems(catalogue.cards, broken, pack)


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
