"""What a policy about the images of Pods is meant to do, and the requests that tell whether it does.

A universal sentence ("every Pod", "nothing else") isn't judged by the samples of a card alone: the answer's
own words name what it could treat otherwise, and to these come what nobody names, one of each kind.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from trainer.manifests.defaults import with_defaults
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.manifests.schema.check import check_schema
from trainer.manifests.values import mapping, mappings, texts
from trainer.simulate.access.requests import Identity, service_account
from trainer.simulate.admission.matching import AdmissionRequest
from trainer.simulate.admission.mentions import EACH, Mention, values_of
from trainer.versions import Version

UNSEEN = "unseen.example/app"
"""An image of a registry that nobody names."""
MOST_IMAGES = 40
MOST_COPIES = 20
_POD_FIELDS = ("containers", "initContainers")


class Place(msgspec.Struct, frozen=True):
    """A Namespace by its name and labels."""

    name: str
    labels: Mapping[str, str]


class Meant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A policy about images: which Pods, where."""

    images: tuple[str, ...]
    """Every image of a Pod must begin with one of these: `registry.example/`."""
    namespace_labels: dict[str, str] = {}
    """The policy is for Namespaces with these labels; without them for all."""
    containers: tuple[str, ...] = _POD_FIELDS
    """The lists of a Pod in which this check puts wrong images: `containers`, `initContainers`."""

    def covers(self, place: Place) -> bool:
        """Whether the policy is for this Namespace."""
        return self.namespace_labels.items() <= place.labels.items()


class Probe(msgspec.Struct, frozen=True, eq=False):
    """A request, and what is special about it: only the first failing request of a sort is reported."""

    sort: str
    request: AdmissionRequest
    about: str = ""
    """For the learner: `asked by user jane`."""


