"""The Pods that a world's objects create, and its nodes: what runs where, with labels, ports, addresses.

Follows https://kubernetes.io/docs/concepts/workloads/controllers/ (v1.35): a workload creates
`replicas` Pods (none for 0), a StatefulSet numbers and labels them, a DaemonSet creates one on
each node that it can run on, a Job labels its Pods with its name. Of Pods that differ only in
their name, at most two are created: what holds between two of them holds between all.

Existing Pods (a bare Pod, a Pod read from a cluster) are used unchanged, and the workload that
owns them creates no others.

Missing values are invented, always in the same way: addresses in 10.244.0.0/16 for Pods and in
192.168.0.0/16 for nodes, and the labels of controllers such as `pod-template-hash`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from trainer.manifests.model import Manifest
from trainer.manifests.values import items, mapping, mappings, number, text
from trainer.simulate.network.addresses import Address, parse_address
from trainer.simulate.scheduling.placement import labels_of, takes
from trainer.simulate.workloads import PodTemplate, pod_template

SAME_COPIES = 2
"""How many Pods are created for a workload whose Pods differ only in their name."""
NUMBERED_COPIES = 50
"""The most Pods that are created for a StatefulSet or an Indexed Job."""

_TERMINAL = ("Succeeded", "Failed")


class ContainerPort(msgspec.Struct, frozen=True):
    """A port that a container declares; `name` may be empty."""

    name: str
    number: int
    protocol: str


class Node(msgspec.Struct, frozen=True, eq=False):
    """A node: a Node object, or one that a Pod names."""

    name: str
    labels: dict[str, str]
    addresses: tuple[Address, ...]
    manifest: Manifest | None = None


class Pod(msgspec.Struct, frozen=True, eq=False):
    """One running Pod. `node` is empty if nothing says on which node it runs.

    `template` is None for a Pod that no object creates.
    """

    name: str
    namespace: str
    labels: dict[str, str]
    template: PodTemplate | None
    addresses: tuple[Address, ...]
    ports: tuple[ContainerPort, ...] = ()
    host_network: bool = False
    node: str = ""
    owners: tuple[tuple[str, str], ...] = ()
    """(kind, name) of the workloads that it belongs to, the nearest first."""

    @property
    def workload(self) -> tuple[str, str, str]:
        """(namespace, kind, name) of the outermost owner, or of the pod itself."""
        kind, name = self.owners[-1] if self.owners else ("Pod", self.name)
        return self.namespace, kind, name

    @property
    def title(self) -> str:
        """The Pod in a sentence: `shop/guest`, `shop/web-1`."""
        return f"{self.namespace}/{self.name}"


def pods_of(manifests: Iterable[Manifest]) -> list[Pod]:
    """All Pods of these objects, sorted by namespace and name. Finished Pods are left out."""
    objects = list(manifests)
    nodes = nodes_of(objects)
    standing = _standing_owners(objects)
    drafts: list[_Draft] = []
    for manifest in objects:
        template = pod_template(manifest)
        if template is None or manifest.kind == "PodTemplate":
            continue
        if manifest.kind == "Pod":
            if manifest.get("status", "phase") not in _TERMINAL:
                drafts.append(_Draft(template, manifest.name, {}, _text(template.spec, "nodeName")))
        elif not _made_by_another(manifest, objects) and not _is_standing(manifest, standing):
            drafts += _copies(template, nodes)
    drafts.sort(key=lambda draft: (draft.template.namespace, draft.name))
    return _addressed(drafts, nodes)


def nodes_of(manifests: Iterable[Manifest]) -> list[Node]:
    """The nodes of a world: Node objects, and nodes that Pods name in `spec.nodeName`."""
    found: dict[str, Node] = {}
    named: list[str] = []
    for manifest in manifests:
        if manifest.kind == "Node" and not manifest.group:
            found[manifest.name] = _node(manifest)
        elif template := pod_template(manifest):
            named.append(_text(template.spec, "nodeName"))
    for name in sorted({name for name in named if name} - found.keys()):
        found[name] = Node(name, {}, (invented_address(name, 192, 168, set()),))
    return list(found.values())


def control_plane(manifests: Iterable[Manifest], pods: Iterable[Pod]) -> frozenset[str]:
    """The nodes on which a kube-apiserver runs: by their role, or by its Pod."""
    found = {pod.node for pod in pods if pod.labels.get("component") == "kube-apiserver" and pod.node}
    roles = ("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master")
    nodes = (one for one in manifests if one.kind == "Node" and not one.group)
    return frozenset(found | {one.name for one in nodes if any(role in one.labels for role in roles)})


def container_ports(template: PodTemplate) -> tuple[ContainerPort, ...]:
    """The ports that containers and sidecars declare.

    A sidecar is an init container with `restartPolicy: Always`; other init containers have ended
    before traffic arrives, so their ports don't count (`FindPort` of pkg/api/v1/pod, v1.35).
    """
    found = []
    for path, container in template.containers():
        if path[1] == "ephemeralContainers":
            continue
        if path[1] == "initContainers" and container.get("restartPolicy") != "Always":
            continue
        for port in mappings(container.get("ports")):
            inside = number(port.get("containerPort"))
            if inside is not None:
                name, protocol = text(port.get("name")), text(port.get("protocol"))
                found.append(ContainerPort(name, inside, protocol or "TCP"))
    return tuple(found)


class _Draft(msgspec.Struct, frozen=True, eq=False):
    """A Pod before it has an address."""

    template: PodTemplate
    name: str
    extra_labels: dict[str, str]
    node: str
    owner: tuple[str, str] | None = None


def _copies(template: PodTemplate, nodes: Sequence[Node]) -> list[_Draft]:
    owner, kind = template.owner, template.owner.kind
    node, me = _text(template.spec, "nodeName"), (kind, owner.name)
    if kind == "DaemonSet":
        label = {"controller-revision-hash": _hash(owner)}
        if not any(found.manifest for found in nodes):
            return [_Draft(template, f"{owner.name}-1", label, node, me)]
        able = [found.name for found in nodes if found.manifest and takes(found.manifest, template)]
        return [_Draft(template, f"{owner.name}-{name}", label, name, me) for name in able]
    if kind == "StatefulSet":
        first = _count(owner.get("spec", "ordinals", "start"), 0)
        ordinals = range(first, first + min(_count(owner.get("spec", "replicas"), 1), NUMBERED_COPIES))
        return [_Draft(template, f"{owner.name}-{n}", _set_labels(owner, n), node, me) for n in ordinals]
    if kind in ("Job", "CronJob"):
        return _job_copies(template, node)
    labels = {"pod-template-hash": _hash(owner)} if kind in ("Deployment", "ReplicaSet") else {}
    count = min(_count(owner.get("spec", "replicas"), 1), SAME_COPIES)
    return [_Draft(template, f"{owner.name}-{n + 1}", labels, node, me) for n in range(count)]


def _job_copies(template: PodTemplate, node: str) -> list[_Draft]:
    owner, path = template.owner, template.path[:-1]
    suspended = owner.get("spec", "suspend") is True or owner.get(*path, "suspend") is True
    count = 0 if suspended else _count(owner.get(*path, "parallelism"), 1)
    indexed = owner.get(*path, "completionMode") == "Indexed"
    job = owner.name if owner.kind == "Job" else f"{owner.name}-1"
    labels = {"job-name": job, "batch.kubernetes.io/job-name": job}
    drafts = []
    for n in range(min(count, NUMBERED_COPIES if indexed else SAME_COPIES)):
        index = {"batch.kubernetes.io/job-completion-index": str(n)} if indexed else {}
        name = f"{job}-{n if indexed else n + 1}"
        drafts.append(_Draft(template, name, labels | index, node, (owner.kind, owner.name)))
    return drafts


def _set_labels(owner: Manifest, ordinal: int) -> dict[str, str]:
    return {
        "statefulset.kubernetes.io/pod-name": f"{owner.name}-{ordinal}",
        "apps.kubernetes.io/pod-index": str(ordinal),
        "controller-revision-hash": f"{owner.name}-{_hash(owner)}",
    }


def _addressed(drafts: Sequence[_Draft], nodes: Sequence[Node]) -> list[Pod]:
    places = {node.name: node for node in nodes}
    written = [_written_addresses(draft) for draft in drafts]
    used = {address for addresses in written for address in addresses}
    used |= {address for node in nodes for address in node.addresses}
    pods = []
    for draft, own in zip(drafts, written, strict=True):
        template, host = draft.template, draft.template.spec.get("hostNetwork") is True
        addresses = places[draft.node].addresses if host and draft.node in places else own
        if not addresses:
            title = f"{template.namespace}/{draft.name}"
            addresses = (invented_address(title, *((192, 168) if host else (10, 244)), used),)
            used |= {*addresses}
        labels = {str(key): "" if value is None else value for key, value in template.labels.items()}
        pods.append(
            Pod(
                name=draft.name,
                namespace=template.namespace,
                labels=labels | draft.extra_labels,
                template=template,
                addresses=addresses,
                ports=container_ports(template),
                host_network=host,
                node=draft.node,
                owners=(draft.owner,) if draft.owner else tuple(_owners(template.owner)),
            )
        )
    return pods


def _written_addresses(draft: _Draft) -> tuple[Address, ...]:
    if draft.template.owner.kind != "Pod":
        return ()
    status = draft.template.owner.get("status", default={})
    if not isinstance(status, dict):
        return ()
    texts = [item.get("ip") for item in mappings(status.get("podIPs"))]
    texts.append(status.get("podIP"))
    if draft.template.spec.get("hostNetwork") is True:
        texts.append(status.get("hostIP"))
    found = (parse_address(text) for text in texts)
    return tuple(dict.fromkeys(address for address in found if address))


def _node(manifest: Manifest) -> Node:
    written = mappings(manifest.get("status", "addresses"))
    found = [parse_address(one.get("address")) for one in written if one.get("type") == "InternalIP"]
    addresses = tuple(address for address in found if address)
    addresses = addresses or (invented_address(manifest.name, 192, 168, set()),)
    return Node(manifest.name, labels_of(manifest), addresses, manifest)


def invented_address(title: str, first: int, second: int, used: set[Address]) -> Address:
    """An address for what has none: always the same for a title, in FIRST.SECOND.0.0/16, not in `used`."""
    base, offset = (first << 24) + (second << 16), zlib.crc32(title.encode())
    for step in range(0xFE00):
        # Neither .0 nor .255 in the last place: those look like networks.
        third, last = divmod((offset + step) % 0xFE00, 254)
        address = Address(4, base + (third % 256 << 8) + last + 1)
        if address not in used:
            return address
    return Address(4, base + 1)


def _owners(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """(kind, name) of the controller that owns the object, if any.

    A node owns the mirror Pods of its static Pods: that doesn't make it a workload.
    """
    for item in items(manifest.metadata.get("ownerReferences")):
        if isinstance(item, dict) and item.get("controller") is True:
            if _text(item, "name") and _text(item, "kind") != "Node":
                yield _text(item, "kind") or "Pod", _text(item, "name")
            return


def _standing_owners(objects: Sequence[Manifest]) -> set[tuple[str, str, str]]:
    """(namespace, kind, name) of workloads whose Pods are among the objects themselves."""
    found = set()
    for manifest in objects:
        if manifest.kind != "Pod":
            continue
        for kind, name in _owners(manifest):
            found.add((manifest.namespace, kind, name))
            label = manifest.labels.get("pod-template-hash")
            if kind == "ReplicaSet" and isinstance(label, str) and name.endswith(f"-{label}"):
                found.add((manifest.namespace, "Deployment", name.removesuffix(f"-{label}")))
    return found


def _is_standing(manifest: Manifest, standing: set[tuple[str, str, str]]) -> bool:
    if (manifest.namespace, manifest.kind, manifest.name) in standing:
        return True
    # A CronJob's Pods belong to its Jobs, which are named after it and a time.
    return manifest.kind == "CronJob" and any(
        namespace == manifest.namespace and kind == "Job" and name.startswith(f"{manifest.name}-")
        for namespace, kind, name in standing
    )


def _made_by_another(manifest: Manifest, objects: Sequence[Manifest]) -> bool:
    owners = set(_owners(manifest))
    return bool(owners) and any(
        (other.kind, other.name) in owners and other.namespace == manifest.namespace for other in objects
    )


def _hash(owner: Manifest) -> str:
    return f"{zlib.crc32(owner.title.encode()):08x}"


def _count(value: Any, default: int) -> int:
    return max(value, 0) if isinstance(value, int) and not isinstance(value, bool) else default


def _text(value: Any, key: str) -> str:
    found = mapping(value).get(key)
    return text(found)
