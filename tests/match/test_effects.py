"""Where the fields that decide about security lead."""

from __future__ import annotations

from tests.table import each_row
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


@each_row(
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
            "In container `a`, a setuid program can gain more privileges than its parent process.",
        ),
        ((*A, "securityContext", "runAsUser"), "The processes of container `a` start as root (UID 0)."),
        (
            (*A, "securityContext", "runAsNonRoot"),
            "The kubelet starts container `a` even if its image runs as root.",
        ),
        (
            (*A, "effectiveSecurityContext", "readOnlyRootFilesystem"),
            "The root filesystem of container `a` is writable at run time.",
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


@each_row(
    ("field", "value", "word"),
    [
        ("allowPrivilegeEscalation", "false", ""),
        ("allowPrivilegeEscalation", "true", "setuid"),
        ("privileged", "true", "devices"),
        ("privileged", "false", ""),
        ("readOnlyRootFilesystem", "true", ""),
        ("readOnlyRootFilesystem", "false", "writable"),
        ("runAsUser", "0", "UID 0"),
        ("runAsUser", "1", ""),
        ("runAsNonRoot", "true", ""),
        ("runAsNonRoot", "false", "root"),
    ],
)
def test_what_a_security_setting_means(field: str, value: str, word: str) -> None:
    text = f"kind: Pod\nspec:\n  containers: [{{name: a, securityContext: {{{field}: {value}}}}}]\n"
    view = whole(manifests_of(parse(("apiVersion: v1\n" + text).encode(), "pod.yaml").documents)[0][0])
    found = effect(view.child("spec").child("containers").items()[0].child("securityContext").child(field))
    assert bool(found) is bool(word)
    assert word in found


OTHER = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: sun, labels: {image: nginx}}
spec:
  hostPID: true
  hostIPC: true
  hostNetwork: false
  volumes: [{name: v, image: {reference: a}}]
  containers:
    - {name: a, image: 5, command: [], readinessProbe: {}, livenessProbe: {}}
    - {name: b, command: [1, a]}
    - {name: c}
    - {name: d, command: sh}
"""


@each_row(
    ("path", "word"),
    [
        (("spec", "hostPID"), "process table"),
        (("spec", "hostIPC"), "shared memory"),
        (("spec", "hostNetwork"), ""),
        (("spec", "volumes", 0, "image"), ""),
        (("spec", "volumes", 0, "command"), ""),
        (("metadata", "labels", "image"), ""),
        (("metadata", "labels", "command"), ""),
        (("spec", "containers", 0, "image"), ""),
        (("spec", "containers", 0, "command"), ""),
        (("spec", "containers", 1, "command"), ""),
        (("spec", "containers", 2, "command"), "Container `c` runs the command of its image."),
        (("spec", "containers", 3, "command"), ""),
        (("spec", "containers", 0, "readinessProbe"), "a readiness probe"),
        (("spec", "containers", 1, "readinessProbe"), "no readiness probe"),
        (("spec", "containers", 0, "livenessProbe"), "a liveness probe"),
        (("metadata", "image"), ""),
    ],
)
def test_what_other_fields_mean(path: tuple[str | int, ...], word: str) -> None:
    view = whole(manifests_of(parse(OTHER.encode(), "pod.yaml").documents)[0][0])
    for step in path:
        view = view.items()[step] if isinstance(step, int) else view.child(step)
    assert bool(effect(view)) is bool(word)
    assert word in effect(view)
