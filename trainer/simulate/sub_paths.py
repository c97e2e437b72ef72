"""Which part of a volume a mount has: `subPath`, or `subPathExpr` with the container's variables.

Follows https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath-expanded-environment (v1.35).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from trainer.manifests.values import indexed, mapping, text
from trainer.simulate.workloads import PodTemplate


def sub_path_of(pod: PodTemplate, container: Mapping[str, Any], mount: Mapping[str, Any]) -> str | None:
    """The part of the volume, empty for all of it; None if a variable decides whose value isn't known."""
    expression = text(mount.get("subPathExpr"))
    if not expression:
        return text(mount.get("subPath"))
    values = {text(entry.get("name")): _value(pod, entry) for _, entry in indexed(container.get("env"))}
    names = re.findall(r"\$\((\w+)\)", expression)
    if any(values.get(name) is None for name in names):
        return None
    return re.sub(r"\$\((\w+)\)", lambda found: str(values[found[1]]), expression)


def _value(pod: PodTemplate, entry: Mapping[str, Any]) -> str | None:
    """The value of a variable, if the manifest tells."""
    source = mapping(entry.get("valueFrom"))
    if not source:
        plain = text(entry.get("value"))
        return None if "$(" in plain else plain
    field = text(mapping(source.get("fieldRef")).get("fieldPath"))
    if field == "metadata.namespace":
        return pod.namespace
    return pod.owner.name if field == "metadata.name" and pod.owner.kind == "Pod" else None
