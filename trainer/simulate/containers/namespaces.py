"""Which Linux namespaces a Pod shares with its node, and what its containers share with each other.

Follows https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/,
https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/ and `namespacesForPod` of
pkg/kubelet/util/util.go (v1.36): without `hostUsers: false`, root in a container is root on the node. The
kernel and the runtime of the node are taken to support user namespaces.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Path
from trainer.manifests.values import indexed, mapping_at, number
from trainer.simulate.workloads import PodTemplate

Namespace = Literal["network", "process", "ipc", "user"]

_FIELDS: dict[Namespace, tuple[str, bool]] = {
    "network": ("hostNetwork", True),
    "process": ("hostPID", True),
    "ipc": ("hostIPC", True),
    "user": ("hostUsers", False),
}
"""By namespace the field of the Pod, and the value that leaves the default."""

_EFFECTS: dict[Namespace, str] = {
    "network": "sees all interfaces of the node and reaches what listens on its localhost",
    "process": "sees the processes of the node",
    "ipc": "reaches the shared memory of the node",
    "user": "runs with the user IDs of the node: its root is root there",
}


class Sharing(msgspec.Struct, frozen=True):
    """Something that the Pod shares with its node: where it says so, and what follows for a container."""

    path: Path
    effect: str


def shared(pod: PodTemplate, namespace: Namespace) -> Sharing | None:
    """The sharing of a namespace with the node, or None if the Pod has its own.

    Raises `NotJudged` for a Pod for Windows, which has no such namespaces.
    """
    if mapping_at(pod.spec, "os").get("name") == "windows":
        raise NotJudged("namespaces of a Pod for Windows", pod.where("spec", "os"))
    field, value = _FIELDS[namespace]
    # The node's namespace is the default for users alone; there, only `false` gives the Pod its own.
    is_own = pod.spec.get(field) is value if value is False else pod.spec.get(field) is not value
    return None if is_own else Sharing(("spec", field), _EFFECTS[namespace])


def shares_processes(pod: PodTemplate) -> bool:
    """Whether the containers of the Pod see each other's processes."""
    return pod.spec.get("shareProcessNamespace") is True or pod.spec.get("hostPID") is True


def host_ports(pod: PodTemplate) -> list[tuple[int, Path]]:
    """The declared ports that are opened on the node, each with its path; with the node's network, all."""
    field = "containerPort" if pod.spec.get("hostNetwork") is True else "hostPort"
    return [
        (found, (*path, "ports", index, field))
        for path, container in pod.containers()
        for index, port in indexed(container.get("ports"))
        if (found := number(port.get(field)))
    ]
