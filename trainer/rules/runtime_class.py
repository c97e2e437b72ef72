"""Judges whether Pods run under a runtime handler: by their RuntimeClass, on nodes that have the handler.

Every Pod must name a RuntimeClass with the handler, and every node that can take the Pod must have it: on
another node, the kubelet can't create the Pod's sandbox. What the RuntimeClass adds to Pods (labels of
nodes, tolerations) counts. Free capacity of nodes isn't judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trainer.errors import NotJudged, UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.manifests.values import items_at, mapping_at, mappings
from trainer.match.evidence import not_there
from trainer.match.target import check_target, find, target_of
from trainer.picture import Fact, Picture, nothing_to_see, of_facts
from trainer.rules import Live, Reads
from trainer.rules._pods.target import AboutPods, pods_of
from trainer.simulate.scheduling.containerd import configured_handlers, reported_handlers
from trainer.simulate.scheduling.placement import misfit, takes
from trainer.simulate.scheduling.runtime_class import as_admitted, class_name
from trainer.simulate.workloads import PodTemplate
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason

READS = Reads(Live.NEVER, kinds=("Node", "RuntimeClass"))  # a cluster has other nodes than the card

_CLASS = "RuntimeClass"
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


class Params(AboutPods, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which Pods, and under which handler.

    With a RuntimeClass as `object`, the Pods are those that only name it, and nothing else about nodes.
    """

    handler: str
    """The handler, as the nodes name it: `runsc`."""
    runtime_class: str = ""
    """The name of the RuntimeClass that the Pods must use; omitted: any with the handler."""
    files: dict[str, str] = {}
    """By the name of a node, the given file with the configuration of its containerd. The other nodes have
    the handlers that the status of their Node lists."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for a short form that names no object, and for a kind that makes no Pods."""
        check_target(self.object)
        if target_of(self.object).kind != _CLASS:
            AboutPods.__post_init__(self)


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every Pod that doesn't run under the handler, and what decides that."""
    target = target_of(params.object)
    if target.kind == _CLASS:
        pods = [_any_pod(one.name) for one in find(world, target)] or not_there(world, target)
    else:
        pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return pods
    nodes = {node.name: _handlers(world, node, params.files) for node in world.find("Node")}
    if not nodes:
        raise UsageError("a check of runtime-class needs the nodes of the world")
    judged = [_judge_pod(world, params, nodes, pod) for pod in pods]
    reasons = [reason for found, _ in judged for reason in found]
    return Outcome.of(list(dict.fromkeys(reasons)), [one for _, found in judged for one in found])


def picture(world: World, params: Params) -> Picture:
    """Under which handler each Pod runs, and on which nodes it can land."""
    title = "Where Pods run, and under what"
    outcome = judge(world, params)
    is_class = target_of(params.object).kind == _CLASS
    pods = [] if is_class else pods_of(world, params)
    if isinstance(pods, Outcome):
        return nothing_to_see(title, pods)
    facts: list[Fact] = []
    nodes = world.find("Node")
    for pod in pods:
        name = class_name(pod.spec)
        named = next(iter(world.find(_CLASS, name)), None) if name else None
        handler = f"{named.get('handler')}, by RuntimeClass {name}" if named is not None else "the default"
        facts.append(Fact(f"{pod.title} runs under", handler, True, pod.where("spec", "runtimeClassName")))
        admitted = as_admitted(pod, [named] if named is not None else [])
        lands = [node.name for node in nodes if takes(node, admitted)]
        facts.append(Fact(f"{pod.title} can land on", ", ".join(lands) or "no node", None))
    for node in nodes:
        handlers = ", ".join(_handlers(world, node, params.files)) or "none"
        facts.append(Fact(f"handlers of {node.name}", handlers, None))
    return of_facts(title, facts, outcome)


_Judged = tuple[Sequence[Reason], Sequence[str]]


