"""Run one live check of a card: exec, access review, sample, readiness, event, log line.

PASS and FAIL are about the learner's work. What the cluster cannot show (no node, an image that
cannot be pulled, exec not confirmed) is SKIPPED and doesn't count; `Finding.want` says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from trainer.cluster.bounded import pause
from trainer.cluster.faults import Refused
from trainer.cluster.live_spec import Access, LiveCheck
from trainer.cluster.pods import PodState, count_nodes, pod_state, pods_of
from trainer.cluster.run_command import run_command
from trainer.cluster.suffix import NO_SUFFIX, Suffix
from trainer.safe_text import one_line
from trainer.simulate.access.requests import Identity, Request, parse_identity, parse_request
from trainer.verdict import PASSED, Outcome, Reason, Status

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster

T = TypeVar("T")

Progress = Callable[[str], None]

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 4.0
"""Seconds between two polls: doubled from the first to the longest."""
_LONGEST = 300


class Finding(msgspec.Struct, frozen=True):
    """What a live check found. `want`: SKIPPED because the cluster can't show it."""

    outcome: Outcome
    want: bool = False


def run_check(
    cluster: Cluster, check: LiveCheck, *, suffix: Suffix = NO_SUFFIX, progress: Progress = lambda _: None
) -> Finding:
    """Run one check. Raises `ClusterError` if the cluster doesn't answer, `Interrupted` on cancel."""
    progress(check.says)
    return _RUNS[check.type](cluster, check, suffix, progress)


def skipped(why: str, *, want: bool) -> Finding:
    """SKIPPED for a reason, a sentence without a period."""
    return Finding(Outcome(Status.SKIPPED, (Reason(why),)), want)


def _failed(message: str, *evidence: str) -> Finding:
    return Finding(Outcome(Status.FAIL, (Reason(message),), evidence))


def _broken(message: str) -> Finding:
    return Finding(Outcome(Status.ERROR, (Reason(message),)))


def _exec(cluster: Cluster, check: LiveCheck, suffix: Suffix, progress: Progress) -> Finding:
    target = check.exec
    assert target is not None  # noqa: S101 - by the check's type
    if not cluster.gate.consent.exec:
        return skipped("running commands is not confirmed: pass --allow-exec", want=True)
    namespace = suffix.name(target.namespace)
    chosen = _running(cluster, target.pod, target.deployment, namespace, progress)
    if isinstance(chosen, Finding):
        return chosen
    ended = run_command(cluster, chosen, namespace, target.command, target.container)
    command = " ".join(target.command)
    told = one_line((ended.err or ended.out or ended.message).strip(), _LONGEST)
    evidence = f"`{command}` in Pod {namespace}/{chosen}: " + (
        f"exit code {ended.code}" if ended.code is not None else "could not be started"
    ) + (f", {told}" if told else "")  # fmt: skip
    if ended.not_found or check.outcome == "not-found":
        if check.outcome == "not-found":
            passed = ended.not_found
            return (
                Finding(PASSED)
                if passed
                else _failed(f"`{target.command[0]}` can be run; it must not exist.", evidence)
            )
        return _broken(f"not judged: the container has no program `{target.command[0]}` to test this.")
    if ended.code is None:
        return skipped(f"the command could not be started: {told or 'no reason given'}", want=True)
    if ended.succeeded != (check.outcome == "succeeds"):
        words = "works, but must fail" if ended.succeeded else "fails, but must work"
        return _failed(f"`{command}` {words}.", evidence)
    if check.contains and check.contains not in ended.out + ended.err:
        return _failed(f"The output of `{command}` doesn't contain {check.contains!r}.", evidence)
    return Finding(PASSED)


