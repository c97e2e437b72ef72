"""Tests of `batch.alike`: answers that say the same in another form, and those of which more counts."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.table import each_row
from trainer.batch import judging as module
from trainer.batch.alike import Content, content_of
from trainer.batch.judging import Judged, Remembered, answer_digest, judge_answer
from trainer.content.card import Card
from trainer.content.catalogue import find_card
from trainer.content.locate import builtin_pack, pack_at
from trainer.grading.redact import has_secrets
from trainer.manifests.answer import Answer, AnswerFile

PACK = pack_at(Path(__file__).parents[1] / "fixtures" / "pack-mini")
POD = find_card("tiny-pod", PACK)
RIGHT = (PACK.solutions / "runtime-security" / "tiny-pod" / "reference.yaml").read_bytes()
WRONG = RIGHT.replace(b"true", b"false")


def answer(data: bytes, name: str = "pod.yaml", unread: tuple[str, ...] = ()) -> Answer:
    return Answer((AnswerFile(name, data),), unread)


def content(data: bytes, name: str = "pod.yaml") -> Content:
    found = content_of(POD, answer(data, name))
    assert found is not None
    return found


@each_row(
    ("other", "values", "places"),
    [
        (RIGHT + b"\n# by Ann\n", True, True),
        (RIGHT.replace(b"\n", b"   \n"), True, True),
        (RIGHT.replace(b"\n", b"\r\n"), True, True),
        (b"# by Ann\n" + RIGHT, True, False),
        (b"---\n" + RIGHT, True, False),
        (b"\n".join(line + b"  # why" for line in RIGHT.split(b"\n") if line), True, True),
        (RIGHT.replace(b"true", b"yes"), True, True),
        (RIGHT.replace(b"true", b'"true"'), False, False),
        (WRONG, False, False),
        (RIGHT + RIGHT.replace(b"apiVersion", b"---\napiVersion", 1), False, False),
    ],
)
def test_what_a_file_says_is_its_values_and_their_places(other: bytes, values: bool, places: bool) -> None:
    one, two = content(RIGHT), content(other)
    assert (one.values == two.values, one.places == two.places) == (values, places)


def test_the_order_of_keys_is_another_place_and_the_same_value() -> None:
    one = content(b"apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\n")
    two = content(b"apiVersion: v1\nkind: Pod\nmetadata: {namespace: b, name: a}\n")
    assert one.values == two.values
    assert one.places != two.places
    assert content(RIGHT, "other.yaml").values != content(RIGHT).values


@each_row(
    "one",
    [
        answer(b"a: [\n"),
        answer(b"a: 1\na: 2\n"),
        answer(b"# nothing\n"),
        answer(b"\xff\xfe\x00"),
        answer(RIGHT, "pod.txt"),
        answer(RIGHT, unread=("more.txt",)),
        Answer(()),
        Answer((AnswerFile("pod.yaml", RIGHT),) * 5),
        answer(RIGHT + b"#" * 70_000),
    ],
)
def test_more_counts_of_files_with_faults_and_of_other_files(one: Answer) -> None:
    assert content_of(POD, one) is None


def test_more_counts_for_cards_about_files_and_for_an_unchanged_starter() -> None:
    files = ("audit-policy", "dockerfile-minimal", "node-kernel")
    cards = [find_card(name, builtin_pack()) for name in files]
    cards.append(msgspec.structs.replace(POD, plain_files=("pod.yaml",)))
    cards.append(msgspec.structs.replace(POD, start={"pod.yaml": RIGHT.decode()}))
    assert [content_of(card, answer(RIGHT)) for card in cards] == [None] * len(cards)


def test_an_answer_that_says_the_same_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[bytes] = []

    def counted(card: Card, one: Answer, *, effects: bool = False) -> Judged:
        calls.append(one.files[0].data)
        return judge_answer(card, one, effects=effects)

    monkeypatch.setattr(module, "judge_answer", counted)
    remembered = Remembered()

    def found(data: bytes) -> Judged:
        one = answer(data)
        known = remembered.judge(POD, one, answer_digest(one))
        assert known == judge_answer(POD, one)
        return known

    assert found(RIGHT).passed
    assert found(b"# by Ann\n" + RIGHT).silent
    assert calls == [RIGHT]
    assert not found(WRONG).passed
    assert not found(WRONG + b"\n# by Ben\n").silent
    assert calls == [RIGHT, WRONG]
    below = b"# by Ann\n" + WRONG  # its reasons are a line further down
    assert found(below) != found(WRONG)
    assert calls == [RIGHT, WRONG, below]
    secret = WRONG + b"\n# password: hunter2hunter2\n"  # what a sentence says of it must be hidden
    assert has_secrets(answer(secret))
    found(secret)
    assert calls == [RIGHT, WRONG, below, secret]
