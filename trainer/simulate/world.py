"""The world that rules and engines look at: given objects and answer, as the API server would
store them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from trainer.manifests.model import Document, Manifest
from trainer.verdict import Problem
from trainer.versions import DEFAULT, Version

BUILT_IN_NAMESPACES = frozenset(("default", "kube-system", "kube-public", "kube-node-lease"))
"""The namespaces that every cluster has."""


STATIC_PODS = "/etc/kubernetes/manifests"
"""The folder where the kubelet of a kubeadm node looks for static Pods."""

KUBELET_CONFIGURATION = "/var/lib/kubelet/config.yaml"
"""The kubelet's configuration file on a kubeadm node."""


def is_static(path: str) -> bool:
    """Whether the kubelet reads this file of a node itself: a static Pod, or its own configuration."""
    return path == KUBELET_CONFIGURATION or path.rpartition("/")[0] == STATIC_PODS


Key = tuple[str, str, str, str]


def object_key(manifest: Manifest) -> Key:
    """What makes an object the same object: group, kind, namespace, name."""
    return manifest.group, manifest.kind, manifest.namespace, manifest.name


class Refused(msgspec.Struct, frozen=True, eq=False):
    """A document of the answer that `kubectl apply` would not get into the cluster, and why.

    `manifest` is None for a document that isn't readable as YAML.
    """

    manifest: Manifest | None
    problems: tuple[Problem, ...]
    exists: bool = False
    """Whether the object gets into the cluster all the same: a workload whose Pods are refused."""


class World(msgspec.Struct, frozen=True, eq=False):
    """All objects after the answer was applied, and what the answer consists of.

    Every manifest here was accepted and is defaulted for the Kubernetes version `kubernetes`. An
    object of the answer that updates a given one is once in `objects`, and in its old form in
    `given`.
    """

    objects: tuple[Manifest, ...]
    given: tuple[Manifest, ...] = ()
    answer: tuple[Manifest, ...] = ()
    documents: Mapping[str, tuple[Document, ...]] = {}
    """Every parsed document of the answer by file name, Kubernetes objects or not (seccomp JSON)."""
    texts: Mapping[str, str] = {}
    """The answer's files as text, by file name (AppArmor profiles, Dockerfiles)."""
    node_files: Mapping[str, str] = {}
    """What the card gives as files of a node, by absolute path."""
    kubernetes: Version = DEFAULT
    refused: tuple[Refused, ...] = ()
    """The part of the answer that is not in `objects`, because kubectl or the API server would
    refuse it, or a component can't read its file."""
    places: Mapping[str, str] = {}
    """The files of the answer that replace one on a node, by name: their paths there."""
    node: Mapping[str, Any] = {}
    """The nodes that a script of the answer changes, in the form of `simulate.node.given`."""
    started: tuple[Manifest, ...] = ()
    """What the starters contain, if a check compares the answer with them."""
    build: Mapping[str, Any] = {}
    """What a Dockerfile of the answer is built from, in the form of `simulate.images.given`."""

    def find(
        self, kind: str, name: str | None = None, namespace: str | None = None, group: str | None = None
    ) -> list[Manifest]:
        """The objects of a kind, filtered by name, namespace and API group if given."""
        return [
            manifest
            for manifest in self.objects
            if manifest.kind == kind
            and (name is None or manifest.name == name)
            and (namespace is None or manifest.namespace == namespace)
            and (group is None or manifest.group == group)
        ]

    def before(self) -> World:
        """The world as it was before the answer."""
        return World(self.given, self.given, node_files=self.node_files, kubernetes=self.kubernetes)