def _running(
    cluster: Cluster, pod: str, deployment: str, namespace: str, progress: Progress
) -> str | Finding:
    """The name of a Pod that can run commands, or why none can."""
    title = f"Pod {namespace}/{pod}" if pod else f"a Pod of Deployment {namespace}/{deployment}"
    nodes = count_nodes(cluster)

    def look() -> str | Finding | None:
        pods = pods_of(cluster, pod, deployment, namespace)
        states = [(one, pod_state(one, nodes=nodes)) for one in pods]
        for one, state in states:
            if state.runs:
                return str(one["metadata"]["name"])
        if not pods and (pod or cluster.get("apps/v1", "Deployment", deployment, namespace) is None):
            return _absent(title)
        final = [state for _, state in states if state.state != "starting"]
        return _not_running(title, final[0]) if final and len(final) == len(states) else None

    found: Any = poll(cluster, look, cluster.seconds, progress, f"waiting for {title}")
    if isinstance(found, str | Finding):
        return found
    pods = pods_of(cluster, pod, deployment, namespace)
    if pods:
        return _not_running(title, pod_state(pods[0], nodes=nodes))
    return _absent(title)


def _absent(title: str) -> Finding:
    return skipped(f"needs {title}, which doesn't exist in the cluster", want=False)


def _not_running(title: str, state: PodState) -> Finding:
    return skipped(f"needs {title} to run: {state.why}", want=state.state in ("stuck", "starting"))


def _ready(cluster: Cluster, check: LiveCheck, suffix: Suffix, progress: Progress) -> Finding:
    target = check.ready
    assert target is not None  # noqa: S101 - by the check's type
    namespace = suffix.name(target.namespace)
    kind, name = ("Pod", target.pod) if target.pod else ("Deployment", target.deployment)
    title = f"{kind} {namespace}/{name}"
    nodes = count_nodes(cluster)
    owner = None
    if target.deployment:
        owner = cluster.get("apps/v1", "Deployment", name, namespace)
    wanted = int(((owner or {}).get("spec") or {}).get("replicas", 1)) if target.deployment else 1
    last: list[PodState] = []

    def look() -> Finding | None:
        nonlocal last
        last = [
            pod_state(one, nodes=nodes) for one in pods_of(cluster, target.pod, target.deployment, namespace)
        ]
        if len(last) >= wanted and sum(one.state == "ready" for one in last) >= wanted:
            return Finding(PASSED)
        return next((_unready(title, one) for one in last if one.state in ("stuck", "over")), None)

    exists = (
        owner is not None or bool(pods_of(cluster, target.pod, "", namespace))
        if target.pod
        else owner is not None
    )
    if not exists:
        return _failed(f"{title} doesn't exist in the cluster.")
    if nodes == 0:
        return skipped(f"{title} cannot run: the cluster has no node", want=True)
    found = poll(cluster, look, check.within, progress, f"waiting for {title} to be ready")
    if found is not None:
        return found
    late = next((one for one in last if one.state != "ready"), None)
    if late is None:
        return skipped(f"the cluster has not created the Pods of {title} within {check.within} s", want=True)
    return _unready(title, late, within=check.within)


def _unready(title: str, state: PodState, *, within: int = 0) -> Finding:
    if state.state in ("stuck", "starting"):
        return skipped(f"{title} is not running: {state.why}", want=True)
    waited = f" after {within} s" if within else ""
    return _failed(f"{title} is not ready{waited}: {state.why}.")


def _access(cluster: Cluster, check: LiveCheck, suffix: Suffix, progress: Progress) -> Finding:
    del progress
    asked = check.access
    assert asked is not None  # noqa: S101 - by the check's type
    request = _request(asked, suffix)
    status = cluster.review(_review(request))
    allowed = status.get("allowed") is True
    if allowed == (check.outcome == "allowed"):
        return Finding(PASSED)
    why = one_line(str(status.get("reason") or ""), _LONGEST)
    answer = "allowed, but must be denied" if allowed else "denied, but must be allowed"
    return _failed(f"{request.title} is {answer}.", *([f"The authorizer says: {why}"] if why else []))


def _request(asked: Access, suffix: Suffix) -> Request:
    """The request, in the learner's namespaces."""
    who = parse_identity(asked.who, asked.groups)
    names = [suffix.subject(name) for name in (who.user, *who.groups)]
    identity = Identity(names[0], tuple(names[1:]))
    return parse_request(identity, asked.do, suffix.name(asked.namespace), asked.name)


