"""`kubectl drain`, `cordon`, `uncordon`, `get nodes`, `get pods` and `version`, as far as an upgrade needs
them.

Follows https://kubernetes.io/docs/reference/kubectl/generated/kubectl_drain/, v1.35: the node is cordoned
first; Pods of a DaemonSet, with an emptyDir volume, or without a controller stop the whole drain unless an
option for them is set; mirror Pods stay. An evicted Pod of a controller comes back on another node that takes
Pods.
"""

from __future__ import annotations

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.node.given import PodGiven
from trainer.simulate.node.system import Cluster, Host
from trainer.simulate.node.versions import version_of
from trainer.simulate.shell.process import Call, Ran

_DRAIN = {"--ignore-daemonsets", "--delete-emptydir-data", "--force"}
_VALUED = (
    "--grace-period",
    "--timeout",
    "--kubeconfig",
    "-n",
    "--namespace",
    "-o",
    "--output",
    "--request-timeout",
    "--context",
    "--for",
)
PENDING = ""
"""The node of a Pod that no node takes."""


def kubectl(cluster: Cluster, host: Host, call: Call) -> Ran:
    """`kubectl`. Only a control plane node has a kubeconfig file here."""
    package = host.packages.get("kubectl")
    if package is None or not package.version:
        return Ran(127, "kubectl: command not found")
    flags, words = _split(call)
    if words[:1] == ["version"] and "--client" in flags:
        return Ran(0, "", f"Client Version: {version_of(package.version)}\n")
    if not host.control_plane:
        return Ran(
            1, "The connection to the server localhost:8080 was refused: this node has no kubeconfig file"
        )
    match words:
        case ["version"]:
            return Ran(
                0, "", f"Client Version: {version_of(package.version)}\nServer Version: {cluster.version}\n"
            )
        case ["get", "nodes" | "node" | "no", *names]:
            return _nodes(cluster, names, flags)
        case ["get", "pods" | "pod" | "po", *names]:
            return _pods(cluster, names, flags)
        case ["delete", "pods" | "pod" | "po", *names]:
            return _delete(cluster, names, flags)
        case ["wait", *names] if flags.get("--for") == "condition=Ready" and names:
            return _wait(cluster, names)
        case ["cordon" | "uncordon", *names]:
            return _cordon(cluster, names, on=words[0] == "cordon", flags=flags)
        case ["drain", *names]:
            return _drain(cluster, names, flags)
    raise NotJudged(f"kubectl {' '.join(call.args)}".strip())


def _split(call: Call) -> tuple[dict[str, str], list[str]]:
    """Options with their values, and operands."""
    flags: dict[str, str] = {}
    words: list[str] = []
    rest = list(call.args)
    while rest:
        arg = rest.pop(0)
        name, equals, value = arg.partition("=")
        if not arg.startswith("-"):
            words.append(arg)
        elif name in _VALUED and not equals and rest:
            flags[name] = rest.pop(0)
        else:
            flags[name] = value or "true"
    return flags, words


def _missing(cluster: Cluster, names: list[str]) -> Ran | None:
    unknown = next((name for name in names if name not in cluster.hosts), "")
    if unknown:
        return Ran(1, f'Error from server (NotFound): nodes "{unknown}" not found')
    return None if names else Ran(1, "error: you must name a node")


def _cordon(cluster: Cluster, names: list[str], *, on: bool, flags: dict[str, str]) -> Ran:
    names = [name.removeprefix("node/") for name in names]
    if unknown := [flag for flag in flags if flag != "--kubeconfig"]:
        raise NotJudged(f"kubectl cordon {unknown[0]}")
    if (trouble := _missing(cluster, names)) is not None:
        return trouble
    for name in names:
        cluster.hosts[name].cordoned = on
    schedule(cluster)
    word = "cordoned" if on else "uncordoned"
    return Ran(0, "", "".join(f"node/{name} {word}\n" for name in names))


def schedule(cluster: Cluster) -> None:
    """Place Pods that wait for a node."""
    target = next(
        (one.name for one in cluster.hosts.values() if not one.cordoned and not one.control_plane), PENDING
    )
    for index, pod in enumerate(cluster.pods):
        if pod.node == PENDING:
            cluster.pods[index] = msgspec.structs.replace(pod, node=target)


def evictable(cluster: Cluster, name: str) -> list[PodGiven]:
    """The Pods on a node that a drain has to remove: neither mirror Pods nor those of a DaemonSet."""
    return [pod for pod in cluster.pods if pod.node == name and pod.owner not in ("DaemonSet", "Node")]


def _drain(cluster: Cluster, names: list[str], flags: dict[str, str]) -> Ran:
    names = [name.removeprefix("node/") for name in names]
    known = {*_DRAIN, "--grace-period", "--timeout", "--kubeconfig", "--dry-run"}
    known |= {"--disable-eviction", "--skip-wait-for-delete-timeout"}
    if unknown := [flag for flag in flags if flag not in known]:
        raise NotJudged(f"kubectl drain {unknown[0]}")
    if (trouble := _missing(cluster, names)) is not None:
        return trouble
    if "--dry-run" in flags:
        return Ran(0, "", None)
    on = {flag for flag in _DRAIN if flags.get(flag, "false") != "false"}
    for name in names:
        cluster.hosts[name].cordoned = True
    for name in names:
        if refusal := _refusal(cluster, name, on):
            return Ran(1, f'error: unable to drain node "{name}": {refusal}')
        for pod in evictable(cluster, name):
            _evict(cluster, pod)
    schedule(cluster)
    return Ran(0, "", "".join(f"node/{name} drained\n" for name in names))


