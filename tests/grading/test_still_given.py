"""Tests of `grading.still_given`: a reason about a given object says that the answer's version is refused."""

from __future__ import annotations

from trainer.content.catalogue import find_card
from trainer.content.locate import builtin_pack
from trainer.grading.grade import grade
from trainer.manifests.answer import Answer, AnswerFile

REFUSED = "The answer's DaemonSet monitoring/collector is refused, so the existing one stays as it is."


def reasons(change: tuple[str, str]) -> dict[str, list[str]]:
    card = find_card("host-namespaces", builtin_pack())
    text = card.start["collector.yaml"].replace(*change)
    verdict = grade(card, Answer((AnswerFile("collector.yaml", text.encode()),)))
    return {
        check.id: [f"{one.location and one.location.file} {one.message}" for one in check.reasons]
        for check in verdict.checks
        if check.status.value == "fail"
    }


def test_the_refusal_comes_before_the_reasons_about_the_given_object() -> None:
    found = reasons(("hostIPC: true", "hostIPCs: true"))
    assert found
    for messages in found.values():
        assert messages[0] == f"collector.yaml {REFUSED}"
        assert messages.count(messages[0]) == 1
        assert any(one.startswith("given ") for one in messages[1:])


def test_an_answer_that_is_accepted_needs_no_such_reason() -> None:
    found = reasons(("hostIPC: true", "hostIPC: false"))
    assert found
    assert not any(REFUSED in one for messages in found.values() for one in messages)
