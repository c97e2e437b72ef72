"""Which Pods get a sidecar.

The cases take up the ideas of `TestInjectRequired` in pkg/kube/inject/webhook_test.go and the selectors of
mutatingwebhook.yaml of istio/istio (1.32).
"""

from __future__ import annotations

import pytest

from tests.mesh_world import manifests
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.mesh.sidecars import account_of, bypasses, identity_of, revisions_of, sidecar_of
from trainer.simulate.network.pods import Pod, pods_of

LABEL = "sidecar.istio.io/inject"


def pod(
    labels: str = "{}", spec: str = "{containers: [{name: c}]}", more: str = "", home: str = "shop"
) -> Pod:
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a, namespace: {home}, labels: {labels}{more}}}\nspec: {spec}\n"
    return pods_of(manifests(text))[0]


ENABLED, NONE = {"istio-injection": "enabled"}, dict[str, str]()


@each_row(
    ("namespace", "labels", "present"),
    [
        (ENABLED, "{}", True),
        (NONE, "{}", False),
        ({"istio-injection": "disabled"}, "{}", False),
        ({"istio-injection": "disabled"}, f'{{{LABEL}: "true"}}', False),
        ({"istio-injection": "true"}, "{}", False),
        (ENABLED, f'{{{LABEL}: "false"}}', False),
        (NONE, f'{{{LABEL}: "true"}}', True),
        (NONE, f"{{{LABEL}: yes}}", False),
        ({"istio.io/rev": "default"}, "{}", True),
        ({"istio.io/rev": "canary"}, "{}", False),
        ({"istio.io/rev": "stable"}, "{}", True),
        ({"istio.io/rev": "stable"}, f'{{{LABEL}: "false"}}', False),
        ({"istio-injection": "disabled", "istio.io/rev": "default"}, "{}", False),
        (NONE, "{istio.io/rev: stable}", True),
        (NONE, f'{{istio.io/rev: canary, {LABEL}: "true"}}', False),
    ],
)
def test_injection(namespace: dict[str, str], labels: str, present: bool) -> None:
    found = sidecar_of(pod(labels), namespace, frozenset(("default", "stable")))
    assert found.present is present
    assert found.why


def test_pods_that_never_get_one_and_one_that_brings_its_own() -> None:
    known = frozenset(("default",))
    host = pod(spec="{hostNetwork: true, containers: [{name: c}]}")
    assert not sidecar_of(host, ENABLED, known).present
    assert not sidecar_of(pod(home="kube-system"), ENABLED, known).present
    annotated = pod(more=f", annotations: {{{LABEL}: 'false'}}")
    assert not sidecar_of(annotated, ENABLED, known).present
    own = pod(spec="{containers: [{name: c}, {name: istio-proxy}]}")
    assert sidecar_of(own, NONE, known).present
    native = pod(
        spec="{initContainers: [{name: istio-proxy, restartPolicy: Always}], containers: [{name: c}]}"
    )
    assert sidecar_of(native, NONE, known).present
    with pytest.raises(NotJudged, match="ambient"):
        sidecar_of(pod(), {"istio.io/dataplane-mode": "ambient"}, known)


def test_revisions() -> None:
    text = "kind: Deployment\nmetadata: {name: istiod, labels: {app: istiod, istio.io/rev: stable}}\n"
    assert revisions_of(manifests(text)) == {"default", "stable"}
    assert revisions_of([]) == {"default"}


def test_ports_around_the_sidecar() -> None:
    name = "traffic.sidecar.istio.io/excludeInboundPorts"
    one = pod(more=f", annotations: {{{name}: '8080, 9090'}}")
    assert bypasses(one, "Inbound", 9090) == name
    assert bypasses(one, "Inbound", 80) == ""
    assert bypasses(one, "Outbound", 9090) == ""
    assert (
        bypasses(
            pod(more=", annotations: {traffic.sidecar.istio.io/includeInboundPorts: '*'}"), "Inbound", 80
        )
        == ""
    )
    with pytest.raises(NotJudged, match="includeInboundPorts"):
        bypasses(pod(more=", annotations: {traffic.sidecar.istio.io/includeInboundPorts: ''}"), "Inbound", 80)
    ranges = pod(more=", annotations: {traffic.sidecar.istio.io/excludeOutboundIPRanges: 10.0.0.0/8}")
    with pytest.raises(NotJudged, match="excludeOutboundIPRanges"):
        bypasses(ranges, "Outbound", 80)


def test_identities() -> None:
    assert account_of(pod()) == "default"
    assert identity_of(pod(spec="{serviceAccountName: web}")) == "spiffe://cluster.local/ns/shop/sa/web"
    assert account_of(pod(spec="{serviceAccount: old}")) == "old"
