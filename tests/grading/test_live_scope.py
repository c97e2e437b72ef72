"""Which checks a cluster can show, and what must be read for them."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.cards import CATALOGUE, PACK
from tests.table import each_row
from trainer.cluster.read_live import Ref
from trainer.content.card import Check
from trainer.content.solutions import load_solutions
from trainer.grading.grade import world_of
from trainer.grading.live_scope import (
    comparable,
    deciding_files,
    given_namespaces,
    missing_given,
    named_images,
    wanted_of,
)
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.simulate.world import World
from trainer.versions import DEFAULT


def check(rule: str, **settings: Any) -> Check:
    return Check("a", "A", 1, rule, settings)


@each_row(
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
    assert given_namespaces(CATALOGUE.get("pod-ro")) == {"sun"}
    assert given_namespaces(CATALOGUE.get("immutable-httpd")) == frozenset()


def test_what_is_read() -> None:
    card = CATALOGUE.get("pod-ro")
    world, _ = world_of(card, load_solutions(card, PACK).reference.answer)
    wanted = wanted_of(card, world)
    assert wanted.namespaces == {"sun"}
    assert ("v1", "Pod") in wanted.kinds
    assert Ref("v1", "Pod", "sun", "pod-ro") in wanted.refs
    assert Ref("v1", "Namespace", "", "sun") in wanted.refs
    assert not any(kind == "Secret" for _, kind in wanted.kinds)


@each_row(
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
    card = CATALOGUE.get(card_id)
    world, _ = world_of(card, load_solutions(card, PACK).reference.answer)
    assert kinds <= wanted_of(card, world).kinds


def test_a_workload_may_be_of_any_kind() -> None:
    card = msgspec.structs.replace(
        CATALOGUE.get("pod-ro"), checks=(check("pod-security", object="default/web", level="baseline"),)
    )
    wanted = wanted_of(card, World(()))
    assert Ref("apps/v1", "Deployment", "default", "web") in wanted.refs
    assert Ref("v1", "Pod", "default", "web") in wanted.refs


def test_what_the_cluster_lacks() -> None:
    card = CATALOGUE.get("np-and-or")
    world, _ = world_of(card, load_solutions(card, PACK).reference.answer)
    assert len(missing_given(card, world, [])) == len(world.given)
    assert missing_given(card, world, world.objects) == []


def test_only_the_default_account_comes_by_itself() -> None:
    card = CATALOGUE.get("np-and-or")
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


def test_what_the_answer_says_may_be_gone() -> None:
    """If the answer says what stays, only a Namespace must be there."""
    text = "".join(
        f"---\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n"
        for version, kind in (("v1", "Namespace"), ("v1", "Secret"), ("audit.k8s.io/v1", "Policy"))
    )
    given = tuple(manifests_of(parse(text.encode(), "given.yaml").documents)[0])
    card = CATALOGUE.get("np-and-or")
    for stays, kept, missing in (
        (True, given, ["Namespace a", "Secret a"]),
        (True, (), ["Namespace a"]),
        (False, given, ["Namespace a"]),
    ):
        asks = msgspec.structs.replace(card, given_stays=stays)
        assert [one.title for one in missing_given(asks, World(kept, given), [])] == missing
        assert missing_given(asks, World(kept, given), given) == []


def test_namespaces_of_the_answer_are_read() -> None:
    text = "".join(
        f"---\napiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\n"
        for kind, name in (("Namespace", "new"), ("Namespace", "kube-system"), ("ConfigMap", "other"))
    )
    answer = tuple(manifests_of(parse(text.encode(), "a.yaml").documents)[0])
    wanted = wanted_of(CATALOGUE.get("pod-ro"), World(answer, answer=answer))
    assert wanted.namespaces == {"sun", "new"}
    assert Ref("v1", "ConfigMap", "", "other") in wanted.refs
    assert ("v1", "ConfigMap") in wanted.kinds


@each_row(
    ("target", "ref"),
    [
        ("ClusterRole a", Ref("rbac.authorization.k8s.io/v1", "ClusterRole", "", "a")),
        ("Role sun/a", Ref("rbac.authorization.k8s.io/v1", "Role", "sun", "a")),
        ("Policy a", None),
    ],
)
def test_the_object_of_a_check_is_read(target: str, ref: Ref | None) -> None:
    card = msgspec.structs.replace(CATALOGUE.get("pod-ro"), checks=(check("object", object=target),))
    assert wanted_of(card, World(())).refs == {Ref("v1", "Namespace", "", "sun")} | ({ref} if ref else set())


def test_a_target_without_a_name_is_of_any_name() -> None:
    card = msgspec.structs.replace(
        CATALOGUE.get("pod-ro"), checks=(check("object", object={"kind": "Role"}),)
    )
    wanted = wanted_of(card, World(()))
    assert wanted.refs == {Ref("v1", "Namespace", "", "sun")}
    assert ("rbac.authorization.k8s.io/v1", "Role") in wanted.kinds


def test_the_images_that_a_card_names() -> None:
    card = next(one for one in CATALOGUE.cards if one.id == "pod-ro")
    is_named = named_images(card)
    for image in ("busybox:1.32.0", "docker.io/busybox:1.32.0", "docker.io/library/busybox:1.32.0"):
        assert is_named(image)
    assert not is_named("busybox:1.32.9")
    assert not is_named("registry.example/busybox:1.32.0")
