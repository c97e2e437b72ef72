"""Tests of `lab.handout`: everything that a task says, and nothing that solves it."""

from __future__ import annotations

import msgspec

from tests.cards import CARDS, PACK
from trainer.content.catalogue import find_card
from trainer.content.locate import Pack
from trainer.content.solutions import load_solutions
from trainer.lab.folder import Lab, members
from trainer.lab.handout import class_handout, own_handout, varying


def test_a_learner_gets_the_own_wording(pack: Pack) -> None:
    lab = Lab(("tiny-pod", "tiny-space"), tuple(members(["Ann [Lee]"])), "T")
    card = find_card("tiny-pod", pack, 3)
    assert card.wording.words["sun"] in ("moon", "mars") or card.wording.words
    handout = own_handout(lab, "Ann-Lee", "Ann [Lee]", [card, find_card("tiny-space", pack)])
    assert "For **Ann \\[Lee\\]**. 2 cards, 4 minutes at exam pace, 6 points." in handout
    for part in (
        card.prompt.strip(),
        card.start["pod.yaml"].strip(),
        card.given.strip(),
        "`tiny-pod/pod.yaml`",
    ):
        assert part in handout
    assert "settings/Ann-Lee.toml" in handout
    assert "| 3 | Every container has a read-only root filesystem |" in handout
    assert "readOnly." not in handout, "a hint"
    assert "k run" not in handout


def test_the_class_gets_what_is_the_same_for_all(pack: Pack) -> None:
    lab = Lab(("tiny-pod", "tiny-space"), tuple(members(["Ann", "B|o"])), "T")
    cards = [find_card(name, pack) for name in lab.cards]
    assert varying(lab, cards) == cards[:1]
    handout = class_handout(lab, cards)
    assert "## 1. A tiny Pod" in handout
    assert cards[0].prompt.strip() not in handout
    assert cards[1].prompt.strip() in handout
    assert "| B\\|o | B-o |" in handout
    same = class_handout(msgspec.structs.replace(lab, seed=0), cards)
    assert cards[0].prompt.strip() in same
    assert "your own" not in same


def test_no_handout_has_what_solves_a_card() -> None:
    lab = Lab(("x",), ())
    for card in CARDS:
        handout = own_handout(lab, "Ann", "Ann", [card])
        assert card.prompt.strip().splitlines()[-1].strip() in handout
        assert not [hint for hint in card.hints if hint.strip() in handout], card.id
        solutions = load_solutions(card, PACK)
        known = card.prompt + card.all_given + "".join([*card.start.values(), *card.given_files.values()])
        known += "".join(card.node_files.values())
        for file in solutions.reference.answer.files:
            lines = {line.strip() for line in file.data.decode().splitlines() if len(line.strip()) > 40}
            assert not [one for one in lines if one in handout and one not in known], card.id
        assert solutions.explain.strip() not in handout


def test_no_text_ends_its_block(pack: Pack) -> None:
    card = msgspec.structs.replace(
        find_card("tiny-space", pack), given_files={"a.md": "x\n````\n# out\n"}, prompt="# Head\n\ntext"
    )
    handout = own_handout(Lab(("x",), ()), "Ann", "Ann", [card])
    assert "\n`````\nx\n````\n# out\n`````\n" in handout
    assert "\n#### Head\n" in handout
