"""Tests of `simulate.names`: how a card or a question names pods, addresses, subjects and objects."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.errors import UsageError
from trainer.simulate.names import (
    Address,
    AddressBlock,
    ObjectName,
    Outside,
    PodSet,
    Subject,
    parse_endpoint,
    parse_object,
    parse_subject,
)

NAME = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)


@each_row(
    ("text", "expected"),
    [
        ("sun/pod-ro", PodSet("sun", name="pod-ro")),
        ("sun/app=web", PodSet("sun", labels=(("app", "web"),))),
        ("sun/app=web,tier=db", PodSet("sun", labels=(("app", "web"), ("tier", "db")))),
        ("sun/example.com/app=web", PodSet("sun", labels=(("example.com/app", "web"),))),
        ("sun/app=", PodSet("sun", labels=(("app", ""),))),
        ("*/app=web", PodSet("*", labels=(("app", "web"),))),
        ("sun/*", PodSet("sun")),
        ("tier=a/*", PodSet("", namespace_labels=(("tier", "a"),))),
        ("tier=a/app=web", PodSet("", labels=(("app", "web"),), namespace_labels=(("tier", "a"),))),
        (
            "tier=a,x.io/env=b/x.io/app=web,run=c",
            PodSet(
                "",
                labels=(("x.io/app", "web"), ("run", "c")),
                namespace_labels=(("tier", "a"), ("x.io/env", "b")),
            ),
        ),
        (
            "kubernetes.io/metadata.name=sun/*",
            PodSet("", namespace_labels=(("kubernetes.io/metadata.name", "sun"),)),
        ),
        ("ip:203.0.113.7", Address("203.0.113.7")),
        ("ip:203.0.113.0/24", AddressBlock("203.0.113.0/24")),
        ("ip:2001:DB8::/32", AddressBlock("2001:db8::/32")),
        ("ip:2001:DB8::7", Address("2001:db8::7")),
        ("outside", Outside()),
    ],
)
def test_endpoints(text: str, expected: object) -> None:
    assert parse_endpoint(text) == expected


@each_row(
    "text",
    [
        "",
        "sun",
        "sun/",
        "/web",
        "a/b/c",
        "ip:",
        "ip:300.1.1.1",
        "sun/app!=web",
        "sun/=web",
        "tier=a",
        "tier=a/",
        "tier=a/web",
        "x.io/web",
        "ip:203.0.113.7/24",
        "ip:10.0.0.0/33",
    ],
)
def test_what_is_no_endpoint(text: str) -> None:
    with pytest.raises(UsageError, match="doesn't name"):
        parse_endpoint(text)


@each_row(
    ("text", "expected"),
    [
        ("sa:ci/deployer", Subject("ServiceAccount", "deployer", "ci")),
        ("user:jane", Subject("User", "jane")),
        ("user:system:kube-scheduler", Subject("User", "system:kube-scheduler")),
        ("group:developers", Subject("Group", "developers")),
    ],
)
def test_subjects(text: str, expected: Subject) -> None:
    assert parse_subject(text) == expected
    assert str(expected) == text


@each_row("text", ["", "jane", "user:", "sa:deployer", "role:x", "sa:a/b/c"])
def test_what_is_no_subject(text: str) -> None:
    with pytest.raises(UsageError, match="doesn't name") as caught:
        parse_subject(text)
    assert caught.value.remedy.startswith("write ")


def test_objects() -> None:
    assert parse_object("sun/web") == ObjectName("sun", "web")
    for text in ("sun", "*/web", "sun/*", "sun/app=web"):
        with pytest.raises(UsageError, match="namespace/name, such as sun/pod-ro"):
            parse_object(text)


@given(NAME, NAME, st.dictionaries(NAME, NAME, max_size=3))
def test_what_is_written_is_read_again(namespace: str, name: str, labels: dict[str, str]) -> None:
    homes = PodSet("", labels=tuple(labels.items()), namespace_labels=((namespace, name),))
    for endpoint in (PodSet(namespace, name=name), PodSet(namespace, labels=tuple(labels.items())), homes):
        assert parse_endpoint(str(endpoint)) == endpoint


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parser in (parse_object, parse_endpoint, parse_subject):
        with contextlib.suppress(UsageError):
            assert str(parser(text))
