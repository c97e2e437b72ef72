"""Tests of `grading.redact`: an answer and its verdict without the answer's secrets."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.grading.hidden import REDACTED
from trainer.grading.redact import redact_answer, redact_verdict
from trainer.manifests.answer import Answer, AnswerFile
from trainer.manifests.reading.parse import parse
from trainer.verdict import CheckResult, Location, Problem, Reason, Refusal, Status, Verdict

SECRET = """\
# the password is hunter22
apiVersion: v1
kind: Secret
metadata:
  name: s
data:
  password: aHVudGVyMjI=
  short: YQ==
  block: |
    line-one-x
    line-two-x
  "quoted": "abc\\u0041def"
type: Opaque
---
apiVersion: v1
kind: Pod
metadata: {name: x}
spec: {containers: [{name: a, image: b, env: [{name: P, value: hunter22}]}]}
"""


def answer(text: str, name: str = "a.yaml") -> Answer:
    return Answer((AnswerFile(name, text.encode()),))


def redacted(text: str, name: str = "a.yaml") -> str:
    return redact_answer(answer(text, name))[name]


def test_values_of_a_secret_go_wherever_they_are() -> None:
    text = redacted(SECRET)
    for value in ("hunter22", "aHVudGVyMjI=", "YQ==", "line-one", "line-two", "u0041"):
        assert value not in text
    for kept in ("name: s", "type: Opaque", "kind: Pod", '"quoted": '):
        assert kept in text


def test_what_is_left_has_the_same_lines_and_the_same_structure() -> None:
    assert redacted(SECRET).count("\n") == SECRET.count("\n")
    before, after = (parse(one.encode(), "a").documents for one in (SECRET, redacted(SECRET)))
    assert [list(one.value) for one in after] == [list(one.value) for one in before]
    assert list(after[0].value["data"]) == ["password", "short", "block", "quoted"]


def test_what_replaces_a_value_tells_nothing_of_it() -> None:
    assert (
        redacted(SECRET.replace("aHVudGVyMjI=", "YQ==")).splitlines()[6] == redacted(SECRET).splitlines()[6]
    )


def test_a_file_without_secrets_stays_as_it_is() -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n"
    assert redacted(text) == text


def test_a_value_of_one_file_goes_from_the_others_too() -> None:
    files = (
        AnswerFile("b.txt", b"is hunter22\n"),
        AnswerFile("a.yaml", b"kind: Secret\nstringData: {a: hunter22}\n"),
    )
    assert redact_answer(Answer(files))["b.txt"] == f"is {REDACTED}\n"


@each_row("cut", [0, 1])
def test_utf_16(cut: int) -> None:
    data = "kind: Secret\nstringData:\n  a: hidden-1\n".encode("utf-16")
    text = redact_answer(Answer((AnswerFile("a.yaml", data[: len(data) - cut]),)))["a.yaml"]
    assert "hidden" not in text
    assert "stringData:" in text


def test_utf_16_without_a_mark() -> None:
    data = "kind: Secret\nstringData: {a: hidden-1}\n".encode("utf-16-le")
    text = redact_answer(Answer((AnswerFile("a.yaml", data),)))["a.yaml"]
    assert text == f"kind: Secret\nstringData: {{a: {REDACTED}}}\n"


def test_what_cannot_be_decoded() -> None:
    files = (AnswerFile("a.txt", b"note: caf\xe9\n"), AnswerFile("b.yaml", b"kind: Secret\na: caf\xe9\n"))
    assert redact_answer(Answer(files)) == {
        "a.txt": "note: caf\ufffd\n",
        "b.yaml": f"kind: Secret\na: {REDACTED}\n",
    }


def test_verdicts() -> None:
    place = Location("a.yaml", 3, 1, "metadata.labels[hunter22 x]")
    check = CheckResult(
        "a",
        "says",
        Status.FAIL,
        0,
        1,
        reasons=(Reason("is `q`; not hunter22", place),),
        evidence=("hunter22 was seen",),
    )
    problem = Problem("hunter22 is bad", remedy="drop `q`, or hunter22", location=place)
    verdict = Verdict("card", (check,), (problem,), (Refusal("Pod sun/hunter22", True),))
    found = redact_verdict(verdict, answer("kind: Secret\nstringData: {a: hunter22, b: q}\n"))
    assert "hunter22" not in repr(found)
    assert "`q`" not in repr(found)
    assert found.checks[0].reasons[0].location == Location("a.yaml", 3, 1, f"metadata.labels[{REDACTED} x]")
    assert (found.points, found.passed) == (verdict.points, verdict.passed)
    silent = Verdict("card", ())
    assert redact_verdict(silent, answer("x")) is silent


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=8, max_size=30))
def test_no_value_gets_through(value: str) -> None:
    for text in (
        json.dumps({"kind": "Secret", "stringData": {"a": value, "b": "x"}}),
        f"kind: Secret\nstringData:\n  a: {json.dumps(value)}\n  b: x\n",
    ):
        found = [document.value for document in parse(redacted(text).encode(), "a").documents]
        assert value not in repr(found)
