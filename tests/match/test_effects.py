"""Where the fields that decide about security lead."""

from __future__ import annotations

import pytest

from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.match.effects import effect
from trainer.match.view import View, whole

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: sun}
spec:
  hostNetwork: true
  containers:
    - name: a
      image: nginx
      command: ["sh -c id"]
      livenessProbe: {exec: {command: [id]}}
      securityContext: {privileged: false, allowPrivilegeEscalation: true, runAsUser: 0}
    - {name: b, image: NGINX, command: [sh, -c], securityContext: {readOnlyRootFilesystem: true}}
"""


def at(*path: str | int) -> View:
    """The view of a value of the pod, reached field by field."""
    view = whole(manifests_of(parse(POD.encode(), "pod.yaml").documents)[0][0])
    for step in path:
        view = view.items()[step] if isinstance(step, int) else view.child(step)
    return view


A, B = ("spec", "containers", 0), ("spec", "containers", 1)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ((*A, "image"), "For container `a` the kubelet pulls docker.io/library/nginx:latest."),
        ((*B, "image"), "For container `b` the kubelet reports InvalidImageName."),
        ((*A, "command"), "Container `a` starts the program `sh -c id` without arguments."),
        ((*B, "argv"), "Container `b` starts the program `sh` and its arguments `-c`."),
        ((*A, "livenessProbe"), "The kubelet runs a liveness probe in container `a`."),
        ((*A, "startupProbe"), "The kubelet runs no startup probe in container `a`."),
        ((*A, "livenessProbe", "exec", "command"), ""),
        ((*A, "securityContext", "privileged"), ""),
        (
            (*A, "securityContext", "allowPrivilegeEscalation"),
            "In container `a` a setuid program can get more rights than the process that starts it.",
        ),
        ((*A, "securityContext", "runAsUser"), "The processes of container `a` start as UID 0, root."),
        (
            (*A, "securityContext", "runAsNonRoot"),
            "The kubelet starts container `a` even where its image runs as root.",
        ),
        (
            (*A, "effectiveSecurityContext", "readOnlyRootFilesystem"),
            "The root filesystem of container `a` is writable while it runs.",
        ),
        ((*B, "securityContext", "readOnlyRootFilesystem"), ""),
        (("spec", "hostNetwork"), "The processes of Pod sun/web share the network of the node."),
        (("spec", "hostPID"), ""),
        (("spec", "nodeName"), ""),
        ((), ""),
    ],
)
def test_effects(path: tuple[str | int, ...], sentence: str) -> None:
    assert effect(at(*path)) == sentence
