"""Judges which Linux namespaces Pods share with their nodes, and whether their containers share processes.

A Pod has its own network, processes and shared memory unless it asks for those of the node. With users it is
the other way round: only `hostUsers: false` gives it a user namespace, in which root isn't root on the node.
"""

from __future__ import annotations

from typing import Literal

from trainer.picture import Fact, Picture, nothing_to_see, of_facts
from trainer.rules import Live, Reads
from trainer.rules._pods.target import AboutPods, pods_before, pods_of
from trainer.simulate.containers.namespaces import Namespace, host_ports, shared, shares_processes
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason

READS = Reads(Live.OBJECTS)

_WORDS = {"ipc": "IPC"}


class Params(AboutPods, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which Pods, and what they must not share."""

    own: tuple[Namespace, ...] = ()
    """Namespaces that each Pod must have of its own: `network`, `process`, `ipc`, `user`."""
    processes: Literal["separate", "shared", "any"] = "any"
    """Whether the containers of a Pod must, or must not, see each other's processes."""
    host_ports: Literal["none", "any"] = "any"
    """`none`: no container opens a port on the node. With the node's network, each of its ports is one."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for a check that asks for nothing."""
        AboutPods.__post_init__(self)
        if not self.own and self.processes == "any" and self.host_ports == "any":
            raise ValueError("a check of pod-namespaces needs own, processes or host-ports")


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every namespace that is shared, and the field that decides."""
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return pods
    reasons: list[Reason] = []
    evidence: list[str] = []
    for pod in pods:
        for namespace in params.own:
            found = shared(pod, namespace)
            if found is not None:
                message = f"{pod.title} shares the {_WORDS.get(namespace, namespace)} namespace of its node."
                reasons.append(Reason(message, pod.where(*found.path)))
                evidence.append(f"A container of {pod.title} {found.effect}.")
        if params.processes != "any" and shares_processes(pod) is not (params.processes == "shared"):
            field = "hostPID" if pod.spec.get("hostPID") is True else "shareProcessNamespace"
            see = "see" if params.processes == "separate" else "don't see"
            reasons.append(
                Reason(
                    f"The containers of {pod.title} {see} each other's processes.", pod.where("spec", field)
                )
            )
            evidence.append(f"In a container of {pod.title}, `ps` lists {_listed(params.processes)}.")
        for port, path in host_ports(pod) if params.host_ports == "none" else ():
            reasons.append(Reason(f"`{path[-1]}` opens port {port} on the node.", pod.where(*path)))
            evidence.append(f"Whoever reaches the node of {pod.title} reaches port {port}.")
    return Outcome.of(reasons, list(dict.fromkeys(evidence)))


def picture(world: World, params: Params) -> Picture:
    """Which namespaces each Pod shares with its node, and which of the node's ports it takes."""
    title = "What Pods share with their nodes"
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return nothing_to_see(title, pods)
    old = {pod.title: pod for pod in pods_before(world, params)}
    facts: list[Fact] = []
    for pod in pods:
        earlier = old.get(pod.title)
        about = "" if len(pods) == 1 else f"{pod.title}: "
        for namespace in params.own:
            found = shared(pod, namespace)
            was = shared(earlier, namespace) if earlier is not None else found
            word, before = ("the node's" if one else "its own" for one in (found, was))
            place = pod.where(*found.path) if found else None
            name = f"{about}{_WORDS.get(namespace, namespace)} namespace"
            facts.append(Fact(name, word, found is None, place, "" if word == before else before))
        if params.processes != "any":
            seen = shares_processes(pod)
            field = "hostPID" if pod.spec.get("hostPID") is True else "shareProcessNamespace"
            word, right = "all of them" if seen else "its own", seen is (params.processes == "shared")
            facts.append(
                Fact(f"{about}processes that a container sees", word, right, pod.where("spec", field))
            )
        if params.host_ports == "none":
            name = f"{about}ports of the node"
            ports = list(host_ports(pod))
            facts += [Fact(name, str(port), False, pod.where(*path)) for port, path in ports]
            facts += [] if ports else [Fact(name, "none")]
    return of_facts(title, facts, judge(world, params))


def _listed(processes: str) -> str:
    return "the processes of all of them" if processes == "separate" else "its own processes only"
