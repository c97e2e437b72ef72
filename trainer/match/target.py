"""Which objects a check looks at, found in the world, or why they are missing."""

from __future__ import annotations

from functools import cache, lru_cache

import msgspec

from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.schema.kinds import Served, served
from trainer.simulate.names import ANY, parse_object
from trainer.simulate.workloads import TEMPLATE_PATHS
from trainer.simulate.world import World
from trainer.verdict import Location, Problem, Reason
from trainer.versions import SUPPORTED

WORKLOAD = "Workload"
"""A pseudo kind: every kind that makes Pods (Pod, Deployment, Job ...)."""

_DEFAULT = "default"


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The objects that a check looks at. Short forms: `sun/web`, `Pod sun/web`, `Namespace sun`."""

    kind: str
    """The kind, or `Workload` for every kind that makes Pods."""
    name: str = ""
    """The name; omitted: all of that kind."""
    namespace: str = _DEFAULT
    """The namespace, `*` for all; ignored for cluster-scoped kinds."""
    group: str | None = None
    """The API group, if two groups have the kind."""
    labels: dict[str, str] = {}
    """Labels that the objects have."""

    def matches(self, manifest: Manifest) -> bool:
        """Whether an object is one of these."""
        return (
            self.is_kind(manifest)
            and self.name in ("", manifest.name)
            and self.namespace in (ANY, manifest.namespace or self.namespace)
            and self.labels.items() <= manifest.labels.items()
        )

    @property
    def title(self) -> str:
        """The target in words: `Pod pod-ro in Namespace sun`."""
        what = "workload" if self.kind == WORKLOAD else self.kind
        labels = ",".join(f"{key}={value}" for key, value in self.labels.items())
        text = f"{what} {self.name}".strip() + (f" with {labels}" if labels else "")
        if self.namespace == ANY or is_cluster_scoped(self.kind, self.group):
            return text
        return f"{text} in Namespace {self.namespace}"

    def is_kind(self, manifest: Manifest) -> bool:
        """Whether an object is of this kind (and group), whatever its name."""
        if self.kind == WORKLOAD:
            return manifest.kind in TEMPLATE_PATHS
        return manifest.kind == self.kind and self.group in (None, manifest.group)


def is_api_kind(kind: str, group: str | None = None) -> bool:
    """Whether `kubectl get` knows a kind in the newest version; it doesn't know files of components."""
    return _served(kind, group) is not None


def is_cluster_scoped(kind: str, group: str | None = None) -> bool:
    """Whether a kind is cluster-scoped, in the newest version: no kind changes that."""
    found = _served(kind, group)
    return found is not None and not found.namespaced


@cache
def _served(kind: str, group: str | None) -> Served | None:
    return served(kind, SUPPORTED[-1], group)


def target_of(value: Target | str) -> Target:
    """The target that a check names. Raises `UsageError` for a short form that names none."""
    return value if isinstance(value, Target) else _named(value)


@lru_cache(maxsize=4096)
def _named(value: str) -> Target:
    """The target of a short form: a check names the same one for every answer."""
    kind, space, name = value.partition(" ")
    if not space:
        found = parse_object(value)
        return Target(WORKLOAD, found.name, found.namespace)
    if not kind or not name or " " in name:
        raise UsageError(
            f"{value!r} doesn't name an object", remedy="write Kind namespace/name, such as Pod sun/web"
        )
    if "/" not in name:
        return Target(kind, name)
    found = parse_object(name)
    return Target(kind, found.name, found.namespace)


def check_target(value: Target | str) -> None:
    """For a rule's parameters: raises `ValueError` for a short form that names no object."""
    try:
        target_of(value)
    except UsageError as error:
        raise ValueError(str(error)) from error


def find(world: World, target: Target) -> list[Manifest]:
    """The objects of the world that the target names."""
    return [manifest for manifest in world.objects if target.matches(manifest)]


def missing(world: World, target: Target) -> list[Reason]:
    """Why the target is missing: refused by the API server, under another name, or not read."""
    refused = [one for one in world.refused if one.manifest is not None and _is_meant(one.manifest, target)]
    if refused:
        return [problem_reason(problem) for one in refused for problem in one.problems]
    unread = [
        problem_reason(problem) for one in world.refused if one.manifest is None for problem in one.problems
    ]
    near = _near(world, target)
    if near is not None:
        here = Reason(f"There is no {target.title}; the answer has {near.title}.", _difference(near, target))
        return [here, *unread]
    of_kind = [one for one in world.refused if one.manifest is not None and target.is_kind(one.manifest)]
    others = [problem_reason(problem) for one in of_kind for problem in one.problems]
    nowhere = world.answer[0].where() if world.answer else None
    return [Reason(f"There is no {target.title}.", nowhere), *others, *unread]


def _is_meant(manifest: Manifest, target: Target) -> bool:
    """Whether a refused object is the required one; its namespace or `kind: pod` may be the mistake."""
    of_kind = target.is_kind(manifest) or manifest.kind.lower() == target.kind.lower()
    return of_kind and target.name in ("", manifest.name)


def _difference(near: Manifest, target: Target) -> Location:
    """Where a similar object differs from the required one."""
    if near.name != target.name and target.name:
        return near.where("metadata", "name")
    return near.where("metadata", "namespace") if near.kind == target.kind else near.where("kind")


def problem_reason(problem: Problem) -> Reason:
    """A problem of the answer as the reason of a check."""
    return Reason(
        f"{problem.message}\n{problem.remedy}" if problem.remedy else problem.message, problem.location
    )


def _near(world: World, target: Target) -> Manifest | None:
    """The answer's object that was probably meant: one detail differs."""
    answer = world.answer
    for other in answer:
        if other.kind == target.kind and other.name == target.name:
            return other
    same_kind = [other for other in answer if other.kind == target.kind]
    if len(same_kind) == 1:
        return same_kind[0]
    return next((other for other in answer if target.name and other.name == target.name), None)
