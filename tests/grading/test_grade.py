"""Tests of `grading.grade`: (card, answer) to verdict."""

from __future__ import annotations

import copy
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.cards import every_card
from tests.table import each_row
from trainer.content.card import Card, Check
from trainer.content.catalogue import card_paths, find_card
from trainer.content.locate import builtin_pack, pack_at
from trainer.content.solutions import load_solutions
from trainer.errors import AnswerUnreadable, CardError
from trainer.grading import allowance, judge
from trainer.grading.grade import grade, graded_world, passes, world_of
from trainer.grading.redact import redact_verdict
from trainer.manifests.answer import Answer, AnswerFile, holds_manifests
from trainer.manifests.reading.parse import parse
from trainer.simulate.world import World
from trainer.verdict import Outcome, Severity, Status

PACK = pack_at(Path(__file__).parents[1] / "fixtures" / "pack")
CARDS = [path.stem for path in card_paths(PACK)]


def answer(text: str, name: str = "pod.yaml") -> Answer:
    return Answer((AnswerFile(name, text.encode()),))


@each_row("card_id", CARDS)
def test_right_answers_have_full_marks_and_wrong_ones_fail_what_they_say(card_id: str) -> None:
    card = find_card(card_id, PACK)
    solutions = load_solutions(card, PACK)
    for variant in (solutions.reference, *solutions.also):
        assert grade(card, variant.answer).passed, variant.name
    for variant in solutions.wrong:
        verdict = grade(card, variant.answer)
        assert tuple(check.id for check in verdict.checks if check.status is Status.FAIL) == variant.fails


@each_row("card_id", CARDS)
def test_passing_is_full_marks(card_id: str) -> None:
    card = find_card(card_id, PACK)
    solutions = load_solutions(card, PACK)
    answers = [variant.answer for variant in (solutions.reference, *solutions.also, *solutions.wrong)]
    verdicts = {passes(card, one) for one in answers}
    assert [passes(card, one) for one in answers] == [grade(card, one).passed for one in answers]
    assert verdicts == {True, False}
    without = msgspec.structs.replace(card, checks=())
    assert passes(without, answers[0]) is grade(without, answers[0]).passed is False


def test_passing_is_not_asked_of_further_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    card = find_card("mini-pod", PACK)
    judged: list[str] = []
    monkeypatch.setattr(
        judge, "judge_check", lambda check, _, **__: judged.append(check.id) or Outcome(Status.ERROR)
    )
    assert not passes(card, load_solutions(card, PACK).reference.answer)
    assert judged == [card.checks[0].id]


def test_a_refused_object_fails_its_existence_with_the_refusal_and_skips_the_rest() -> None:
    card = find_card("mini-pod", PACK)
    place = next(one for one in load_solutions(card, PACK).wrong if one.name == "wrong-place")
    verdict = grade(card, place.answer)
    assert [check.status.value for check in verdict.checks] == ["fail", "skipped", "skipped"]
    reason = verdict.checks[0].reasons[0]
    assert reason.location is not None
    assert (reason.location.line, reason.location.path) == (7, "spec.securityContext.readOnlyRootFilesystem")
    assert "spec.containers[0].securityContext" in reason.message
    assert (verdict.points, verdict.max_points) == (0, 6)
    assert len(verdict.problems) == 1


@each_row("text", ["", "# nothing\n", "---\n"])
def test_an_empty_answer_fails(text: str) -> None:
    verdict = grade(find_card("mini-pod", PACK), answer(text))
    assert verdict.checks[0].reasons[0].message == "There is no Pod mini in Namespace sun."
    assert not verdict.passed


def test_yaml_that_does_not_parse_is_the_reason() -> None:
    verdict = grade(find_card("mini-pod", PACK), answer("apiVersion: v1\nkind: [\n"))
    assert verdict.problems[0].severity is Severity.ERROR
    assert "not valid YAML" in verdict.checks[0].reasons[1].message


def test_problems_stand_in_the_order_of_the_files() -> None:
    files = (AnswerFile("b.yaml", b"a: b\n---\nc: d\n"), AnswerFile("a.yaml", b"e: f\n"))
    verdict = grade(find_card("mini-pod", PACK), Answer(files))
    places = [(one.location.file, one.location.line) for one in verdict.problems if one.location]
    assert places == [("b.yaml", 1), ("b.yaml", 3), ("a.yaml", 1)]


