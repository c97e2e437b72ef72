"""Tests of `manifests.reading.parse`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.errors import AnswerUnreadable
from trainer.manifests.limits import MAX_ASKED, MAX_NODES
from trainer.manifests.reading.parse import parse
from trainer.verdict import Severity

POD = b"""\
# fails: read-only-root
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: nginx
    command: [sh, -c]
"""


def value(text: str) -> object:
    parsed = parse(text.encode(), "x.yaml")
    assert parsed.problems == ()
    (document,) = parsed.documents
    return document.value


def problem(text: str) -> tuple[str, int, int]:
    parsed = parse(text.encode(), "x.yaml")
    found = parsed.problems[-1]
    assert found.severity is Severity.ERROR
    assert found.location is not None
    return found.message, found.location.line, found.location.column


def test_every_value_knows_its_place() -> None:
    (document,) = parse(POD, "pod.yaml").documents
    places = {
        ("kind",): (3, 1),
        ("spec", "containers", 0): (8, 3),
        ("spec", "containers", 0, "image"): (9, 5),
        ("spec", "containers", 0, "command", 1): (10, 19),
        ("spec", "containers", 0, "securityContext", "privileged"): (8, 3),
    }
    for path, place in places.items():
        where = document.where(path)
        assert (where.line, where.column) == place, path
    assert str(document.where(("kind",))) == "pod.yaml:3:1"
    assert document.comment == "# fails: read-only-root"


def test_dashes_behind_an_anchor_or_a_tag_count() -> None:
    for text, column in [("k: &c\n  - a\n", 3), ("k: &c\n- a\n", 1), ("k: !!seq\n  -   a\n", 3), ("- a", 1)]:
        (document,) = parse(text.encode(), "x").documents
        path = ("k", 0) if text[0] == "k" else (0,)
        assert document.where(path).column == column, text


def test_documents_are_cut_at_the_separator_as_kubectl_does() -> None:
    parsed = parse(b"# one\n---\n# two\na: 1\n--- # note\n\xef\xbb\xbfb: 2\n...\nc: 3\n", "x.yaml")
    assert [document.value for document in parsed.documents] == [{"a": 1}, {"b": 2}]
    assert [document.comment for document in parsed.documents] == ["# one\n# two", ""]
    assert [document.line for document in parsed.documents] == [4, 6]
    (warning,) = parsed.problems
    assert warning.severity is Severity.WARNING
    assert "kubectl does not read what follows" in warning.message
    assert warning.location is not None
    assert warning.location.line == 8
    assert problem("a: 1\n--- b\n") == ("not valid YAML: `b` is on the line of the separator `---`", 2, 1)


def test_the_last_line_is_ended_as_kubectl_does() -> None:
    assert value("a: |\n  x") == {"a": "x\n"}
    assert value("a: |+\n  x") == {"a": "x\n"}
    assert value("a: |-\n  x") == {"a": "x"}
    assert value("a: x") == {"a": "x"}


def test_an_error_keeps_the_documents_before_it() -> None:
    parsed = parse(b"a: 1\n---\nb:\n\tc: 2\n---\nd: 3\n", "x.yaml")
    assert [document.value for document in parsed.documents] == [{"a": 1}]
    (error,) = parsed.problems
    assert str(error.location) == "x.yaml:4:1"
    assert error.remedy == "Indent with spaces: YAML does not allow tabs there."


@each_row("text", ["", "  \n\n", "# nothing\n", "null\n", "---\n", "---\n---\n", "\ufeff"])
def test_nothing_gives_no_document(text: str) -> None:
    parsed = parse(text.encode(), "x.yaml")
    assert (parsed.documents, parsed.problems) == ((), ())


def test_a_duplicate_key_warns_and_the_last_counts() -> None:
    parsed = parse(b"a:\n- b: 1\n  c: 2\n  b: 3\n", "x.yaml")
    assert parsed.documents[0].value == {"a": [{"b": 3, "c": 2}]}
    (warning,) = parsed.problems
    assert warning.severity is Severity.WARNING
    assert warning.message == "`b` is set twice, on lines 2 and 4; the last one counts"
    assert warning.location is not None
    assert (warning.location.line, warning.location.column, warning.location.path) == (4, 3, "a[0].b")


def test_encodings() -> None:
    expected = {"a": "\u00e9", "b": 1}
    text = "a: \u00e9\r\nb: 1\r\n"
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
        assert parse(data, "x").documents[0].value == expected
    with pytest.raises(AnswerUnreadable, match=r"x\.yaml is not valid UTF-8: byte 0xe9 on line 2"):
        parse(b"a: 1\nb: caf\xe9\n", "x.yaml")


def test_control_characters_are_refused_where_they_stand() -> None:
    message = "not valid YAML: the control character `\\x1b` is not allowed"
    assert problem("a: 1\n---\nb: x\x1b[2J\n") == (message, 3, 5)
    assert problem("a: \x00\n")[0].startswith("not valid YAML: the control character `\\x00`")
    assert value('a: "\\x1b"') == {"a": "\x1b"}


def test_json_is_read_as_json() -> None:
    parsed = parse(b'{"a": 1.0, "b": [true, null, "\\ud83d\\ude00"]}\n{"c": 2}', "x.json")
    assert [document.value for document in parsed.documents] == [
        {"a": 1, "b": [True, None, "\U0001f600"]},
        {"c": 2},
    ]
    place = parsed.documents[1].where(("c",))
    assert (place.line, place.column) == (2, 2)
    assert problem('{"a" 1 2}')[0] == "not valid JSON: `:` is missing before `1`"


def test_what_begins_like_json_may_be_yaml() -> None:
    assert value("{a: 1, b: [x]}\n") == {"a": 1, "b": ["x"]}
    parsed = parse(b'{"a": 1}\n---\nb: 2\n', "x")
    assert [(document.value, document.line) for document in parsed.documents] == [
        ({"a": 1}, 1),
        ({"b": 2}, 3),
    ]


PAIRS = list(zip("abcdefgh", "bcdefghi", strict=True))
BOMBS = {
    "flow": "[" * 100_000,
    "json": '{"a":' * 100_000,
    "block": "- " * 50_000,
    "aliases": "a: &a [x,x,x]\n" + "".join(f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n" for p, c in PAIRS),
    "wide": "a: &a [" + "x," * 2000 + "]\nb: [" + "*a," * 30 + "]\n",
    "merge": "a: &a {"
    + ",".join(f"k{i}: 1" for i in range(2000))
    + "}\n"
    + "".join(f"b{i}: {{<<: *a}}\n" for i in range(30)),
    "many": "a: &a x\nb: [" + "*a," * 101 + "]\n",
    "long": "[" + "a," * 60_000 + "]",
    "empty": "---\n" * 60_000,
    "big": "a" * (1024 * 1024 + 1),
}


@each_row("name", BOMBS)
def test_limits_come_before_harm(name: str) -> None:
    with pytest.raises(AnswerUnreadable) as caught:
        parse(BOMBS[name].encode(), "bomb.yaml")
    assert caught.value.file == "bomb.yaml"
    assert caught.value.message.startswith("bomb.yaml ")
    assert caught.value.remedy


@given(st.text(alphabet="ab: -\n\t[]{},'\"#&*!|>%@`?~0.\\<\u00e9\x85\ufeff\x07", max_size=60))
def test_any_text_gives_documents_or_problems(text: str) -> None:
    parsed = parse(text.encode(), "x.yaml")
    for found in parsed.problems:
        assert found.location is not None
        assert found.location.line >= 1
    for document in parsed.documents:
        assert document.where().line >= 1


@given(st.binary(max_size=80))
def test_any_bytes_never_crash(data: bytes) -> None:
    try:
        parsed = parse(data, "x")
    except AnswerUnreadable as error:
        assert "x" in str(error)  # noqa: PT017 - one of two outcomes
    else:
        assert parsed.file == "x"


def test_a_question_may_be_about_larger_files_than_an_answer() -> None:
    text = b"- abc\n" * (MAX_NODES + 1)
    with pytest.raises(AnswerUnreadable, match="more than 20,000 values"):
        parse(text, "a.yaml")
    assert len(parse(text, "a.yaml", MAX_ASKED).documents) == 1
