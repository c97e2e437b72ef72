"""Mutations that weaken Kubernetes objects: what a learner might leave open, field by field.

Pods are weakened in what the reference itself cares about: where it sets no security context, a
privileged container is outside of its subject, and where it sets one, everything that would undo
it is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trainer.manifests.model import Path
from trainer.packcheck.tree import Edit, appended, at, with_value, without
from trainer.simulate.workloads import TEMPLATE_PATHS

_PRIVILEGES = frozenset(
    ("privileged", "allowPrivilegeEscalation", "capabilities", "runAsNonRoot", "runAsUser", "seccompProfile")
)
_SHARED = ("runAsNonRoot", "runAsUser", "runAsGroup", "seccompProfile", "seLinuxOptions", "appArmorProfile")
"""Fields that a pod's and a container's security context both have."""

_UNDONE: dict[str, Any] = {
    "runAsNonRoot": False,
    "runAsUser": 0,
    "runAsGroup": 0,
    "seccompProfile": {"type": "Unconfined"},
    "appArmorProfile": {"type": "Unconfined"},
}
_ANY_PEER: tuple[dict[str, Any], ...] = (
    {"namespaceSelector": {}},
    {"podSelector": {}},
    {"ipBlock": {"cidr": "0.0.0.0/0"}},
)
_ALL_RULE = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
_SECRETS_RULE = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]}


def weaken_edits(value: Any) -> Iterator[Edit]:
    """All ways to weaken one object, by its kind; none for kinds that this module doesn't know."""
    if not isinstance(value, dict):
        return
    kind = value.get("kind")
    if kind in TEMPLATE_PATHS:
        yield from _pod(value, (*TEMPLATE_PATHS[kind], "spec"))
    elif kind in ("Role", "ClusterRole"):
        yield from _role(value)
    elif kind in ("RoleBinding", "ClusterRoleBinding"):
        yield from _binding(value)
    elif kind == "NetworkPolicy":
        yield from _network_policy(value)
    elif kind in ("Policy", "EncryptionConfiguration"):
        yield from _swapped(value)


def _pod(value: Any, spec: Path) -> Iterator[Edit]:
    pod = at(value, spec)
    if not isinstance(pod, dict):
        return
    shared = _mapping(pod.get("securityContext"))
    lists = [name for name in ("initContainers", "containers") if isinstance(pod.get(name), list)]
    paths = [(*spec, name, index) for name in lists for index in range(len(pod[name]))]
    contexts = [_mapping(_mapping(at(value, path)).get("securityContext")) for path in paths]
    cares = set(shared).union(*contexts)
    hardens = bool(cares & _PRIVILEGES)
    if hardens:
        for field in ("hostPID", "hostIPC", "hostNetwork"):
            if field not in pod:
                yield _set(value, (*spec, field), True)
    for path, context in zip(paths, contexts, strict=True):
        if cares:
            yield from _container(value, (*path, "securityContext"), context, hardens, shared)
        yield from _mounts(value, path)
    if cares:
        yield from _unhardened(value, spec, pod, shared, contexts)
    if len(paths) > 1:
        yield from _pod_to_container(value, spec, shared, paths)


def _container(value: Any, at_path: Path, context: Any, hardens: bool, shared: Any) -> Iterator[Edit]:
    if context.get("allowPrivilegeEscalation") is False and not context.get("privileged"):
        weaker = {**context, "privileged": True, "allowPrivilegeEscalation": True}
        what = "privileged, with privilege escalation"
        yield Edit((*at_path, "privileged"), "widen", what, with_value(value, at_path, weaker))
    elif "privileged" not in context:
        yield _set(value, (*at_path, "privileged"), True)
    if not hardens:
        return
    if "add" not in _mapping(context.get("capabilities")):
        yield _set(value, (*at_path, "capabilities", "add"), ["SYS_ADMIN"])
    for field in _SHARED:
        if field in shared and field not in context and field in _UNDONE:
            yield _set(value, (*at_path, field), _UNDONE[field])
    drop = _mapping(context.get("capabilities")).get("drop")
    if drop:
        swapped = without(
            with_value(value, (*at_path, "capabilities", "add"), drop), (*at_path, "capabilities", "drop")
        )
        yield Edit((*at_path, "capabilities", "drop"), "move", "added instead of dropped", swapped)


def _mounts(value: Any, container: Path) -> Iterator[Edit]:
    mounts = _mapping(at(value, container)).get("volumeMounts")
    for index, mount in enumerate(mounts if isinstance(mounts, list) else ()):
        path = (*container, "volumeMounts")
        if isinstance(mount, dict) and "mountPath" in mount:
            second = {**{key: mount[key] for key in mount if key != "readOnly"}, "mountPath": "/mutant"}
            yield Edit((*path, index), "add", "mounted at /mutant, too", appended(value, path, second))


def _unhardened(value: Any, spec: Path, pod: Any, shared: Any, contexts: list[Any]) -> Iterator[Edit]:
    """A further container without any of the hardening, among the containers and before them."""
    first = _mapping((pod.get("containers") or [{}])[0])
    extra: dict[str, Any] = {"name": "mutant", "image": first.get("image", "busybox")}
    undone = {field: _UNDONE[field] for field in _SHARED if field in shared and field in _UNDONE}
    if undone:
        extra["securityContext"] = undone
    elif not any(contexts):
        return
    if "command" in first:
        extra["command"] = first["command"]
    for name in ("containers", "initContainers"):
        place = (*spec, name)
        path = (*place, len(pod.get(name) or ()))
        yield Edit(path, "add", "a container without the hardening", appended(value, place, extra))


