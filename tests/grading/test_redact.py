"""Tests of `grading.redact`: secret values out of answers and verdicts."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.grading.redact import Hidden, redact_answer, redact_verdict, secret_values
from trainer.manifests.answer import Answer, AnswerFile
from trainer.manifests.model import Document, Manifest, Path
from trainer.manifests.reading.parse import parse
from trainer.verdict import CheckResult, Problem, Reason, Status, Verdict

SALT = b"salt"
SECRET = """\
# the password is hunter22
apiVersion: v1
kind: Secret
metadata:
  name: s   # stays
data:
  password: aHVudGVyMjI=   # base64
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
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJl-X_y"


def answer(text: str, name: str = "a.yaml") -> Answer:
    return Answer((AnswerFile(name, text.encode()),))


def redacted(text: str, name: str = "a.yaml") -> str:
    return redact_answer(answer(text, name), SALT)[name]


def test_values_of_a_secret_go_wherever_they_stand() -> None:
    text = redacted(SECRET)
    for value in ("hunter22", "aHVudGVyMjI=", "YQ==", "line-one", "line-two", "u0041"):
        assert value not in text
    for kept in ("name: s   # stays", "# base64", "type: Opaque", "kind: Pod", '"quoted": '):
        assert kept in text
    assert text.count("\n") == SECRET.count("\n") - 2


def test_what_is_left_has_the_same_structure() -> None:
    before, after = (parse(one.encode(), "a").documents for one in (SECRET, redacted(SECRET)))
    assert [list(one.value) for one in after] == [list(one.value) for one in before]
    assert list(after[0].value["data"]) == ["password", "short", "block", "quoted"]


def test_the_same_value_has_the_same_digest_and_another_salt_another() -> None:
    one, two = redact_answer(answer(SECRET), b"a"), redact_answer(answer(SECRET), b"a")
    assert one == two
    assert one != redact_answer(answer(SECRET), b"b")


@pytest.mark.parametrize(
    ("text", "gone", "kept"),
    [
        (
            '{"kind": "Secret", "stringData": {"a": "x y, z}", "b": "q"}, "type": "Opaque"}',
            ["x y, z}", '"q"'],
            ['"type": "Opaque"'],
        ),
        (
            "kind: EncryptionConfiguration\nresources:\n- providers:\n  - aescbc:\n      keys:\n"
            "      - name: key1\n        secret: c2VjcmV0IGlzIHNlY3VyZQ==\n",
            ["c2VjcmV0IGlzIHNlY3VyZQ=="],
            ["name: key1"],
        ),
        (
            "kind: Config\nusers:\n- name: jane\n  user: {token: abc123, client-certificate-data: Q0VSVA==}\n",
            ["abc123"],
            ["name: jane", "Q0VSVA=="],
        ),
        (
            "kind: List\nitems:\n- kind: Secret\n  stringData: {a: >\n   folded\n   text}\n",
            ["folded"],
            ["kind: List"],
        ),
        (
            "kind: Secret\nmetadata:\n  annotations:\n    other: stays-as-it-is\n"
            '    kubectl.kubernetes.io/last-applied-configuration: \'{"stringData":{"a":"hunter22"}}\'\n',
            ["hunter22"],
            ["stays-as-it-is"],
        ),
        (
            "kind: EncryptionConfiguration\nmetadata:\n  annotations:\n"
            "    kubectl.kubernetes.io/last-applied-configuration: 'secret: c2VjcmV0'\n",
            ["c2VjcmV0"],
            ["kind: EncryptionConfiguration"],
        ),
        (f"note: {TOKEN}\n", [TOKEN], ["note: "]),
        ("kind: Secret\nstringData:\n  k: {\n", [], ["kind: Secret"]),
        ("kind: Secret\ndata:\n   a: abcdef\n  b: [\n", ["abcdef"], ["kind: Secret"]),
        ("kind: Secret\nstringData: {a: &x hidden-1, b: *x}\n", ["hidden-1"], ["kind: Secret"]),
        ("kind: Secret\nstringData: {? a : 'it''s hidden'}\n", ["hidden"], ["kind: Secret"]),
        ("kind: Secret\r\nstringData:\r\n  a: hidden-1\r\ntype: Opaque\r\n", ["hidden-1"], ["type: Opaque"]),
        ("kind: Secret\nstringData:\n  a: 12345678\n  b: true\n", ["12345678", "true"], ["kind: Secret"]),
    ],
)
def test_other_places_and_forms(text: str, gone: list[str], kept: list[str]) -> None:
    result = redacted(text)
    assert [value for value in gone if value in result] == []
    assert [value for value in kept if value not in result] == []


