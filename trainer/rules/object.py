"""Which objects exist: present or absent, how many, no other of the kind, unchanged from the given ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from trainer.manifests.model import Manifest, Path
from trainer.match.changes import changes_of
from trainer.match.evidence import MOST, effects, listed, not_there, still_there, without_pods
from trainer.match.mismatch import Mismatch, reasons, too_much, wrong
from trainer.match.target import Target, check_target, find, missing, problem_reason, target_of
from trainer.match.view import View, whole
from trainer.match.words import shown
from trainer.rules import Live, Reads
from trainer.simulate.containers.running import Blocker, blockers
from trainer.simulate.scheduling.runtime_class import as_admitted
from trainer.simulate.workloads import TEMPLATE_PATHS, pod_templates
from trainer.simulate.world import World, object_key
from trainer.verdict import Location, Outcome, Reason

READS = Reads(Live.OBJECTS, kinds=("Node", "RuntimeClass"))


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What must exist."""

    object: Target | str
    """The object, or all objects of a kind if it has no name."""
    absent: bool = False
    """It must not exist."""
    count: int | None = None
    """How many must exist; omitted: at least one."""
    only: tuple[str, ...] | None = None
    """Exactly these names must exist of that kind in that namespace."""
    others: Literal["allowed", "none"] = "allowed"
    """`none`: no other object of that kind in that namespace."""
    unchanged: bool = False
    """They must be as given (ignoring `status` and other fields that the server writes)."""
    since: Literal["given", "start"] = "given"
    """With `unchanged`: what they are compared with. `start` is for an object that doesn't exist before the
    answer, or that an update can't change: the one in the starter."""
    applied: bool = False
    """The answer must have the object and `kubectl apply` must accept it: for a given object,
    which stays as it was if the answer's is refused."""
    runs: bool = False
    """For Pods and workloads: nothing in the manifest keeps the Pods from running."""
    may_change: tuple[str, ...] = ()
    """With `unchanged`: paths whose values may differ. `[]` means every item, `pod` the Pod or
    Pod template: `pod.spec.containers[].securityContext`. A mapping that is new may have the fields
    whose paths are listed. `pod.spec.dnsPolicy=ClusterFirst` may change to this value only; several
    are separated by `|`."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for an invalid target."""
        check_target(self.object)


def judge(world: World, params: Params) -> Outcome:
    """Judge one check."""
    target = target_of(params.object)
    found = find(world, target)
    if params.absent:
        return Outcome.of(
            [_one_too_many(manifest, target) for manifest in found],
            [still_there(manifest) for manifest in found[:MOST]],
        )
    if params.applied and found and (wrong := _not_applied(world, target, found)):
        return Outcome.of(wrong, [f"{found[0].title} stays as it was."])
    changes = _changed(world, found, params)
    if not found and params.count != 0 and params.only is None:
        return not_there(world, target)
    wrong = _wrong_number(world, target, found, params)
    evidence = _evidence(world, target, wrong, changes)
    for blocker in _blockers(world, found) if params.runs else ():
        wrong.append(Reason(blocker.message, blocker.location))
        evidence.append(blocker.effect)
    return Outcome.of(wrong + reasons(changes), evidence)


def _wrong_number(world: World, target: Target, found: list[Manifest], params: Params) -> list[Reason]:
    """What is missing or too much."""
    if params.only is not None:
        return _only(world, target, found, params.only)
    wrong = []
    if params.count is not None and len(found) != params.count:
        message = f"The answer has {len(found)} of {target.title}; the task requires {params.count}."
        wrong.append(Reason(message, _place(found)))
    return wrong + (_others(world, target, found) if params.others == "none" else [])


def _blockers(world: World, found: list[Manifest]) -> list[Blocker]:
    nodes, classes = world.find("Node"), world.find("RuntimeClass")
    return [one for pod in pod_templates(found) for one in blockers(as_admitted(pod, classes), nodes)]


def _evidence(world: World, target: Target, wrong: list[Reason], changes: list[Mismatch]) -> list[str]:
    """Which objects exist if their number is wrong, and how the changed ones look now."""
    shown: Iterable[str] = ()
    if wrong:
        everyone = msgspec.structs.replace(target, name="")
        shown = without_pods(world, everyone) or [listed(everyone, find(world, everyone))]
    new = [still_there(one.view.manifest) for one in changes if not one.view.path]
    return [*shown, *new[:MOST], *effects(one for one in changes if one.view.path)]


