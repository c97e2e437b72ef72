"""What a small API server of our own answers to a call: paths, verbs, permissions and lists over a `Store`.

`fake_api` serves this over HTTP; `NearCluster` asks it without.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import msgspec

from tests.cluster.fake_store import GROUPS, VERBS, Refusal, Store, is_namespaced, resource_of
from trainer.simulate.access.requests import Identity, Request

VERSION = {"major": "1", "minor": "36", "gitVersion": "v1.36.2", "platform": "linux/amd64"}
ANONYMOUS = Identity("system:anonymous", ("system:unauthenticated",))


class Call(msgspec.Struct, frozen=True):
    """One call, as it arrives."""

    method: str
    path: str
    query: dict[str, str]
    sent: bytes
    user: Identity
    accept: str = ""
    content_type: str = ""


def answer_to(store: Store, call: Call) -> tuple[int, Any]:
    """The status and the body: an object, or a text. Raises `Refusal`."""
    store.tick()
    answer = _answer(store, call)
    if answer is None:
        return 404, "404 page not found\n"
    return 201 if call.method == "POST" else 200, answer


def _answer(store: Store, call: Call) -> Any:
    parts = [unquote(part) for part in call.path.strip("/").split("/")]
    if parts == ["version"]:
        return VERSION
    if parts == ["readyz"]:
        return "ok"
    if parts == ["api"]:
        return {"kind": "APIVersions", "versions": ["v1"]}
    if parts == ["apis"]:
        groups = [one.split("/") for one in GROUPS if "/" in one]
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [
            {"name": name, "versions": [{"groupVersion": f"{name}/{version}", "version": version}],
             "preferredVersion": {"groupVersion": f"{name}/{version}", "version": version}} for name, version in groups]}  # fmt: skip
    depth = 2 if parts[0] == "api" else 3
    api_version = "/".join(parts[1:depth])
    if api_version == "authorization.k8s.io/v1" and len(parts) > depth:
        return store.review(json.loads(call.sent), call.user)
    if api_version not in GROUPS:
        return None
    if len(parts) == depth:
        return _resources(api_version)
    return _objects(store, call, api_version, parts[depth:])


def _objects(store: Store, call: Call, api_version: str, rest: list[str]) -> Any:
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2:
        namespace, rest = rest[1], rest[2:]
    resource, name, sub = (*rest, "", "")[:3]
    kind = next((kind for kind, plural in GROUPS[api_version].items() if plural == resource), "")
    if not kind:
        raise Refusal(404, "NotFound", "the server could not find the requested resource", {})
    verb = {
        "GET": "get" if name else "list",
        "POST": "create",
        "PATCH": "patch",
        "PUT": "update",
        "DELETE": "delete",
    }[call.method]
    group = api_version.rpartition("/")[0]
    if not store.allows(Request(call.user, verb, resource, group, sub, namespace, name)):
        where = f' in the namespace "{namespace}"' if namespace else " at the cluster scope"
        what = f'{resource_of(api_version, kind)} "{name}"' if name else resource_of(api_version, kind)
        details = {"name": name, "kind": resource} if name else {"kind": resource}
        raise Refusal(
            403,
            "Forbidden",
            f'{what} is forbidden: User "{call.user.user}" cannot {verb} resource "{resource}" in API group "{group}"{where}',
            details,
        )
    dry = call.query.get("dryRun") == "All"
    if sub in ("log", "exec"):
        pod = store.get(api_version, kind, namespace, name)
        check_container(pod, call.query.get("container", ""))
        return "started\n" if sub == "log" else pod
    if call.method == "GET" and name:
        return store.get(api_version, kind, namespace, name)
    if call.method == "GET":
        return _list(store, call, api_version, kind, namespace)
    body = json.loads(call.sent) if call.sent else {}
    if call.method == "POST":
        return store.create(
            {"apiVersion": api_version, "kind": kind, **body, "metadata": _placed(body, namespace)},
            dry=dry,
        )
    if call.method == "PATCH":
        return store.patch(api_version, kind, namespace, name, body, call.content_type, dry=dry)
    if call.method == "DELETE":
        uid = ((body or {}).get("preconditions") or {}).get("uid") or ""
        return store.delete(api_version, kind, namespace, name, uid, dry=dry)
    raise Refusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")


def _list(store: Store, call: Call, api_version: str, kind: str, namespace: str) -> dict[str, Any]:
    query = call.query
    items = store.list(api_version, kind, namespace, query.get("labelSelector", ""))
    metadata: dict[str, Any] = {"resourceVersion": "2086"}
    start, limit = int(query.get("continue") or 0), int(query.get("limit") or 0)
    if limit and len(items) > start + limit:
        metadata["continue"] = str(start + limit)
    items = items[start : start + limit] if limit else items
    if "as=Table" in call.accept:
        rows = [
            {
                "cells": [one["metadata"]["name"]],
                "object": {
                    "kind": "PartialObjectMetadata",
                    "apiVersion": "meta.k8s.io/v1",
                    "metadata": one["metadata"],
                },
            }
            for one in items
        ]
        return {
            "kind": "Table",
            "apiVersion": "meta.k8s.io/v1",
            "metadata": metadata,
            "columnDefinitions": [{"name": "Name", "type": "string", "format": "name", "priority": 0}],
            "rows": rows,
        }
    plain = [{key: value for key, value in one.items() if key not in ("kind", "apiVersion")} for one in items]
    return {"kind": f"{kind}List", "apiVersion": api_version, "metadata": metadata, "items": plain}


def check_container(pod: dict[str, Any], name: str) -> None:
    """Which container is meant must be said unless there is only one, as for a real server; raises `Refusal`."""
    title, spec = pod["metadata"]["name"], pod["spec"]
    names = [str(one["name"]) for one in spec["containers"]]
    others = [
        str(one["name"])
        for field in ("initContainers", "ephemeralContainers")
        for one in spec.get(field) or ()
    ]
    if not name and len(names) > 1:
        why = f"a container name must be specified for pod {title}, choose one of: [{' '.join(names)}]"
        raise Refusal(400, "BadRequest", why)
    if name and name not in (*names, *others):
        raise Refusal(400, "BadRequest", f"container {name} is not valid for pod {title}")


def _placed(body: dict[str, Any], namespace: str) -> dict[str, Any]:
    metadata = dict(body.get("metadata") or {})
    if namespace:
        metadata.setdefault("namespace", namespace)
    else:
        metadata.pop("namespace", None)
    return metadata


def _resources(api_version: str) -> dict[str, Any]:
    resources = [{"name": plural, "singularName": kind.lower(), "namespaced": is_namespaced(api_version, kind), "kind": kind, "verbs": VERBS}
                 for kind, plural in GROUPS[api_version].items()]  # fmt: skip
    head = {"kind": "APIResourceList"} | ({"apiVersion": "v1"} if "/" in api_version else {})
    return {**head, "groupVersion": api_version, "resources": resources}