class Probes:
    """The requests for one answer."""

    def __init__(
        self,
        meant: Meant,
        found: Sequence[Mention],
        selectors: Sequence[Mapping[str, Any]],
        known: Sequence[Place],
        kubernetes: Version,
    ) -> None:
        self.meant = meant
        self.found = found
        self.selectors = selectors
        self.kubernetes = kubernetes
        self.home = next((one for one in known if meant.covers(one)), Place("probe", meant.namespace_labels))
        self.good = meant.images[0] + "app"

    def denied(self) -> Iterator[Probe]:
        """Requests that must be denied: a wrong image in one of the lists, whatever else is so."""
        for field in self.meant.containers:
            sort = "an image of another registry"
            for image in self.wrong_images():
                yield self.probe(sort, "CREATE", self.pod(field, [image]), None, f"image {image}")
            for images in ([UNSEEN], [self.good, UNSEEN], [UNSEEN, self.good]):
                yield from self.both(sort, self.pod(field, images), f"images {', '.join(images)}")
            yield from self.variants(self.pod(field, [UNSEEN]))

    def admitted(self) -> Iterator[Probe]:
        """Requests within the policy's Namespaces that must be admitted: right images only."""
        for image in self.right_images():
            for field in _POD_FIELDS:
                yield from self.both("an image of the registry", self.pod(field, [image]), f"image {image}")
        yield from self.variants(self.pod("initContainers", [self.good, self.good]))

    def untouched(self) -> Iterator[Probe]:
        """Requests that the policy isn't for: other Namespaces, operations, subresources, kinds."""
        bad = self.pod("containers", [UNSEEN])
        for place in self.places(inside=False):
            yield from self.both("another Namespace", bad, _labeled(place), place=place)
        for pod in (bad, self.pod("containers", [self.good])):
            yield self.probe("a deletion", "DELETE", None, pod)
        yield from self.subresources()
        yield from self.other_kinds()

    def variants(self, pod: dict[str, Any]) -> Iterator[Probe]:
        """The Pod, and the request for it, in all that the answer's expressions and selectors look at."""
        for identity in self.identities():
            yield from self.both("another user", pod, f"requested by {identity.title}", identity=identity)
        for place in self.places(inside=True):
            yield from self.both("another Namespace", pod, _labeled(place), place=place)
        for labels in self.label_sets({}):
            other = {**pod, "metadata": {**pod["metadata"], "labels": labels}}
            yield from self.both("other labels", other, f"labels {_shown(labels)}")
        for mention in self.found:
            root, *steps = mention.field
            if root in ("object", "oldObject") and steps and steps[-1] != "image":
                for value, other in self.changed(pod, mention):
                    about = f"{'.'.join(steps)} is {value!r}"
                    yield from self.both("other fields", other, about)
        yield Probe("an update", self.request("UPDATE", pod, pod), "it changes nothing")
        yield Probe(
            "a dry run", msgspec.structs.replace(self.request("CREATE", pod), dry_run=True), "a dry run"
        )

    def wrong_images(self) -> list[str]:
        """Images of other registries: those that the answer's words suggest, and near misses."""
        near = [UNSEEN, "nginx"]
        for right in self.meant.images:
            host = right.rstrip("/")
            near += [f"{host}.evil.example/app", f"evil.example/{right}app", f"x{right}app", f"{host}-x/app"]
            near += [f"{host}:5000/app", f"{host[:-1]}/app"]
        named: list[str] = []
        fields = [one.field for one in self.found if one.field[-1] == "image"]
        for value in values_of(self.found, *fields):
            if isinstance(value, str):
                word = value.strip("/")
                named += [f"{word}/app", f"{value}app", word, f"x.example/{word}/app", f"{word}:1"]
            elif isinstance(value, int) and 0 < value < 300:
                named += ["a" * (value + more) for more in (-1, 0, 1) if value + more > 0]
        images = [one for one in dict.fromkeys(near + named) if one and not any(map(str.isspace, one))]
        hosts = [right.rstrip("/") for right in self.meant.images]
        return [one for one in images if not one.startswith(self.meant.images) and one not in hosts][
            :MOST_IMAGES
        ]

    def right_images(self) -> list[str]:
        """Images below the registry in every form that an image has."""
        endings = ("app", "team/app:1.2.3", "app@sha256:" + "0" * 64, "a/b/c/d_e-f.g:v1-x_y")
        return [right + ending for right in self.meant.images for ending in endings]

    def identities(self) -> list[Identity]:
        """Who could be exempt: those that the answer names, and one of each sort."""
        user, groups = ("request", "userInfo", "username"), ("request", "userInfo", "groups")
        named = [
            Identity(text, ("system:authenticated",))
            for value in values_of(self.found, user)
            if isinstance(value, str)
            for text in (value, f"{value}x", f"x{value}")
        ]
        named += [
            Identity("probe", (text, "system:authenticated"))
            for value in values_of(self.found, groups, (*groups, EACH))
            if isinstance(value, str)
            for text in (value, f"{value}x")
        ]
        return [
            Identity("unseen", ("system:authenticated",)),
            Identity("kubernetes-admin", ("system:masters", "system:authenticated")),
            Identity("system:node:node-1", ("system:nodes", "system:authenticated")),
            service_account("kube-system", "replicaset-controller"),
            service_account(self.home.name, "default"),
            *named,
        ]

    def label_sets(self, base: Mapping[str, str]) -> list[dict[str, str]]:
        """These labels, with each label that a selector asks about set and not set."""
        sets: list[dict[str, str]] = [dict(base)]
        for selector in self.selectors:
            wanted: dict[str, str] = {str(k): str(v) for k, v in mapping(selector.get("matchLabels")).items()}
            for one in mappings(selector.get("matchExpressions")):
                values = texts(one.get("values")) or ["unseen"]
                sets += [{**base, str(one.get("key")): value} for value in [*values, "unseen"]]
                wanted[str(one.get("key"))] = values[0]
            sets += [{**base, **wanted}, *({**base, key: value} for key, value in wanted.items())]
        return [labels for labels in sets if base.items() <= labels.items()]

    def places(self, *, inside: bool) -> list[Place]:
        """Namespaces that the policy is for, or isn't for."""
        wanted = self.meant.namespace_labels
        bases: list[dict[str, str]] = [dict(wanted)]
        if not inside:
            bases = [{}, *({**wanted, key: other} for key, value in wanted.items() for other in _near(value))]
            bases += [{k: v for k, v in wanted.items() if k != key} for key in wanted]
        names = ["unseen", "default", "kube-system"]
        names += [one for one in values_of(self.found, *_NAMESPACE_NAMES) if isinstance(one, str) and one]
        sets = [labels for base in bases for labels in self.label_sets(base)]
        for field in {one.field for one in self.found if one.field[:3] == _NAMESPACE_LABELS}:
            for value in (*values_of(self.found, field), "unseen"):
                key = field[3] if len(field) > 3 and field[3] != EACH else str(value)
                sets += [{**base, key: str(value)} for base in bases]
        places = [Place(name, bases[0]) for name in names] + [Place("unseen", labels) for labels in sets]
        return [one for one in places if self.meant.covers(one) is inside]

    def changed(self, pod: dict[str, Any], mention: Mention) -> Iterator[tuple[Any, dict[str, Any]]]:
        """The Pod with a mentioned field as the answer compares it, and a little off."""
        values: list[Any] = [True, False, "unseen"] if not mention.values else []
        for value in mention.values:
            if isinstance(value, str):
                values += [value, f"{value}x", f"x{value}"]
            elif isinstance(value, bool):
                values += [value, not value]
            elif isinstance(value, int):
                values += [value - 1, value, value + 1]
        for value in dict.fromkeys(values):
            other = _with(pod, mention.field[1:], value)
            if other is not None and not check_schema(self.manifest(other), self.kubernetes):
                yield value, other

    def subresources(self) -> Iterator[Probe]:
        """Requests on a Pod's subresources, with nothing wrong in them."""
        good = self.pod("containers", [self.good])
        name = {"name": "probe", "namespace": self.home.name}
        about = self.manifest(good)
        for operation, subresource, data in (
            ("UPDATE", "status", good),
            ("UPDATE", "resize", good),
            ("UPDATE", "ephemeralcontainers", good),
            (
                "CREATE",
                "binding",
                {"apiVersion": "v1", "kind": "Binding", "metadata": name, "target": {"name": "n"}},
            ),
            ("CREATE", "eviction", {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": name}),
            (
                "CONNECT",
                "exec",
                {"apiVersion": "v1", "kind": "PodExecOptions", "metadata": name, "container": "a"},
            ),
        ):
            request = self.request(operation, data, good if operation == "UPDATE" else None)
            whole = msgspec.structs.replace(request, subresource=subresource, parent=about)
            yield Probe("a subresource", whole)

    def other_kinds(self) -> Iterator[Probe]:
        """Objects of other kinds, also those that make Pods, and one that nobody names."""
        pod = self.pod("containers", [UNSEEN])
        template = {"metadata": {"labels": {"app": "a"}}, "spec": pod["spec"]}
        spec = {"selector": {"matchLabels": {"app": "a"}}, "template": template}
        others: list[tuple[str, str, dict[str, Any]]] = [
            ("v1", "ConfigMap", {"data": {"a": "b"}}),
            ("v1", "Service", {"spec": {"ports": [{"port": 80}]}}),
            ("v1", "PodTemplate", {"template": template}),
            *(
                ("apps/v1", kind, {"spec": spec})
                for kind in ("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet")
            ),
            ("batch/v1", "Job", {"spec": {"template": template}}),
            ("unseen.example/v1", "Unseen", {"spec": {}}),
        ]
        for version, kind, fields in others:
            metadata = {"name": "probe", "namespace": self.home.name}
            data = {"apiVersion": version, "kind": kind, "metadata": metadata, **fields}
            yield from self.both("another kind", data, "")

    def pod(self, field: str, images: Sequence[str]) -> dict[str, Any]:
        """A Pod with these images in one of its lists, and a right one in `containers`."""
        lists = {"containers": [self.good], field: images}
        spec = {
            name: [{"name": f"{name[0]}{number}", "image": image} for number, image in enumerate(found)]
            for name, found in lists.items()
        }
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "probe", "namespace": self.home.name},
            "spec": spec,
        }

    def both(self, sort: str, data: dict[str, Any], about: str, **more: Any) -> Iterator[Probe]:
        """The object created, and updated from one that was right."""
        before = self.pod("containers", [self.good]) if data["kind"] == "Pod" else data
        yield self.probe(sort, "CREATE", data, None, about, **more)
        yield self.probe(sort, "UPDATE", data, before, about, **more)

    def probe(
        self,
        sort: str,
        operation: str,
        data: dict[str, Any] | None,
        old: dict[str, Any] | None,
        about: str = "",
        **more: Any,
    ) -> Probe:
        """One request as a probe."""
        return Probe(sort, self.request(operation, data, old, **more), about)

    def request(
        self,
        operation: str,
        data: dict[str, Any] | None,
        old: dict[str, Any] | None = None,
        *,
        identity: Identity | None = None,
        place: Place | None = None,
    ) -> AdmissionRequest:
        """A request for an object in a Namespace of the policy, or in another one."""
        where = place or self.home
        labels = {**where.labels, "kubernetes.io/metadata.name": where.name}
        return AdmissionRequest(
            operation,
            self.manifest(data, where.name) if data else None,
            self.manifest(old, where.name) if old else None,
            identity or Identity("developer", ("system:authenticated",)),
            namespace_labels=labels,
            namespace_object={"metadata": {"name": where.name, "labels": labels}},
        )

    def manifest(self, data: dict[str, Any], namespace: str = "") -> Manifest:
        """The object as it is sent, defaulted."""
        metadata = {**data["metadata"], "namespace": namespace or self.home.name}
        return with_defaults(
            _empty().with_data(copy.deepcopy({**data, "metadata": metadata})), self.kubernetes
        )


