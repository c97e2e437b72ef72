"""Tests of `packcheck.vary_proof`: every answer keeps its verdict in every wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.packcheck.conftest import POD
from trainer.content.catalogue import find_card
from trainer.packcheck.one import check_card

if TYPE_CHECKING:
    from tests.packcheck.conftest import MakePack
    from trainer.packcheck.report import CardReport

HINT = "hints: [Look at the security context.]\n"


def report(make_pack: MakePack, vary: str, **answers: str) -> CardReport:
    files = {f"solutions/runtime-security/small/{name}.yaml": answer for name, answer in answers.items()}
    pack = make_pack(files, (HINT, f"{HINT}vary: {vary}\n"))
    return check_card(find_card("small", pack), pack, mutants=False)


def test_a_card_that_holds_in_every_wording(make_pack: MakePack) -> None:
    found = report(make_pack, "[{sun: [moon, mars]}, {busybox:1.32.0: [busybox:1.36.1]}]")
    assert (found.problems, found.variants) == ((), 2)
    assert report(make_pack, "[]").variants == 0


def test_words_with_a_fault_are_told_at_their_place_and_nothing_is_tried(make_pack: MakePack) -> None:
    found = report(make_pack, "[{sun: [Moon]}]")
    assert found.variants == 0
    (problem,) = found.problems
    assert problem.message.startswith("'Moon' can't stand for 'sun'")
    assert problem.location is not None
    assert (problem.location.file, problem.location.path) == (
        "tasks/runtime-security/small.yaml",
        "vary[0].sun[0]",
    )


def test_an_answer_with_another_verdict_is_told(make_pack: MakePack) -> None:
    """A word that is written in another way isn't replaced."""
    answer = POD.replace("namespace: sun", 'namespace: "s\\u0075n"')
    found = report(make_pack, "[{sun: [moon]}]", **{"also-escaped": answer})
    (problem,) = [one for one in found.problems if one.message.startswith("with")]
    assert problem.message.startswith("with sun -> moon: also-escaped: exists is fail (")
    assert "; read-only is skipped (" in problem.message


def test_a_wrong_answer_that_no_longer_fails_is_told(make_pack: MakePack) -> None:
    wrong = "# fails: exists\n" + POD.replace("namespace: sun", 'namespace: "m\\u006fon"')
    (problem,) = report(make_pack, "[{sun: [moon]}]", **{"wrong-escaped": wrong}).problems
    assert problem.message == "with sun -> moon: wrong-escaped: exists is pass"


def test_a_wording_that_breaks_the_card_is_told(make_pack: MakePack) -> None:
    (problem,) = report(make_pack, "[{RT4: [RT9]}]").problems
    assert "with RT4 -> RT9: small.yaml:5:1: 'RT9' is not a competency of runtime-security" in problem.message
