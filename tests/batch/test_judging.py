"""What a row has of a verdict, and answers that are judged once."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.batch import judging as module
from trainer.batch.judging import Judged, Remembered, answer_digest, first_reason, judge_answer
from trainer.content.card import Card
from trainer.content.catalogue import find_card
from trainer.content.locate import pack_at
from trainer.manifests.answer import Answer, AnswerFile
from trainer.verdict import CheckResult, Location, Problem, Reason, Severity, Status, Verdict

PACK = pack_at(Path(__file__).parents[1] / "fixtures" / "pack-mini")
POD = find_card("tiny-pod", PACK)
REFERENCE = (PACK.solutions / "runtime-security" / "tiny-pod" / "reference.yaml").read_bytes()


def answer(*files: tuple[str, bytes], unread: tuple[str, ...] = ()) -> Answer:
    return Answer(tuple(AnswerFile(*file) for file in files), unread)


def test_the_digest_is_of_names_bytes_and_order() -> None:
    answers = (
        answer(("a", b"1"), ("b", b"2")), answer(("b", b"2"), ("a", b"1")), answer(("a", b"12"), ("b", b"")),
        answer(("a", b"1")), answer(("a", b"1"), unread=("b",)), answer(("a", b"1"), unread=("b", "c")),
        answer(("a\udcff", b"1")), answer(("a", b""), ("1", b"")), answer(("a", b"1"), ("b", b"1\x001\x00")),
    )  # fmt: skip
    assert len({answer_digest(one) for one in answers}) == len(answers)
    assert answer_digest(answers[0]) == answer_digest(answer(("a", b"1"), ("b", b"2")))


def test_the_same_answer_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another card, wording or answer isn't the same; neither is one with pictures."""
    calls: list[str] = []

    def counted(card: Card, one: Answer, *, effects: bool = False) -> Judged:
        calls.append(one.files[0].name)
        return judge_answer(card, one, effects=effects)

    monkeypatch.setattr(module, "judge_answer", counted)
    monkeypatch.setattr(module, "MOST", 4)
    remembered = Remembered()
    right, wrong = answer(("pod.yaml", REFERENCE)), answer(("bad.yaml", REFERENCE.replace(b"true", b"false")))

    def found(one: Answer, **more: bool) -> Judged:
        return remembered.judge(POD, one, answer_digest(one), **more)

    assert found(right) == judge_answer(POD, right) == found(right)
    assert found(wrong) == judge_answer(POD, wrong) == found(wrong)
    assert not found(wrong).passed
    assert found(right).passed
    found(right, effects=True)
    assert calls == ["pod.yaml", "bad.yaml", "pod.yaml"]
    found(answer(("more.yaml", REFERENCE)))  # the oldest is forgotten: it is the wrong one
    found(right)
    assert calls[3:] == ["more.yaml"]
    found(wrong)
    assert calls[4:] == ["bad.yaml"]


def test_what_is_large_or_could_not_run_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    found = iter((Judged("error", False, 0, 1, "", b"1"), Judged("graded", True, 1, 1, "", b"12"),
                  Judged("graded", True, 1, 1, "", b"3")))  # fmt: skip
    monkeypatch.setattr(module, "judge_answer", lambda *_, **__: next(found))
    monkeypatch.setattr(module, "LARGEST", 1)
    remembered, one = Remembered(), answer(("a", b""))
    assert [remembered.judge(POD, one, "same").verdict for _ in range(4)] == [b"1", b"12", b"3", b"3"]


def test_a_first_reason_is_one_line_with_its_place() -> None:
    place = Location("a.yaml", 3, 1)
    reasons = (Reason("it is\x1b[2J wrong\nDo it.", place), Reason("other"))
    failed = CheckResult("a", "It works", Status.FAIL, 0, 1, reasons=reasons)
    skipped = CheckResult("b", "It stays", Status.SKIPPED, 0, 1, reasons=(Reason("needs a"),))
    broken = CheckResult("c", "It runs", Status.ERROR, 0, 1)
    assert first_reason(Verdict("x", (skipped, failed))) == "a.yaml:3: It works: it is\x1b[2J wrong"
    assert first_reason(Verdict("x", (skipped, broken))) == "It runs"
    assert first_reason(Verdict("x", (skipped,))) == "It stays: needs a"
    empty = (Problem("The file is empty.", Severity.WARNING, Location("b.yaml", 1, 1)),)
    assert first_reason(Verdict("x", (skipped,), empty)) == "It stays: needs a; b.yaml:1: The file is empty."
    refused = (Problem("odd", Severity.WARNING), Problem("no such field", Severity.ERROR, place))
    assert first_reason(Verdict("x", (failed,), refused)) == "a.yaml:3: no such field"
    assert first_reason(Verdict("x", (CheckResult("a", "", Status.PASS, 1, 1),), refused)) == ""
