"""The default roles of a new cluster."""

from __future__ import annotations

import json
from pathlib import Path

from tests.table import each_row
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.access.requests import parse_identity, parse_request

ROOT = Path(__file__).resolve().parents[2]


def allowed(who: str, do: str) -> bool:
    return Authorizer(default_policy()).decide(parse_request(parse_identity(who), do)).allowed


@each_row(
    ("who", "do", "expected"),
    [
        ("group:system:masters", "delete nodes", True),
        ("user:jane", "create selfsubjectaccessreviews", True),
        ("user:jane", "get /api/v1", True),
        ("user:jane", "get pods", False),
        ("user:system:anonymous", "get /healthz", True),
        ("user:system:anonymous", "get /api", False),
        ("sa:a/b", "get /openid/v1/jwks", True),
    ],
)
def test_everybody(who: str, do: str, expected: bool) -> None:
    assert allowed(who, do) is expected


OFFICIAL = json.loads((ROOT / "fixtures" / "default-roles.json").read_text(encoding="utf-8"))
"""The default roles and bindings of Kubernetes, in another form than ours."""


@each_row("name", sorted(OFFICIAL["roles"]))
def test_a_default_role_grants_what_kubernetes_says(name: str) -> None:
    roles = Authorizer(default_policy()).roles
    role = roles.objects["ClusterRole", "", name]
    granted = {
        ("".join(single.groups), single.verbs[0], (*single.resources, *single.urls)[0])
        for rule in roles.rules(role)
        for single in rule.singles()
    }
    assert granted == {
        (group, verb, resource)
        for group, verbs, resources in OFFICIAL["roles"][name]["rules"]
        for verb in verbs.split()
        for resource in resources.split()
    }
    labels = {label: value for label, value in role.labels.items() if "aggregate" in label}
    wanted = OFFICIAL["roles"][name]["label"]
    assert labels == ({f"rbac.authorization.k8s.io/{wanted}": "true"} if wanted else {})


def test_default_bindings_are_those_of_kubernetes() -> None:
    objects = Authorizer(default_policy()).roles.objects
    found = {one.name: one for one in objects.values() if one.kind == "ClusterRoleBinding"}
    for name, binding in found.items():
        assert binding.get("roleRef") == {
            "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name,
        }  # fmt: skip
        assert {subject["kind"] for subject in binding.get("subjects")} == {"Group"}
    assert {
        name: sorted(subject["name"] for subject in one.get("subjects")) for name, one in found.items()
    } == OFFICIAL["bindings"]


def test_all_of_it_is_marked_as_kubernetes_own() -> None:
    assert {one.labels["kubernetes.io/bootstrapping"] for one in default_policy()} == {"rbac-defaults"}
    assert {one.api_version for one in default_policy()} == {"rbac.authorization.k8s.io/v1"}


def test_user_facing_roles_aggregate() -> None:
    roles = Authorizer(default_policy()).roles
    sizes = {
        name: len(roles.rules(roles.objects["ClusterRole", "", name])) for name in ("view", "edit", "admin")
    }
    assert sizes == {"view": 12, "edit": 27, "admin": 29}
    view = {
        resource
        for rule in roles.rules(roles.objects["ClusterRole", "", "view"])
        for resource in rule.resources
    }
    assert "secrets" not in view
    assert "roles" not in view
    assert "pods/log" in view


def test_places_of_defaults_have_no_line() -> None:
    assert str(default_policy()[0].where("rules", 0)) == "built in"