@pytest.mark.parametrize(
    "field", ["token", "password", "client-key-data", "id-token", "refresh-token", "access-token"]
)
def test_credentials_of_a_kubeconfig(field: str) -> None:
    user = {"kind": "Config", "users": [{"name": "jane", "user": {field: "a", "username": "jane"}}]}
    assert list(secret_values(user)) == [(("users", 0, "user", field), "a")]
    # Elsewhere such a name tells nothing.
    assert list(secret_values({"kind": "Config", "contexts": [{field: "a"}]})) == []


def test_what_plugins_of_a_kubeconfig_are_given() -> None:
    plugin = {"exec": {"command": "login", "env": [{"name": "A", "value": "b"}]}}
    provider = {"auth-provider": {"name": "oidc", "config": {"client-secret": "c"}}}
    users = [{"name": "jane", "user": plugin}, {"name": "joe", "user": provider}]
    assert [value for _, value in secret_values({"kind": "Config", "users": users})] == ["A", "b", "c"]


def test_a_value_is_found_everywhere_from_six_characters_on() -> None:
    for value, stays in (("abcde", True), ("abcdef", False)):
        hidden = Hidden(SALT)
        hidden.remember(value)
        assert (hidden.sentence(f"it is {value}!") == f"it is {value}!") is stays
        assert value not in hidden.sentence(f"it is `{value}`")
        assert value not in hidden.sentence(f'it is "{value}"')


def test_lines_of_a_long_value_are_hidden_alone() -> None:
    hidden = Hidden(SALT)
    hidden.remember("short\n  first line  \nsecond line\n")
    assert hidden.sentence("short").startswith("short")
    for line in ("first line", "second line"):
        assert line not in hidden.sentence(f"has {line} in it")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        # After a document that was read, only what follows it is unread.
        (
            "kind: Secret\nmore: seen\n---\nkind: Pod\nx: hidden: [\n",
            "kind: Secret\nmore: seen\n---\nkind: Pod\n",
        ),
        ("x: hidden: [\nkind: Secret\n", ""),
    ],
)
def test_from_where_a_broken_file_is_unread(text: str, result: str) -> None:
    found = redacted(text)
    assert found.startswith(result)
    assert "hidden" not in found
    assert "kind: Secret" in found


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (
            "kind: Pod\nname: seen-1\n...\nkind: Secret\nstringData: {a: hidden-1}\n---\nkind: Pod\nmore: seen-2\n",
            [
                "kind: Pod\nname: seen-1\n...\nkind: Secret\nstringData: redacted-",
                "\n---\nkind: Pod\nmore: seen-2\n",
            ],
        ),
        ("kind: Pod\n--- {kind: Secret, stringData: {a: hidden-1}\n", ["kind: Pod\n--- redacted-"]),
        ("a: seen\n... # hidden no more\n", ["a: seen\n... # hidden no more\n"]),
        ("kind: Secret\n...\n{stringData: {a: hidden-1\n", ["kind: Secret\n...\nredacted-"]),
    ],
)
def test_what_kubectl_does_not_read_of_a_file_is_hidden_too(text: str, result: list[str]) -> None:
    found = redacted(text)
    assert [part for part in result if part not in found] == []
    assert "hidden-1" not in found


