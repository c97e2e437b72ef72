"""Rule `findings`: named facts against what the material shows; reasons and evidence that give nothing away."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from tests.pictures import judging
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.reading.parse import parse
from trainer.rules import findings
from trainer.rules.findings import Params
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

judge = judging(findings)

EVENTS = [
    {"pod": "shop/web", "rule": "shell", "at": "2026-11-03T08:00:00.5Z"},
    {"pod": "shop/api", "rule": "shell", "at": "2026-11-03T08:00:09Z"},
    {"pod": "shop/api", "rule": "shell", "at": "2026-11-03T08:01:09Z"},
    {"pod": "shop/db", "rule": "write", "at": "2026-11-03T08:02:00Z"},
    {"pod": "shop/old", "rule": "shell", "at": "2026-11-03T08:03:00Z"},
    {"pod": "shop/old", "rule": "gone", "at": "2026-11-03T08:03:00Z"},
]
SHELLS: dict[str, Any] = {"file": "falco.log", "take": "pod", "where": {"rule": "shell"}}
GONE = {"file": "falco.log", "take": "pod", "where": {"rule": "gone"}}


def outcome(text: str, file: str = "answer.yaml", **params: Any) -> Outcome:
    documents = parse(text.encode(), file).documents
    world = World(
        (), documents={file: documents}, node_files={"falco.log": "\n".join(map(json.dumps, EVENTS))}
    )
    given = {"answer": "pods", "fact": "object", "from": {**SHELLS, "without": GONE}, **params}
    return judge(world, msgspec.convert(given, Params))


def said(found: Outcome) -> list[str]:
    return [reason.message for reason in found.reasons]


@each_row(
    "text",
    [
        "pods: [shop/web, shop/api]",
        "pods: [shop/api, shop/pod/web, shop/web]",
        "pods: [{namespace: shop, name: web}, {pod: api, namespace: shop}]",
        "pods: {shop: [web, api]}",
        "pods: [{shop: [web]}, {shop: api}]",
        "pods: [shop/web, '', shop/api, null]",
        "pods: |\n  shop/web\n  shop/api\n",
        "pods: shop/web, shop/api",
        "pods: [Pod shop/web, {kind: Pod, namespace: shop, name: api}]",
        "pods: [{pod: shop/web}, [shop/api]]",
        '{"more": 1, "pods": ["shop/web", "shop/api"]}',
        "other: 1\n---\npods: [shop/web, shop/api]",
    ],
)
def test_the_facts_in_any_form_pass(text: str) -> None:
    assert outcome(text).status is Status.PASS


@each_row(
    ("text", "message", "line"),
    [
        ("pods:\n- shop/web\n", "1 fact is missing in `pods`: look in falco.log.", 1),
        ("pods: []\n", "2 facts are missing in `pods`: look in falco.log.", 1),
        ("pods:\n", "2 facts are missing in `pods`: look in falco.log.", 1),
        (
            "pods:\n- shop/web\n- shop/api\n- shop/db\n",
            "`shop/db` isn't right: at falco.log:4, rule is write.",
            4,
        ),
        (
            "pods: [shop/web, shop/api,\n shop/x]",
            "`shop/x` isn't right: no entry of falco.log shows it.",
            2,
        ),
        (
            "pods: [shop/web, shop/api,\n shop/old]",
            "`shop/old` isn't right: at falco.log:6, this entry rules it out.",
            2,
        ),
        (
            "pods: [shop/web, shop/api,\n api]",
            "`api` isn't a Namespace and a name; write namespace/name.",
            2,
        ),
        ("pod: [shop/web]", "The answer has no key `pods`. Rename `pod`.", 1),
        ("- shop/web", "The answer has no key `pods`.", 1),
    ],
)
def test_what_is_not_right_is_told_with_its_place(text: str, message: str, line: int) -> None:
    found = outcome(text)
    assert found.status is Status.FAIL
    [reason] = [reason for reason in found.reasons if reason.message == message]
    assert reason.location is not None
    assert (reason.location.file, reason.location.line) == ("answer.yaml", line)
    assert found.evidence
    assert not any("shop/api" in word for word in (*said(found), *found.evidence)), "not given away"


def test_naming_everything_gains_nothing() -> None:
    found = outcome("pods: [shop/web, shop/api, shop/db, shop/old, a/a, b/b, c/c, d/d]")
    assert found.status is Status.FAIL
    assert said(found)[-1] == "2 more facts in `pods` aren't right."
    assert len(said(found)) == 5


@each_row(
    ("text", "message"),
    [
        ("at: 2026-11-03T08:00:09Z", "isn't right: at falco.log:2, it isn't the first such entry."),
        ("at: [2026-11-03T08:00:00Z, 2026-11-03T08:00:09Z]", "it isn't the first such entry."),
        ("at: 08:00", "isn't a time; write it as"),
    ],
)
def test_one_time_and_no_other(text: str, message: str) -> None:
    query = {**SHELLS, "take": "at", "only": "first"}
    assert (
        outcome("at: 2026-11-03T09:00:00+01:00", answer="at", fact="time", **{"from": query}).status
        is Status.PASS
    )
    found = outcome(text, answer="at", fact="time", **{"from": query})
    assert len(said(found)) == 1
    assert message in said(found)[0]


def test_how_often_a_fact_is_shown_counts() -> None:
    query = {**SHELLS, "at-least": 2}
    assert outcome("pods: shop/api", **{"from": query}).status is Status.PASS
    found = outcome("pods: [shop/web, shop/api]", **{"from": query})
    assert said(found) == [
        "`shop/web` isn't right: at falco.log:1, only 1 such entry in the material show it."
    ]


def test_several_queries_count_together() -> None:
    both = [SHELLS, {**SHELLS, "where": {"rule": "write"}}]
    assert outcome("pods: [shop/web, shop/api, shop/old, shop/db]", **{"from": both}).status is Status.PASS
    assert "look in falco.log." in said(outcome("pods: [shop/web]", **{"from": both}))[0]


def test_a_key_of_a_mapping() -> None:
    assert outcome("who: {pods: [shop/web, shop/api]}", answer="who.pods").status is Status.PASS
    assert said(outcome("who: x", answer="who.pods")) == ["The answer has no key `who.pods`."]


def test_an_answer_without_a_document_fails() -> None:
    found = outcome("")
    assert said(found) == ["The answer has no key `pods`."]


def test_a_query_that_finds_nothing_is_the_fault_of_the_card() -> None:
    with pytest.raises(NotJudged, match="pods"):
        outcome("pods: []", **{"from": {**SHELLS, "where": {"rule": "no"}}})


def test_long_facts_are_shortened() -> None:
    found = outcome(f"pods: [shop/web, shop/api, shop/{'x' * 200}]")
    assert len(said(found)[0]) < 150


@each_row(
    ("named", "status"),
    [
        ("a@1.0.0", Status.PASS),
        ("pkg:pypi/a@1.0.0", Status.PASS),
        ("{purl: 'pkg:pypi/a@1.0.0'}", Status.PASS),
        ("pkg:npm/a@1.0.0", Status.FAIL),
        ("pkg:gem/a@1.0.0", Status.FAIL),
        ("pkg:pypi/a", Status.FAIL),
    ],
)
def test_a_package_url_of_another_ecosystem_is_another_package(named: str, status: Status) -> None:
    rows = [{"is": "a@1.0.0", "url": f"pkg:{kind}/a@1.0.0"} for kind in ("npm", "pypi")]
    world = World(
        (),
        documents={"answer.yaml": parse(f"found: [{named}]".encode(), "answer.yaml").documents},
        node_files={"sbom": "\n".join(map(json.dumps, rows))},
    )
    query = {"file": "sbom", "take": "is", "url": "url", "where": {"url": {"matches": "pypi"}}}
    found = judge(world, msgspec.convert({"answer": "found", "fact": "package", "from": query}, Params))
    assert found.status is status
    if "npm" in named:
        assert (
            said(found)[0]
            == "`pkg:npm/a@1.0.0` isn't right: at sbom:1, url is pkg:npm/a@1.0.0, which doesn't count."
        )


def test_of_entries_as_near_the_one_that_was_meant_is_told() -> None:
    where = {"rule": "shell", "at": {"matches": "^2026-11-03T08:00"}}
    found = outcome("pods: [shop/web, shop/api, shop/old]", **{"from": {**SHELLS, "where": where}})
    at = "2026-11-03T08:03:00Z, which doesn't count"
    assert said(found) == [f"`shop/old` isn't right: at falco.log:5, at is {at}."]


def test_where_else_to_look_is_told() -> None:
    world = World(
        (),
        documents={"answer.yaml": parse(b"pods: [shop/db]", "answer.yaml").documents},
        node_files={"ps": "1 shop/db\n2 shop/web", "trace": "2 mount\n1 mounted"},
    )
    calls = {"file": "trace", "format": "lines", "pattern": "(?P<pid>[0-9]+) mount$", "take": "pid"}
    query = {"file": "ps", "format": "lines", "pattern": "(?P<pid>[0-9]+) (?P<pod>.*)", "take": "pod"}
    query = {**query, "where": {"pid": {"among": calls}}}
    found = judge(world, msgspec.convert({"answer": "pods", "fact": "object", "from": query}, Params))
    assert said(found) == [
        "`shop/db` isn't right: at ps:1, pid is 1, and no entry of trace that counts shows it."
    ]
    nothing = World(
        (),
        documents={"answer.yaml": parse(b"pods: []", "answer.yaml").documents},
        node_files=world.node_files,
    )
    found = judge(nothing, msgspec.convert({"answer": "pods", "fact": "object", "from": query}, Params))
    assert said(found) == ["1 fact is missing in `pods`: look in ps and trace."]


@each_row("text", ["pods: jane, CI", 'pods: "jane\\nCI"', "pods: [jane, CI]"])
def test_users_may_be_pasted_as_one_text(text: str) -> None:
    world = World(
        (),
        documents={"answer.yaml": parse(text.encode(), "answer.yaml").documents},
        node_files={"log": "jane\nCI"},
    )
    query = {"file": "log", "format": "lines", "pattern": "(?P<user>.+)", "take": "user"}
    found = judge(world, msgspec.convert({"answer": "pods", "fact": "user", "from": query}, Params))
    assert found.status is Status.PASS


def test_a_distinguished_name_is_one_user() -> None:
    world = World(
        (),
        documents={"answer.yaml": parse(b"pods: 'CN=a,O=b'", "answer.yaml").documents},
        node_files={"log": "CN=a,O=b"},
    )
    query = {"file": "log", "format": "lines", "pattern": "(?P<user>.+)", "take": "user"}
    found = judge(world, msgspec.convert({"answer": "pods", "fact": "user", "from": query}, Params))
    assert found.status is Status.PASS


def test_of_entries_with_the_same_misfit_the_one_that_looks_right_is_told() -> None:
    lines = ["a /login", "a /files/x.jsp.txt", "b /files/x.jsp", "a /help"]
    world = World(
        (),
        documents={"answer.yaml": parse(b"pods: [a, b]", "answer.yaml").documents},
        node_files={"log": "\n".join(lines)},
    )
    query = {"file": "log", "format": "lines", "pattern": "(?P<who>[a-z]) (?P<path>.+)", "take": "who"}
    query = {**query, "where": {"path": "/files/x.jsp"}}
    found = judge(world, msgspec.convert({"answer": "pods", "fact": "text", "from": query}, Params))
    assert said(found) == ["`a` isn't right: at log:2, path is /files/x.jsp.txt."]
