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
from trainer.rules import Live, Reads
from trainer.rules._node.blame import Wrong, outcome
from trainer.rules._node.script import Script, script_of
from trainer.rules._node.wanted import PackageWanted, packages
from trainer.simulate.node.kubectl import control_plane
from trainer.simulate.node.run import Run
from trainer.simulate.node.versions import version_of
from trainer.simulate.world import World
from trainer.verdict import Outcome

READS = Reads(Live.NEVER)


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
