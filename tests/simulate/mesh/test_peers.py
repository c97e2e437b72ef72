"""Which mode counts.

The cases take up the ideas of `TestComposePeerAuthentication` in pilot/pkg/security/authn/policy_applier_test.go
of istio/istio (1.32).
"""

from __future__ import annotations

from tests.mesh_world import manifests, security
from tests.table import each_row
from trainer.simulate.mesh.peers import by_age, effective, peer_policies

MESH, HOME, WORKLOAD = "istio-system/default", "shop/default", "shop/web"


def policy(name: str, mode: str = "", ports: str = "", labels: str = "{}", more: str = "") -> str:
    parts = [f"selector: {{matchLabels: {labels}}}"]
    parts += [f"mtls: {{mode: {mode}}}"] if mode else []
    parts += [f"portLevelMtls: {ports}"] if ports else []
    return security("PeerAuthentication", name, f"{{{', '.join(parts)}}}", more)


WEB = "{app: web}"


@each_row(
    ("text", "mode", "owner"),
    [
        ("", "PERMISSIVE", ""),
        (policy(MESH, "STRICT"), "STRICT", MESH),
        (policy(MESH, "STRICT") + policy(HOME, "PERMISSIVE"), "PERMISSIVE", HOME),
        (policy(MESH, "STRICT", labels=WEB), "PERMISSIVE", ""),
        (policy(HOME) + policy(WORKLOAD, labels=WEB), "PERMISSIVE", ""),
        (policy(HOME, "STRICT") + policy(WORKLOAD, "UNSET", labels=WEB), "STRICT", HOME),
        (policy(MESH, "DISABLE") + policy(HOME, "UNSET"), "DISABLE", MESH),
        (policy(HOME, "STRICT") + policy(WORKLOAD, "DISABLE", labels=WEB), "DISABLE", WORKLOAD),
        (policy(HOME, "STRICT") + policy("shop/other", "DISABLE", labels="{app: api}"), "STRICT", HOME),
        (policy(HOME, "STRICT") + policy(WORKLOAD, "DISABLE", labels="{app: web, tier: a}"), "STRICT", HOME),
        (policy("office/default", "STRICT"), "PERMISSIVE", ""),
        (policy("shop/a", "DISABLE") + policy("shop/b", "STRICT"), "DISABLE", "shop/a"),
        (policy("shop/b", "STRICT") + policy("shop/a", "DISABLE"), "DISABLE", "shop/a"),
        (policy(HOME, "STRICT", '{"8080": {mode: DISABLE}}'), "STRICT", HOME),
        (policy(HOME, "STRICT") + policy(WORKLOAD, "", "{8080: {mode: DISABLE}}", WEB), "DISABLE", WORKLOAD),
        (policy(HOME, "STRICT") + policy(WORKLOAD, "", '{"8080": {mode: DISABLE}}', WEB), "DISABLE", WORKLOAD),
        (policy(WORKLOAD, "STRICT", "{8080: {mode: UNSET}}", WEB), "STRICT", WORKLOAD),
        (policy(WORKLOAD, "STRICT", "{8080: {}}", WEB), "STRICT", WORKLOAD),
        (policy(WORKLOAD, "STRICT", "{80: {mode: DISABLE}}", WEB), "STRICT", WORKLOAD),
        (policy("shop/a", "STRICT", labels=WEB) + policy("shop/b", "", "{8080: {mode: DISABLE}}", WEB), "STRICT", "shop/a"),
    ],
)  # fmt: skip
def test_the_mode_of_a_port(text: str, mode: str, owner: str) -> None:
    policies = peer_policies(by_age(manifests(text), ()))
    found = effective(policies, "shop", {"app": "web"}, 8080)
    assert (found.mode, found.manifest.title if found.manifest else "") == (
        mode,
        f"PeerAuthentication {owner}" if owner else "",
    )


def test_workloads_of_the_root_namespace_have_the_mode_of_the_mesh() -> None:
    text = policy(MESH, "STRICT") + policy("istio-system/x", "DISABLE", "{8080: {mode: DISABLE}}", WEB)
    found = effective(peer_policies(by_age(manifests(text), ())), "istio-system", {"app": "web"}, 8080)
    assert found.mode == "STRICT"


def test_where_a_mode_is_set() -> None:
    text = policy(HOME, "STRICT") + policy(WORKLOAD, "", "{8080: {mode: DISABLE}}", WEB)
    policies = peer_policies(by_age(manifests(text), ()))
    of_port, of_home = (effective(policies, "shop", {"app": "web"}, port) for port in (8080, 1))
    assert of_port.location
    assert of_port.location.path == "spec.portLevelMtls.8080.mode"
    assert of_port.why == "DISABLE, set by PeerAuthentication shop/web for port 8080"
    assert of_home.location
    assert (of_home.location.path, of_home.location.line) == ("spec.mtls.mode", 5)
    assert effective([], "shop", {}, 1).location is None
    assert effective([], "shop", {}, 1).why == "PERMISSIVE, the default without a PeerAuthentication"


def test_age_counts_before_names() -> None:
    old, new = manifests(policy("shop/z", "STRICT")), manifests(policy("shop/a", "DISABLE"))
    assert [one.name for one in by_age([*new, *old], old)] == ["z", "a"]
    dated = manifests(
        policy("shop/a", more=", creationTimestamp: '2026-02-01T00:00:00Z'")
        + policy("shop/b", more=", creationTimestamp: '2026-01-01T00:00:00Z'")
    )
    assert [one.name for one in by_age(dated, dated)] == ["b", "a"]
    assert [one.name for one in by_age(dated, ())] == ["a", "b"]
