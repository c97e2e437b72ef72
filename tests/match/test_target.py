"""Tests of `match.target`: which objects a check looks at, found in the world, or why they are not there."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.match.target import (
    Target,
    check_target,
    find,
    is_api_kind,
    is_cluster_scoped,
    missing,
    problem_reason,
    target_of,
)
from trainer.simulate.world import Refused, World
from trainer.verdict import Location, Problem

OBJECTS = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: sun, labels: {app: web}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: moon}
---
apiVersion: v1
kind: Namespace
metadata: {name: sun}
---
apiVersion: cilium.io/v2
kind: NetworkPolicy
metadata: {name: a, namespace: sun}
"""


def manifests(text: str) -> tuple[Manifest, ...]:
    return tuple(manifests_of(parse(text.encode(), "a.yaml").documents)[0])


WORLD = World(manifests(OBJECTS), answer=manifests(OBJECTS))


@each_row(
    ("target", "titles"),
    [
        (Target("Pod", "web", "sun"), ["Pod sun/web"]),
        (Target("Pod", "web"), []),
        (Target("Pod", namespace="*"), ["Pod sun/web"]),
        (Target("Pod", namespace="sun"), ["Pod sun/web"]),
        (Target("Pod", "we", "sun"), []),
        (Target("NetworkPolicy", namespace="sun", group="cilium.io"), ["NetworkPolicy sun/a"]),
        (Target("NetworkPolicy", namespace="sun"), ["NetworkPolicy sun/a"]),
        (Target("Workload", "web", "*"), ["Pod sun/web", "Deployment moon/web"]),
        (Target("Namespace", "sun"), ["Namespace sun"]),
        (Target("NetworkPolicy", namespace="sun", group="networking.k8s.io"), []),
        (Target("Pod", namespace="sun", labels={"app": "web"}), ["Pod sun/web"]),
        (Target("Pod", namespace="sun", labels={"app": "db"}), []),
    ],
)
def test_find(target: Target, titles: list[str]) -> None:
    assert [manifest.title for manifest in find(WORLD, target)] == titles


@each_row(
    ("text", "target"),
    [
        ("sun/web", Target("Workload", "web", "sun")),
        ("Pod sun/web", Target("Pod", "web", "sun")),
        ("Namespace sun", Target("Namespace", "sun")),
    ],
)
def test_short_forms(text: str, target: Target) -> None:
    assert target_of(text) == target
    assert target_of(target) is target


@each_row(
    ("target", "title"),
    [
        (Target("Pod", "web", "sun"), "Pod web in Namespace sun"),
        (Target("Pod", "web", "*"), "Pod web"),
        (Target("Workload", labels={"app": "web"}), "workload with app=web in Namespace default"),
        (Target("Workload", labels={"a": "b", "c": "d"}), "workload with a=b,c=d in Namespace default"),
        (Target("PriorityLevelConfiguration", "low"), "PriorityLevelConfiguration low"),
        (Target("ClusterPolicy", "low"), "ClusterPolicy low"),
        (Target("CiliumClusterwideNetworkPolicy", "low"), "CiliumClusterwideNetworkPolicy low"),
    ],
)
def test_title(target: Target, title: str) -> None:
    assert target.title == title


def test_what_names_nothing() -> None:
    for text in ("web", "Pod sun/*", "sun/app=web", " sun/web", " sun", "Pod ", "Pod web 2", "Pod sun/web 2"):
        with pytest.raises(UsageError):
            target_of(text)
        with pytest.raises(ValueError, match="doesn't name"):
            check_target(text)


def said(world: World, target: Target) -> list[str]:
    return [f"{reason.location or '-'} {reason.message}" for reason in missing(world, target)]


def test_nothing_like_it() -> None:
    assert said(World(()), Target("Pod", "web", "sun")) == ["- There is no Pod web in Namespace sun."]


def test_another_namespace_or_name_or_kind() -> None:
    assert said(WORLD, Target("Pod", "web", "mars")) == [
        "a.yaml:3:23 There is no Pod web in Namespace mars; the answer has Pod sun/web."
    ]
    assert said(WORLD, Target("Pod", "wep", "sun")) == [
        "a.yaml:3:12 There is no Pod wep in Namespace sun; the answer has Pod sun/web."
    ]
    assert said(WORLD, Target("Job", "web", "sun")) == [
        "a.yaml:2:1 There is no Job web in Namespace sun; the answer has Pod sun/web."
    ]
    assert said(WORLD, Target("Pod", namespace="mars", labels={"a": "b"})) == [
        "a.yaml:3:23 There is no Pod with a=b in Namespace mars; the answer has Pod sun/web."
    ]
    pods = manifests(
        "\n---\n".join(
            f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}"
            for kind, name in (("Pod", "db"), ("Service", "web"), ("Pod", "web"))
        )
    )
    assert said(World((), answer=pods), Target("Pod", "web", "mars")) == [
        "a.yaml:11:1 There is no Pod web in Namespace mars; the answer has Pod web."
    ]
    assert said(World((), answer=manifests("apiVersion: v1\nkind: Pod\n")), Target("Job")) == [
        "a.yaml:1:1 There is no Job in Namespace default."
    ]
    assert said(WORLD, Target("Job", "db", "sun")) == ["a.yaml:1:1 There is no Job db in Namespace sun."]
    assert said(WORLD, Target("Job", namespace="sun")) == ["a.yaml:1:1 There is no Job in Namespace sun."]


