"""The roles of a world: looked up by name, with aggregated ClusterRoles filled in.

Follows https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles (v1.35):
the controller overwrites the rules of an aggregated ClusterRole with the union of those it selects.
"""

from __future__ import annotations

from collections.abc import Iterable

from trainer.manifests.model import Manifest
from trainer.manifests.values import mappings
from trainer.simulate.access.policy_rules import PolicyRule, rules_of
from trainer.simulate.labels import Selector, label_selector

RBAC_GROUP = "rbac.authorization.k8s.io"
KINDS = ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")

Key = tuple[str, str, str]
"""Kind, namespace (empty for cluster-wide kinds) and name."""


class Roles:
    """All RBAC objects by kind, namespace and name; of two with the same name the later one counts."""

    def __init__(self, manifests: Iterable[Manifest]) -> None:
        self.objects: dict[Key, Manifest] = {}
        for manifest in manifests:
            if manifest.kind in KINDS and manifest.group in (RBAC_GROUP, ""):
                self.objects[self.key(manifest)] = manifest
        self._rules: dict[Key, tuple[PolicyRule, ...]] = {}

    def key(self, manifest: Manifest) -> Key:
        """The key of an object."""
        return manifest.kind, self.namespace_of(manifest), manifest.name

    def namespace_of(self, manifest: Manifest) -> str:
        """The namespace of a Role or RoleBinding (`default` if omitted), else empty."""
        return "" if manifest.kind.startswith("Cluster") else manifest.namespace or "default"

    def referred(self, binding: Manifest) -> Manifest | None:
        """The role that a binding refers to, or None if it doesn't exist."""
        kind = str(binding.get("roleRef", "kind", default=""))
        name = str(binding.get("roleRef", "name", default=""))
        if kind == "ClusterRole":
            return self.objects.get((kind, "", name))
        if kind == "Role" and binding.kind == "RoleBinding":
            return self.objects.get((kind, self.namespace_of(binding), name))
        return None

    def rules(self, role: Manifest) -> tuple[PolicyRule, ...]:
        """The effective rules: for an aggregated ClusterRole, those of all roles that it selects."""
        key = self.key(role)
        if key not in self._rules:
            self._rules[key] = self._aggregate(role, (key,)) if _selectors(role) else rules_of(role)
        return self._rules[key]

    def _aggregate(self, role: Manifest, seen: tuple[Key, ...]) -> tuple[PolicyRule, ...]:
        selectors = _selectors(role)
        found: dict[PolicyRule, None] = {}
        for key, other in self.objects.items():
            if other.kind != "ClusterRole" or key in seen:
                continue
            if not any(selector.matches(other.labels) for selector in selectors):
                continue
            inner = self._aggregate(other, (*seen, key)) if _selectors(other) else rules_of(other)
            found |= dict.fromkeys(inner)
        return tuple(found)


def _selectors(role: Manifest) -> list[Selector]:
    if role.kind != "ClusterRole":
        return []
    return [label_selector(entry) for entry in mappings(role.get("aggregationRule", "clusterRoleSelectors"))]
