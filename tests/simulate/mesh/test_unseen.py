"""Pods of the mesh that don't exist yet."""

from __future__ import annotations

from tests.mesh_world import BASE, manifests, security
from trainer.simulate.mesh.calls import Mesh
from trainer.simulate.mesh.sidecars import account_of
from trainer.simulate.mesh.unseen import ELSEWHERE, MOST, unseen_members, with_elsewhere
from trainer.simulate.names import PodSet

POLICY = security(
    "PeerAuthentication", "shop/a", "{selector: {matchLabels: {tier: db}}, mtls: {mode: DISABLE}}"
)


def test_one_for_each_selector_name_and_both() -> None:
    mesh = with_elsewhere(Mesh(manifests(BASE + POLICY)))
    ends = unseen_members((mesh,), [PodSet("shop", labels=(("app", "api"),))])
    labels = [end.pod.labels for end in ends if end.pod and end.pod.namespace == "shop"]
    assert labels == [{}, {"tier": "db"}, {"app": "api"}, {"tier": "db", "app": "api"}]
    assert all(end.unseen for end in ends)
    titles = [end.title for end in ends]
    assert "a new Pod with tier=db, app=api in Namespace shop" in titles
    assert "a new Pod without labels in another Namespace" in titles


def test_namespaces_without_injection_have_both_kinds() -> None:
    mesh = with_elsewhere(Mesh(manifests(BASE)))
    ends = unseen_members((mesh,), [])
    found = {(end.pod.namespace, mesh.sidecar(end.pod).present) for end in ends if end.pod}
    assert {("legacy", False), ("legacy", True), ("shop", True), (ELSEWHERE, True)} <= found
    assert ("shop", False) not in found


def test_accounts_exist_in_every_namespace() -> None:
    mesh = with_elsewhere(Mesh(manifests(BASE)))
    ends = unseen_members((mesh,), [], [("shop", "web")])
    homes = {end.pod.namespace for end in ends if end.pod and account_of(end.pod) == "web"}
    assert {"shop", "office", "legacy", ELSEWHERE} <= homes
    assert "a new Pod without labels and ServiceAccount web in Namespace shop" in [end.title for end in ends]


def test_their_number_is_limited() -> None:
    text = BASE + "".join(
        security("AuthorizationPolicy", f"shop/p{n}", f"{{selector: {{matchLabels: {{k{n}: v}}}}}}")
        for n in range(80)
    )
    mesh = with_elsewhere(Mesh(manifests(text)))
    assert len(unseen_members((mesh,), [])) == MOST
