"""Tests of `packcheck.desk`: answers submitted as a learner does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest

from trainer.content.card import Card
from trainer.content.catalogue import load_catalogue
from trainer.content.locate import Pack
from trainer.content.solutions import load_solutions
from trainer.errors import AnswerUnreadable
from trainer.grading.grade import grade
from trainer.manifests.answer import Answer, AnswerFile
from trainer.packcheck.desk import Desk, desk_for

POD = b"""\
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "small", "namespace": "sun"},
 "spec": {"containers": [{"name": "c", "image": "busybox:1.32.0",
                          "securityContext": {"readOnlyRootFilesystem": true}}]}}
"""


@pytest.fixture
def card(make_pack: Callable[..., Pack]) -> Card:
    return load_catalogue(make_pack()).cards[0]


@pytest.fixture
def desk(card: Card) -> Iterator[Desk]:
    with desk_for(msgspec.structs.replace(card, given_files={"app.log": "started\n"})) as desk:
        yield desk


def answer(**files: bytes) -> Answer:
    return Answer(tuple(AnswerFile(name.replace("_", "."), data) for name, data in files.items()))


def test_it_begins_with_what_start_writes(desk: Desk) -> None:
    assert sorted(path.name for path in desk.folder.rglob("*") if path.is_file()) == [
        "app.log",
        "cluster.yaml",
        "pod.yaml",
    ]
    assert desk.undelivered() == []
    starter = desk.starter()
    assert starter is not None
    assert (starter.verdict.points, starter.differences) == (0, ())


def test_what_is_not_delivered(desk: Desk) -> None:
    (desk.folder / "given" / "app.log").write_text("other\n")
    (desk.folder / "pod.yaml").unlink()
    assert desk.undelivered() == ["pod.yaml", "given/app.log"]


def test_a_card_without_starters(card: Card) -> None:
    with desk_for(msgspec.structs.replace(card, start={})) as desk:
        assert desk.starter() is None
        assert desk.hand_in(answer(pod_yaml=POD)).verdict.passed


def test_an_answer_takes_the_place_of_the_starter(desk: Desk) -> None:
    assert desk.hand_in(answer(pod_yaml=POD)).verdict.passed
    handed = desk.hand_in(answer(pod_json=POD))
    assert (handed.verdict.passed, handed.verdict.problems, handed.differences) == (True, (), ())
    starter = desk.starter()
    assert starter is not None
    assert starter.verdict.points == 0


def test_the_reference_is_recorded(desk: Desk, make_pack: Callable[..., Pack]) -> None:
    reference = load_solutions(desk.card, make_pack()).reference.answer
    desk.hand_in(answer(pod_json=POD))
    assert desk.hand_in(reference, record=True).differences == ()
    assert [attempt.passed for attempt in desk._session.store.attempts("small")] == [True]


def test_a_file_that_is_not_read_makes_a_difference(desk: Desk) -> None:
    handed = desk.hand_in(answer(pod_yaml=POD, more_txt=b"x"))
    assert handed.differences == ()  # a warning either way
    two = answer(a_yaml=POD, pod_yaml=b"")
    assert desk.hand_in(two).differences == ()


def test_the_same_bytes_are_judged_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = []
    monkeypatch.setattr(
        "trainer.grading.grade.grade", lambda card, read: judged.append(read) or grade(card, read)
    )
    assert desk.hand_in(answer(pod_yaml=POD)).differences == ()
    assert len(judged) == 1


def test_files_that_stay_are_part_of_the_answer(desk: Desk) -> None:
    """The untouched pod.yaml still exists, and kubectl reads it after a.yaml."""
    (difference,) = desk.hand_in(answer(a_yaml=POD)).differences
    assert difference == (
        "the verdict by its own bytes is 3 points (exists pass, read-only pass; 0 problems),"
        " in the learner's folder it is 3 points (exists pass, read-only pass; 2 problems)"
    )


def test_what_cannot_be_read(desk: Desk) -> None:
    with pytest.raises(AnswerUnreadable):
        desk.hand_in(answer(pod_yaml=b"\xff\xfe\x00"))


def test_nothing_is_left(card: Card) -> None:
    with desk_for(card) as desk:
        folder = desk.folder
        assert folder.is_dir()
    assert not folder.exists()
