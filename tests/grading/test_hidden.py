"""Tests of `grading.hidden`: sentences without secrets."""

from __future__ import annotations

import base64

from tests.table import each_row
from trainer.errors import AnswerUnreadable
from trainer.grading.hidden import REDACTED, Hidden
from trainer.grading.redact_text import Found
from trainer.manifests.model import Document, Manifest
from trainer.verdict import CheckResult, Reason, Status, Verdict


def hiding(*values: str) -> Hidden:
    hidden = Hidden()
    for value in values:
        hidden.remember(value)
    return hidden


def test_a_value_is_found_everywhere_from_six_characters_on() -> None:
    for value, stays in (("abcde", True), ("abcdef", False)):
        hidden = hiding(value)
        assert (hidden.sentence(f"it is {value}!") == f"it is {value}!") is stays
        for quoted in (f"`{value}`", f'"{value}"', f"'{value}'"):
            assert value not in hidden.sentence(f"it is {quoted}")


def test_a_short_value_is_found_as_a_word_unless_words_are_like_it() -> None:
    assert hiding("s3cr").sentence("it is s3cr.") == f"it is {REDACTED}."
    for value in ("web", "80", "5432"):
        assert hiding(value).sentence(f"it is {value}") == f"it is {value}"


LONG = "".join(chr(ord("a") + number % 26) for number in range(7 * 26))


@each_row(
    ("value", "told"),
    [
        ("hunter22", "`data.a` is `aHVudGVyMjI=`"),
        ("aHVudGVyMjI=", "`data.a` is `hunter22`"),
        ("q", 'it has `{"a": "q"}`'),
        ("q", "prints `cQ==`"),
        ('pass"w0rd', 'it has `{"a": "pass\\"w0rd"}`'),
        ("hunter\x1b22", "prints `hunter\\x1b22`"),
        ("Hunter22", "write `hunter22-x`"),
        ("0x1F", "it is the number `31`"),
        (LONG, f"prints `{LONG[:80]}...`"),
        (LONG, f'it has `{{"a": "{LONG[:70]}...`'),
        (LONG, f"it is {LONG[:40]}\u2026 and `b...`"),
        ("one\n  first line\n", "has first line in it"),
        ("see Hunter2x there", "not Hunter2x"),
    ],
)
def test_every_form_that_a_sentence_shows(value: str, told: str) -> None:
    found = hiding(value).sentence(told)
    assert REDACTED in found
    for form in (value, base64.b64encode(value.encode()).decode(), LONG[:6], "hunter", "unter2"):
        assert f"`{form}`" not in found
        assert len(form) < 4 or form not in found


def test_what_a_sentence_says_besides_stays() -> None:
    assert hiding("abcdefgh").sentence("It lists abcde, ... and `a...`.") == "It lists abcde, ... and `a...`."
    for value in ("", "true", "password", "securityContext", "default"):
        sentence = f"`{value}` is set, not {value}, {value}..."
        assert hiding(value).sentence(sentence) == sentence


def test_doubtful_values_that_are_public_stay() -> None:
    hidden = Hidden()
    hidden.add(Found("", doubtful=["frontend-web1", "other-web2"], public=["frontend-web1"]))
    assert hidden.sentence("frontend-web1 and other-web2") == f"frontend-web1 and {REDACTED}"
    assert hidden.everywhere("plain words") == "plain words"


def test_words_of_what_could_not_be_read() -> None:
    hidden = Hidden()
    hidden.add(
        Found("", unread=["kind: Secret\nstringData: {a: hunter two-words S3cretValue\n image: a:1.32.0"])
    )
    assert hidden.sentence("a colon is missing after `hunter`") == f"a colon is missing after `{REDACTED}`"
    assert hidden.sentence("S3cretValue") == REDACTED
    for stays in ("hunter", "`stringData`", "busybox:1.32.0", 'skipped until "two-words run" passes'):
        assert hidden.sentence(stays) == stays


def test_a_broken_document_hides_no_word_that_its_check_says() -> None:
    """`readers` is the key that the task asks for: without it, the sentence tells the learner nothing."""
    hidden = Hidden()
    hidden.add(Found("", unread=["readers: [hunter\nfirst: S3cretValue\n"]))
    reasons = tuple(map(Reason, ("The answer has no key `readers`.", "It has `hunter` and `S3cretValue`.")))
    check = CheckResult("a", "`readers` names every user", Status.FAIL, 0, 1, reasons=reasons)
    said = hidden.verdict(Verdict("card", (check,))).checks[0]
    assert [one.message for one in said.reasons] == [
        "The answer has no key `readers`.",
        f"It has `{REDACTED}` and `{REDACTED}`.",
    ]


def test_many_values_are_found_as_few_are() -> None:
    values = [f"hidden-{number:05d}x" for number in range(3000)]
    text = " ".join(f"{value},{value[:9]}" for value in values[::100])
    assert "hidden-00100x" not in hiding(*values).everywhere(text)
    assert hiding(*values).everywhere(text).count(REDACTED) == 30


def test_values_that_only_begin_alike() -> None:
    values = ["a" * length for length in range(6, 300)]
    assert "a" * 6 not in hiding(*values).everywhere(f"x {'a' * 250} y {'a' * 5} z")


def test_plain_data() -> None:
    data = {"hunter22": ["hunter22", 5, None, {"a": ("is hunter22",)}]}
    assert hiding("hunter22").told(data) == {REDACTED: [REDACTED, 5, None, {"a": (f"is {REDACTED}",)}]}


def test_errors_keep_their_kind() -> None:
    error = AnswerUnreadable("has hunter22", file="a.yaml", remedy="remove hunter22")
    assert hiding("hunter22").error(error) is error
    assert (str(error), error.args) == (f"has {REDACTED} (remove {REDACTED})", (f"has {REDACTED}",))


def test_objects_of_a_cluster() -> None:
    data = {
        "kind": "Secret",
        "metadata": {"name": "deployer", "namespace": "payments"},
        "data": {"namespace": "cGF5bWVudHM=", "token": "aHVudGVyMjI="},
    }
    hidden = Hidden()
    hidden.remember_object(Manifest(data, Document(data, "cluster", 0, 0, {})))
    sentence = "Pod payments/deployer has cGF5bWVudHM="
    assert hidden.sentence(sentence) == sentence
    assert hidden.sentence("It has hunter22") == f"It has {REDACTED}"