def _pod_to_container(value: Any, spec: Path, shared: Any, paths: list[Path]) -> Iterator[Edit]:
    """A field of the whole pod moved to one of its several containers."""
    for field in _SHARED:
        if field in shared:
            place = (*spec, "securityContext", field)
            moved = with_value(without(value, place), (*paths[-1], "securityContext", field), shared[field])
            yield Edit(place, "move", "moved to the last container alone", moved)


def _role(value: Any) -> Iterator[Edit]:
    rules = value.get("rules")
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        path: Path = ("rules", index)
        for field in ("verbs", "resources", "apiGroups"):
            items = _mapping(rule).get(field)
            if isinstance(items, list) and "*" not in items:
                yield _set(value, (*path, field), ["*"])
                yield _append(value, (*path, field), "*")
        resources = _mapping(rule).get("resources")
        if isinstance(resources, list) and not {"secrets", "*"} & set(map(str, resources)):
            yield _append(value, (*path, "resources"), "secrets")
        if isinstance(_mapping(rule).get("verbs"), list):
            yield from (
                _append(value, (*path, "verbs"), verb)
                for verb in ("delete", "create")
                if not {verb, "*"} & set(map(str, rule["verbs"]))
            )
    yield _append(value, ("rules",), _ALL_RULE)
    yield _append(value, ("rules",), _SECRETS_RULE)


def _binding(value: Any) -> Iterator[Edit]:
    group = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": ""}
    for name in ("system:authenticated", "system:unauthenticated", "system:serviceaccounts"):
        yield _append(value, ("subjects",), {**group, "name": name})
    account = {"kind": "ServiceAccount", "name": "default", "namespace": "default"}
    yield _append(value, ("subjects",), account)
    wide = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}
    yield _set(value, ("roleRef",), wide)
    if value.get("kind") == "RoleBinding":
        cluster = without(value, ("metadata", "namespace")) if at(value, ("metadata", "namespace")) else value
        what = "a ClusterRoleBinding"
        yield Edit(("kind",), "widen", what, {**cluster, "kind": "ClusterRoleBinding"})


def _network_policy(value: Any) -> Iterator[Edit]:
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        rules = at(value, ("spec", direction))
        if not isinstance(rules, list):
            continue
        path: Path = ("spec", direction)
        yield _append(value, path, {})
        other, there = ("egress", "to") if direction == "ingress" else ("ingress", "from")
        turned = [
            {there if key == peers else key: item for key, item in _mapping(rule).items()} for rule in rules
        ]
        if at(value, ("spec", other)) is None:
            moved = with_value(without(value, path), ("spec", other), turned)
            yield Edit(path, "move", f"{other} for {direction}", moved)
        for index, rule in enumerate(rules):
            yield from _policy_rule(value, (*path, index), _mapping(rule), peers)
    if at(value, ("spec", "podSelector")):
        yield _set(value, ("spec", "podSelector"), {})


def _policy_rule(value: Any, path: Path, rule: Any, peers: str) -> Iterator[Edit]:
    listed = rule.get(peers)
    if isinstance(listed, list) and listed:
        for peer in _ANY_PEER:
            if peer not in listed:
                yield _append(value, (*path, peers), peer)
        for index, peer in enumerate(listed):
            place = (*path, peers, index)
            for field in ("podSelector", "namespaceSelector"):
                if _mapping(peer).get(field):
                    yield _set(value, (*place, field), {})
            if "podSelector" in _mapping(peer) and "namespaceSelector" in peer:
                apart = [
                    {"podSelector": peer["podSelector"]},
                    {"namespaceSelector": peer["namespaceSelector"]},
                ]
                split = with_value(value, (*path, peers), [*listed[:index], *apart, *listed[index + 1 :]])
                yield Edit(place, "widen", "two peers (OR) for one (AND)", split)
    if isinstance(rule.get("ports"), list) and rule["ports"]:
        yield _append(value, (*path, "ports"), {"port": 4444, "protocol": "TCP"})
        for index, port in enumerate(rule["ports"]):
            number = _mapping(port).get("port")
            if isinstance(number, int) and "endPort" not in port:
                yield _set(value, (*path, "ports", index, "endPort"), number + 100)


def _swapped(value: Any) -> Iterator[Edit]:
    """Neighbours exchanged in lists where the first match counts."""
    lists: list[Path] = [("rules",)]
    resources = value.get("resources")
    lists += (
        [("resources", index, "providers") for index in range(len(resources or ()))]
        if isinstance(resources, list)
        else []
    )
    for path in lists:
        items = at(value, path)
        for index in range(len(items) - 1 if isinstance(items, list) else 0):
            turned = [*items[:index], items[index + 1], items[index], *items[index + 2 :]]
            yield Edit((*path, index), "move", "exchanged with the next", with_value(value, path, turned))


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _set(value: Any, path: Path, wide: Any) -> Edit:
    return Edit(path, "widen", f"set to {_short(wide)}", with_value(value, path, wide))


def _append(value: Any, path: Path, item: Any) -> Edit:
    index = len(at(value, path) or ())
    return Edit((*path, index), "widen", f"{_short(item)} added", appended(value, path, item))


def _short(value: Any) -> str:
    import json

    return json.dumps(value)
