"""Tests of `packcheck.grants`: what RBAC rules grant, and what exists to be added."""

from __future__ import annotations

from typing import Any

from tests.table import each_row
from trainer.packcheck.grants import (
    further_resources,
    further_verbs,
    grants_of,
    verbs_of,
    with_subresources,
)


def rule(
    resources: list[str], verbs: list[str], groups: list[str] | None = None, **more: Any
) -> dict[str, Any]:
    return {"apiGroups": [""] if groups is None else groups, "resources": resources, "verbs": verbs, **more}


PODS = rule(["pods"], ["get", "list"])


@each_row(
    "same",
    [
        [rule(["pods"], ["list", "get", "get"])],
        [rule(["pods"], ["get"]), rule(["pods"], ["list"])],
        [rule(["pods", "podsx"], ["get", "list"])],
        [rule(["pods"], ["get", "list", "listx", "escalate"])],
        [rule(["pods"], ["get", "list"], ["", "apps"])],
        [PODS, rule(["secrets"], ["get"], ["apps"])],
        [PODS, rule(["pods/log"], ["create", "delete"])],
        [PODS, rule(["pods"], ["create", "deletecollection"], resourceNames=["a"])],
        [PODS, {"resources": "pods", "verbs": None}, None, "x"],
    ],
)
def test_what_grants_nothing_more(same: list[Any]) -> None:
    assert grants_of(same) == grants_of([PODS]) == {("", "pods", "get", ""), ("", "pods", "list", "")}


@each_row(
    ("more", "granted"),
    [
        (rule(["pods/log"], ["*"]), ("", "pods/log", "get", "")),
        (rule(["*"], ["get"]), ("", "*", "get", "")),
        (rule(["*"], ["get"]), ("", "secrets", "get", "")),
        (rule(["*/scale"], ["patch"], ["apps"]), ("apps", "deployments/scale", "patch", "")),
        (rule(["users"], ["impersonate"]), ("", "users", "impersonate", "")),
        (
            rule(["roles"], ["*"], ["rbac.authorization.k8s.io"]),
            ("rbac.authorization.k8s.io", "roles", "bind", ""),
        ),
        (rule(["pods"], ["get"], resourceNames=["a"]), ("", "pods", "get", "a")),
        (
            rule(["serviceaccounts/token"], ["create"], resourceNames=["a"]),
            ("", "serviceaccounts/token", "create", "a"),
        ),
        (rule(["widgets"], ["get"], ["example.com"]), ("example.com", "widgets", "get", "")),
        (rule(["widgets"], ["*"], ["example.com"]), ("example.com", "widgets", "*", "")),
        (rule(["deployments"], ["get"], ["*"]), ("*", "deployments", "get", "")),
        (rule(["deployments"], ["get"], ["*"]), ("apps", "deployments", "get", "")),
        ({"nonResourceURLs": ["/metrics"], "verbs": ["get"]}, ("", "/metrics", "get", "")),
    ],
)
def test_what_grants_more(more: dict[str, Any], granted: tuple[str, ...]) -> None:
    assert granted in grants_of([more])
    assert granted not in grants_of([PODS])


def test_a_role_grants_nothing_of_the_cluster() -> None:
    rules = [rule(["nodes", "namespaces", "pods"], ["get"]), {"nonResourceURLs": ["/a"], "verbs": ["get"]}]
    assert {name for _, name, *_ in grants_of(rules)} == {"nodes", "namespaces", "pods", "/a"}
    assert {name for _, name, *_ in grants_of(rules, cluster=False)} == {"namespaces", "pods"}


def test_verbs_of_a_resource() -> None:
    assert verbs_of("", "pods/log") == ("get",)
    assert "impersonate" in verbs_of("", "serviceaccounts")
    assert verbs_of("apps", "secrets") == ()


def test_what_can_be_added() -> None:
    assert further_verbs([""], ["pods/log"], ["get"]) == []
    assert further_verbs([""], ["pods/exec"], ["create"]) == ["get"]
    assert set(further_verbs(["rbac.authorization.k8s.io"], ["roles"], ["get"])) >= {
        "bind",
        "escalate",
        "list",
    }
    assert further_resources([""], ["pods", "pods/log"]) == [
        "pods/status",
        "pods/attach",
        "pods/binding",
        "pods/ephemeralcontainers",
        "pods/eviction",
        "pods/exec",
        "pods/portforward",
        "pods/proxy",
        "pods/resize",
        "configmaps",
        "secrets",
    ]
    assert further_resources(["apps"], ["deployments/scale"])[0] == "deployments"
    assert further_resources([""], ["*"]) == []
    assert with_subresources([""], ["pods", "secrets", "pods/log"]) == ["pods/*"]
