"""Tests of `findings.query`: which facts the material shows, and what of a row doesn't fit."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from tests.table import each_row
from tools.material import pki
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.certificates.signers import CLIENT
from trainer.simulate.findings.facts import Kind
from trainer.simulate.findings.query import Query, Question
from trainer.simulate.world import World

EVENTS = [
    {"user": "jane", "verb": "get", "code": 200, "name": "a"},
    {"user": "omar", "verb": "list", "code": 200},
    {"user": "ivan", "verb": "get", "code": 403, "name": "a"},
    {"user": "jane", "verb": "get", "code": 200, "name": "b", "dry": True},
    {"user": "mia", "verb": "delete", "code": 200, "name": ""},
]
DEPLOYMENTS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      initContainers: [{name: i, image: busybox}]
      containers: [{name: c, image: "nginx:1.27"}]
---
apiVersion: v1
kind: Pod
metadata: {name: alone, namespace: shop}
spec: {containers: [{name: c, image: "nginx:1.27"}]}
"""


def world() -> World:
    files = {
        "events.log": "\n".join(map(json.dumps, EVENTS)),
        "reports/a.json": '{"image": "docker.io/library/nginx:1.27", "found": [{"level": "CRITICAL"}]}',
        "reports/b.json": '{"image": "busybox:latest", "found": [{"level": "HIGH"}]}',
    }
    given = tuple(Manifest(one.value, one) for one in parse(DEPLOYMENTS.encode(), "given.yaml").documents)
    return World(given, given, node_files=files)


def facts(query: dict[str, Any], kind: Kind = "text") -> list[str]:
    asked = msgspec.convert({"file": "events.log", "take": "user", **query}, Query)
    return sorted(Question(world(), asked, kind).shown.facts)


@each_row(
    ("query", "expected"),
    [
        ({}, ["ivan", "jane", "mia", "omar"]),
        ({"where": {"code": 200}}, ["jane", "mia", "omar"]),
        ({"where": {"code": "200", "verb": ["get", "list"]}}, ["jane", "omar"]),
        ({"where": {"dry": True}}, ["jane"]),
        ({"where": {"name": {"present": False}}}, ["mia", "omar"]),
        ({"where": {"name": {"present": True}}}, ["ivan", "jane"]),
        ({"where": {"user": {"matches": "^.a"}}}, ["jane"]),
        ({"where": {"user": {"never-matches": "^[jm]"}}}, ["ivan", "omar"]),
        ({"where": {"verb": {"not": ["get", "delete"]}}}, ["omar"]),
        ({"where": {"{verb} {code}": "get 403"}}, ["ivan"]),
        ({"only": "first"}, ["jane"]),
        ({"only": "last"}, ["mia"]),
        ({"only": "last", "where": {"verb": "get"}, "take": "name"}, ["b"]),
        ({"at-least": 2}, ["jane"]),
        (
            {"without": {"file": "events.log", "take": "user", "where": {"code": 403}}},
            ["jane", "mia", "omar"],
        ),
        (
            {"where": {"name": {"among": {"file": "events.log", "take": "name", "where": {"user": "ivan"}}}}},
            ["ivan", "jane"],
        ),
        (
            {
                "where": {
                    "name": {"not-among": {"file": "events.log", "take": "name", "where": {"user": "ivan"}}}
                }
            },
            ["jane", "mia", "omar"],
        ),
        ({"where": {"code": 404}}, []),
    ],
)
def test_facts(query: dict[str, Any], expected: list[str]) -> None:
    assert facts(query) == expected


def test_workloads_are_joined_with_reports_by_what_an_image_means() -> None:
    critical = {"file": "reports/*.json", "format": "json", "rows": "found[]", "take": "/image"}
    among = {**critical, "where": {"level": "CRITICAL"}}
    query = {"file": "", "workloads": "Deployment", "take": "{namespace}/{name}"}
    condition = {"among": among, "as": "image"}
    assert facts({**query, "where": {"image": condition}}, "object") == ["shop/web"]
    assert facts({**query, "where": {"image": condition}, "take": "container"}, "word") == ["c"]
    assert facts({**query, "where": {"image": {"among": critical, "as": "image"}}, "take": "container"}) == [
        "c",
        "i",
    ]


def test_workloads_show_their_containers_as_they_are() -> None:
    query = {"file": "", "workloads": "Deployment", "take": "{namespace}/{name}"}
    assert facts({**query, "where": {"spec.image": "nginx:1.27"}}, "object") == ["shop/web"]
    assert facts({**query, "where": {"spec.securityContext.privileged": True}}, "object") == []


def test_a_row_says_what_of_it_does_not_fit() -> None:
    query = msgspec.convert(
        {
            "file": "events.log",
            "take": "user",
            "where": {"code": 200, "name": {"present": True}, "user": "jane"},
        },
        Query,
    )
    question = Question(world(), query, "user")
    rows = question.rows
    assert question.misfits(rows[0]) == {}
    assert question.misfits(rows[1]) == {1: "name isn't set", 2: "user is omar"}
    assert question.misfits(rows[2])[0] == "code is 403"
    where = {"user": {"never-matches": "^j"}, "verb": {"not": ["get"]}, "code": {"matches": "^4"}}
    query = msgspec.convert({"file": "events.log", "take": "user", "where": where}, Query)
    told = Question(world(), query, "user").misfits(rows[0])
    expected = {0: "user is jane", 1: "verb is get", 2: "code is 200"}
    assert told == {place: f"{what}, which doesn't count" for place, what in expected.items()}


def test_a_row_says_which_material_rules_it_out_and_checksums_are_short() -> None:
    ivan = {"file": "events.log", "take": "name", "where": {"user": "ivan"}}
    bins = {"file": "reports/*.json", "format": "digests", "take": "name"}
    where = {"name": {"not-among": {**bins}}, "sha256": {"among": ivan}}
    query = msgspec.convert({**bins, "where": where}, Query)
    assert list(query.sources()) == ["reports/*.json", "reports/*.json", "events.log"]
    question = Question(world(), query, "text")
    told = question.misfits(question.rows[0])
    assert told[0] == "name is a.json, as an entry of reports/*.json shows"
    digest = question.rows[0].chain[0]["sha256"]
    assert told[1] == f"sha256 is {digest[:12]}…, and no entry of events.log that counts shows it"


def test_what_is_read_from_a_request_is_told_in_sentences() -> None:
    request = pki.encoded(pki.request_file("jane", pki.name("jane", ["dev"])))
    spec = {"request": request, "signerName": CLIENT, "usages": ["client auth"], "username": "jane"}
    material = json.dumps([{"metadata": {"name": "jane-1"}, "spec": spec}])
    asked = {
        "file": "a.json",
        "format": "signing-requests",
        "rows": "[]",
        "take": "metadata.name",
        "where": {"for-its-sender": False, "refused-by-signer": True},
    }
    question = Question(World((), node_files={"a.json": material}), msgspec.convert(asked, Query), "name")
    assert list(question.misfits(question.rows[0]).values()) == [
        "the request is for the same user who sent it",
        "its signer accepts its usages, subject and alternative names, so it signs it after an approval",
    ]


def test_facts_that_are_not_of_the_kind_are_left_out() -> None:
    assert facts({"take": "verb"}, "address") == []


def test_material_that_is_not_there_is_not_judged() -> None:
    with pytest.raises(NotJudged, match=r"other\.log"):
        facts({"file": "other.log"})
