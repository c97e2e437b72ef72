"""Tests of `packcheck.one`: one card of a pack, proved."""

from __future__ import annotations

from collections.abc import Callable

from trainer.content.catalogue import load_catalogue
from trainer.content.locate import Pack
from trainer.packcheck.one import check_card, check_card_at
from trainer.versions import DEFAULT


def test_a_good_card_is_proved(make_pack: Callable[..., Pack]) -> None:
    pack = make_pack()
    card = load_catalogue(pack).cards[0]
    report = check_card(card, pack)
    assert report.problems == ()
    assert (report.id, report.competency) == ("small", "RT4")
    assert (report.reference, report.also, report.wrong) == (1, 1, 2)
    assert report.made == report.killed
    plain = check_card_at(str(pack.tasks), str(pack.solutions), str(card.source), str(DEFAULT))
    assert (plain["id"], plain["made"], plain["problems"]) == ("small", report.made, ())


def test_solutions_that_cannot_be_loaded(make_pack: Callable[..., Pack]) -> None:
    folder = "solutions/runtime-security/small"
    pack = make_pack({f"{folder}/reference.yaml": None, f"{folder}/wrong-place.yaml": "a: 1\n"})
    report = check_card(load_catalogue(pack).cards[0], pack)
    assert [problem.message for problem in report.problems] == [
        "a wrong answer must say which checks it fails",
        "found 0 references; exactly one is required",
    ]
    assert str(report.problems[0].location) == f"{folder}/wrong-place.yaml:1:1"
    assert report.made == 0


def test_files_that_are_no_answers(make_pack: Callable[..., Pack]) -> None:
    pack = make_pack({"solutions/runtime-security/small/notes.txt": "x"})
    (problem,) = check_card(load_catalogue(pack).cards[0], pack).problems
    assert str(problem.location) == "solutions/runtime-security/small/notes.txt:1:1"
    assert problem.message == "an orphan: not an answer"
