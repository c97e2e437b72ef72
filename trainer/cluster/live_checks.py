"""Run one live check of a card: exec, access review, sample, readiness, event, log line.

PASS and FAIL are about the learner's work: also a Pod that doesn't run because of what its object says, and
a container that is missing. What the cluster cannot show (no node, an image that cannot be pulled, exec not
confirmed) is SKIPPED and doesn't count; `Finding.want` says so. A cluster that doesn't answer raises
`ClusterError`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from trainer.cluster.blame import Named
from trainer.cluster.faults import Refused
from trainer.cluster.finding import Finding, Progress, failed, poll
from trainer.cluster.live_pods import run_exec, run_log, run_ready
from trainer.cluster.live_spec import Access, LiveCheck
from trainer.cluster.suffix import NO_SUFFIX, Suffix
from trainer.safe_text import one_line
from trainer.simulate.access.requests import Identity, Request, parse_identity, parse_request
from trainer.verdict import PASSED

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster

_LONGEST = 300


def _anything(_: str) -> bool:
    return True


def run_check(
    cluster: Cluster,
    check: LiveCheck,
    *,
    suffix: Suffix = NO_SUFFIX,
    progress: Progress = lambda _: None,
    named: Named = _anything,
) -> Finding:
    """Run one check. `named` says which images the card itself names.

    Raises `ClusterError` if the cluster doesn't answer, `Interrupted` on cancel.
    """
    progress(check.says)
    return _RUNS[check.type](cluster, check, suffix, progress, named)


def _access(cluster: Cluster, check: LiveCheck, suffix: Suffix, progress: Progress, named: Named) -> Finding:
    del progress, named
    asked = check.access
    assert asked is not None  # noqa: S101 - by the check's type
    request = _request(asked, suffix)
    status = cluster.review(_review(request))
    allowed = status.get("allowed") is True
    if allowed == (check.outcome == "allowed"):
        return Finding(PASSED)
    why = one_line(str(status.get("reason") or ""), _LONGEST)
    answer = "allowed, but must be denied" if allowed else "denied, but must be allowed"
    return failed(f"{request.title} is {answer}.", *([f"The authorizer says: {why}"] if why else []))


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


def _sample(cluster: Cluster, check: LiveCheck, suffix: Suffix, progress: Progress, named: Named) -> Finding:
    del progress, named
    data = suffix.forth(check.sample or {})
    title = f"{data.get('kind')} {(data.get('metadata') or {}).get('name')}"
    try:
        cluster.create(data, dry=True)
    except Refused as error:
        if not error.about_object or error.status == 404:  # its Namespace is missing
            raise
        said = one_line(error.said, _LONGEST)
        if check.outcome != "denied":
            return failed(f"The API server refuses the sample {title}.", said)
        if check.contains and check.contains not in error.said:
            return failed(
                f"The API server refuses the sample {title} for another reason than expected.", said
            )
        return Finding(PASSED)
    if check.outcome == "denied":
        return failed(f"The API server admits the sample {title}, but must refuse it.")
    return Finding(PASSED)


def _event(cluster: Cluster, check: LiveCheck, suffix: Suffix, progress: Progress, named: Named) -> Finding:
    del named
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
    return found or failed(f"No event {wanted} about {title} appeared within {check.within} s.")


_RUNS: dict[str, Callable[[Any, LiveCheck, Suffix, Progress, Named], Finding]] = {
    "exec": run_exec,
    "access": _access,
    "sample": _sample,
    "ready": run_ready,
    "event": _event,
    "log": run_log,
}
