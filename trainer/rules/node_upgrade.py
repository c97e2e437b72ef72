"""Whether a script upgrades the nodes of a cluster as kubeadm's documentation requires.

Follows https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-upgrade/,
https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/upgrading-linux-nodes/ and
https://kubernetes.io/releases/version-skew-policy/, v1.35: at no moment is a kubelet newer than the API
server, and a kubelet changes its minor version only on a node from which all Pods were drained.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from trainer.errors import UsageError
from trainer.picture import Fact, Picture, nothing_to_see, of_facts
from trainer.rules import Live, Reads
from trainer.rules._node.blame import Wrong, outcome, place_of
from trainer.rules._node.script import Script, script_of
from trainer.rules._node.wanted import PackageWanted, packages
from trainer.simulate.node.kubectl import control_plane
from trainer.simulate.node.run import Run
from trainer.simulate.node.versions import version_of
from trainer.simulate.world import World
from trainer.verdict import Outcome

READS = Reads(Live.NEVER)


_STEPS = {"skew": "no kubelet was ever newer than the API server", "drain": "drained before each upgrade"}
_ABOUT = {"skew": ("kubeadm upgrade apply",), "drain": ("kubectl drain",)}
"""The commands whose failure may be why something happens on the way."""


class NodeWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a node must be."""

    kubelet: str = ""
    """The version of the running kubelet: `v1.35.1`."""
    configured: str = ""
    """The version for which kubeadm wrote the kubelet's configuration."""
    scheduling: bool | None = None
    """Whether the scheduler must be able to place Pods on it."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be true of the cluster after the script, and on the way."""

    version: str = ""
    """The version of the control plane."""
    nodes: dict[str, NodeWanted] = {}
    """Nodes by name."""
    steps: tuple[Literal["skew", "drain"], ...] = ()
    """What must hold all the time. `skew`: no kubelet is newer than the API server. `drain`: no kubelet
    changes its minor version while its node runs Pods that a drain would remove."""
    host: str = ""
    """The node of `packages`; omitted: the one on which the script runs."""
    packages: dict[str, str] = {}
    """Packages of this node that must have these versions."""
    pods: Literal["", "running"] = ""
    """`running`: every Pod still exists and runs."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with the line of the script that decides, or where something is missing."""
    script = script_of(world)
    if isinstance(script, Outcome):
        return script
    unknown = next((name for name in params.nodes if name not in script.given.hosts), "")
    if unknown:
        raise UsageError(f"the card declares no node {unknown}")
    return outcome(script, list(_wrong(script, script.run(), params)))


def picture(world: World, params: Params) -> Picture:
    """The versions of the cluster and of each node after the script, and what happened on the way."""
    script = script_of(world)
    if isinstance(script, Outcome):
        return nothing_to_see("The upgrade", script, "not run")
    run = script.run()
    wrongs = list(_wrong(script, run, params))
    bad = {_row(script, one): one for one in reversed(wrongs)}
    facts: list[Fact] = []

    def fact(head: str, key: tuple[str, str], now: str, was: str, *, is_asked: bool) -> None:
        wrong = bad.pop(key, None)
        place = place_of(script, wrong) if wrong is not None else None
        right = False if wrong is not None else True if is_asked else None
        if right is None and was == now:
            return
        facts.append(Fact(head, now, right, place, "" if was == now else was))

    before, after = run.before, run.after
    fact(
        "control plane",
        ("", "*cluster version"),
        after.version,
        before.version,
        is_asked=bool(params.version),
    )
    for name in script.given.hosts:
        host, old = after.hosts[name], before.hosts[name]
        want = params.nodes.get(name, NodeWanted())
        fact(f"kubelet of {name}", (name, "kubelet"), host.kubelet, old.kubelet, is_asked=bool(want.kubelet))
        if want.configured:
            key = (name, "kubelet-configuration")
            fact(f"kubelet's file of {name}", key, host.configured, old.configured, is_asked=True)
        state, earlier = ("takes no new Pods" if one.cordoned else "takes new Pods" for one in (host, old))
        fact(name, (name, "scheduling"), state, earlier, is_asked=want.scheduling is not None)
    first = next(iter(script.given.hosts))
    for name, version in params.packages.items():
        where = params.host or first
        one, old_one = (cluster.hosts[where].packages.get(name) for cluster in (after, before))
        now, was = (package.version if package is not None else "none" for package in (one, old_one))
        fact(f"package {name} of {where}", (where, f"package {name}"), now, was, is_asked=bool(version))
    kept = {step: not any(one.keys == (f"event {step}",) for one in wrongs) for step in params.steps}
    facts += [Fact(_STEPS[step], "yes") for step, held in kept.items() if held]
    if params.pods == "running" and not any(key.startswith("*pod ") for _, key in bad):
        facts.append(Fact("every Pod still runs", "yes"))
    facts += [Fact(one.message, "wrong", False, place_of(script, one)) for one in bad.values()]
    return of_facts("The upgrade", facts, Outcome.of([]))


