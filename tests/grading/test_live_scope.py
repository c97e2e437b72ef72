"""Which checks a cluster can show, and what must be read for them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from trainer.cluster.read_live import Ref
from trainer.content.card import Check
from trainer.content.catalogue import load_catalogue
from trainer.content.locate import builtin_pack
from trainer.content.solutions import load_solutions
from trainer.grading.grade import world_of
from trainer.grading.live_scope import (
    comparable,
    deciding_files,
    given_namespaces,
    missing_given,
    wanted_of,
)
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.simulate.world import World
from trainer.versions import DEFAULT

PACK = builtin_pack()
CARDS = load_catalogue(PACK)


def check(rule: str, **settings: Any) -> Check:
    return Check("a", "A", 1, rule, settings)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (check("object", object="Pod sun/a"), True),
        (check("object", object="sun/a"), True),
        (check("object", object={"kind": "CertificateSigningRequest"}), True),
        (check("object", object="CiliumNetworkPolicy sun/a"), True),
        (check("object", object="Policy audit"), False),
        (check("object", object={"kind": "Policy", "group": "kyverno.io"}), True),
        (check("fields", object={"kind": "Config"}, expect={}), False),
        (check("secret-files", object="Pod sun/a", secret="b", files={"/a": "a"}), True),
        (check("admission", samples=[{"object": "kind: Pod", "outcome": "deny"}]), True),
        (check("apparmor", object="Pod sun/a"), True),
        (check("seccomp", object="Pod sun/a"), True),
        (check("seccomp", object="Pod sun/a", files={"a.json": "/var/lib/kubelet/seccomp/a.json"}), False),
        (check("component-settings", component="kube-apiserver"), False),
        (check("kubeconfig"), False),
        (check("encryption"), False),
    ],
)
def test_what_a_cluster_can_show(asked: Check, shown: bool) -> None:
    assert comparable(asked, DEFAULT) is shown


def test_a_configuration_file_that_decides_too() -> None:
    text = "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\n"
    world = World(tuple(manifests_of(parse(text.encode(), "a.yaml").documents)[0]))
    assert [one.kind for one in deciding_files(check("pod-admission", samples=[]), world)] == [
        "AdmissionConfiguration"
    ]
    assert (
        deciding_files(check("admission", samples=[{"object": "kind: Pod", "outcome": "deny"}]), world) == []
    )


def test_namespaces_that_every_cluster_has_are_nobodys() -> None:
    assert given_namespaces(CARDS.get("pod-ro")) == {"sun"}
    assert given_namespaces(CARDS.get("immutable-httpd")) == frozenset()


def test_what_is_read() -> None:
    card = CARDS.get("pod-ro")
    world, _ = world_of(card, load_solutions(card, PACK).reference.answer)
    wanted = wanted_of(card, world)
    assert wanted.namespaces == {"sun"}
    assert ("v1", "Pod") in wanted.kinds
    assert Ref("v1", "Pod", "sun", "pod-ro") in wanted.refs
    assert Ref("v1", "Namespace", "", "sun") in wanted.refs
    assert not any(kind == "Secret" for _, kind in wanted.kinds)


@pytest.mark.parametrize(
    ("card_id", "kinds"),
    [
        ("secret-volume", {("v1", "Secret")}),
        ("sa-no-token", {("v1", "Secret"), ("v1", "ServiceAccount")}),
        (
            "np-and-or",
            {("networking.k8s.io/v1", "NetworkPolicy"), ("apps/v1", "StatefulSet"), ("v1", "Node")},
        ),
        ("rbac-shrink", {("rbac.authorization.k8s.io/v1", "RoleBinding"), ("batch/v1", "CronJob")}),
        ("vap-registry", {("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding")}),
    ],
)
def test_what_rules_look_at_is_read(card_id: str, kinds: set[tuple[str, str]]) -> None:
    card = CARDS.get(card_id)
    world, _ = world_of(card, load_solutions(card, PACK).reference.answer)
    assert kinds <= wanted_of(card, world).kinds


def test_a_workload_may_be_of_any_kind() -> None:
    card = msgspec.structs.replace(
        CARDS.get("pod-ro"), checks=(check("pod-security", object="default/web", level="baseline"),)
    )
    wanted = wanted_of(card, World(()))
    assert Ref("apps/v1", "Deployment", "default", "web") in wanted.refs
    assert Ref("v1", "Pod", "default", "web") in wanted.refs


def test_what_the_cluster_lacks() -> None:
    card = CARDS.get("np-and-or")
    world, _ = world_of(card, load_solutions(card, PACK).reference.answer)
    assert len(missing_given(card, world, [])) == len(world.given)
    assert missing_given(card, world, world.objects) == []


def test_only_the_default_account_comes_by_itself() -> None:
    card = CARDS.get("np-and-or")
    text = "".join(
        f"---\napiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: sun}}\n"
        for kind, name in (("ServiceAccount", "default"), ("ServiceAccount", "web"), ("Secret", "default"))
    )
    given = tuple(manifests_of(parse(text.encode(), "given.yaml").documents)[0])
    assert [one.title for one in missing_given(card, World(given, given), [])] == [
        "ServiceAccount sun/web",
        "Secret sun/default",
    ]
    # What the answer removes must not be in the cluster.
    assert missing_given(card, World(given[:1], given), []) == []
