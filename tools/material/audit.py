"""Audit logs as kube-apiserver writes them: one `audit.k8s.io/v1` Event of level Metadata on each line.

The fields are those of https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ (v1.35), filled in
as k8s.io/apiserver does it: each request has the decision of the authorizer and its reason, a failure has
the message of its status, and a create has a name only once its object was read (`LogRequestObject` in
pkg/audit/request.go), so not when the authorizer refused it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import msgspec

START = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
"""When every log begins."""
ACCOUNT = "system:serviceaccount:"


class Request(msgspec.Struct, frozen=True):
    """One request: when (seconds after the start), who, what, and how it ended."""

    at: float
    user: str
    verb: str
    resource: str
    """With its subresource, if any: `pods/exec`."""
    namespace: str = ""
    name: str = ""
    ip: str = "10.0.0.11"
    code: int = 200
    group: str = ""
    agent: str = "kubectl/v1.35.1 (linux/amd64) kubernetes/3f7a2c1"
    as_user: str = ""
    """The user that the request impersonates."""
    quota: bool = False
    """With code 403: that a ResourceQuota refused what the authorizer had allowed."""

    @property
    def forbidden(self) -> bool:
        """Whether the authorizer refused it."""
        return self.code == 403 and not self.quota


def log(seed: str, requests: Iterable[Request]) -> str:
    """The log of these requests, in the order of time."""
    rng = Random(seed)  # noqa: S311 - made to be repeatable
    ordered = sorted(requests, key=lambda one: one.at)
    return "".join(f"{json.dumps(_event(rng, one), separators=(',', ':'))}\n" for one in ordered)


def _event(rng: Random, one: Request) -> dict[str, Any]:
    resource, _, sub = one.resource.partition("/")
    begun = START + timedelta(seconds=one.at, microseconds=rng.randrange(900_000))
    unread = one.verb == "create" and not sub and one.forbidden
    name = "" if unread else one.name
    reference = {"resource": resource, "namespace": one.namespace, "name": name, "apiGroup": one.group}
    reference |= {"apiVersion": "v1", "subresource": sub}
    event = {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": "Metadata",
        "auditID": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "stage": "ResponseComplete",
        "requestURI": _address(one, resource, sub),
        "verb": one.verb,
        "user": {"username": one.user, "groups": _groups(one.user)},
        "impersonatedUser": {"username": one.as_user, "groups": _groups(one.as_user)}
        if one.as_user
        else None,
        "sourceIPs": [one.ip],
        "userAgent": one.agent,
        "objectRef": {key: value for key, value in reference.items() if value},
        "responseStatus": _status(one, resource, name),
        "requestReceivedTimestamp": _stamp(begun),
        "stageTimestamp": _stamp(begun + timedelta(microseconds=rng.randrange(1500, 9000))),
        "annotations": {
            "authorization.k8s.io/decision": "forbid" if one.forbidden else "allow",
            "authorization.k8s.io/reason": "" if one.forbidden else _reason(one),
        },
    }
    return {key: value for key, value in event.items() if value is not None}


def _status(one: Request, resource: str, name: str) -> dict[str, Any]:
    if one.code < 400:
        return {"metadata": {}, "code": one.code}
    what = f"{resource}.{one.group}" if one.group else resource
    named = f'{what} "{name}"' if name else what
    place = f'in the namespace "{one.namespace}"' if one.namespace else "at the cluster scope"
    message = f'{named} is forbidden: User "{one.user}" cannot {one.verb} resource "{one.resource}"'
    message += f' in API group "{one.group}" {place}'
    if one.quota:
        count = f"count/{what}"
        message = f"{named} is forbidden: exceeded quota: objects, requested: {count}=1, used: {count}=0"
        message += f", limited: {count}=0"
    if one.code == 404:
        message = f"{named} not found"
    about = {"name": name, "group": one.group, "kind": resource}
    return {
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": {403: "Forbidden", 404: "NotFound"}[one.code],
        "details": {key: value for key, value in about.items() if value},
        "code": one.code,
    }


def _reason(one: Request) -> str:
    """Why RBAC allows a request; the authorizer of nodes gives no reason."""
    if one.user.startswith("system:node:"):
        return ""
    if one.user.startswith(ACCOUNT):
        space, name = one.user.removeprefix(ACCOUNT).split(":")
        subject = f'ServiceAccount "{name}/{space}"'
    else:
        name = one.user.removeprefix("system:")
        subject = f'User "{one.user}"'
    if one.namespace and not one.user.startswith("system:kube-"):
        return f'RBAC: allowed by RoleBinding "{name}/{one.namespace}" of Role "{name}" to {subject}'
    return f'RBAC: allowed by ClusterRoleBinding "{name}" of ClusterRole "{name}" to {subject}'


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _groups(user: str) -> list[str]:
    if user.startswith(ACCOUNT):
        namespace = user.split(":")[2]
        return ["system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated"]
    if user.startswith("system:node:"):
        return ["system:nodes", "system:authenticated"]
    return ["system:authenticated"] if user.startswith("system:") else ["developers", "system:authenticated"]


def _address(one: Request, resource: str, sub: str) -> str:
    root = f"/apis/{one.group}/v1" if one.group else "/api/v1"
    place = f"/namespaces/{one.namespace}" if one.namespace else ""
    # A new object has its name in the body.
    name = f"/{one.name}" if one.name and (sub or one.verb != "create") else ""
    query = "?watch=true" if one.verb == "watch" else "?limit=500" if one.verb == "list" else ""
    return f"{root}{place}/{resource}{name}{f'/{sub}' if sub else ''}{query}"


_NODES = ("node01", "node02", "node03")


def everyday(
    seed: str, count: int, seconds: int, namespaces: tuple[str, ...], users: tuple[str, ...]
) -> list[Request]:
    """What happens in every cluster all day, within so many seconds: controllers, kubelets, and people who
    look at Pods. No request is about Secrets."""
    rng = Random(f"everyday {seed}")  # noqa: S311 - made to be repeatable
    return [
        _usual(rng, rng.uniform(0, seconds), rng.choice(namespaces), rng.choice(users)) for _ in range(count)
    ]


def _usual(rng: Random, at: float, namespace: str, user: str) -> Request:
    node = rng.choice(_NODES)
    pod = f"{rng.choice(('web', 'api', 'worker', 'cache'))}-{rng.getrandbits(32):08x}"
    kubelet = partial(Request, at, f"system:node:{node}", ip=f"10.0.0.2{node[-1]}", agent="kubelet/v1.35.1")
    manager = partial(Request, at, "system:kube-controller-manager", ip="10.0.0.10", agent="manager/v1.35.1")
    person = partial(Request, at, user, ip=f"10.0.8.{20 + len(user)}")
    resolver = partial(Request, at, f"{ACCOUNT}kube-system:coredns", ip="10.244.0.5", agent="coredns/1.12")
    app = partial(Request, at, f"{ACCOUNT}{namespace}:default", ip="10.244.1.9", agent="app/1.0")
    choices = [
        kubelet("update", "leases", "kube-node-lease", node, group="coordination.k8s.io"),
        kubelet("patch", "pods/status", namespace, pod),
        kubelet("get", "configmaps", namespace, "settings"),
        manager("update", "leases", "kube-system", "kube-controller-manager", group="coordination.k8s.io"),
        resolver("list", "endpointslices", group="discovery.k8s.io"),
        person("list", "pods", namespace),
        person("get", "deployments", namespace, pod.partition("-")[0], group="apps"),
        person("get", "pods/log", namespace, pod),
        app("watch", "configmaps", namespace, code=403),
    ]
    return rng.choice(choices)