def _row(script: Script, wrong: Wrong) -> tuple[str, str]:
    """The fact that a fault is about: its node (empty for the cluster) and its name."""
    key = wrong.keys[0]
    return (wrong.host if wrong.host in script.given.hosts and not key.startswith("*") else "", key)


def _wrong(script: Script, run: Run, params: Params) -> Iterator[Wrong]:
    first = next(iter(script.given.hosts))
    cluster = run.after
    if params.version and cluster.version != params.version:
        message = f"The control plane has version {cluster.version}, not {params.version}."
        words = ("kubeadm upgrade apply",)
        yield Wrong(message, ("*cluster version",), "kubectl version", "Server", words, first)
    for name, want in params.nodes.items():
        yield from _node(run, name, want, control_plane(run.after))
    host = params.host or first
    wanted_packages = {name: PackageWanted(version=version) for name, version in params.packages.items()}
    for wrong in packages(cluster.hosts[host], wanted_packages):
        yield msgspec.structs.replace(wrong, host=host)
    for event in run.events:
        if event.kind in params.steps:
            rule = {
                "skew": "A kubelet must never be newer than the API server.",
                "drain": "Drain a node before its kubelet changes to another minor version.",
            }[event.kind]
            keys, words = (f"event {event.kind}",), _ABOUT[event.kind]
            yield Wrong(rule, keys, "", "", words, event.host, line=event.line, proof=event.text)
    if params.pods == "running":
        yield from _pods(run)


def _node(run: Run, name: str, want: NodeWanted, shown_by: str) -> Iterator[Wrong]:
    host = run.after.hosts[name]
    command = f"kubectl get node {name}"
    if want.kubelet and host.kubelet != want.kubelet:
        message = f"The kubelet of {name} runs {host.kubelet}, not {want.kubelet}."
        if version_of(host.packages["kubelet"].version) == want.kubelet:
            message += f" Its package has version {host.packages['kubelet'].version}: restart the kubelet."
        yield Wrong(message, ("kubelet",), command, name, ("kubelet",), name, shown_by=shown_by)
    if want.configured and host.configured != want.configured:
        message = f"kubeadm has written the configuration of the kubelet of {name} for {host.configured}."
        words = ("kubeadm upgrade",)
        yield Wrong(message, ("kubelet-configuration",), "kubeadm version -o short", "", words, name)
    if want.scheduling is not None and host.cordoned is want.scheduling:
        state = "takes no new Pods" if host.cordoned else "takes new Pods"
        yield Wrong(f"{name} {state}.", ("scheduling",), command, name, ("cordon",), name, shown_by=shown_by)


def _pods(run: Run) -> Iterator[Wrong]:
    there = {f"{pod.namespace}/{pod.name}": pod for pod in run.after.pods}
    for pod in run.before.pods:
        title = f"{pod.namespace}/{pod.name}"
        now = there.get(title)
        if now is not None and now.node:
            continue
        state = (
            "is gone: it has no controller that makes it again" if now is None else "waits: no node takes it"
        )
        keys = (f"*pod {title}",)
        yield Wrong(
            f"Pod {title} {state}.",
            keys,
            "kubectl get pods -A",
            pod.name,
            ("drain",),
            control_plane(run.after),
        )
