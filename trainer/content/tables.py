"""What exists before the answer as tables, in the columns of `kubectl get -o wide` and `--show-labels`.

Follows `pkg/printers/internalversion/printers.go` of Kubernetes. Columns that only a running cluster knows
(READY, STATUS, RESTARTS, AGE, addresses) are left out, and so are those in which no object has a value.
Labels are shown for the kinds that selectors select, and images for Pods, too. A kind without columns of its
own has its name only, as there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from trainer.content.given import given_manifests
from trainer.manifests.values import mapping, mappings, text, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trainer.content.card import Card
    from trainer.manifests.model import Manifest

NONE = "<none>"
"""What kubectl prints for an empty value."""


class Row(msgspec.Struct, frozen=True):
    """One object: its cells, and its manifest as the card writes it."""

    cells: tuple[str, ...]
    name: str
    """Kind, Namespace (if any) and name: `Pod sun/web`."""
    yaml: str


class Table(msgspec.Struct, frozen=True):
    """The objects of one kind."""

    kind: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def tables(card: Card) -> list[Table]:
    """The tables of a card, Namespaces first, then in the order in which the card names the kinds."""
    manifests, _ = given_manifests(card.all_given, card.kubernetes)
    kinds: dict[tuple[str, str], list[Manifest]] = {}
    for manifest in manifests:
        kinds.setdefault((manifest.kind, manifest.group), []).append(manifest)
    order = sorted(kinds, key=lambda kind: kind[0] not in ("Namespace", "Node"))
    lines = card.all_given.split("\n")
    return [_table(kind, kinds[kind, group], lines) for kind, group in order]


def _table(kind: str, manifests: Sequence[Manifest], lines: Sequence[str]) -> Table:
    own = _COLUMNS.get(kind, {})
    columns: dict[str, Callable[[Manifest], str]] = {
        "NAMESPACE": lambda one: one.namespace,
        "NAME": lambda one: one.name,
        **own,
    }
    if kind in _SELECTED:
        columns["LABELS"] = lambda one: labels(one.metadata.get("labels"))
    cells = {title: [cell(one) for one in manifests] for title, cell in columns.items()}
    shown = [
        title for title in cells if title == "NAME" or any(one not in ("", NONE) for one in cells[title])
    ]
    rows = tuple(
        Row(tuple(cells[title][index] for title in shown), _name(one), _written(one, lines))
        for index, one in enumerate(manifests)
    )
    return Table(kind, tuple(shown), rows)


def _name(manifest: Manifest) -> str:
    where = f"{manifest.namespace}/" if manifest.namespace else ""
    return f"{manifest.kind} {where}{manifest.name}"


def _written(manifest: Manifest, lines: Sequence[str]) -> str:
    """The document of an object; for one in a List, the whole List."""
    begin = end = manifest.document.line - 1
    while begin > 0 and not lines[begin - 1].startswith("---"):
        begin -= 1  # comments above the object belong to it
    while end < len(lines) and not lines[end].startswith("---"):
        end += 1
    return "\n".join(lines[begin:end]).strip("\n") + "\n"


def labels(value: Any) -> str:
    """Labels as kubectl prints them: `a=b,c=d`, sorted."""
    pairs = [f"{key}={text(one)}" for key, one in sorted(mapping(value).items())]
    return ",".join(pairs) or NONE


def selector(value: Any) -> str:
    """A label selector as kubectl prints it: `a=b,c in (d,e),!f`; `<none>` if it is empty."""
    found = mapping(value)
    parts = [f"{key}={text(one)}" for key, one in sorted(mapping(found.get("matchLabels")).items())]
    for entry in mappings(found.get("matchExpressions")):
        key, values = text(entry.get("key")), ",".join(sorted(texts(entry.get("values"))))
        words = {"In": f"{key} in ({values})", "NotIn": f"{key} notin ({values})", "Exists": key}
        parts.append(words.get(text(entry.get("operator")), f"!{key}"))
    return ",".join(parts) or NONE


def _spec(manifest: Manifest) -> dict[str, Any]:
    return mapping(manifest.data.get("spec"))


def _pod_spec(manifest: Manifest) -> dict[str, Any]:
    spec = _spec(manifest)
    if manifest.kind == "CronJob":
        spec = mapping(mapping(spec.get("jobTemplate")).get("spec"))
    return mapping(mapping(spec.get("template")).get("spec")) if manifest.kind != "Pod" else spec


def _containers(field: str) -> Callable[[Manifest], str]:
    def cell(manifest: Manifest) -> str:
        containers = mappings(_pod_spec(manifest).get("containers"))
        return ",".join(text(one.get(field)) for one in containers)

    return cell


def _field(*path: str) -> Callable[[Manifest], str]:
    def cell(manifest: Manifest) -> str:
        value: Any = manifest.data
        for step in path:
            value = mapping(value).get(step)
        return NONE if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    return cell


def _count(*fields: str) -> Callable[[Manifest], str]:
    def cell(manifest: Manifest) -> str:
        found = [manifest.data.get(field) for field in fields]
        return str(sum(len(one) for one in found if isinstance(one, dict | list)))

    return cell


def _ports(manifest: Manifest) -> str:
    found = []
    for port in mappings(_spec(manifest).get("ports")):
        node = f":{port['nodePort']}" if port.get("nodePort") else ""
        found.append(f"{port.get('port')}{node}/{text(port.get('protocol')) or 'TCP'}")
    return ",".join(found) or NONE


def _role(manifest: Manifest) -> str:
    role = mapping(manifest.data.get("roleRef"))
    return f"{text(role.get('kind'))}/{text(role.get('name'))}"


def _subjects(kind: str) -> Callable[[Manifest], str]:
    def cell(manifest: Manifest) -> str:
        found = [one for one in mappings(manifest.data.get("subjects")) if one.get("kind") == kind]
        names = [
            f"{text(one['namespace'])}/{text(one.get('name'))}"
            if one.get("namespace")
            else text(one.get("name"))
            for one in found
        ]
        return ", ".join(names)

    return cell


def _hosts(manifest: Manifest) -> str:
    rules = mappings(_spec(manifest).get("rules"))
    return ",".join(text(rule.get("host")) for rule in rules if rule.get("host")) or "*"


def _node_roles(manifest: Manifest) -> str:
    prefix = "node-role.kubernetes.io/"
    found = [
        key.removeprefix(prefix) for key in mapping(manifest.metadata.get("labels")) if key.startswith(prefix)
    ]
    return ",".join(sorted(found)) or NONE


_TEMPLATE: dict[str, Callable[[Manifest], str]] = {
    "CONTAINERS": _containers("name"),
    "IMAGES": _containers("image"),
    "SELECTOR": lambda one: selector(_spec(one).get("selector")),
}
_BINDING: dict[str, Callable[[Manifest], str]] = {
    "ROLE": _role,
    "USERS": _subjects("User"),
    "GROUPS": _subjects("Group"),
    "SERVICEACCOUNTS": _subjects("ServiceAccount"),
}
_COLUMNS: dict[str, dict[str, Callable[[Manifest], str]]] = {
    "Pod": {"NODE": _field("spec", "nodeName"), "IMAGES": _containers("image")},
    "Node": {"ROLES": _node_roles, "VERSION": _field("status", "nodeInfo", "kubeletVersion")},
    "Deployment": {"REPLICAS": _field("spec", "replicas"), **_TEMPLATE},
    "ReplicaSet": {"REPLICAS": _field("spec", "replicas"), **_TEMPLATE},
    "StatefulSet": {"REPLICAS": _field("spec", "replicas"), **_TEMPLATE},
    "DaemonSet": _TEMPLATE,
    "Job": _TEMPLATE,
    "CronJob": {"SCHEDULE": _field("spec", "schedule"), **_TEMPLATE},
    "Service": {
        "TYPE": _field("spec", "type"),
        "CLUSTER-IP": _field("spec", "clusterIP"),
        "PORT(S)": _ports,
        "SELECTOR": lambda one: labels(_spec(one).get("selector")),
    },
    "NetworkPolicy": {"POD-SELECTOR": lambda one: selector(_spec(one).get("podSelector"))},
    "Ingress": {"CLASS": _field("spec", "ingressClassName"), "HOSTS": _hosts},
    "IngressClass": {"CONTROLLER": _field("spec", "controller")},
    "RoleBinding": _BINDING,
    "ClusterRoleBinding": _BINDING,
    "Secret": {"TYPE": _field("type"), "DATA": _count("data", "stringData")},
    "ConfigMap": {"DATA": _count("data", "binaryData")},
    "RuntimeClass": {"HANDLER": _field("handler")},
    "StorageClass": {"PROVISIONER": _field("provisioner")},
    "PersistentVolumeClaim": {
        "VOLUME": _field("spec", "volumeName"),
        "STORAGECLASS": _field("spec", "storageClassName"),
    },
}
_SELECTED = frozenset({"Namespace", "Pod", "Node", "Deployment", "DaemonSet", "StatefulSet", "Service"})
"""Kinds whose labels are shown."""