def test_private_keys_in_any_file() -> None:
    assert "MIIabc" not in redacted(f"key:\n{PEM}\nend\n", "key.txt")
    assert redacted(f"key:\n{PEM}\nend\n", "key.txt").endswith("\nend\n")


@pytest.mark.parametrize("cut", [0, 1])
def test_utf_16(cut: int) -> None:
    data = "kind: Secret\nstringData:\n  a: hidden-1\n".encode("utf-16")
    text = redact_answer(Answer((AnswerFile("a.yaml", data[: len(data) - cut]),)), SALT)["a.yaml"]
    assert "hidden" not in text
    assert "stringData:" in text


def test_a_file_without_secrets_stays_as_it_is() -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n"
    assert redacted(text) == text


def test_a_value_of_one_file_goes_from_the_others_too() -> None:
    files = (
        AnswerFile("a.yaml", b"kind: Secret\nstringData: {a: hunter22}\n"),
        AnswerFile("b.txt", b"is hunter22\n"),
    )
    assert "hunter22" not in redact_answer(Answer(files), SALT)["b.txt"]


def test_verdicts() -> None:
    check = CheckResult(
        "a",
        "says",
        Status.FAIL,
        0,
        1,
        reasons=(Reason("is `q`; not hunter22"),),
        evidence=("hunter22 was seen",),
    )
    verdict = Verdict("card", (check,), (Problem("hunter22 is bad", remedy="drop `q`"),))
    found = redact_verdict(verdict, answer("kind: Secret\nstringData: {a: hunter22, b: q}\n"), SALT)
    assert "hunter22" not in repr(found)
    assert "`q`" not in repr(found)
    assert found.points == verdict.points


LONG = "".join(chr(ord("a") + number % 26) for number in range(7 * 26))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("hunter22", "`data.a` is `aHVudGVyMjI=`"),
        ("q", 'it holds `{"a": "q"}`'),
        ("q", "prints `cQ==`"),
        ('pass"word', 'it holds `{"a": "pass\\"word"}`'),
        ("hunter\x1b22", "prints `hunter\\x1b22`"),
        (LONG, f"prints `{LONG[:80]}...`"),
        (LONG, f'it holds `{{"a": "{LONG[:70]}...`'),
        (LONG, f"it is {LONG[:40]}\u2026 and `b...`"),
    ],
)
def test_a_value_is_hidden_in_whatever_form_a_sentence_shows_it(value: str, told: str) -> None:
    hidden = Hidden(SALT)
    hidden.remember(value)
    found = hidden.sentence(told)
    assert "redacted-" in found
    for form in (value, base64.b64encode(value.encode()).decode(), LONG[:6], "pass", "hunter"):
        assert f"`{form}`" not in found
        assert f'"{form}"' not in found
        assert len(form) < 4 or form not in found


def test_what_a_sentence_says_besides_stays() -> None:
    hidden = Hidden(SALT)
    hidden.remember("abcdefgh")
    assert hidden.sentence("It lists abcde, ... and `a...`.") == "It lists abcde, ... and `a...`."


def test_names_of_a_secret_are_no_secret() -> None:
    data = {
        "kind": "Secret",
        "metadata": {"name": "deployer", "namespace": "payments"},
        "data": {"namespace": "cGF5bWVudHM=", "token": "aHVudGVyMjI="},
    }
    hidden = Hidden(SALT)
    hidden.remember_object(Manifest(data, Document(data, "cluster", 0, 0, {})))
    sentence = "Pod payments/deployer holds cGF5bWVudHM="
    assert hidden.sentence(sentence) == sentence
    assert "hunter22" not in hidden.sentence("It holds hunter22")


