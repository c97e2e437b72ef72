"""Short RBAC worlds for tests."""

from __future__ import annotations

from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse

API = "apiVersion: rbac.authorization.k8s.io/v1\n"


def manifests(text: str, file: str = "rbac.yaml") -> list[Manifest]:
    return [Manifest(document.value, document) for document in parse(text.encode(), file).documents]


def role(name: str, rules: str, namespace: str = "ci", extra: str = "") -> str:
    """A Role, or a ClusterRole where `namespace` is empty; `rules` in flow YAML."""
    kind = "Role" if namespace else "ClusterRole"
    place = f", namespace: {namespace}" if namespace else ""
    return f"{API}kind: {kind}\nmetadata: {{name: {name}{place}{extra}}}\nrules:\n{rules}\n---\n"


def binding(name: str, role_kind: str, role_name: str, subjects: str, namespace: str = "ci") -> str:
    kind = "RoleBinding" if namespace else "ClusterRoleBinding"
    place = f", namespace: {namespace}" if namespace else ""
    reference = f"roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {role_kind}, name: {role_name}}}\n"
    return f"{API}kind: {kind}\nmetadata: {{name: {name}{place}}}\n{reference}subjects: [{subjects}]\n---\n"


def rule(verbs: str, groups: str, resources: str, names: str = "") -> str:
    named = f", resourceNames: [{names}]" if names else ""
    return f"- {{verbs: [{verbs}], apiGroups: [{groups}], resources: [{resources}]{named}}}\n"


DEPLOYER = "{kind: ServiceAccount, name: deployer, namespace: ci}"
PODS_RULE = rule("get, list", '""', "pods")
