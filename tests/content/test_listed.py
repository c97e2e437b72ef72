"""Tests of `content.listed`: a card as listed."""

from __future__ import annotations

from pathlib import Path

import msgspec

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


def test_tags_are_the_kinds_of_starters_and_checks_and_the_rules() -> None:
    card = find_card("mini-pod", PACK)
    check = msgspec.structs.replace(
        card.checks[0],
        rule="fields",
        settings={"object": {"kind": "Pod"}, "any": [{"x": {"kind": "Role"}}, 3]},
    )
    start = {
        "a.yaml": "# kind: no\nkind: Secret\nitems:\n- kind: List\n  kindly: x\n",
        "b.sh": "echo kind: no",
    }
    tags = as_listed(msgspec.structs.replace(card, start=start, checks=(check,))).tags
    assert tags == ("List", "Pod", "Role", "Secret", "fields")
