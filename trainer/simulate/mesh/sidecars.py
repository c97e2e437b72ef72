"""Which Pods get a sidecar of Istio, and which ports go around it?

Follows the webhooks of an installation without revisions
(manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml), `injectRequired` and
`IgnoredNamespaces` in pkg/kube/inject of istio/istio (1.32), and
https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/: the label of the namespace decides,
unless the Pod's own label says no; a namespace with `istio-injection: disabled` gets none. Ambient mode
isn't judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.values import mappings, text, text_mapping
from trainer.simulate.network.pods import Pod

INJECT, REVISION, INJECTION = "sidecar.istio.io/inject", "istio.io/rev", "istio-injection"
AMBIENT = "istio.io/dataplane-mode"
PROXY = "istio-proxy"
TRUST_DOMAIN = "cluster.local"
IGNORED = frozenset(("kube-system", "kube-public", "kube-node-lease", "local-path-storage"))
DEFAULT_REVISION = "default"
_EXCLUDES = "traffic.sidecar.istio.io/exclude{}Ports"
_INCLUDES = tuple(
    f"traffic.sidecar.istio.io/{one}" for one in ("includeInboundPorts", "includeOutboundPorts")
)
_RANGES = tuple(
    f"traffic.sidecar.istio.io/{one}" for one in ("includeOutboundIPRanges", "excludeOutboundIPRanges")
)

Labels = Mapping[str, str]


class Sidecar(msgspec.Struct, frozen=True):
    """Whether a Pod has a sidecar, and why: a clause without a period."""

    present: bool
    why: str


def revisions_of(manifests: Iterable[Manifest]) -> frozenset[str]:
    """The revisions of the control plane: the default one, and those of istiod Deployments."""
    found = {DEFAULT_REVISION}
    for manifest in manifests:
        if manifest.kind == "Deployment" and manifest.labels.get("app") == "istiod":
            found.add(text(manifest.labels.get(REVISION)) or DEFAULT_REVISION)
    return frozenset(found)


def sidecar_of(pod: Pod, namespace: Labels, revisions: frozenset[str]) -> Sidecar:
    """Whether this Pod gets a sidecar when it is created in a namespace with these labels.

    Raises `NotJudged` for ambient mode.
    """
    if AMBIENT in namespace or AMBIENT in pod.labels:
        place = pod.template.where("metadata") if pod.template else None
        raise NotJudged(f"the ambient mode of Istio (label {AMBIENT}) of {pod.title}", place)
    if _has_proxy(pod):
        return Sidecar(True, f"the Pod has a container {PROXY}")
    if pod.host_network:
        return Sidecar(False, "it is on the host network")
    if pod.namespace in IGNORED:
        return Sidecar(False, f"Istio ignores Namespace {pod.namespace}")
    own = pod.labels.get(INJECT) or annotations_of(pod).get(INJECT, "")
    if own == "false":
        return Sidecar(False, f"the Pod has {INJECT}: false")
    if INJECTION in namespace:
        value = namespace[INJECTION]
        return Sidecar(value == "enabled", f"Namespace {pod.namespace} has {INJECTION}: {value}")
    if REVISION in namespace:
        value = namespace[REVISION]
        known = "" if value in revisions else ", and no such revision runs"
        return Sidecar(value in revisions, f"Namespace {pod.namespace} has {REVISION}: {value}{known}")
    if REVISION in pod.labels:
        return Sidecar(pod.labels[REVISION] in revisions, f"the Pod has {REVISION}: {pod.labels[REVISION]}")
    if pod.labels.get(INJECT) == "true":
        return Sidecar(True, f"the Pod has {INJECT}: true")
    return Sidecar(False, f"Namespace {pod.namespace} has no label {INJECTION}")


def bypasses(pod: Pod, direction: str, port: int) -> str:
    """The annotation by which traffic of this port goes around the sidecar, or an empty string.

    `direction` is `Inbound` or `Outbound`. Raises `NotJudged` for annotations that list what goes through it.
    """
    annotations = annotations_of(pod)
    for name in (*_INCLUDES, *(_RANGES if direction == "Outbound" else ())):
        value = annotations.get(name, "*" if "include" in name else "")
        if value != ("*" if "include" in name else ""):
            place = pod.template.where("metadata", "annotations", name) if pod.template else None
            raise NotJudged(f"annotation {name}", place)
    name = _EXCLUDES.format(direction)
    ports = {one.strip() for one in annotations.get(name, "").split(",")}
    return name if str(port) in ports else ""


def annotations_of(pod: Pod) -> dict[str, str]:
    """The annotations of a Pod."""
    return text_mapping(pod.template.metadata.get("annotations")) if pod.template else {}


def account_of(pod: Pod) -> str:
    """The name of the Pod's ServiceAccount."""
    spec = pod.template.spec if pod.template else {}
    return text(spec.get("serviceAccountName")) or text(spec.get("serviceAccount")) or "default"


def identity_of(pod: Pod) -> str:
    """The name in the certificate of the Pod's sidecar."""
    return f"spiffe://{TRUST_DOMAIN}/ns/{pod.namespace}/sa/{account_of(pod)}"


def _has_proxy(pod: Pod) -> bool:
    spec = pod.template.spec if pod.template else {}
    names = [one.get("name") for one in mappings(spec.get("containers"))]
    names += [
        one.get("name")
        for one in mappings(spec.get("initContainers"))
        if one.get("restartPolicy") == "Always"
    ]
    return PROXY in names
