"""Requests that a policy about Pods isn't for: other kinds and subresources, those of its rules included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.kinds import served
from trainer.manifests.values import texts
from trainer.rules._admission.meant import UNSEEN, Probe
from trainer.rules._admission.requests import Data, Maker
from trainer.simulate.access.resources import Resource, api_resources, find_resource, may_be_custom
from trainer.simulate.admission.matching import plural
from trainer.simulate.workloads import TEMPLATE_PATHS

_ALWAYS = (
    ("", "configmaps"),
    ("", "services"),
    ("", "podtemplates"),
    ("apps", "deployments"),
    ("apps", "replicasets"),
    ("apps", "daemonsets"),
    ("apps", "statefulsets"),
    ("batch", "jobs"),
    ("unseen.example", "unseens"),
    ("", "pods/exec"),
    ("", "pods/attach"),
    ("", "pods/portforward"),
    ("", "pods/proxy"),
    ("", "pods/binding"),
    ("", "pods/eviction"),
    ("", "pods/status"),
    ("", "pods/resize"),
    ("", "pods/ephemeralcontainers"),
)
"""What is tried whatever the rules name: workloads, a custom resource, the subresources of a Pod."""


def other_targets(maker: Maker, rules: Sequence[dict[str, Any]]) -> Iterator[Probe]:
    """Requests on everything except whole Pods that the rules name, and on what is always tried.

    Nothing is wrong with the images of a Pod in them; objects of other kinds may have any image.
    """
    for group, name in dict.fromkeys((*_ALWAYS, *_named(rules))):
        resource = find_resource(name, group)
        if resource is not None and resource.group != group:
            continue
        if resource is None and may_be_custom(group) and "/" not in name:
            kind = _kind(name)
            resource = Resource(group, name, kind, True, ()) if kind else None
        if resource is None or resource.name == "pods":
            continue
        if "/" in resource.name:
            yield from _on_subresource(maker, resource)
        else:
            yield from _on_object(maker, resource)


def _named(rules: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Group and resource of all that the rules name, wildcards in the place of either spelled out."""
    for rule in rules:
        for group in texts(rule.get("apiGroups")):
            for name in texts(rule.get("resources")):
                if "*" in (group, *name.split("/")):
                    yield from _spelled_out(group, name)
                else:
                    yield group, name


def _spelled_out(group: str, name: str) -> Iterator[tuple[str, str]]:
    wanted, _, inner = name.partition("/")
    for one in api_resources():
        plain, _, subresource = one.name.partition("/")
        fits = inner in ("*", subresource) if inner else not subresource
        if group in ("*", one.group) and wanted in ("*", plain) and fits:
            yield one.group, one.name


def _kind(name: str) -> str:
    """A kind whose resource has this plural name, or an empty text."""
    stems = (name.removesuffix("ies") + "y", name.removesuffix("es"), name.removesuffix("s"), name)
    return next((stem.title() for stem in stems if plural(stem) == name), "")


def _on_object(maker: Maker, resource: Resource) -> Iterator[Probe]:
    data = _object(maker, resource)
    cluster = not resource.namespaced
    for operation, new, old in (("CREATE", data, None), ("UPDATE", data, data), ("DELETE", None, data)):
        yield Probe("another kind", maker.request(operation, new, old, cluster_scoped=cluster))


def _object(maker: Maker, resource: Resource) -> Data:
    """A whole object; one that makes Pods makes them with any image."""
    known = served(resource.kind, maker.kubernetes, resource.group)
    version = known.api_version if known else f"{resource.group}/v1"
    data: Data = {"apiVersion": version, "kind": resource.kind}
    if resource.kind == "Pod":
        return maker.right
    if resource.kind == "Namespace":
        return maker.named({**data, "metadata": {"labels": dict(maker.home.labels)}})
    if resource.kind in TEMPLATE_PATHS:
        return workload(maker, resource.kind, maker.pod("containers", [UNSEEN])["spec"])
    root = schema_for(maker.kubernetes).root(version, resource.kind)
    has_spec = root is None or "spec" in schema_for(maker.kubernetes).fields(root.name)
    return maker.named({**data, **({"spec": {}} if has_spec else {})})


def workload(maker: Maker, kind: str, spec: Data) -> Data:
    """An object of a kind that makes Pods, or a Pod, with this spec of the Pods."""
    known = served(kind, maker.kubernetes)
    version = known.api_version if known else "v1"
    if kind == "Pod":
        return maker.named({"apiVersion": version, "kind": kind, "spec": spec})
    inner: Data = {"metadata": {"labels": {"app": "a"}}, "spec": spec}
    for step in reversed(TEMPLATE_PATHS[kind]):
        inner = {str(step): inner}
    return maker.named({"apiVersion": version, "kind": kind, **inner})


def _on_subresource(maker: Maker, resource: Resource) -> Iterator[Probe]:
    """A request on a subresource: connected to, created, or a part of the object updated."""
    plain, _, subresource = resource.name.partition("/")
    parent = find_resource(plain, resource.group)
    if parent is None:
        return
    whole = _object(maker, parent)
    if resource.kind == parent.kind:
        operation, data, old = "UPDATE", whole, whole
    else:
        known = served(resource.kind, maker.kubernetes)
        version = known.api_version if known else _VERSIONS.get(resource.kind, "v1")
        operation = "CREATE" if resource.verbs == ("create",) else "UPDATE"
        operation = "CONNECT" if resource.kind.endswith("Options") else operation
        data = maker.named({"apiVersion": version, "kind": resource.kind})
        old = data if operation == "UPDATE" else {}
    cluster = not parent.namespaced
    request = maker.request(operation, data, old, cluster_scoped=cluster)
    about = maker.manifest(whole, "" if cluster else maker.home.name)
    yield Probe("a subresource", msgspec.structs.replace(request, subresource=subresource, parent=about))


_VERSIONS = {
    "Eviction": "policy/v1",
    "Scale": "autoscaling/v1",
    "TokenRequest": "authentication.k8s.io/v1",
}
"""The versions of objects that only subresources take."""