def _judge_pod(world: World, params: Params, nodes: Mapping[str, list[str]], pod: PodTemplate) -> _Judged:
    """The reasons and the evidence for the Pods of one workload."""
    name = class_name(pod.spec)
    if not name:
        effect = f"The containers of {pod.title} run under the default handler of their node."
        return [Reason(f"{pod.title} names no RuntimeClass.", pod.where("spec"))], [effect]
    place = pod.where("spec", "runtimeClassName")
    if params.runtime_class not in ("", name):
        message = f"{pod.title} uses RuntimeClass {name}; the task requires {params.runtime_class}."
        return [Reason(message, place)], [f"`runtimeClassName` of {pod.title} is {name}."]
    named = next(iter(world.find(_CLASS, name)), None)
    if named is None:
        message = f"RuntimeClass {name} doesn't exist."
        return [Reason(message, place)], [f"The API server refuses {_one_pod(pod)}."]
    handler = str(named.get("handler"))
    if handler != params.handler:
        message = f"RuntimeClass {name} has the handler {handler}; the task requires {params.handler}."
        effects = [f"{node} has the handlers {', '.join(has)}." for node, has in nodes.items()]
        return [Reason(message, named.where("handler"))], effects
    return _landing(world, handler, nodes, pod, named)


def _landing(
    world: World, handler: str, nodes: Mapping[str, list[str]], pod: PodTemplate, named: Manifest
) -> _Judged:
    """Whether the Pod lands, and on nodes with the handler only."""
    admitted, found = as_admitted(pod, [named]), world.find("Node")
    if (missing := misfit(admitted, found)) is not None:
        place = _scheduling_place(pod, named, str(missing.path[1]))
        return [Reason(missing.message, place)], [f"{_one_pod(pod)} stays Pending."]
    if items_at(pod.spec, "schedulingGates"):
        message = f"A scheduling gate holds {_one_pod(pod)} back."
        return [Reason(message, pod.where("spec", "schedulingGates"))], ["It stays Pending."]
    _refuse_to_guess(pod, len(found))
    without = [node.name for node in found if takes(node, admitted) and handler not in nodes[node.name]]
    if not without:
        return [], []
    message = f"{_one_pod(pod)} can also land on {without[0]}, which doesn't have the handler {handler}."
    effect = f'There it stays in ContainerCreating: no runtime for "{handler}" is configured.'
    return [Reason(message, _scheduling_place(pod, named, "nodeSelector"))], [effect]


def _one_pod(pod: PodTemplate) -> str:
    return pod.title if pod.owner.kind == "Pod" else f"A Pod of {pod.title}"


def _scheduling_place(pod: PodTemplate, named: Manifest, field: str) -> Location:
    """Where a field that decides about nodes is written: in the Pod, or in its RuntimeClass."""
    if pod.spec.get(field) or pod.spec.get("nodeName"):
        return pod.where("spec", "nodeName" if pod.spec.get("nodeName") else field)
    return named.where("scheduling", field)


def _refuse_to_guess(pod: PodTemplate, nodes: int) -> None:
    """Raises `NotJudged` for what depends on other Pods, or on storage, unless there is only one node."""
    affinity = mapping_at(pod.spec, "affinity")
    spread = mappings(pod.spec.get("topologySpreadConstraints"))
    asked = {
        "podAffinity": mapping_at(affinity, "podAffinity").get(_REQUIRED),
        "podAntiAffinity": mapping_at(affinity, "podAntiAffinity").get(_REQUIRED),
        "topologySpreadConstraints": any(
            one.get("whenUnsatisfiable") in (None, "DoNotSchedule") for one in spread
        ),
        "persistentVolumeClaim": any(
            one.get("persistentVolumeClaim") for one in mappings(pod.spec.get("volumes"))
        ),
    }
    for field, is_asked in asked.items():
        if is_asked and nodes > 1:
            raise NotJudged(f"`{field}`, which depends on other objects", pod.where("spec"))


def _handlers(world: World, node: Manifest, files: Mapping[str, str]) -> list[str]:
    path = files.get(node.name)
    if path is None:
        return reported_handlers(node)
    if path not in world.node_files:
        raise UsageError(f"the card gives no file {path}")
    return configured_handlers(world.node_files[path])


def _any_pod(name: str) -> PodTemplate:
    """A Pod that names the RuntimeClass, and nothing about nodes."""
    text = b"{apiVersion: v1, kind: Pod, metadata: {name: any, namespace: default}}"
    [pod] = manifests_of(parse(text, "probe").documents)[0]
    return PodTemplate(pod.with_data({**pod.data, "spec": {"runtimeClassName": name}}), ())