def _review(request: Request) -> dict[str, Any]:
    attributes = {
        "verb": request.verb,
        "resource": request.resource,
        "group": request.group,
        "subresource": request.subresource,
        "namespace": request.namespace,
        "name": request.name,
    }
    about = (
        {"resourceAttributes": {key: value for key, value in attributes.items() if value}}
        if request.is_resource
        else {"nonResourceAttributes": {"verb": request.verb, "path": request.path}}
    )
    return {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"user": request.subject.user, "groups": list(request.subject.groups), **about},
    }


def _sample(cluster: Cluster, check: LiveCheck, suffix: Suffix, progress: Progress) -> Finding:
    del progress
    data = suffix.forth(check.sample or {})
    title = f"{data.get('kind')} {(data.get('metadata') or {}).get('name')}"
    try:
        cluster.create(data, dry=True)
    except Refused as error:
        if error.status not in (400, 403, 422) or 'User "' in error.said:
            raise
        said = one_line(error.said, _LONGEST)
        if check.outcome != "denied":
            return _failed(f"The API server refuses the sample {title}.", said)
        if check.contains and check.contains not in error.said:
            return _failed(
                f"The API server refuses the sample {title} for another reason than expected.", said
            )
        return Finding(PASSED)
    if check.outcome == "denied":
        return _failed(f"The API server admits the sample {title}, but must refuse it.")
    return Finding(PASSED)


def _event(cluster: Cluster, check: LiveCheck, suffix: Suffix, progress: Progress) -> Finding:
    about = check.event
    assert about is not None  # noqa: S101 - by the check's type
    namespace = suffix.name(about.namespace)
    title = f"{about.kind} {namespace}/{about.name}"

    def look() -> Finding | None:
        for one in cluster.list("v1", "Event", namespace):
            target = one.get("involvedObject") or {}
            same = target.get("kind") == about.kind and target.get("name") == about.name
            if same and about.reason in ("", one.get("reason")) and check.contains in str(one.get("message")):
                return Finding(PASSED)
        return None

    found = poll(cluster, look, check.within, progress, f"waiting for an event about {title}")
    wanted = about.reason or repr(check.contains)
    return found or _failed(f"No event {wanted} about {title} appeared within {check.within} s.")


def _log(cluster: Cluster, check: LiveCheck, suffix: Suffix, progress: Progress) -> Finding:
    target = check.log
    assert target is not None  # noqa: S101 - by the check's type
    namespace = suffix.name(target.namespace)
    chosen = _running(cluster, target.pod, target.deployment, namespace, progress)
    if isinstance(chosen, Finding):
        return chosen

    def look() -> Finding | None:
        lines = cluster.log_text(chosen, namespace, target.container).splitlines()
        return Finding(PASSED) if any(check.contains in line for line in lines) else None

    found = poll(cluster, look, check.within, progress, f"waiting for a log line of Pod {namespace}/{chosen}")
    return found or _failed(f"No log line of Pod {namespace}/{chosen} contains {check.contains!r}.")


def poll(
    cluster: Cluster, look: Callable[[], T | None], seconds: float, progress: Progress, doing: str
) -> T | None:
    """Poll until there is a result or the time is up, with longer and longer pauses; None: time is up.

    A temporarily busy server is polled again; at the end its refusal is raised.
    """
    deadline = time.monotonic() + seconds
    wait = FIRST_PAUSE
    while True:
        trouble: Refused | None = None
        try:
            found = look()
        except Refused as error:
            if not error.passing:
                raise
            trouble, found = error, None
        rest = deadline - time.monotonic()
        if found is not None:
            return found
        if rest <= 0:
            if trouble is not None:
                raise trouble
            return None
        progress(f"{doing} ({max(int(rest), 1)} s left)")
        pause(min(wait, rest), cluster.cancelled)
        wait = min(wait * 2, LONGEST_PAUSE)


_RUNS: dict[str, Callable[[Any, LiveCheck, Suffix, Progress], Finding]] = {
    "exec": _exec,
    "access": _access,
    "sample": _sample,
    "ready": _ready,
    "event": _event,
    "log": _log,
}