def _refusal(cluster: Cluster, name: str, on: set[str]) -> str:
    pods = [pod for pod in cluster.pods if pod.node == name]
    for pod in pods:
        title = f"{pod.namespace}/{pod.name}"
        if pod.owner == "DaemonSet" and "--ignore-daemonsets" not in on:
            return f"cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): {title}"
        if pod.owner == "" and "--force" not in on:
            return f"cannot delete Pods that declare no controller (use --force to override): {title}"
        if pod.empty_dir and pod.owner not in ("DaemonSet", "Node") and "--delete-emptydir-data" not in on:
            return f"cannot delete Pods with local storage (use --delete-emptydir-data to override): {title}"
    return ""


def _evict(cluster: Cluster, pod: PodGiven) -> None:
    place = cluster.pods.index(pod)
    if pod.owner:
        cluster.pods[place] = msgspec.structs.replace(pod, node=PENDING)
    else:
        del cluster.pods[place]
        cluster.lost.append(f"{pod.namespace}/{pod.name}")


def _delete(cluster: Cluster, names: list[str], flags: dict[str, str]) -> Ran:
    """`kubectl delete pods`: their controllers make them again, where the scheduler finds a place."""
    free = {"--grace-period", "--timeout", "--kubeconfig", "--force", "--now", "--wait", "--ignore-not-found"}
    everywhere = bool({"-A", "--all-namespaces"} & set(flags))
    if unknown := set(flags) - free - {"-A", "--all-namespaces", "--all", "-n", "--namespace"}:
        raise NotJudged(f"kubectl delete pods {min(unknown)}")
    if bool(names) is ("--all" in flags) or (names and everywhere):
        return Ran(1, "error: resource(s) were provided, but no name was specified")
    space = flags.get("-n", flags.get("--namespace", "default"))
    there = [one for one in cluster.pods if everywhere or one.namespace == space]
    chosen = [one for one in there if not names or one.name in names]
    missing = next((name for name in names if name not in {one.name for one in chosen}), "")
    for pod in chosen:
        if pod.owner in ("DaemonSet", "Node"):
            continue  # it is on the same node again
        _evict(cluster, pod)
    schedule(cluster)
    if missing and "--ignore-not-found" not in flags:
        return Ran(1, f'Error from server (NotFound): pods "{missing}" not found')
    return Ran(0, "", "".join(f'pod "{one.name}" deleted\n' for one in chosen))


def _nodes(cluster: Cluster, names: list[str], flags: dict[str, str]) -> Ran:
    if set(flags) - {"-o", "--output", "--kubeconfig", "--no-headers"}:
        raise NotJudged("this form of kubectl get nodes")
    if names and (trouble := _missing(cluster, names)) is not None:
        return trouble
    if flags.get("-o", flags.get("--output", "wide")) != "wide":
        return Ran(0, "", None)
    lines = [] if "--no-headers" in flags else [f"{'NAME':<14} {'STATUS':<26} {'ROLES':<15} VERSION"]
    lines += [node_line(cluster.hosts[name]) for name in names or cluster.hosts]
    return Ran(0, "", "".join(f"{line}\n" for line in lines))


def _wait(cluster: Cluster, names: list[str]) -> Ran:
    """`kubectl wait --for=condition=Ready node/NAME`: a running kubelet makes its node ready."""
    words = [name.removeprefix("node/") for name in names if name not in ("node", "nodes")]
    if (trouble := _missing(cluster, words)) is not None:
        return trouble
    late = next((name for name in words if "NotReady" in node_line(cluster.hosts[name])), "")
    return Ran(int(bool(late)), f"error: timed out waiting for the condition on nodes/{late}" if late else "")


def control_plane(cluster: Cluster) -> str:
    """The node on which kubectl works."""
    return next(
        (host.name for host in cluster.hosts.values() if host.control_plane), next(iter(cluster.hosts))
    )


def node_line(host: Host) -> str:
    """A node's line in `kubectl get nodes`."""
    ready = "Ready" if host.kubelet and host.units["kubelet.service"].active else "NotReady"
    state = f"{ready},SchedulingDisabled" if host.cordoned else ready
    role = "control-plane" if host.control_plane else "<none>"
    return f"{host.name:<14} {state:<26} {role:<15} {host.kubelet}"


def _pod_line(pod: PodGiven) -> str:
    state = "Running" if pod.node else "Pending"
    return f"{pod.namespace:<12} {pod.name:<28} {state:<8} {pod.node or '<none>'}"


def _pods(cluster: Cluster, names: list[str], flags: dict[str, str]) -> Ran:
    everywhere = bool({"-A", "--all-namespaces"} & set(flags))
    if (
        names
        or set(flags) - {"-A", "--all-namespaces", "-o", "-n", "--namespace"}
        or flags.get("-o", "wide") != "wide"
    ):
        raise NotJudged("this form of kubectl get pods")
    space = flags.get("-n", flags.get("--namespace", "default"))
    lines = [f"{'NAMESPACE':<12} {'NAME':<28} {'STATUS':<8} NODE"]
    lines += [_pod_line(pod) for pod in cluster.pods if everywhere or pod.namespace == space]
    return Ran(0, "", "".join(f"{line}\n" for line in lines))
