"""Mutations of any object: each leaf deleted, flipped, changed, renamed, moved; list items removed.

If a field has a fixed set of values, a changed value is one of the other valid ones: the API
server refuses an invalid value, which would prove nothing about the checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from trainer.manifests.model import Path, path_text
from trainer.manifests.values import mapping
from trainer.packcheck.tree import Edit, at, walk, with_value, without
from trainer.packcheck.weaken_rules import KINDS, WORDS
from trainer.patterns import regex

OTHERS: dict[str, tuple[str, ...]] = {
    "operator": ("In", "NotIn", "Exists", "DoesNotExist"),
    "policyTypes": ("Ingress", "Egress"),
    "protocol": ("TCP", "UDP", "SCTP"),
    "restartPolicy": ("Always", "Never", "OnFailure"),
    "imagePullPolicy": ("Always", "IfNotPresent", "Never"),
    "pathType": ("Exact", "Prefix"),
    "failurePolicy": ("Fail", "Ignore"),
    "validationActions": ("Deny", "Warn", "Audit"),
    "parameterNotFoundAction": ("Allow", "Deny"),
    "level": ("None", "Metadata", "Request", "RequestResponse"),
    "omitStages": ("RequestReceived", "ResponseStarted", "ResponseComplete"),
    "defaultAction": ("SCMP_ACT_ERRNO", "SCMP_ACT_ALLOW", "SCMP_ACT_LOG"),
    "action": ("SCMP_ACT_ERRNO", "SCMP_ACT_ALLOW", "SCMP_ACT_LOG"),
    "pod-security.kubernetes.io/enforce": ("privileged", "baseline", "restricted"),
    "pod-security.kubernetes.io/warn": ("privileged", "baseline", "restricted"),
    "pod-security.kubernetes.io/audit": ("privileged", "baseline", "restricted"),
    "operations": ("CREATE", "UPDATE", "DELETE", "CONNECT"),
    "concurrencyPolicy": ("Allow", "Forbid", "Replace"),
    "mode": ("STRICT", "PERMISSIVE", "DISABLE"),
}
"""Fields with a fixed set of values, by field name."""

_TYPES = {"RuntimeDefault", "Unconfined"}
_KINDS = {"User": "Group", "Group": "User", "Role": "ClusterRole", "ClusterRole": "Role"}
_VERBS = {"get": "delete", "list": "delete", "watch": "delete", "create": "delete", "update": "delete"}
_FREE = frozenset(("labels", "matchLabels", "nodeSelector", "annotations", "data", "stringData"))
"""Mappings whose keys are the learner's own words."""

_QUANTITY = regex(r"([0-9]+)(m|[kKMGTPE]i?)?")
_CIDR = regex(r"([0-9]+(?:\.[0-9]+){3}|[0-9a-fA-F:]+:[0-9a-fA-F:]*)/([0-9]+)")
_FLAG = regex(r"(--?[a-z0-9][a-z0-9-]*)=(.*)", re.DOTALL)


def leaf_edits(value: Any) -> Iterator[Edit]:
    """All mutations of an object (or any JSON value), in the order of its leaves."""
    for path, node in walk(value):
        key = _key(path)
        if not isinstance(node, dict | list) or not node or isinstance(path[-1], int) or len(node) > 1:
            yield Edit(path, "delete", f"{path_text(path)} deleted", without(value, path))
        if isinstance(node, bool):
            yield Edit(path, "flip", f"{not node} for {node}", with_value(value, path, not node))
        elif isinstance(node, int | float):
            yield from _numbers(value, path, node)
        elif isinstance(node, str):
            for mutation, other in _texts(key, node):
                yield Edit(path, mutation, f"`{other}` for `{node}`", with_value(value, path, other))
        elif isinstance(node, list) and node:
            yield from _longer(value, path, node)
        elif node == {} and key.lower().endswith("selector"):
            narrow = {"matchLabels": {"mutant": "x"}}
            yield Edit(path, "change", "selects by a label", with_value(value, path, narrow))
        if isinstance(node, dict) and "matchLabels" in node and "matchExpressions" not in node:
            narrower: dict[str, Any] = {**node, "matchExpressions": [{"key": "mutant", "operator": "Exists"}]}
            place = (*path, "matchExpressions")
            yield Edit(place, "add", "selects by another label", with_value(value, path, narrower))
        if len(path) > 1 and path[-2] in _FREE and isinstance(path[-1], str):
            moved = with_value(without(value, path), (*path[:-1], f"{path[-1]}x"), node)
            yield Edit(path, "rename", f"key `{path[-1]}x` for `{path[-1]}`", moved)
        if not isinstance(node, dict | list) or not node:
            yield from _moved_up(value, path, node)


