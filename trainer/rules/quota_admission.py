"""Judges what ResourceQuotas and LimitRanges make of objects that somebody creates, one after the other.

What a sample uses counts for those after it. LimitRanges set defaults and refuse what is out of bounds,
a RuntimeClass adds its overhead, Pod Security admission refuses Pods by the labels of their Namespace. A
workload is created even if its Pods aren't: `pods` says how many its controller must be able to create.

If the answer's quotas have scopes, all samples are also tried with Pods that are in other scopes: with a
deadline, with another priority, with affinity for other Namespaces. They must be treated in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from trainer.errors import UsageError
from trainer.manifests.admit import admit
from trainer.manifests.amounts import amounts_of
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.manifests.values import mapping, mapping_at, mappings, text
from trainer.picture import Cell, Picture, Row, asked, drawn, nothing_to_see
from trainer.rules import Live, Reads
from trainer.simulate.quota.creation import COUNTED, LIMIT_RANGE, QUOTA, Creation, Server
from trainer.simulate.quota.quotas import hard_of, scopes_of
from trainer.simulate.workloads import TEMPLATE_PATHS
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason
from trainer.versions import Version

READS = Reads(
    Live.NEVER,  # a quota counts every Pod that hasn't ended: other Pods and phases than the given ones
    kinds=(
        *("Namespace", LIMIT_RANGE, "RuntimeClass", "PriorityClass", "StorageClass", "Node"),
        *("AdmissionConfiguration", "PodSecurityConfiguration", *COUNTED),
    ),
)

_Object = dict[str, Any]


class Resources(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a container is stored with: these amounts, and no others."""

    requests: dict[str, str] = {}
    """Its requests."""
    limits: dict[str, str] = {}
    """Its limits."""


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One object that somebody creates, and what must become of it."""

    object: str
    """The object as YAML, with its Namespace."""
    outcome: Literal["accepted", "rejected"]
    """Whether the API server must accept it."""
    by: Literal["ResourceQuota", "LimitRange", "any"] = "any"
    """What must reject it."""
    message_has: str = ""
    """A part of the message with which it must be rejected, or the first of its Pods that is."""
    pods: int | None = None
    """Of a workload: how many Pods its controller can create."""
    resources: dict[str, Resources] = {}
    """Of a Pod: what its containers are stored with, by their names."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The objects to create."""

    samples: tuple[Sample, ...]
    """In this order, in Namespaces of the world."""
    every_pod: bool = True
    """It must be the same for Pods of every scope that the answer's quotas tell apart."""
    only: tuple[str, ...] | None = None
    """The quotas of the samples' Namespaces count nothing else: `requests.cpu` (also as `cpu`), `pods`."""
    elsewhere: Literal["allowed", "none"] = "allowed"
    """`none`: the answer has no quota and no LimitRange in other Namespaces than the samples."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for a check that tries nothing."""
        if not self.samples:
            raise ValueError("a check of quota-admission needs samples")


def judge(world: World, params: Params) -> Outcome:
    """FAIL with the first object that is treated otherwise than it must be, and what decides that."""
    manifests = [_read(sample.object, world.kubernetes) for sample in params.samples]
    if others := list(_others(world, manifests, params)):
        more = "" if len(others) == 1 else ", and more"
        return Outcome.of(others, [f"`kubectl describe quota,limits -A` lists it{more}."])
    for about, changed in _variants(world, manifests, params.every_pod):
        server = Server(world, last_first=about == _REVERSED)
        for sample, manifest in zip(params.samples, manifests, strict=True):
            made = server.create(manifest.with_data(changed(manifest.data)))
            complaint = _complaint(world, sample, manifest, made)
            if complaint:
                told = complaint.replace(manifest.title, f"{manifest.title}{about}", 1)
                place = _scopes(world) if about not in ("", _REVERSED) else _place(world, sample, made)
                return Outcome.of([Reason(told, place)], [_effect(server, manifest, made)])
    return Outcome.of([])