TWO = """\
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: sun}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: sun}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: sun}
"""


@each_row(
    ("target", "near"),
    [
        (Target("Pod", "web", "mars"), "Pod sun/web"),
        (Target("Service", "web", "sun"), "Service sun/api"),
        (Target("Job", "web", "sun"), "Pod sun/web"),
        (Target("Pod", "api", "sun"), "Service sun/api"),
        (Target("Pod", "wep", "sun"), ""),
        (Target("Job", "", "sun"), ""),
    ],
)
def test_the_object_that_was_meant(target: Target, near: str) -> None:
    found = missing(World((), answer=manifests(TWO)), target)[0].message
    assert found.partition("; the answer has ")[2] == (f"{near}." if near else "")


def test_a_refused_object_says_why() -> None:
    problem = Problem("unknown field `a`", location=Location("a.yaml", 9, 5, "spec.a"), remedy="Drop it.")
    refused = Refused(manifests(OBJECTS)[0], (problem,))
    world = World((), refused=(refused,))
    assert said(world, Target("Pod", "web", "sun")) == ["a.yaml:9:5 unknown field `a`\nDrop it."]
    assert said(world, Target("Pod", "web", "moon")) == ["a.yaml:9:5 unknown field `a`\nDrop it."]
    assert said(world, Target("Pod", "db", "sun")) == [
        "- There is no Pod db in Namespace sun.",
        "a.yaml:9:5 unknown field `a`\nDrop it.",
    ]
    assert said(world, Target("Job", "db", "sun")) == ["- There is no Job db in Namespace sun."]
    assert said(world, Target("Job", "web", "sun")) == ["- There is no Job web in Namespace sun."]
    assert said(world, Target("Workload", "web", "sun")) == ["a.yaml:9:5 unknown field `a`\nDrop it."]
    assert said(world, Target("Pod", "", "sun")) == ["a.yaml:9:5 unknown field `a`\nDrop it."]


def test_a_kind_in_the_wrong_case_was_meant() -> None:
    problem = Problem("no matches for kind `pod`", location=Location("a.yaml", 2, 1, "kind"))
    written = manifests("apiVersion: v1\nkind: pod\nmetadata: {name: web, namespace: sun}\n")[0]
    world = World((), refused=(Refused(written, (problem,)),))
    assert said(world, Target("Pod", "web", "sun")) == ["a.yaml:2:1 no matches for kind `pod`"]
    assert said(world, Target("POD", "web", "sun")) == ["a.yaml:2:1 no matches for kind `pod`"]
    loud = manifests("apiVersion: v1\nkind: POD\nmetadata: {name: web, namespace: sun}\n")[0]
    world = World((), refused=(Refused(loud, (problem,)),))
    assert said(world, Target("Pod", "web", "sun")) == ["a.yaml:2:1 no matches for kind `pod`"]


def test_a_document_that_could_not_be_read_may_have_been_it() -> None:
    problem = Problem("not valid YAML", location=Location("a.yaml", 2, 1))
    world = World((), refused=(Refused(None, (problem,)),))
    assert said(world, Target("Pod", "web", "sun")) == [
        "- There is no Pod web in Namespace sun.",
        "a.yaml:2:1 not valid YAML",
    ]
    near = World((), answer=manifests(OBJECTS), refused=world.refused)
    assert said(near, Target("Pod", "web", "mars")) == [
        "a.yaml:3:23 There is no Pod web in Namespace mars; the answer has Pod sun/web.",
        "a.yaml:2:1 not valid YAML",
    ]


def test_problem_reason() -> None:
    assert problem_reason(Problem("a")).message == "a"
    assert problem_reason(Problem("a", remedy="b")).message == "a\nb"


@each_row(
    ("kind", "group", "known", "cluster_scoped"),
    [
        ("Pod", None, True, False),
        ("Pod", "apps", False, False),
        ("Namespace", None, True, True),
        ("CiliumNetworkPolicy", None, True, False),
        ("CiliumClusterwideNetworkPolicy", None, True, True),
        ("KubeletConfiguration", None, False, False),
        ("Policy", None, False, False),
        ("Policy", "kyverno.io", True, False),
        ("Unheard", None, False, False),
    ],
)
def test_what_kubectl_knows_and_where_it_lives(
    kind: str, group: str | None, known: bool, cluster_scoped: bool
) -> None:
    assert is_api_kind(kind, group) is known
    assert is_cluster_scoped(kind, group) is cluster_scoped
