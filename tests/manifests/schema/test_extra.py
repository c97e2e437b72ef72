"""Hand-described kinds: consistent with themselves, and what their pages show decodes."""

from __future__ import annotations

from collections.abc import Callable

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.schema.check import check_schema
from trainer.manifests.schema.data import Node, Shape, schema_for
from trainer.manifests.schema.extra import ANY_KIND, KINDS, TYPES, extra_kind
from trainer.manifests.schema.scalars import scalar_problem
from trainer.versions import DEFAULT

Make = Callable[[str], Manifest]


@each_row("name", TYPES)
def test_every_type_names_only_types_that_exist(name: str) -> None:
    schema = schema_for(DEFAULT)
    leaves: list[Node] = []
    for text in TYPES[name].values():
        node = schema.node(text)
        while node.item is not None:
            node = node.item
        leaves.append(node)
        if node.shape is Shape.STRUCT:
            schema.fields(node.name)
    assert all(scalar_problem(n.name, None) == "" for n in leaves if n.shape is Shape.SCALAR)


def test_every_kind_has_a_type_and_a_scope() -> None:
    assert {entry[1] for entry in KINDS.values()} == {"File", "Namespaced", "Cluster"}
    assert {entry[0] for entry in KINDS.values()} <= set(TYPES)


def test_a_constraint_may_have_any_kind() -> None:
    entry = extra_kind("constraints.gatekeeper.sh/v1beta1", "K8sAllowedRepos")
    assert entry == KINDS[f"constraints.gatekeeper.sh/v1beta1 {ANY_KIND}"]


FILES = [
    """
    apiVersion: apiserver.config.k8s.io/v1
    kind: EncryptionConfiguration
    resources:
    - resources: [secrets, configmaps]
      providers:
      - aescbc: {keys: [{name: key1, secret: c2VjcmV0}]}
      - kms: {apiVersion: v2, name: k, endpoint: unix:///x.sock, timeout: 3s}
      - identity: {}
    """,
    """
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    authentication: {anonymous: {enabled: false}, webhook: {enabled: true, cacheTTL: 2m0s}}
    authorization: {mode: Webhook}
    readOnlyPort: 0
    streamingConnectionIdleTimeout: 5m
    evictionHard: {memory.available: 100Mi}
    featureGates: {RotateKubeletServerCertificate: true}
    """,
    """
    apiVersion: apiserver.config.k8s.io/v1
    kind: AdmissionConfiguration
    plugins:
    - name: PodSecurity
      configuration:
        apiVersion: pod-security.admission.config.k8s.io/v1
        kind: PodSecurityConfiguration
        defaults: {enforce: baseline, enforce-version: latest}
    """,
    """
    apiVersion: v1
    kind: Config
    current-context: a
    clusters: [{name: c, cluster: {server: "https://c:6443", certificate-authority-data: QQ==}}]
    users: [{name: u, user: {client-certificate: /u.crt, client-key: /u.key}}]
    contexts: [{name: a, context: {cluster: c, user: u}}]
    """,
    """
    apiVersion: cilium.io/v2
    kind: CiliumNetworkPolicy
    metadata: {name: a, namespace: b}
    spec:
      endpointSelector: {matchLabels: {app: a}}
      ingress: [{fromEndpoints: [{}], authentication: {mode: required}}]
    """,
    """
    apiVersion: security.istio.io/v1
    kind: PeerAuthentication
    metadata: {name: default, namespace: istio-system}
    spec: {mtls: {mode: STRICT}}
    """,
]


@each_row("text", FILES, ids=[text.split()[3] for text in FILES])
def test_what_the_pages_show_decodes(text: str, manifest_of: Make) -> None:
    assert check_schema(manifest_of(text), DEFAULT) == []


def test_a_wrong_type_in_a_configuration_file_is_found(manifest_of: Make) -> None:
    text = FILES[1].replace("readOnlyPort: 0", 'readOnlyPort: "0"').replace("5m", "5 minutes")
    assert [problem.message.partition(",")[0] for problem in check_schema(manifest_of(text), DEFAULT)] == [
        "`readOnlyPort` must be a whole number",
        "`streamingConnectionIdleTimeout` must be a duration",
    ]
