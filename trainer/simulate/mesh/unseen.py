"""Pods of the mesh that don't exist yet: one for each way in which policies can tell workloads apart.

"Every workload" and "nobody else" are about Pods that somebody may create, too. Istio sees of a workload
its namespace, its labels (through selectors, which list labels that must be there), its ServiceAccount and
whether it has a sidecar. Made here are, in each namespace and in one that nobody names: a Pod for the
labels of each selector, for those of each name of the check and for both together, and one without labels;
Pods with each ServiceAccount that policies name, by that namespace and in another; and in a namespace
without injection a Pod with and one without a sidecar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from trainer.manifests.model import Document, Manifest
from trainer.simulate.mesh.calls import Mesh
from trainer.simulate.mesh.sidecars import INJECT, INJECTION, REVISION
from trainer.simulate.names import ANY, PodSet
from trainer.simulate.network.addresses import Address
from trainer.simulate.network.flows import NAME_LABEL, Endpoint
from trainer.simulate.network.pods import Pod, invented_address
from trainer.simulate.workloads import PodTemplate

ELSEWHERE = "another-namespace"
STRANGER = "stranger"
"""A ServiceAccount that no policy names."""
MOST = 150
"""How many Pods are made."""

Labels = dict[str, str]


def with_elsewhere(mesh: Mesh) -> Mesh:
    """The same mesh with one more namespace, in which Pods get a sidecar."""
    return mesh.with_namespaces({ELSEWHERE: {NAME_LABEL: ELSEWHERE, INJECTION: "enabled"}})


def unseen_members(
    meshes: Sequence[Mesh], names: Iterable[PodSet], accounts: Iterable[tuple[str, str]] = ()
) -> tuple[Endpoint, ...]:
    """Pods that the worlds don't have, for these names and ServiceAccounts (namespace, name)."""
    wanted = [name for name in names if not name.name]
    known = dict.fromkeys(accounts)
    taken = meshes[0].network.taken()
    found: list[Endpoint] = []
    for home, labels, account in _kinds(meshes, wanted, list(known)):
        if len(found) == MOST:
            break
        found.append(_pod(len(found) + 1, home, labels, account, taken))
    return tuple(found)


def _kinds(
    meshes: Sequence[Mesh], names: Sequence[PodSet], accounts: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, Labels, str]]:
    """Namespace, labels and ServiceAccount of each Pod."""
    homes = dict.fromkeys(home for mesh in meshes for home in mesh.network.namespaces)
    homes |= dict.fromkeys(home for home, _ in accounts if home)
    homes |= dict.fromkeys(name.namespace for name in names if name.namespace not in ("", ANY))
    for home in (*homes, ELSEWHERE):
        injected = _is_injected(meshes[0], home)
        for labels in _label_sets(meshes, names, home):
            yield home, labels, STRANGER
            if not injected and not labels:
                yield home, {INJECT: "true"}, STRANGER
        for account in dict.fromkeys(name for _, name in accounts):
            yield home, {} if injected else {INJECT: "true"}, account
            yield home, {INJECT: "false"} if injected else {}, account


def _is_injected(mesh: Mesh, home: str) -> bool:
    labels = mesh.network.namespace_labels(home)
    return labels.get(INJECTION) == "enabled" or (INJECTION not in labels and REVISION in labels)


def _label_sets(meshes: Sequence[Mesh], names: Sequence[PodSet], home: str) -> list[Labels]:
    selectors: list[Labels] = [{}]
    for mesh in meshes:
        selectors += [policy.labels for policy in mesh.peers if policy.manifest.namespace == home]
        selectors += [policy.labels for policy in mesh.access]
        selectors += [rule.selector for rule in mesh.destinations if rule.selector and rule.namespace == home]
    mine = [dict(name.labels) for name in names if name.namespace in (ANY, home)]
    found: list[Labels] = []
    for own in ({}, *mine):
        for labels in selectors:
            both = {**labels, **own}
            if labels.items() <= both.items() and both not in found:
                found.append(both)
    return found


def _pod(number: int, home: str, labels: Labels, account: str, taken: set[Address]) -> Endpoint:
    address = invented_address(f"unseen member {number}", 10, 244, taken)
    taken.add(address)
    name = f"unseen-{number}"
    meta = {"name": name, "namespace": home, "labels": labels}
    data = {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"serviceAccountName": account}}
    template = PodTemplate(Manifest(data, Document(data, "", 0, 0, {})), ())
    written = ", ".join(f"{key}={value}" for key, value in labels.items())
    kind = f"with {written}" if written else "without labels"
    place = "another Namespace" if home == ELSEWHERE else f"Namespace {home}"
    who = "" if account == STRANGER else f" and ServiceAccount {account}"
    pod = Pod(name, home, labels, template, (address,))
    return Endpoint(f"a new Pod {kind}{who} in {place}", pod.addresses, pod, unseen=True)