def test_secret_values_of_what_is_no_secret() -> None:
    assert list(secret_values({"kind": "ConfigMap", "data": {"a": "b"}})) == []
    assert list(secret_values([1, None])) == []
    assert list(secret_values({"kind": ["Secret"], "data": {"a": "b"}})) == []


@settings(max_examples=60)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=8, max_size=30))
def test_no_value_gets_through(value: str) -> None:
    import json

    for text in (
        json.dumps({"kind": "Secret", "stringData": {"a": value, "b": "x"}}),
        f"kind: Secret\nstringData:\n  a: {json.dumps(value)}\n  b: x\n",
    ):
        found = [document.value for document in parse(redacted(text).encode(), "a").documents]
        assert value not in repr(found)


def digest(value: str) -> str:
    return "redacted-" + hashlib.sha256(SALT + value.encode()).hexdigest()[:12]


def test_an_empty_value_hides_nothing() -> None:
    hidden = Hidden(SALT)
    hidden.remember("")
    assert hidden.sentence('is `` or "", or a...') == 'is `` or "", or a...'


@pytest.mark.parametrize("form", ['pass"word', 'pass\\"word', "cGFzcyJ3b3Jk"])
def test_every_form_of_a_value_goes_whole(form: str) -> None:
    hidden = Hidden(SALT)
    hidden.remember('pass"word')
    assert hidden.sentence(f"is {form}!") == f"is {digest(form)}!"


def test_a_line_of_a_value_is_found_from_six_characters_on() -> None:
    hidden = Hidden(SALT)
    hidden.remember("abcdef\n  ghijkl \nvwxyz\n")
    assert hidden.sentence("has abcdef, ghijkl and vwxyz") == (
        f"has {digest('abcdef')}, {digest('ghijkl')} and vwxyz"
    )


@pytest.mark.parametrize(
    ("name", "namespace", "value", "stays"),
    [
        ("deployer", "payments", "deployer", True),
        ("deployer", "payments", "payments", True),
        ("deployer", "payments", "deployers", False),
        ("deployer", "", "deployer", True),
        ("deployer", "", "payments", False),
    ],
)
def test_the_own_name_and_namespace_of_a_secret(name: str, namespace: str, value: str, stays: bool) -> None:
    encoded = base64.b64encode(value.encode()).decode()
    metadata = {"name": name, "namespace": namespace}
    data = {"kind": "Secret", "metadata": metadata, "data": {"a": encoded, "b": None}}
    hidden = Hidden(SALT)
    hidden.remember_object(Manifest(data, Document(data, "cluster", 0, 0, {})))
    sentence = f"It holds {encoded}, None"
    assert (hidden.sentence(sentence) == sentence) is stays


def test_a_value_that_is_no_text_is_secret_without_a_namespace_too() -> None:
    data = {"kind": "Secret", "metadata": {"name": "a"}, "data": {"key": "/////w=="}}
    hidden = Hidden(SALT)
    hidden.remember_object(Manifest(data, Document(data, "cluster", 0, 0, {})))
    assert hidden.sentence("has /////w==") == f"has {digest('/////w==')}"


def test_what_cannot_be_decoded_is_kept_unless_it_tells_of_secrets() -> None:
    files = (AnswerFile("a.yaml", b"note: caf\xe9\n"), AnswerFile("b.yaml", b"kind: Secret\na: caf\xe9\n"))
    found = redact_answer(Answer(files), SALT)
    assert found["a.yaml"] == "note: caf\ufffd\n"
    assert found["b.yaml"] == f"kind: Secret\na: {digest('caf' + chr(0xFFFD))}\n"


def test_what_follows_an_end_mark_is_replaced_once() -> None:
    assert redacted("kind: Secret\n...\nhidden-1: [\n") == f"kind: Secret\n...\nhidden-1: {digest('[')}\n"