def test_an_answer_that_cannot_be_read() -> None:
    with pytest.raises(AnswerUnreadable):
        grade(find_card("mini-pod", PACK), Answer((AnswerFile("pod.yaml", b"\xff\xfe\xff"),)))


def test_the_same_answer_has_the_same_verdict() -> None:
    card = find_card("mini-role", PACK)
    reference = load_solutions(card, PACK).reference.answer
    assert grade(card, reference) == grade(card, reference)


def test_a_card_whose_given_objects_are_wrong() -> None:
    import msgspec

    card = msgspec.structs.replace(find_card("mini-pod", PACK), given="apiVersion: v1\nkind: Pot\n")
    with pytest.raises(CardError, match="the given objects of mini-pod are wrong"):
        grade(card, answer(""))


def test_material_and_node_files_are_part_of_the_world() -> None:
    import msgspec

    card = msgspec.structs.replace(
        find_card("mini-pod", PACK), given_files={"app.log": "a"}, node_files={"/etc/x": "b"}
    )
    assert world_of(card, answer(""))[0].node_files == {"app.log": "a", "/etc/x": "b"}


def test_a_passing_answer_loads_nothing_heavy() -> None:
    """deepdiff, re2, textual and the cluster client cost more than the whole grading."""
    script = f"""
import sys
from pathlib import Path
from trainer.content.catalogue import find_card
from trainer.content.locate import pack_at
from trainer.content.solutions import load_solutions
from trainer.grading.grade import grade
pack = pack_at(Path({str(PACK.tasks.parent)!r}))
card = find_card("mini-pod", pack)
assert grade(card, load_solutions(card, pack).reference.answer).passed
heavy = {{"deepdiff", "re2", "textual", "kubernetes", "cryptography", "sqlite3", "difflib", "click"}}
print(sorted(heavy & set(sys.modules)))
"""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("card", every_card())
def test_grading_changes_no_value_of_a_document(card: Card) -> None:
    """What was parsed of a file is kept: the next reader gets the same documents."""
    solutions = load_solutions(card, builtin_pack())
    different = {variant.fails: variant for variant in solutions.wrong}
    for variant in (solutions.reference, *solutions.also, *different.values()):
        parsed = [
            document
            for file in variant.answer.files
            if holds_manifests(file.name)
            for document in parse(file.data, file.name).documents
        ]
        written = copy.deepcopy([document.value for document in parsed])
        redact_verdict(grade(card, variant.answer), variant.answer)
        assert [document.value for document in parsed] == written


def test_checks_beyond_the_time_are_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was judged before counts; the rest is an error, not a FAIL."""
    card = find_card(CARDS[0], PACK)
    reference = load_solutions(card, PACK).reference.answer
    monkeypatch.setattr(allowance, "SECONDS", 0.01)
    first = card.checks[0]

    def slow(check: Check, world: World, *, live: bool) -> Outcome:
        while check is not first:
            pass
        return Outcome(Status.PASS)

    monkeypatch.setattr(judge, "judge_check", slow)
    verdict = grade(card, reference)
    assert [check.status for check in verdict.checks] == [Status.PASS] + [Status.ERROR] * (
        len(card.checks) - 1
    )
    assert not verdict.passed
    assert verdict.points == first.points
    assert "not judged: too large" in verdict.checks[-1].reasons[0].message


def test_an_answer_that_takes_too_long_to_read_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    card = find_card(CARDS[0], PACK)
    monkeypatch.setattr(allowance, "SECONDS", 0.01)

    def slow(*_: object) -> None:
        while True:
            pass

    monkeypatch.setattr("trainer.grading.grade.world_of", slow)
    files = tuple(AnswerFile(f"{name}.yaml", b"a: 1") for name in "abcde")
    with pytest.raises(AnswerUnreadable, match=r"a\.yaml, b\.yaml, c\.yaml and 2 more: too large to read"):
        grade(card, Answer(files))


def test_the_world_of_the_last_graded_answer_is_kept() -> None:
    card = find_card("mini-pod", PACK)
    mine, other = (load_solutions(card, PACK).reference.answer for _ in range(2))
    grade(card, mine)
    world = graded_world(card, mine)
    assert graded_world(card, mine) is world
    assert graded_world(card, other) is not world
    assert [one.title for one in graded_world(card, other).answer] == [one.title for one in world.answer]