_NAMESPACE_NAMES = (
    ("request", "namespace"),
    ("object", "metadata", "namespace"),
    ("namespaceObject", "metadata", "name"),
)
_NAMESPACE_LABELS = ("namespaceObject", "metadata", "labels")


@cache
def _empty() -> Manifest:
    """A manifest that others are made from: what is tried is written in no file."""
    [manifest] = manifests_of(parse(b"{apiVersion: v1, kind: Pod}", "probe").documents)[0]
    return manifest


def _near(value: str) -> Iterable[str]:
    """Other values of a label that a careless comparison takes for the right one."""
    return dict.fromkeys((f"{value}x", f"x{value}", value.upper(), "unseen", ""))


def _labeled(place: Place) -> str:
    return f"Namespace {place.name} with {_shown(place.labels)}"


def _shown(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in labels.items()) or "no labels"


def _with(data: dict[str, Any], path: Sequence[str], value: Any) -> dict[str, Any] | None:
    """A copy with another value at a path; None where the path can't have such a value."""
    whole: dict[str, Any] = copy.deepcopy(data)
    node: Any = {"": whole}
    key: Any = ""
    for step in path:
        inner = node[key]
        if step == EACH and isinstance(inner, list):
            if not inner:
                return None
            node, key = inner, 0
        elif isinstance(inner, dict):
            node, key = inner, str(value) if step == EACH else step
            if key not in node:
                node[key] = {}
        else:
            return None
    before = node[key]
    if isinstance(before, list):
        if type(value) is not int or not 0 < value <= MOST_COPIES or not before:
            return None
        node[key] = [{**before[-1], "name": f"n{number}"} for number in range(value - 1)] + [before[-1]]
    elif isinstance(before, dict) and path[-1] in ("labels", "annotations"):
        before[str(value)] = "true"
    elif isinstance(before, dict) and before:
        return None
    else:
        node[key] = value
    return whole