def picture(world: World, params: Params) -> Picture:
    """Objects that somebody creates one after the other, and whether the API server takes each."""
    title = "What quotas and limits let in"
    manifests = [_read(sample.object, world.kubernetes) for sample in params.samples]
    if others := list(_others(world, manifests, params)):
        return nothing_to_see(title, Outcome.of(others), "limited, too")
    rows: list[Row] = []
    for about, changed in _variants(world, manifests, params.every_pod):
        server = Server(world, last_first=about == _REVERSED)
        for sample, manifest in zip(params.samples, manifests, strict=True):
            made = server.create(manifest.with_data(changed(manifest.data)))
            wrong = bool(_complaint(world, sample, manifest, made))
            word = "rejected" if made.stored is None else "created"
            word += f", with {made.pods} Pods" if made.pods is not None else ""
            where = _scopes(world) if about not in ("", _REVERSED) else _place(world, sample, made)
            by = made.by if made.stored is None else ""
            rows.append(Row(f"{manifest.title}{about}", (asked(not wrong, word, "", where), Cell(by))))
            if wrong:
                return drawn(title, ["", "by"], rows)
    return drawn(title, ["", "by"], rows)


def _read(written: str, kubernetes: Version) -> Manifest:
    parsed = parse(written.encode(), "sample")
    manifests, problems = manifests_of(parsed.documents)
    if len(manifests) != 1 or problems or parsed.problems:
        raise UsageError("a sample of this check isn't exactly one object")
    admitted = admit(manifests[0], kubernetes)
    if admitted.manifest is None:
        raise UsageError(f"a sample of this check isn't valid: {admitted.problems[0].message}")
    return admitted.manifest


def _others(world: World, manifests: Sequence[Manifest], params: Params) -> Iterator[Reason]:
    """What quotas count besides what they may, and what the answer limits in other Namespaces."""
    homes = {one.namespace for one in manifests}
    only = params.only
    for quota in world.find(QUOTA):
        for name in hard_of(quota) if only is not None and quota.namespace in homes else ():
            if not {name, f"requests.{name}"}.intersection(only or ()):
                message = f"{quota.title} also limits {name}; the task doesn't ask for that."
                yield Reason(message, quota.where("spec", "hard", name))
    for one in world.answer if params.elsewhere == "none" else ():
        if one.kind in (QUOTA, LIMIT_RANGE) and one.namespace not in homes:
            message = f"{one.title} limits Namespace {one.namespace}; the task doesn't ask for that."
            yield Reason(message, one.where("metadata", "namespace"))


def _lack(world: World, sample: Sample, manifest: Manifest) -> str:
    """That there is no object that could reject the sample, if the check names one."""
    if sample.by == "any" or world.find(sample.by, namespace=manifest.namespace):
        return ""
    return f" Namespace {manifest.namespace} has no {sample.by}."


def _complaint(world: World, sample: Sample, manifest: Manifest, made: Creation) -> str:
    """What is wrong about the outcome of one sample, or an empty text."""
    accepted = made.stored is not None
    if accepted is not (sample.outcome == "accepted"):
        if accepted:
            return f"{manifest.title} must be rejected, but is accepted.{_lack(world, sample, manifest)}"
        return f"{manifest.title} must be accepted, but is rejected: {made.message}."
    if sample.by not in ("any", made.by):
        return (
            f"{manifest.title} must be rejected by a {sample.by}, but {made.by} rejects it: {made.message}."
        )
    refused = made if made.stored is None else made.pod_refused
    if sample.pods is not None and made.pods != sample.pods:
        why = f": {refused.message}" if refused else ""
        who = f"The controller of {manifest.title}"
        return f"{who} must create {sample.pods} Pods, but creates {made.pods}{why}."
    if sample.message_has and (refused is None or sample.message_has.lower() not in refused.message.lower()):
        said = refused.message if refused else "nothing"
        return f"{manifest.title} must be rejected with {sample.message_has!r}; the API server says: {said}."
    return _wrong_resources(sample, manifest, made)


