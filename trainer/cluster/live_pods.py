"""The live checks of running Pods: a command in a container, readiness, a log line.

A Pod that doesn't run because of what its object says is a FAIL with the reason; one that the cluster can't
run is SKIPPED.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trainer.cluster.blame import Named
from trainer.cluster.faults import Refused
from trainer.cluster.finding import Finding, Progress, broken, failed, poll, skipped
from trainer.cluster.live_spec import ExecIn, LiveCheck, Workload
from trainer.cluster.pods import (
    DEFAULT_CONTAINER,
    PodState,
    container_names,
    container_of,
    container_state,
    node_names,
    pod_state,
    pods_of,
    refused_pods,
    warning_of,
)
from trainer.cluster.run_command import Ended, run_command
from trainer.cluster.suffix import Suffix
from trainer.safe_text import one_line
from trainer.verdict import PASSED

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster

_LONGEST = 300


def run_exec(cluster: Cluster, check: LiveCheck, suffix: Suffix, progress: Progress, named: Named) -> Finding:
    """Whether a command in a container ends as the check says."""
    target = check.exec
    assert target is not None  # noqa: S101 - by the check's type
    if not cluster.gate.consent.exec:
        return skipped("running commands is not confirmed: pass --allow-exec", want=True)
    chosen = _running(cluster, target, suffix.name(target.namespace), progress, named)
    if isinstance(chosen, Finding):
        return chosen
    pod, container = chosen
    try:
        ended = run_command(
            cluster, pod["metadata"]["name"], pod["metadata"]["namespace"], target.command, container
        )
    except Refused as error:
        return _no_exec(error, pod, container)
    return _judged(check, target, f"{pod['metadata']['namespace']}/{pod['metadata']['name']}", ended)


def _no_exec(error: Refused, pod: dict[str, Any], container: str) -> Finding:
    """What it means that the API server doesn't run a command. Raises what isn't about the Pod."""
    title = f"Pod {pod['metadata']['namespace']}/{pod['metadata']['name']}"
    if error.status == 404 or "container not found" in error.said:
        return failed(f"Container {container} of {title} doesn't run anymore.", error.said)
    if error.about_object:  # an admission policy or webhook for exec, or a Pod without a node
        return skipped(f"the API server refuses to run a command in {title}: {error.said}", want=True)
    raise error


def _judged(check: LiveCheck, target: ExecIn, where: str, ended: Ended) -> Finding:
    command = " ".join(target.command)
    told = one_line((ended.err or ended.out or ended.message).strip(), _LONGEST)
    evidence = f"`{command}` in Pod {where}: " + (
        f"exit code {ended.code}" if ended.code is not None else "could not be started"
    ) + (f", {told}" if told else "")  # fmt: skip
    if check.outcome == "not-found":
        if ended.not_found:
            return Finding(PASSED)
        return failed(f"`{target.command[0]}` can be run; it must not exist.", evidence)
    if ended.not_found:
        return broken(f"not judged: the container has no program `{target.command[0]}` to test this.")
    if ended.code is None:
        return skipped(f"the command could not be started: {told or 'no reason given'}", want=True)
    if ended.succeeded != (check.outcome == "succeeds"):
        words = "works, but must fail" if ended.succeeded else "fails, but must work"
        return failed(f"`{command}` {words}.", evidence)
    if check.contains and check.contains not in ended.out + ended.err:
        return failed(f"The output of `{command}` doesn't contain {check.contains!r}.", evidence)
    return Finding(PASSED)


def _title(target: ExecIn | Workload, namespace: str) -> str:
    if target.pod:
        return f"Pod {namespace}/{target.pod}"
    return f"Deployment {namespace}/{target.deployment}"


def _running(
    cluster: Cluster, target: ExecIn | Workload, namespace: str, progress: Progress, named: Named
) -> tuple[dict[str, Any], str] | Finding:
    """A Pod that can run commands and its container, or why no Pod can."""
    title = _title(target, namespace)
    nodes = node_names(cluster)

    def look() -> tuple[dict[str, Any], str] | Finding | None:
        pods = pods_of(cluster, target.pod, target.deployment, namespace)
        if not pods:
            return _without_pods(cluster, target, namespace, title)
        states = [(one, pod_state(one, nodes=nodes, named=named)) for one in pods]
        for one, state in states:
            if state.runs:
                return _container(one, target.container, title, named)
        final = [state for _, state in states if state.state != "starting"]
        return _not_running(title, final[0]) if len(final) == len(states) else None

    found: Any = poll(cluster, look, cluster.seconds, progress, f"waiting for {title}")
    if found is not None:
        return found  # type: ignore[no-any-return]
    pods = pods_of(cluster, target.pod, target.deployment, namespace)
    if not pods:
        return skipped(f"the cluster has not created the Pods of {title}", want=True)
    return _not_running(title, _last(cluster, pods[0], pod_state(pods[0], nodes=nodes, named=named)))


def _without_pods(cluster: Cluster, target: ExecIn | Workload, namespace: str, title: str) -> Finding | None:
    """Why there is no Pod, or None if it may come."""
    owner = cluster.get("apps/v1", "Deployment", target.deployment, namespace) if target.deployment else None
    if owner is None:
        return failed(f"{title} doesn't exist in the cluster.")
    if (owner.get("spec") or {}).get("replicas") == 0:
        return failed(f"{title} has no Pods: its replicas are 0.")
    blame = refused_pods(owner)
    if blame is None:
        return None
    return (
        failed(f"{title} is not ready: {blame.why}.")
        if blame.author
        else skipped(f"{title} is not ready: {blame.why}", want=True)
    )


def _container(
    pod: dict[str, Any], name: str, title: str, named: Named
) -> tuple[dict[str, Any], str] | Finding | None:
    """The Pod and the container that is meant, or why no command can run in it."""
    chosen = container_of(pod, name)
    if chosen is None:
        return failed(
            f"{title} has no container {name or f'of its annotation {DEFAULT_CONTAINER}'}.",
            f"Its containers: {', '.join(container_names(pod))}",
        )
    state = container_state(pod, chosen, named=named)
    if state.runs:
        return pod, chosen
    return None if state.state == "starting" else _not_running(f"Container {chosen} of {title}", state)


def _not_running(title: str, state: PodState) -> Finding:
    if state.is_authors:
        return failed(f"{title} doesn't run: {state.why}.")
    return skipped(f"needs {title} to run: {state.why}", want=True)


def _last(cluster: Cluster, pod: dict[str, Any], state: PodState) -> PodState:
    """The state of a Pod that didn't start in time, with what the cluster's warnings say about it."""
    blame = warning_of(cluster, pod) if state.state == "starting" and pod["spec"].get("nodeName") else None
    return state if blame is None else PodState("broken" if blame.author else "stuck", blame.why)


def run_ready(
    cluster: Cluster, check: LiveCheck, suffix: Suffix, progress: Progress, named: Named
) -> Finding:
    """Whether a Pod, or the Pods of a Deployment, get ready in time."""
    target = check.ready
    assert target is not None  # noqa: S101 - by the check's type
    namespace = suffix.name(target.namespace)
    title = _title(target, namespace)
    nodes = node_names(cluster)
    wanted = 1
    if target.deployment:
        owner = cluster.get("apps/v1", "Deployment", target.deployment, namespace) or {}
        wanted = int((owner.get("spec") or {}).get("replicas", 1))
    last: list[tuple[dict[str, Any], PodState]] = []

    def look() -> Finding | None:
        pods = pods_of(cluster, target.pod, target.deployment, namespace)
        last[:] = [(one, pod_state(one, nodes=nodes, named=named)) for one in pods]
        if len(last) >= wanted and sum(state.state == "ready" for _, state in last) >= wanted:
            return Finding(PASSED)
        if len(last) < wanted and (found := _without_pods(cluster, target, namespace, title)):
            return found
        return next((_unready(title, one) for _, one in last if one.state in ("stuck", "over")), None)

    if nodes is not None and not nodes:
        there = pods_of(cluster, target.pod, target.deployment, namespace)
        lost = None if there else _without_pods(cluster, target, namespace, title)
        return lost or skipped(f"{title} cannot run: the cluster has no node", want=True)
    found = poll(cluster, look, check.within, progress, f"waiting for {title} to be ready")
    if found is not None:
        return found
    late = next((one for one in last if one[1].state != "ready"), None)
    if late is None:
        return skipped(f"the cluster has not created the Pods of {title} within {check.within} s", want=True)
    return _unready(title, _last(cluster, *late), within=check.within)


def _unready(title: str, state: PodState, *, within: int = 0) -> Finding:
    if state.state in ("stuck", "starting"):
        return skipped(f"{title} is not running: {state.why}", want=True)
    waited = f" after {within} s" if within else ""
    return failed(f"{title} is not ready{waited}: {state.why}.")


def run_log(cluster: Cluster, check: LiveCheck, suffix: Suffix, progress: Progress, named: Named) -> Finding:
    """Whether a line of a container's log contains a text in time."""
    target = check.log
    assert target is not None  # noqa: S101 - by the check's type
    chosen = _running(cluster, target, suffix.name(target.namespace), progress, named)
    if isinstance(chosen, Finding):
        return chosen
    pod, container = chosen
    name, namespace = str(pod["metadata"]["name"]), str(pod["metadata"]["namespace"])

    def look() -> Finding | None:
        lines = cluster.log_text(name, namespace, container).splitlines()
        return Finding(PASSED) if any(check.contains in line for line in lines) else None

    found = poll(cluster, look, check.within, progress, f"waiting for a log line of Pod {namespace}/{name}")
    return found or failed(f"No log line of Pod {namespace}/{name} contains {check.contains!r}.")