def _key(path: Path) -> str:
    """The field that a value belongs to: for a list's item, the list's."""
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _longer(value: Any, path: Path, items: list[Any]) -> Iterator[Edit]:
    """A list of texts with one more: every other valid value, or a changed last one."""
    last = items[-1]
    if mapping(value).get("kind") in KINDS and path[-1] in WORDS:
        return  # words of the API, which `weaken_rules` knows
    if not isinstance(last, str) or "*" in items or (_key(path) == "drop" and "ALL" in items):
        return
    known = OTHERS.get(_key(path), ()) if last in OTHERS.get(_key(path), ()) else (f"{last}x",)
    for item in known:
        if item not in items:
            longer = with_value(value, path, [*items, item])
            yield Edit((*path, len(items)), "add", f"`{item}` added", longer)


def _numbers(value: Any, path: Path, number: float) -> Iterator[Edit]:
    others = [number + 1]
    if _key(path) in ("runAsUser", "runAsGroup", "fsGroup") and number:
        others.append(0)
    for other in others:
        yield Edit(path, "change", f"{other} for {number}", with_value(value, path, other))


def _texts(key: str, text: str) -> Iterator[tuple[str, str]]:
    """Other texts instead of `text`, each with the kind of mutation."""
    others = [other for other in OTHERS.get(key, ()) if other != text]
    if others and text in OTHERS[key]:
        for other in others:
            yield "rename", other
        return
    if key == "type" and text in _TYPES:
        yield "rename", "Unconfined" if text == "RuntimeDefault" else "RuntimeDefault"
        return
    if key == "image":
        yield from _images(text)
        return
    if key == "serviceAccountName" and text != "default":
        yield "rename", "default"
    if key == "kind" and text in _KINDS:
        yield "rename", _KINDS[text]
    if key == "verbs" and text in _VERBS:
        yield "rename", _VERBS[text]
        return
    if (match := _CIDR.fullmatch(text)) and int(match.group(2)) > 0:
        yield "widen", f"{match.group(1)}/{int(match.group(2)) - 1}"
        yield "widen", "::/0" if ":" in text else "0.0.0.0/0"
        yield "rename", "fd00:1234::/64" if ":" in text else "198.51.100.0/24"
        return
    if match := _FLAG.fullmatch(text):
        yield from _flags(match.group(1), match.group(2))
        return
    if (match := _QUANTITY.fullmatch(text)) and key not in _FREE:
        yield "change", f"{int(match.group(1)) + 1}{match.group(2) or ''}"
        return
    yield "rename", f"{text}x"
    if text.startswith("/") and text.rstrip("/").count("/") > 1:
        yield "widen", text.rstrip("/").rpartition("/")[0]


def _images(image: str) -> Iterator[tuple[str, str]]:
    yield "rename", f"{image}x"
    yield "rename", f"registry.example/{image.rpartition('/')[2]}"
    name, _, tag = image.rpartition(":")
    if name and "/" not in tag:
        yield "change", name


def _flags(flag: str, setting: str) -> Iterator[tuple[str, str]]:
    if setting in ("true", "false"):
        yield "flip", f"{flag}={'false' if setting == 'true' else 'true'}"
        return
    if setting.isdigit():
        yield "change", f"{flag}={int(setting) + 1}"
        return
    yield "rename", f"{flag}={setting}x"
    parts = setting.split(",")
    if len(parts) > 1:
        for index in range(len(parts)):
            yield "change", f"{flag}={','.join(parts[:index] + parts[index + 1 :])}"


def _moved_up(value: Any, path: Path, node: Any) -> Iterator[Edit]:
    """A leaf one mapping further up, if that mapping has no such key."""
    if not isinstance(path[-1], str):
        return
    above = path[:-1]
    while above:
        above = above[:-1]
        parent = at(value, above)
        if isinstance(parent, dict):
            if path[-1] not in parent:
                moved = with_value(without(value, path), (*above, path[-1]), node)
                yield Edit(path, "move", f"moved to {path_text((*above, path[-1]))}", moved)
            return
