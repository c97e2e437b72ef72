"""Which traffic does a workload accept on a port: mutual TLS, plaintext, or both?

Follows `ComposePeerAuthentication` in pilot/pkg/security/authn/policy_applier.go and
`addPeerAuthentication` in pilot/pkg/model/authentication.go of istio/istio (1.32), and
https://istio.io/latest/docs/reference/config/security/peer_authentication/:

- the policy of the mesh (root namespace, no selector), of the namespace (no selector) and of the workload
  (selector; not in the root namespace) override each other in this order; UNSET inherits, and without any
  policy the mode is PERMISSIVE;
- of two policies at one level the oldest counts, then the first by name and namespace;
- `portLevelMtls` counts only in the policy of the workload, and UNSET there is the workload's mode. Its
  ports are those of the Pod, not of a Service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import mapping, text, text_mapping
from trainer.verdict import Location

ROOT = "istio-system"
"""The root namespace of the mesh (`meshConfig.rootNamespace`), where Istio is installed by default."""

Mode = Literal["STRICT", "PERMISSIVE", "DISABLE"]
Labels = Mapping[str, str]
_UNSET = ("", "UNSET")


class PeerPolicy(msgspec.Struct, frozen=True, eq=False):
    """A PeerAuthentication. `labels` is its selector; none of them means its whole namespace."""

    manifest: Manifest
    labels: dict[str, str]
    mode: str
    ports: dict[str, str]

    def selects(self, labels: Labels) -> bool:
        """Whether the selector matches these labels."""
        return self.labels.items() <= labels.items()


class Effective(msgspec.Struct, frozen=True, eq=False):
    """The mode of a workload's port. `manifest` is the policy that sets it, None for the default."""

    mode: Mode
    manifest: Manifest | None = None
    path: Path = ()

    @property
    def location(self) -> Location | None:
        """The line that sets the mode."""
        return self.manifest.where(*self.path) if self.manifest else None

    @property
    def why(self) -> str:
        """In words: `PERMISSIVE, set by PeerAuthentication shop/default`."""
        if self.manifest is None:
            return f"{self.mode}, the default without a PeerAuthentication"
        port = f" for port {self.path[-2]}" if "portLevelMtls" in self.path else ""
        return f"{self.mode}, set by {self.manifest.title}{port}"


def by_age(manifests: Iterable[Manifest], given: Iterable[Manifest]) -> list[Manifest]:
    """The order in which Istio sorts objects: the oldest first, then by name and namespace.

    What was given is older than what the answer creates; an update doesn't make an object younger.
    """
    old = {(one.kind, one.namespace, one.name) for one in given}

    def key(one: Manifest) -> tuple[bool, str, str]:
        is_new = (one.kind, one.namespace, one.name) not in old
        created = "" if is_new else text(one.metadata.get("creationTimestamp"))
        return is_new, created, f"{one.name}.{one.namespace}"

    return sorted(manifests, key=key)


def peer_policies(manifests: Sequence[Manifest]) -> list[PeerPolicy]:
    """The PeerAuthentications among these objects, in their order."""
    found = []
    for manifest in manifests:
        if manifest.kind == "PeerAuthentication" and manifest.group == "security.istio.io":
            spec = mapping(manifest.data.get("spec"))
            ports = mapping(spec.get("portLevelMtls"))
            found.append(
                PeerPolicy(
                    manifest,
                    text_mapping(mapping(spec.get("selector")).get("matchLabels")),
                    _mode(spec.get("mtls")),
                    {str(port): _mode(one) for port, one in ports.items()},
                )
            )
    return found


def effective(policies: Sequence[PeerPolicy], namespace: str, labels: Labels, port: int) -> Effective:
    """The mode that counts for a port of a workload. `policies` are sorted by age."""
    mesh = _first(policies, ROOT, None)
    home = _first(policies, namespace, None) if namespace != ROOT else None
    own = _first(policies, namespace, labels) if namespace != ROOT else None
    found = Effective("PERMISSIVE")
    for policy in (mesh, home, own):
        if policy is not None and policy.mode not in _UNSET:
            found = Effective(_known(policy.mode), policy.manifest, ("spec", "mtls", "mode"))
    if own is not None and own.ports.get(str(port), "UNSET") not in _UNSET:
        key = next(one for one in mapping(own.manifest.get("spec", "portLevelMtls")) if str(one) == str(port))
        path = ("spec", "portLevelMtls", key, "mode")
        return Effective(_known(own.ports[str(port)]), own.manifest, path)
    return found


def _first(policies: Sequence[PeerPolicy], namespace: str, labels: Labels | None) -> PeerPolicy | None:
    """The oldest policy of a namespace (`labels` None), or of a workload with these labels."""
    for policy in policies:
        level = policy.manifest.namespace == namespace and bool(policy.labels) == (labels is not None)
        if level and (labels is None or policy.selects(labels)):
            return policy
    return None


def _mode(mtls: Any) -> str:
    return text(mapping(mtls).get("mode"))


def _known(mode: str) -> Mode:
    return "STRICT" if mode == "STRICT" else "DISABLE" if mode == "DISABLE" else "PERMISSIVE"
