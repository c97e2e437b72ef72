"""Which cards an exam has: by the domains' weights, mixed in difficulty, fitting into its minutes.

The same seed draws the same cards from the same pack on every machine: every order comes from a SHA-256.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from trainer.content.curriculum import DOMAINS
from trainer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainer.content.listed import Listed

MINUTES = 120
"""Of a whole exam: https://docs.linuxfoundation.org/tc-docs/certification/important-instructions-cks"""
FEWEST, MOST = 15, 20
"""Cards of a whole exam, as that page says of its tasks."""
LARGEST_SEED = 999_999
MIX = {"easy": 25, "medium": 50, "hard": 25}
"""Percent of the cards by difficulty, as far as the minutes and the pack allow."""
NEARLY = 0.93
"""The least share of an exam's minutes that its cards' targets fill, where the pack allows it."""


class Plan(msgspec.Struct, frozen=True):
    """What an exam must have. None: as the real one has it, or as fits the rest."""

    minutes: int | None = None
    cards: int | None = None
    domains: tuple[str, ...] = ()
    """Only these; empty for all."""

    @property
    def is_drill(self) -> bool:
        """Whether it is something else than the whole exam."""
        return self != Plan()


class Draw(msgspec.Struct, frozen=True, eq=False):
    """The cards of an exam in their order, and its minutes."""

    cards: tuple[Listed, ...]
    minutes: int

    @property
    def target(self) -> int:
        """The sum of the cards' minutes at exam pace; more than `minutes` only if the plan wants so many."""
        return sum(card.minutes for card in self.cards)


