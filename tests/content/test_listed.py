"""Tests of `content.listed`: a card as listed."""

from __future__ import annotations

from pathlib import Path

from trainer.content.catalogue import find_card
from trainer.content.listed import ListedCheck, as_listed, in_wording
from trainer.content.locate import pack_at
from trainer.content.wording import Wording

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


def test_a_card_as_listed_in_another_wording() -> None:
    card = as_listed(find_card("tiny-pod", pack_at(PACK.tasks.parent.with_name("pack-mini"))))
    assert card.vary[0] == {"sun": ("moon", "mars")}
    varied = in_wording(card, Wording(7, {"sun": "moon", "tiny": "small"}))
    assert varied.title == "A small Pod with a read-only root"
    assert "Namespace `moon`" in varied.prompt
    assert varied.checks[0] == ListedCheck("exists", "Pod small exists in Namespace moon")
    assert (varied.id, varied.vary, varied.where) == (card.id, card.vary, card.where)
