"""The draw: the same for the same seed, by the weights, within the minutes, and refused where it can't be."""

from __future__ import annotations

from collections import Counter

import pytest

from trainer.content.curriculum import DOMAINS
from trainer.content.listed import Listed
from trainer.errors import UsageError
from trainer.session.exam.draw import FEWEST, MINUTES, MOST, NEARLY, Plan, draw, shares, variant
from trainer.verdict import Location
from trainer.versions import DEFAULT


def pool(each: int) -> list[Listed]:
    """So many cards in each domain, their minutes and levels mixed."""
    return [
        Listed(
            f"{info.id}-{number}",
            "Title",
            info.id,
            list(info.competencies)[number % len(info.competencies)],
            ("easy", "medium", "hard")[number % 3],
            4 + number % 3 * 3 + number % 2,
            8,
            DEFAULT,
            "Prompt",
            (),
            Location("card.yaml", 1, 1),
        )
        for info in DOMAINS
        for number in range(each)
    ]


def test_a_whole_exam_is_drawn_by_weight_within_its_minutes() -> None:
    cards, counts, exams = pool(14), set(), set()
    weights = {info.id: info.weight for info in DOMAINS}
    for seed in range(1, 20):
        drawn = draw(cards, Plan(), seed)
        assert drawn.minutes == MINUTES
        assert NEARLY * MINUTES <= drawn.target <= MINUTES, seed
        assert FEWEST <= len(drawn.cards) <= MOST
        assert len(set(drawn.cards)) == len(drawn.cards)
        found = Counter(card.domain for card in drawn.cards)
        assert found == shares(len(drawn.cards), weights, dict.fromkeys(weights, 14)), seed
        assert len({card.difficulty for card in drawn.cards}) == 3, seed
        counts.add(len(drawn.cards))
        exams.add(drawn.cards)
    assert len(counts) > 2, "not always as many cards"
    assert len(exams) == 19


def test_the_order_of_a_pack_changes_no_exam() -> None:
    cards = pool(14)
    for seed in range(1, 4):
        assert draw(cards, Plan(), seed).cards == draw(list(reversed(cards)), Plan(), seed).cards


def test_drills_have_what_is_asked_for() -> None:
    cards = pool(3)
    one = draw(cards, Plan(minutes=5, cards=3), 1)
    assert (len(one.cards), one.minutes) == (3, 5), "against the clock"
    two = draw(cards, Plan(cards=4), 1)
    assert two.minutes == two.target
    three = draw(cards, Plan(domains=("system-hardening",)), 1)
    assert {card.domain for card in three.cards} == {"system-hardening"}
    assert (len(three.cards), three.minutes) == (3, three.target)
    four = draw(cards, Plan(minutes=30), 1)
    assert four.target <= 30
    assert len(draw(cards[:2], Plan(cards=2), 1).cards) == 2


def test_what_a_pack_cannot_give_is_refused() -> None:
    for cards, plan, word in (
        ([], Plan(cards=1), "0 cards"),
        (pool(2)[:3], Plan(), "too few for a whole exam"),
        (pool(2), Plan(cards=13), "12 cards"),
        (pool(2), Plan(cards=3, domains=("system-hardening",)), "2 cards in system-hardening"),
        (pool(2), Plan(minutes=1), "don't fit into 1 minutes"),
        (pool(2), Plan(minutes=0), "a minute"),
        (pool(2), Plan(cards=0), "one card"),
    ):
        with pytest.raises(UsageError, match=word):
            draw(cards, plan, 1)


def test_shares_are_those_of_the_largest_remainders() -> None:
    weights = {info.id: info.weight for info in DOMAINS}
    whole = shares(20, weights, dict.fromkeys(weights, 99))
    assert list(whole.values()) == [3, 3, 2, 4, 4, 4]
    assert sum(shares(17, weights, dict.fromkeys(weights, 99)).values()) == 17
    assert list(shares(4, {"a": 90, "b": 10}, {"a": 1, "b": 3}).values()) == [1, 3]


def test_each_card_has_a_variant_of_its_own() -> None:
    assert variant(1, "a") == variant(1, "a")
    assert len({variant(1, "a"), variant(1, "b"), variant(2, "a")}) == 3