def draw(cards: Sequence[Listed], plan: Plan, seed: int) -> Draw:
    """Draw an exam. Raises `UsageError` if the pack has too few cards for the plan."""
    pool = [card for card in cards if not plan.domains or card.domain in plan.domains]
    _refuse(plan, len(pool))
    if plan.cards is not None:
        picked = _pick(pool, plan.cards, plan.minutes, seed)
        return Draw(_mixed(picked, seed), plan.minutes or max(sum(card.minutes for card in picked), 1))
    minutes = plan.minutes or MINUTES
    most = math.ceil(MOST * minutes / MINUTES)
    fewest = min(max(FEWEST * minutes // MINUTES, 1), len(pool))
    tries = [_pick(pool, count, minutes, seed) for count in range(fewest, min(most, len(pool)) + 1)]
    fitting = [picked for picked in tries if sum(card.minutes for card in picked) <= minutes]
    if not fitting:
        shortest = min(card.minutes for card in pool)
        raise UsageError(
            f"{fewest} or more cards don't fit into {minutes} minutes: the shortest takes {shortest}",
            remedy=f"pass more --minutes, or --cards {fewest} for a drill against the clock",
        )
    full = [picked for picked in fitting if sum(card.minutes for card in picked) >= NEARLY * minutes]
    picked = full[_number(seed, "count") % len(full)] if full else fitting[-1]
    drill = plan.minutes is None and bool(plan.domains)
    return Draw(_mixed(picked, seed), sum(card.minutes for card in picked) if drill else minutes)


def variant(seed: int, card: str) -> int:
    """The seed of a card in the exam of this seed, 1 to `LARGEST_SEED`: which variant of the card it has."""
    return 1 + _number(seed, "variant", card) % LARGEST_SEED


def shares(count: int, weights: Mapping[str, int], there: Mapping[str, int]) -> dict[str, int]:
    """How many of `count` each domain gets: by weight, with the largest remainders.

    None gets more than are there: what a domain can't give goes to the others in the same way. The sum of
    `there` must suffice.

    >>> shares(17, {"a": 50, "b": 30, "c": 20}, {"a": 3, "b": 20, "c": 20})
    {'a': 3, 'b': 8, 'c': 6}
    """
    given = dict.fromkeys(weights, 0)
    while (left := count - sum(given.values())) > 0:
        open_ = [name for name in weights if given[name] < there.get(name, 0)]
        whole = sum(weights[name] for name in open_) or 1
        parts = {name: left * weights[name] / whole for name in open_}
        more = {name: math.floor(parts[name]) for name in open_}
        rest = left - sum(more.values())
        for name in sorted(open_, key=lambda name: (more[name] - parts[name], -weights[name]))[:rest]:
            more[name] += 1
        for name in open_:
            given[name] = min(given[name] + more[name], there.get(name, 0))
    return given


def _refuse(plan: Plan, there: int) -> None:
    where = f" in {' and '.join(plan.domains)}" if plan.domains else ""
    have = f"the pack has {there} card{'' if there == 1 else 's'}{where}"
    if plan.minutes is not None and plan.minutes < 1:
        raise UsageError("an exam takes at least a minute", remedy="pass --minutes 1 or more")
    if plan.cards is not None and plan.cards < 1:
        raise UsageError("an exam has at least one card", remedy="pass --cards 1 or more")
    if not there:
        raise UsageError(f"{have}: an exam needs some", remedy="name another domain, or another pack")
    if plan.cards is not None and plan.cards > there:
        raise UsageError(f"{have}, not {plan.cards}", remedy=f"pass --cards {there} or fewer")
    if not plan.is_drill and there < FEWEST:
        raise UsageError(
            f"{have}, too few for a whole exam ({FEWEST} to {MOST})",
            remedy=f"sit a drill: --cards {there} or fewer",
        )


def _pick(pool: Sequence[Listed], count: int, minutes: int | None, seed: int) -> list[Listed]:
    """So many cards: each domain's share, different competencies, mixed levels; then fit to the time."""
    weights = {info.id: info.weight for info in DOMAINS}
    there = Counter(card.domain for card in pool)
    wanted = shares(count, weights, there)
    hoped = shares(count, MIX, dict.fromkeys(MIX, count))
    picked: list[Listed] = []
    taken: set[str] = set()
    levels: Counter[str] = Counter()
    topics: Counter[str] = Counter()
    slots = [name for name, number in wanted.items() for _ in range(number)]
    for _, domain in sorted(enumerate(slots), key=lambda slot: _number(seed, "slot", *map(str, slot))):
        rest = [card for card in pool if card.domain == domain and card.id not in taken]
        best = min(
            rest,
            key=lambda card: (
                topics[card.competency],
                levels[card.difficulty] >= hoped.get(card.difficulty, 0),
                _number(seed, "card", card.id),
            ),
        )
        picked.append(best)
        taken.add(best.id)
        levels[best.difficulty] += 1
        topics[best.competency] += 1
    return picked if minutes is None else _fitted(picked, pool, minutes, seed)


def _fitted(picked: list[Listed], pool: Sequence[Listed], minutes: int, seed: int) -> list[Listed]:
    """Swap cards for others of their domain until the sum of their minutes is close below the exam's."""
    best = (minutes * (1 + NEARLY) / 2) if minutes > 30 else minutes
    while not NEARLY * minutes <= (total := sum(card.minutes for card in picked)) <= minutes:
        there = {card.id for card in picked}
        closer = [
            (at, other)
            for at, card in enumerate(picked)
            for other in pool
            if other.domain == card.domain
            and abs(total - card.minutes + other.minutes - best) < abs(total - best)
            and other.id not in there
        ]
        alike = [swap for swap in closer if swap[1].difficulty == picked[swap[0]].difficulty]
        # whichever the seed says, not the closest: that would always be the shortest cards of the pack
        chosen = min(
            alike or closer,
            key=lambda swap: _number(seed, "swap", picked[swap[0]].id, swap[1].id),
            default=None,
        )
        if chosen is None:
            break
        picked[chosen[0]] = chosen[1]
    return picked


def _mixed(picked: Sequence[Listed], seed: int) -> tuple[Listed, ...]:
    return tuple(sorted(picked, key=lambda card: _number(seed, "order", card.id)))


def _number(seed: int, *words: str) -> int:
    text = "\n".join([str(seed), "exam", *words])
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
