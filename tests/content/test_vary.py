"""Tests of `content.vary`: what a seed picks, and what is wrong with the words of a card."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

from tests.table import each_row
from trainer.content.catalogue import find_card
from trainer.content.locate import pack_at
from trainer.content.vary import DERIVED, alternatives, seed_of_learner, seeded, vary_faults

PACK = pack_at(Path(__file__).parents[1] / "fixtures" / "pack-mini")
SETS: Any = ({"sun": ("moon", "mars")}, {"8080": ("9090",), "/srv/a": ("/srv/b",)})


def test_a_seed_always_picks_the_same() -> None:
    """These values are on handouts: no version of the program may pick others."""
    picked = {seed: find_card("tiny-pod", PACK, seed).wording.words for seed in (0, 1, 2, 3)}
    assert picked == {
        0: {},
        1: {"busybox:1.32.0": "busybox:1.37.0"},
        2: {"sun": "mars"},
        3: {"sun": "moon", "busybox:1.32.0": "busybox:1.36.1"},
    }
    assert seed_of_learner("Jane Doe", "tiny-pod") == 225899
    assert seed_of_learner("Jane Doe", "tiny-space") != 225899
    assert seed_of_learner("Jos\u00e9", "a") == seed_of_learner(" Jose\u0301 ", "a")
    assert seed_of_learner("\udce9", "a") != seed_of_learner("\udce8", "a")  # names of files in any encoding
    assert all(0 < seed_of_learner(str(number), "a") <= DERIVED for number in range(200))


def test_sets_are_picked_on_their_own_and_words_of_a_set_together() -> None:
    seen = set()
    for seed in range(1, 300):
        words = seeded(seed)("card", SETS).words
        assert ("8080" in words) == ("/srv/a" in words)
        seen.add((words.get("sun"), words.get("8080")))
    assert seen == set(product([None, "moon", "mars"], [None, "9090"]))


def test_the_order_of_sets_and_words_makes_no_difference() -> None:
    turned: Any = [dict(reversed(one.items())) for one in reversed(SETS)]
    assert all(seeded(s)("card", SETS).words == seeded(s)("card", turned).words for s in range(100))


def test_seed_0_and_cards_without_words_are_as_written() -> None:
    assert (seeded(0)("card", SETS).seed, seeded(7)("card", ()).seed) == (0, 0)
    assert seeded(7)("card", SETS).seed == 7


def test_every_alternative_is_in_some_wording() -> None:
    assert [one.words for one in alternatives(SETS)] == [
        {"sun": "moon", "8080": "9090", "/srv/a": "/srv/b"},
        {"sun": "mars", "8080": "9090", "/srv/a": "/srv/b"},
    ]
    assert alternatives(()) == []


@each_row(
    ("sets", "message"),
    [
        ([{}], "the set has no words"),
        ([{"sun": []}], "'sun' has no alternatives"),
        ([{"sun": ["moon"], "pod-ro": ["a1", "a2"]}], "the lists of a set must be equally long"),
        ([{"sun": ["moon", "moon"]}], "'moon' comes twice under `vary`"),
        ([{"sun": ["sun"]}], "'sun' comes twice under `vary`"),
        ([{"sun": ["moon"]}, {"web": ["moon"]}], "'moon' comes twice under `vary`"),
        ([{"sun": ["moon"]}, {"sun": ["mars"]}], "'sun' comes twice under `vary`"),
        ([{"two words": ["moon"]}], "'two words' must be a single word"),
        ([{"sun": ["Moon"]}], "'Moon' can't stand for 'sun'"),
        ([{"pod": ["web"]}], "'pod' is in 'pod.yaml', and the name of an answer's file can't change"),
        ([{"10.0.0.0": ["10.1.0.0"]}, {"10.0.0.0/24": ["10.2.0.0/24"]}], "is also in '10.0.0.0/24'"),
    ],
)
def test_faults(sets: Any, message: str) -> None:
    found = [fault.message for fault in vary_faults(sets, ["pod.yaml"])]
    assert any(message in one for one in found), found


def test_words_without_a_fault() -> None:
    assert list(vary_faults(SETS, ["pod.yaml"])) == []
    assert list(vary_faults([{"10.0.0.0": ["10.1.0.0"], "10.0.0.0/24": ["10.1.0.0/24"]}], ["a.yaml"])) == []
