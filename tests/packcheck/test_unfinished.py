"""Tests of `packcheck.unfinished`: what an author still has to write."""

from __future__ import annotations

from collections.abc import Callable

from trainer.content.catalogue import load_catalogue
from trainer.content.locate import Pack
from trainer.packcheck.one import check_card
from trainer.packcheck.unfinished import unfinished_problems

FOLDER = "solutions/runtime-security/small"


def unfinished(pack: Pack) -> list[tuple[str, str]]:
    found = unfinished_problems(load_catalogue(pack).cards[0], pack)
    return [(str(one.location), one.message) for one in found]


def test_a_finished_card(make_pack: Callable[..., Pack]) -> None:
    assert unfinished(make_pack()) == []


def test_every_marked_line_is_named(make_pack: Callable[..., Pack]) -> None:
    changes = {
        f"{FOLDER}/explain.md": "Why.\n\n  FILL IN why not\n",
        f"{FOLDER}/wrong-x/pod.yaml": "# FILL IN\n",
    }
    pack = make_pack(changes, card=("title: A small Pod", "title: FILL IN"))
    assert unfinished(pack) == [
        ("tasks/runtime-security/small.yaml:3:1", "unfinished: title: FILL IN"),
        (f"{FOLDER}/explain.md:3:1", "unfinished: FILL IN why not"),
        (f"{FOLDER}/wrong-x/pod.yaml:1:1", "unfinished: # FILL IN"),
    ]


def test_other_words_are_no_mark(make_pack: Callable[..., Pack]) -> None:
    assert unfinished(make_pack(card=("title: A small Pod", "title: A form to fill in"))) == []


def test_nothing_else_is_said_meanwhile(make_pack: Callable[..., Pack]) -> None:
    pack = make_pack({f"{FOLDER}/explain.md": "FILL IN\n", f"{FOLDER}/also-order.yaml": None})
    report = check_card(load_catalogue(pack).cards[0], pack)
    assert [one.message for one in report.problems] == ["unfinished: FILL IN"]
    assert (report.reference, report.made) == (0, 0)