def _not_applied(world: World, target: Target, found: list[Manifest]) -> list[Reason]:
    """Why the answer didn't change a given object: refused, not read, or not in the answer."""
    if any(one in world.answer for one in found):
        return []
    meant = [one for one in world.refused if one.manifest is not None and target.matches(one.manifest)]
    unread = [one for one in world.refused if one.manifest is None]
    problems = [problem_reason(problem) for one in meant or unread for problem in one.problems]
    nowhere = world.answer[0].where("kind") if world.answer else None
    return problems or [Reason(f"The answer has no {target.title}.", nowhere)]


def _only(world: World, target: Target, found: list[Manifest], names: tuple[str, ...]) -> list[Reason]:
    wrong = [_one_too_many(manifest, target) for manifest in found if manifest.name not in names]
    there = {manifest.name for manifest in found}
    for name in names:
        if name not in there:
            wrong += missing(world, msgspec.structs.replace(target, name=name))
    return wrong


def _others(world: World, target: Target, found: list[Manifest]) -> list[Reason]:
    anyone = msgspec.structs.replace(target, name="", labels={})
    return [_one_too_many(other, target) for other in find(world, anyone) if other not in found]


def _one_too_many(manifest: Manifest, target: Target) -> Reason:
    message = f"{manifest.title} exists; remove it."
    if target.name and target.name != manifest.name:
        message = f"{manifest.title} also exists; the task requires no other {manifest.kind}."
    return Reason(message, manifest.where("metadata", "name"))


def _changed(world: World, found: list[Manifest], params: Params) -> list[Mismatch]:
    if not params.unchanged:
        return []
    wrong: list[Mismatch] = []
    objects = world.given if params.since == "given" else world.started
    given = {object_key(one): one for one in objects}
    for manifest in found:
        before = given.get(object_key(manifest))
        if before is None:
            wrong.append(Mismatch(whole(manifest), f"{manifest.title} isn't one of the given objects."))
            continue
        allowed = _patterns(manifest, params.may_change)
        for change in changes_of(before, manifest, world.kubernetes):
            wrong += _not_allowed(change, whole(before), allowed)
    return wrong


_Pattern = tuple[str, list[str]]
"""A path, with `[]` for every item, and the only values that it may change to; none: any value."""


def _patterns(manifest: Manifest, paths: tuple[str, ...]) -> list[_Pattern]:
    """The paths that may change in this object."""
    template = ".".join(map(str, TEMPLATE_PATHS.get(manifest.kind, ())))
    found: list[_Pattern] = []
    for one in paths:
        path, _, values = one.partition("=")
        if path == "pod" or path.startswith("pod."):
            path = f"{template}{path.removeprefix('pod')}".removeprefix(".")
        found.append((path, values.split("|") if values else []))
    return found


def _not_allowed(change: Mismatch, before: View, allowed: list[_Pattern]) -> list[Mismatch]:
    """What of a change may not be: of a mapping that is new or gone, the fields that no pattern is about."""
    view = change.view
    if _covered(view, allowed):
        return []
    for pattern, values in allowed:
        if values and pattern == _pattern(view.path) and not view.missing:
            return [wrong(view, f"is {shown(view.value)}; {' or '.join(map(shown, values))} is required")]
    if view.missing:
        gone = _counterpart(before, view)
        fields = gone.members() if isinstance(gone.value, dict) else []
        return [] if fields and all(_covered(one, allowed) for one in fields) else [change]
    if not isinstance(view.value, dict) or isinstance(view.path[-1], int):
        return [change]
    fields = [one for one in view.members() if one.value is not False]
    extra = [one for one in fields if not _covered(one, allowed)]
    return [change] if len(extra) == len(fields) else [too_much(one) for one in extra]


def _covered(view: View, allowed: list[_Pattern]) -> bool:
    """Whether a pattern is about a value, or about a value above it."""
    place = _pattern(view.path)
    for pattern, values in allowed:
        if values and view.value not in values:
            continue
        # A missing or extra item is a change of its list.
        if place in (pattern, pattern.removesuffix("[]")) or place.startswith((f"{pattern}.", f"{pattern}[")):
            return True
    return False


def _counterpart(before: View, view: View) -> View:
    """The given value at the place of a view; list items are those of the same name, in any order."""
    above = view.parent
    if above is None:
        return before
    owner, step = _counterpart(before, above), view.path[-1]
    if isinstance(step, str):
        return owner.child(step)
    names = (one for one in owner.items() if one.child("name").value == view.child("name").value)
    return next(names, owner.child(""))


def _pattern(path: Path) -> str:
    """`spec.containers[].image`."""
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _place(found: list[Manifest]) -> Location | None:
    return found[-1].where("metadata", "name") if found else None