def _wrong_resources(sample: Sample, manifest: Manifest, made: Creation) -> str:
    spec = mapping_at(made.stored.data, "spec") if made.stored else {}
    lists = [*mappings(spec.get("containers")), *mappings(spec.get("initContainers"))]
    for name, wanted in sample.resources.items():
        container = next((one for one in lists if one.get("name") == name), None)
        if container is None:
            raise UsageError(f"a sample of this check has no container {name}")
        for field, amounts in (("requests", wanted.requests), ("limits", wanted.limits)):
            found = amounts_of(mapping_at(container.get("resources"), field))
            if {one: amount.value for one, amount in found.items()} != {
                one: amount.value for one, amount in amounts_of(amounts).items()
            }:
                who = f"Container {name} of {manifest.title}"
                return f"{who} must be stored with {field} {_listed(amounts)}, but has {_listed(found)}."
    return ""


def _listed(amounts: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {amounts[name]}" for name in sorted(amounts)) or "none"


def _place(world: World, sample: Sample, made: Creation) -> Location | None:
    """The setting that decides, if it is in the answer; else what should decide."""
    refused = made if made.stored is None else made.pod_refused
    if refused is not None and refused.place is not None and refused.place.file != "sample":
        return refused.place
    kinds = (sample.by, QUOTA, LIMIT_RANGE) if not sample.resources else (LIMIT_RANGE, QUOTA)
    fields = {QUOTA: ("spec", "hard"), LIMIT_RANGE: ("spec", "limits")}
    for kind in kinds:
        for manifest in world.answer:
            if manifest.kind == kind:
                return manifest.where(*fields[kind])
    return world.answer[-1].where() if world.answer else None


def _effect(server: Server, manifest: Manifest, made: Creation) -> str:
    """What `kubectl create` and `kubectl describe quota` show."""
    used = server.quotas_of(manifest.namespace).standing()
    said = f"{manifest.title} is rejected" if made.message else f"{manifest.title} is created"
    if made.pods is not None:
        said += f", with {made.pods} Pods"
    return f"{said}. {'Used of quota ' + used if used else 'No quota counts it'}."


_Change = Callable[[_Object], _Object]
UNSEEN = "unseen"
"""The name of a PriorityClass that nobody names."""


def _same(data: _Object) -> _Object:
    return data


_REVERSED = " (several LimitRanges apply in any order)"


def _variants(world: World, manifests: Sequence[Manifest], every_pod: bool) -> Iterator[tuple[str, _Change]]:
    """Ways to try the samples, each with its words: as they are, with LimitRanges in another order, and
    with Pods in other scopes of the answer's quotas."""
    yield "", _same
    homes = {one.namespace for one in manifests}
    ranges = [one.namespace for one in world.find(LIMIT_RANGE) if one.namespace in homes]
    if len(set(ranges)) < len(ranges):
        yield _REVERSED, _same
    if not every_pod:
        return
    needs = [need for one in world.find(QUOTA) if one.namespace in homes for need in scopes_of(one)]
    names = {need.key for need in needs}
    if names & {"Terminating", "NotTerminating"}:
        yield " with a deadline", _setting({"activeDeadlineSeconds": 60})
    if "PriorityClass" in names:
        values = [value for need in needs if need.key == "PriorityClass" for value in need.values]
        for name in dict.fromkeys([*values, UNSEEN]):
            if name.startswith("system-"):
                continue  # its value must be set, too, and only Pods of the system have it
            yield f" with the priority class {name}", _setting({"priorityClassName": name})
    if "CrossNamespacePodAffinity" in names:
        term = {"topologyKey": "kubernetes.io/hostname", "namespaces": ["default"], "labelSelector": {}}
        preferred = [{"weight": 1, "podAffinityTerm": term}]
        affinity = {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": preferred}}
        yield " with affinity for another Namespace", _setting({"affinity": affinity})


def _scopes(world: World) -> Location | None:
    found = next((one for one in world.find(QUOTA) if scopes_of(one)), None)
    if found is None:
        return None
    return found.where("spec", "scopes" if found.get("spec", "scopes") else "scopeSelector")


def _setting(fields: Mapping[str, Any]) -> _Change:
    def change(data: _Object) -> _Object:
        path = TEMPLATE_PATHS.get(text(data.get("kind")))
        return data if path is None else _merged(data, (*path, "spec"), fields)

    return change


def _merged(data: _Object, path: Sequence[str | int], fields: Mapping[str, Any]) -> _Object:
    if not path:
        return {**data, **fields}
    step = str(path[0])
    return {**data, step: _merged(mapping(data.get(step)), path[1:], fields)}
