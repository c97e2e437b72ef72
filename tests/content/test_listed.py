"""Tests of `content.listed`: a card as listed."""

from __future__ import annotations

from pathlib import Path

from trainer.content.catalogue import find_card
from trainer.content.listed import as_listed
from trainer.content.locate import pack_at

PACK = pack_at(Path(__file__).parents[1] / "fixtures" / "pack")


def test_a_card_as_listed_says_what_the_card_says() -> None:
    card = find_card("mini-pod", PACK)
    listed = as_listed(card)
    same = ("id", "title", "domain", "competency", "difficulty", "minutes", "points", "kubernetes", "prompt")
    assert {name: getattr(listed, name) for name in same} == {name: getattr(card, name) for name in same}
    assert [(check.id, check.says) for check in listed.checks] == [
        (check.id, check.says) for check in card.checks
    ]
    assert listed.where == card.where
