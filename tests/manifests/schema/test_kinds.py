"""Kinds: which are served, where they live, what was meant."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.model import Document, Manifest
from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.kinds import (
    Served,
    check_kind,
    is_config,
    is_custom,
    is_lenient,
    scope_of,
    served,
)
from trainer.versions import DEFAULT, SUPPORTED, Version


def refusal(data: dict[str, object]) -> tuple[str, str] | None:
    manifest = Manifest(data, Document(data, "a.yaml", 1, 1, {}))
    problem = check_kind(manifest, schema_for(DEFAULT))
    if problem is None:
        return None
    assert problem.location is not None
    return problem.location.path, problem.message


@each_row(
    ("api_version", "kind"),
    [
        ("v1", "Pod"),
        ("networking.k8s.io/v1", "NetworkPolicy"),
        ("audit.k8s.io/v1", "Policy"),
        ("v1", "Config"),
        ("constraints.gatekeeper.sh/v1beta1", "K8sRequiredLabels"),
    ],
)
def test_a_known_kind(api_version: str, kind: str) -> None:
    assert refusal({"apiVersion": api_version, "kind": kind}) is None


@each_row(
    ("api_version", "kind", "key", "remedy"),
    [
        ("apps/v1", "Pod", "apiVersion", "Pod is in `v1`, write `apiVersion: v1`"),
        ("v1", "NetworkPolicy", "apiVersion", "write `apiVersion: networking.k8s.io/v1`"),
        ("extensions/v1beta1", "Deployment", "apiVersion", "write `apiVersion: apps/v1`"),
        (
            "rbac.authorization.k8s.io",
            "Role",
            "apiVersion",
            "write `apiVersion: rbac.authorization.k8s.io/v1`",
        ),
        (
            "autoscaling/v2beta2",
            "HorizontalPodAutoscaler",
            "apiVersion",
            "write `apiVersion: autoscaling/v2`",
        ),
        ("networking.k8s.io/v1beta1", "IPAddress", "apiVersion", "(not served by default): IPAddress is in"),
        (
            "certificates.k8s.io/v1beta1",
            "ClusterTrustBundle",
            "apiVersion",
            "serves no alpha or beta versions",
        ),
        (
            "policy/v1beta1",
            "PodSecurityPolicy",
            "kind",
            "was removed in Kubernetes 1.25; Pod Security admission",
        ),
        ("v1", "pod", "kind", "write `kind: Pod`"),
        ("v1", "Pods", "kind", "write `kind: Pod`"),
        ("v1", "deployment", "kind", "write `kind: Deployment` and `apiVersion: apps/v1`"),
        ("v1", "PodList", "kind", "write the objects as documents of their own"),
        ("v1", "Scale", "apiVersion", "Kubernetes 1.35 has no such kind"),
        ("kubescape.io/v1", "ControlConfiguration", "apiVersion", "needs its CustomResourceDefinition"),
    ],
)
def test_an_unknown_kind_says_what_was_meant(api_version: str, kind: str, key: str, remedy: str) -> None:
    found = refusal({"apiVersion": api_version, "kind": kind})
    assert found is not None
    assert found[0] == key
    assert found[1].startswith(f"no matches for kind `{kind}` in version `{api_version}`")
    assert remedy in found[1]


@each_row(
    ("data", "message"),
    [
        ({"apiVersion": "v1"}, "the object has no `kind`"),
        ({"apiVersion": "v1", "kind": ""}, "the object has no `kind`"),
        ({"apiVersion": "v1", "kind": None}, "the object has no `kind`"),
        ({"apiVersion": "v1", "kind": ["Pod"]}, "`kind` must be text"),
        (
            {"kind": "Role"},
            "the object has no `apiVersion`: write `apiVersion: rbac.authorization.k8s.io/v1`",
        ),
        ({"apiVersion": 1, "kind": "Pod"}, "`apiVersion` must be text: write `apiVersion: v1`"),
        ({"kind": "Unheard"}, "the object has no `apiVersion`"),
    ],
)
def test_a_missing_kind_or_version(data: dict[str, object], message: str) -> None:
    found = refusal(data)
    assert found is not None
    assert found[1] == message


@each_row(
    ("group", "version", "kind", "scope"),
    [
        ("", "v1", "Pod", "Namespaced"),
        ("", "v1", "Namespace", "Cluster"),
        ("rbac.authorization.k8s.io", "v1", "ClusterRole", "Cluster"),
        ("cilium.io", "v2", "CiliumNetworkPolicy", "Namespaced"),
        ("kyverno.io", "v1", "ClusterPolicy", "Cluster"),
        ("audit.k8s.io", "v1", "Policy", None),
        ("", "v1", "Unheard", None),
    ],
)
def test_scope(group: str, version: str, kind: str, scope: str | None) -> None:
    assert scope_of(group, version, kind, DEFAULT) == scope


@each_row(
    ("kind", "group", "api_version", "namespaced"),
    [
        ("Pod", None, "v1", True),
        ("CronJob", None, "batch/v1", True),
        ("Namespace", None, "v1", False),
        ("CertificateSigningRequest", None, "certificates.k8s.io/v1", False),
        ("HorizontalPodAutoscaler", None, "autoscaling/v2", True),
        ("Event", None, "v1", True),
        ("Event", "events.k8s.io", "events.k8s.io/v1", True),
        ("CiliumClusterwideNetworkPolicy", None, "cilium.io/v2", False),
        ("AuthorizationPolicy", None, "security.istio.io/v1", True),
        ("Policy", "kyverno.io", "kyverno.io/v1", True),
    ],
)
def test_how_a_kind_is_served(kind: str, group: str | None, api_version: str, namespaced: bool) -> None:
    assert served(kind, DEFAULT, group) == Served(api_version, namespaced)


@each_row(
    ("kind", "group"),
    [("Policy", None), ("Config", None), ("KubeletConfiguration", None), ("Unheard", None), ("Pod", "apps")],
)
def test_what_no_api_server_serves(kind: str, group: str | None) -> None:
    assert served(kind, DEFAULT, group) is None


def test_a_kind_is_served_from_the_version_that_has_it() -> None:
    assert served("MutatingAdmissionPolicy", Version(1, 35)) is None
    assert served("MutatingAdmissionPolicy", Version(1, 36)) == Served(
        "admissionregistration.k8s.io/v1", False
    )


def test_configuration_files_and_custom_resources_are_told_apart() -> None:
    assert is_config("kubelet.config.k8s.io/v1beta1", "KubeletConfiguration") is True
    assert is_custom("kubelet.config.k8s.io/v1beta1", "KubeletConfiguration") is False
    assert is_custom("cilium.io/v2", "CiliumNetworkPolicy") is True
    assert is_config("v1", "Pod") is False
    assert is_custom("v1", "Pod") is False


def test_some_components_ignore_unknown_fields() -> None:
    assert is_lenient("audit.k8s.io/v1", "Policy") is True
    assert is_lenient("apiserver.config.k8s.io/v1", "EncryptionConfiguration") is False
    assert is_lenient("v1", "Pod") is False


def test_no_kind_changes_its_scope() -> None:
    scopes: dict[tuple[str, str], set[str]] = {}
    for version in SUPPORTED:
        for key, entry in schema_for(version).kinds.items():
            api_version, _, kind = key.partition(" ")
            scopes.setdefault((api_version.rpartition("/")[0], kind), set()).add(entry[1])
    assert [key for key, found in scopes.items() if len(found) > 1] == []