@pytest.mark.parametrize(("length", "hidden_too"), [(5, False), (6, True), (7, True)])
def test_a_value_that_is_cut_off_is_known_by_six_characters(length: int, hidden_too: bool) -> None:
    hidden = Hidden(SALT)
    hidden.remember("abcdefgh")
    for mark in ("...", "\u2026"):
        told = f"is {'abcdefgh'[:length]}{mark} here"
        assert hidden.sentence(told) == (f"is {digest('abcdefgh')}{mark} here" if hidden_too else told)


LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


@pytest.mark.parametrize(
    ("data", "paths"),
    [
        ({"kind": "Secret", "data": {"a": "b"}, "metadata": {"data": "c"}, "type": "d"}, [("data", "a")]),
        ({"kind": "Secret", "stringData": {"a": {"b": "c"}}}, [("stringData", "a", "b")]),
        ({"kind": "Secret", "data": ["a"], "binaryData": {"a": "b"}}, [("data", 0)]),
        (
            {"kind": "EncryptionConfiguration", "resources": [{"secret": "a", "name": "b", "secrets": "c"}]},
            [("resources", 0, "secret")],
        ),
        (
            {"kind": "Config", "users": [{"name": "a", "exec": {"env": [{"value": "b"}], "args": ["c"]}}]},
            [("users", 0, "exec", "env", 0, "value")],
        ),
        ({"kind": "Config", "env": ["a"], "config": "b", "token": "c"}, []),
        (
            {"kind": "List", "items": [{"kind": "Secret", "data": {"a": "b"}}, {"kind": "Pod", "data": "c"}]},
            [("items", 0, "data", "a")],
        ),
        (
            {"items": [{"kind": "Config", "users": [{"user": {"token": "a"}}], "data": {"b": "c"}}]},
            [("items", 0, "users", 0, "user", "token")],
        ),
        (
            {"kind": "ConfigMap", "metadata": {"annotations": {LAST_APPLIED: "a"}}, "stringData": {"a": "b"}},
            [],
        ),
    ],
)
def test_where_the_secret_values_are(data: object, paths: list[Path]) -> None:
    assert [path for path, _ in secret_values(data)] == paths


def test_the_longest_value_goes_first() -> None:
    hidden = Hidden(SALT)
    for value in ("abcdef", "abcdefghi", "q"):
        hidden.remember(value)
    assert hidden.sentence("abcdefghi abcdef q `q` \"q\" 'q'") == (
        f"{digest('abcdefghi')} {digest('abcdef')} q `{digest('q')}` \"{digest('q')}\" 'q'"
    )


def test_keys_and_tokens_in_a_sentence() -> None:
    hidden = Hidden(SALT)
    assert hidden.sentence(f"{PEM}, {TOKEN}.") == f"{digest(PEM)}, {digest(TOKEN)}."
    public = "-----BEGIN PUBLIC KEY-----\nMIIabc\n-----END PUBLIC KEY-----"
    assert hidden.sentence(public) == public


def test_from_which_line_on_nothing_was_read() -> None:
    text = "kind: Pod\na: seen-1\n---\nkind: Secret\nstringData: {a: hidden-1}\nb: seen-2\n---\nc: hidden-2\nd: [\n"
    assert redacted(text) == (
        f"kind: Pod\na: seen-1\n---\nkind: Secret\nstringData: {{a: {digest('hidden-1')}}}\nb: seen-2\n---\n"
        f"c: {digest('hidden-2')}\nd: {digest('[')}\n"
    )
    assert redacted("kind: Secret\na: hidden-1\nb: [\n") == (
        f"kind: Secret\na: {digest('hidden-1')}\nb: {digest('[')}\n"
    )


def test_nothing_but_a_value_and_its_long_lines_is_hidden() -> None:
    hidden = Hidden(SALT)
    hidden.remember("abcdef\nvwxyz\n")
    hidden.remember("not-base64!")
    assert hidden.sentence("`vwxyz` or `x`") == "`vwxyz` or `x`"
