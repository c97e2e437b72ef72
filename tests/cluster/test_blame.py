"""Whose fault it is that a Pod doesn't run: messages of the kubelet, the scheduler and controllers."""

from __future__ import annotations

from tests.table import each_row
from trainer.cluster.blame import (
    creation_blame,
    ended_blame,
    event_blame,
    unscheduled_blame,
    waiting_blame,
)

TAINT = "1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }"


@each_row(
    ("message", "author"),
    [
        ("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.", True),
        (f"0/2 nodes are available: {TAINT}, 1 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful.", True),
        (f"0/2 nodes are available: {TAINT}, 1 Insufficient cpu. preemption: 0/2 nodes are available.", False),
        ("0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector.", False),
        (f"0/1 nodes are available: {TAINT}.", False),
        ("0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.", True),
        ('persistentvolumeclaim "data" not found', True),
        ("0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.", False),
        ("full", False),
        ("", False),
    ],
)  # fmt: skip
def test_no_node(message: str, author: bool) -> None:
    assert unscheduled_blame(message).author is author


@each_row(
    ("reason", "message", "named", "author"),
    [
        ("ImagePullBackOff", 'Back-off pulling image "x": ErrImagePull: docker.io/library/x:9: not found', False, True),
        ("ImagePullBackOff", 'Back-off pulling image "x": ErrImagePull: docker.io/library/x:9: not found', True, False),
        ("ErrImagePull", "pull access denied, repository does not exist or may require authorization", False, True),
        ("ErrImagePull", "lookup registry.example: no such host", False, False),
        ("ErrImageNeverPull", "is not present with pull policy of Never", True, True),
        ("CreateContainerConfigError", "container has runAsNonRoot and image will run as root", True, True),
        ("CreateContainerError", 'cannot load seccomp profile "/var/lib/kubelet/seccomp/a.json": no such file', True, False),
        ("RunContainerError", 'exec: "sleeep": executable file not found in $PATH', True, True),
        ("ContainerCreating", "", True, None),
    ],
)  # fmt: skip
def test_waiting(reason: str, message: str, named: bool, author: bool | None) -> None:
    found = waiting_blame(reason, message, "x", lambda _: named)
    assert (found.author if found else None) is author


def test_ended_created_mounted() -> None:
    assert ended_blame("Failed", "", "").author
    assert ended_blame("Failed", "DeadlineExceeded", "active longer than deadline").author
    assert not ended_blame("Failed", "NodeShutdown", "").author
    assert creation_blame('pods "a-" is forbidden: exceeded quota: q').author
    assert not creation_blame("Internal error occurred: failed calling webhook").author
    lost = event_blame("FailedMount", 'configmap "c" not found')
    assert lost is not None
    assert lost.author
    runtime = event_blame("FailedCreatePodSandBox", 'no runtime for "gvisor" is configured')
    assert runtime is not None
    assert not runtime.author
    assert event_blame("Scheduled", "") is None
