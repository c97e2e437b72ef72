"""Tests of `grading.redact_text`: a text without its secrets."""

from __future__ import annotations

from tests.table import each_row
from trainer.grading.redact_text import REDACTED, redact_text


def hidden(text: str) -> str:
    return redact_text(text, is_manifest=True).text.replace(REDACTED, "GONE")


@each_row(
    ("text", "result"),
    [
        ("a: x # c\nb: 'y'\nc: |\n  z\n\n  z\n", "a: GONE # GONE\nb: 'GONE'\nc: |\n  GONE\n\n  GONE\n"),
        ("a: &n x\nb: *n\n", "a: GONE\nb: GONE\n"),
        ("a: !!str x\nb: !own x\n", "a: GONE\nb: GONE\n"),
        ("a: >- # c\n  x\n", "a: >-\n  GONE\n"),
        ("a: x\n  y\nb: z\n", "a: GONE\n\nb: GONE\n"),
        ('a: "x\n  y"\n', 'a: "GONE"\n\n'),
        ("a: {b: c, ? d}\n", "a: {GONE: GONE, ? GONE}\n"),
        ("a: x\na: y\n", "a: GONE\na: GONE\n"),
        ("<<: *x\n", "<<: GONE\n"),
        ("a:x\n", "a:x\n"),
        ("- x\n- y\n", "- GONE\n- GONE\n"),
    ],
)
def test_every_form_of_a_value(text: str, result: str) -> None:
    head, indented = "kind: Secret\nstringData:\n", "".join(f"  {line}\n" for line in text.splitlines())
    wanted = "".join(f"  {line}\n" for line in result.splitlines())
    if text == "a:x\n":
        wanted = "  GONE\n"
    found = [line.rstrip() for line in hidden(head + indented).splitlines()]
    assert found == [line.rstrip() for line in (head + wanted).splitlines()]


def test_json_stays_json() -> None:
    text = '{"kind": "Secret", "data": {"a": 5, "b": ["y"], "c": "\\u0041"}, "type": "Opaque"}'
    assert hidden(text) == (
        '{"kind": "Secret", "data": {"a": "GONE", "b": ["GONE"], "c": "GONE"}, "type": "Opaque"}'
    )


@each_row(
    ("text", "result"),
    [
        # what kubectl doesn't read of a file
        (
            "kind: Pod\nname: a\n...\nkind: Secret\ndata: {a: b}\n",
            "kind: Pod\nname: a\n...\nkind: Secret\ndata: {a: GONE}\n",
        ),
        ("kind: Pod\n--- {kind: Secret, data: {a: b}}\n", "kind: Pod\n--- {kind: Secret, data: {a: GONE}}\n"),
        # a document of which nothing tells that it's a part of the Secret before it
        ("kind: Secret\n---\na: b\n", "kind: Secret\n---\na: GONE\n"),
        # what can't be read: only known fields stay
        (
            "kind: Secret\ndata:\n  a: b\n  [\n---\nkind: Pod\nx: [\n",
            "kind: Secret\ndata:\n  GONE\n  [\n---\nkind: Pod\nx: [\n",
        ),
        ("data:\n  password: b\n x: [c\n", "data:\n  password: GONE\n GONE\n"),
        ("kind: Secret\nstringData: {a: b\n", "kind: Secret\nstringData: GONE\n"),
        ("kind: Pod\nspec: {a: [b\n", "kind: Pod\nspec: {a: [b\n"),
        ("kind: Pdo\nspec: {a: [b\n", "kind: GONE\nspec: GONE\n"),
        ("kind: Secret\n---\n- a: b\n", "kind: Secret\n---\n- a: GONE\n"),
        ("kind: Secret\ndata:\n  kind: b\n  x: [\n", "kind: Secret\ndata:\n  kind: GONE\n  GONE\n"),
        ("kind: Pod\nvalue: [a\n", "kind: Pod\nvalue: GONE\n"),
        # comments beside a secret, and of the same block
        ("kind: Pod\ntoken: a # b\nc: d # e\n", "kind: Pod\ntoken: GONE # GONE\nc: d # e\n"),
        ("kind: Pod\n# name: DB_PASSWORD\n# value: a\nb: c\n", "kind: Pod\n# GONE\n# GONE\nb: c\n"),
        # names and shapes in any document
        ("kind: Pod\ntoken: a\nuser: b\n", "kind: Pod\ntoken: GONE\nuser: b\n"),
        ("kind: Pod\n# the password is a\n# a note\n", "kind: Pod\n# GONE\n# GONE\n"),
        (
            "kind: Pod\nargs: [--password, x, --port, '80']\n",
            "kind: Pod\nargs: [--password, GONE, --port, '80']\n",
        ),
    ],
)
def test_documents(text: str, result: str) -> None:
    assert hidden(text) == result


def test_a_text_that_is_no_manifest() -> None:
    text = "FROM a\nENV DB_PASSWORD=b-1\nENV TOKEN c-2\n# token: d\nRUN e --password f-3 # g\nUSER h\n"
    found = redact_text(text, is_manifest=False)
    assert found.text.replace(REDACTED, "GONE") == (
        "FROM a\nENV DB_PASSWORD=GONE\nENV TOKEN GONE\n# GONE\nRUN e --password GONE # g\nUSER h\n"
    )
    assert {"b-1", "c-2", "f-3"} <= set(found.secrets)


def test_line_ends_and_marks_of_yaml() -> None:
    text = "kind: Pod\r\n---\rkind: Secret\u2028data:\x85  a: b\n"
    assert "b\n" not in hidden(text)


def test_what_was_found() -> None:
    found = redact_text("kind: Secret\ndata: {a: abc}\nmetadata: {labels: {b: web-1}}\n", is_manifest=True)
    assert (found.secrets, found.doubtful) == (["abc"], ["web-1"])
    assert redact_text("kind: Secret\ndata: {a: [\n", is_manifest=True).unread


@each_row("name", ["name", "namespace"])
def test_the_own_name_of_a_secret_is_no_secret(name: str) -> None:
    text = f"kind: Secret\nmetadata: {{{name}: shop}}\ndata: {{a: c2hvcA==, b: c2hvcHM=}}\n"
    assert redact_text(text, is_manifest=True).secrets == ["c2hvcHM="]


@each_row(
    ("escaped", "meant"),
    [
        ("\\u0051\\u007ad\\x4bQ9", "QzdKQ9"),
        ("\\U00000051zd\\U0001F600", "Qzd\U0001f600"),
        ('a\\/b\\\\c\\"d', 'a/b\\c"d'),
        ("\\u00", "\\u00"),
        ("\\U00110000", "\\U00110000"),
    ],
)
def test_what_cannot_be_read_is_known_as_escaped_and_as_meant(escaped: str, meant: str) -> None:
    text = f'{{"kind": "Secret", "stringData": {{"p": "{escaped}"}}}}  x: [\n'
    unread = redact_text(text, is_manifest=True).unread
    assert unread[0] == text
    assert f'"p": "{meant}"' in unread[1]
