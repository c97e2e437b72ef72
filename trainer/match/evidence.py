"""What kubectl would show of an object that isn't as required: the evidence beside the reasons.

The commands are those that the learner can try: `kubectl get`, with `-o jsonpath` for one value.
See https://kubernetes.io/docs/reference/kubectl/jsonpath/ (v1.35).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trainer.manifests.model import Manifest, Path, path_text
from trainer.match.effects import effect
from trainer.match.mismatch import Mismatch
from trainer.match.target import WORKLOAD, Target, is_api_kind, is_cluster_scoped, missing, target_of
from trainer.match.view import View
from trainer.match.words import shown
from trainer.simulate.names import ANY
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status

MOST = 4
"""Evidence sentences of one check."""


def not_there(world: World, target: Target | str) -> Outcome:
    """FAIL for a missing target: why it is missing, and what kubectl says."""
    wanted = target_of(target)
    waiting = tuple(without_pods(world, wanted))
    return Outcome(Status.FAIL, tuple(missing(world, wanted)), waiting or (not_found(wanted),))


def without_pods(world: World, target: Target) -> list[str]:
    """What `kubectl get` says of workloads that exist but whose Pods are refused."""
    found = [one.manifest for one in world.refused if one.exists and one.manifest is not None]
    return [
        f"`{get_command(named(one))}` finds it, but `{get_command(Target('Pod', '', one.namespace))}` lists "
        "none of its Pods."
        for one in found
        if target.matches(one)
    ]


def not_found(target: Target) -> str:
    """What `kubectl get` says about a missing object."""
    if target.kind == WORKLOAD:
        where = "any namespace" if target.namespace == ANY else f"Namespace {target.namespace}"
        return f"No controller or Pod of this name would run a container in {where}."
    answer = "NotFound" if target.name else "No resources found"
    if not is_api_kind(target.kind, target.group):
        return f"The component would find no {target.kind} to read."
    return f"`{get_command(target)}`: {answer}."


def still_there(manifest: Manifest) -> str:
    """What `kubectl get` says about an object that must not exist."""
    return f"`{get_command(named(manifest))}` still finds it."


def listed(target: Target, found: Iterable[Manifest]) -> str:
    """Which of the objects that the target names exist."""
    names = [manifest.name for manifest in found]
    if not names:
        return not_found(target)
    return f"`{get_command(target)}` lists {', '.join(names[:10])}{', ...' if len(names) > 10 else ''}."


def get_command(target: Target) -> str:
    """The `kubectl get` for the target: `kubectl get pod web -n sun`."""
    parts = ["kubectl", "get", target.kind.lower()]
    if target.name:
        parts.append(target.name)
    if not is_cluster_scoped(target.kind, target.group):
        parts += ["-A"] if target.namespace == ANY else ["-n", target.namespace]
    if target.labels and not target.name:
        parts += ["-l", ",".join(f"{key}={value}" for key, value in target.labels.items())]
    return " ".join(parts)


def named(manifest: Manifest) -> Target:
    """The target that names exactly this object."""
    return Target(manifest.kind, manifest.name, manifest.namespace or "default")


def effects(found: Iterable[Mismatch]) -> tuple[str, ...]:
    """The effects of the mismatches, or what kubectl shows at their places; each once, at most `MOST`."""
    sentences = (effect(mismatch.view) or value_shown(mismatch.view) for mismatch in found)
    return tuple(dict.fromkeys(sentences))[:MOST]


def value_shown(view: View) -> str:
    """The value at a place, as `kubectl get -o jsonpath` prints it."""
    manifest = view.manifest
    if isinstance(view.value, list) and _names(view.value):
        holder = f"`{path_text(view.path)}`" if view.path[-1:] != ("spec",) else "The Pod"
        return f"{holder} contains {', '.join(_names(view.value))}."
    if not is_api_kind(manifest.kind, manifest.group):
        place = manifest.where(*view.path)
        holds = "nothing" if view.missing else _plain(view.value)
        return f"At `{path_text(view.path)}`, {place} holds {holds}."
    prints = "prints nothing" if view.missing or view.value == "" else f"prints {_plain(view.value)}"
    return f"`{get_command(named(manifest))} -o jsonpath='{{{_jsonpath(view.path)}}}'` {prints}."


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return shown(value)
    import json

    return shown(json.dumps(value, separators=(",", ":"), default=str))


def _names(items: list[Any]) -> list[str]:
    """The names of the items; empty if one of them has no name."""
    names: list[Any] = [item.get("name") if isinstance(item, dict) else None for item in items]
    return names if all(isinstance(name, str) for name in names) else []


def _jsonpath(path: Path) -> str:
    steps = (
        f"[{step}]" if isinstance(step, int) else "." + str(step).replace("\\", "\\\\").replace(".", "\\.")
        for step in path
    )
    return "".join(steps) or "."
