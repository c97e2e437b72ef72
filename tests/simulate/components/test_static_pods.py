"""Static Pods: the command that runs, and the way from a flag's path to the node's file."""

from __future__ import annotations

import re

import pytest

from tests.static_pod_maker import APISERVER, apiserver, manifest, pod, with_mount
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.components.static_pods import (
    NodeFiles,
    pod_problems,
    read_problem,
    static_pod,
    static_pods,
    text_of,
    write_problem,
)
from trainer.versions import Version


def test_the_component_is_found() -> None:
    found = static_pods([manifest(APISERVER)])
    assert [one.component for one in found] == ["kube-apiserver"]
    assert found[0].command.flag("allow-privileged")
    assert static_pod(manifest(APISERVER), "etcd") is None
    assert found[0].flag_location("allow-privileged").line == 16


def test_args_follow_the_command() -> None:
    text = APISERVER.replace("    - kube-apiserver\n", "    - /usr/local/bin/kube-apiserver\n    args:\n", 1)
    assert pod(text).command.texts("authorization-mode") == ("Node", "RBAC")


@each_row(
    "old_and_new",
    [
        ("    - kube-apiserver\n", "    - /go-runner\n    - kube-apiserver\n"),
        (
            "    name: kube-apiserver\n    ports",
            "    env: [{name: X, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}]\n    name: kube-apiserver\n    ports",
        ),
    ],
)
def test_what_is_not_judged(old_and_new: tuple[str, str]) -> None:
    text = APISERVER.replace(*old_and_new, 1).replace("=192.168.1.10", "=$(X)", 1)
    with pytest.raises(NotJudged):
        static_pod(manifest(text), "kube-apiserver")


@each_row(
    ("old", "new"),
    [
        (
            "    - kube-apiserver\n",
            "    - sh\n    - -c\n    - exec kube-apiserver\n",
        ),  # the image has no shell
        ("  - command:\n    - kube-apiserver\n", "  - args:\n"),
    ],
)
def test_another_program(old: str, new: str) -> None:
    assert static_pod(manifest(APISERVER.replace(old, new, 1)), "kube-apiserver") is None


def test_a_shell_of_another_image_is_not_judged() -> None:
    text = APISERVER.replace("    - kube-apiserver\n", "    - sh\n    - -c\n    - exec kube-apiserver\n", 1)
    with pytest.raises(NotJudged, match="shell"):
        static_pod(
            manifest(text.replace("registry.k8s.io/kube-apiserver", "example.com/all-in-one")),
            "kube-apiserver",
        )


@each_row(
    ("written", "wanted"),
    [("$(X)", "10.0.0.9"), ("$(Y)", "$(Y)"), ("$$(X)", "$(X)"), ("$(X)$(X)", "10.0.0.910.0.0.9")],
)
def test_variables_are_replaced(written: str, wanted: str) -> None:
    env = "    env: [{name: X, value: 10.0.0.9}]\n    name: kube-apiserver\n    ports"
    text = APISERVER.replace("    name: kube-apiserver\n    ports", env, 1).replace(
        "client-ca-file=/etc/kubernetes/pki/ca.crt", f"client-ca-file={written}", 1
    )
    assert pod(text).command.text("client-ca-file") == wanted


def test_from_the_flag_to_the_node() -> None:
    found = pod(with_mount(APISERVER, "/etc/audit", "/srv/audit"))
    assert found.host_path("/etc/audit/policy.yaml") == "/srv/audit/policy.yaml"
    assert found.host_path("/etc/elsewhere") == ""
    node = NodeFiles(
        {"/srv/audit/policy.yaml": "x"}, complete=True, names={"/srv/audit/policy.yaml": "p.yaml"}
    )
    assert read_problem(found, "/etc/audit/policy.yaml", node) == ("", None)
    assert text_of(found, "/etc/audit/policy.yaml", node) == ("x", "p.yaml")
    why, where = read_problem(found, "/etc/audit/other.yaml", node)
    assert (
        why
        == "the node has no file /srv/audit/other.yaml (which the container sees as /etc/audit/other.yaml)"
    )
    assert where is not None
    same = pod(with_mount(APISERVER, "/srv/audit", "/srv/audit"))
    missing = ("the node has no file /srv/audit/other.yaml", None)
    assert read_problem(same, "/srv/audit/other.yaml", node) == missing
    assert "no volumeMount covers" in read_problem(found, "/etc/elsewhere", node)[0]
    assert "is a directory" in read_problem(found, "/etc/audit", node)[0]


def test_a_mount_of_one_file() -> None:
    found = pod(with_mount(APISERVER, "/etc/policy.yaml", "/srv", "Directory"))
    assert "is a directory" in read_problem(found, "/etc/policy.yaml", NodeFiles({"/srv/a": ""}))[0]
    found = pod(with_mount(APISERVER, "/etc/policy.yaml", "/srv/a", "File"))
    assert read_problem(found, "/etc/policy.yaml", NodeFiles({"/srv/a": ""})) == ("", None)


def test_writing() -> None:
    log = "/var/log/audit/audit.log"
    assert write_problem(apiserver(), log, NodeFiles()) == ("", None)
    read_only = pod(with_mount(APISERVER, "/var/log/audit"))
    assert "is readOnly" in write_problem(read_only, log, NodeFiles())[0]
    writable = pod(with_mount(APISERVER, "/var/log/audit", read_only=False))
    assert write_problem(writable, log, NodeFiles()) == ("", None)
    folder = pod(with_mount(APISERVER, log, kind="DirectoryOrCreate", read_only=False))
    assert "is a directory" in write_problem(folder, log, NodeFiles())[0]


def test_what_the_kubelet_refuses() -> None:
    assert pod_problems(apiserver(), NodeFiles()) == []
    secret = APISERVER.replace("  volumes:\n", "  volumes:\n  - {name: s, secret: {secretName: s}}\n")
    assert "can't refer to API objects" in pod_problems(pod(secret), NodeFiles())[0].message
    wrong = pod(with_mount(APISERVER, "/etc/a", "/srv/a", "Directory"))
    assert "is a file on the node" in pod_problems(wrong, NodeFiles({"/srv/a": ""}))[0].message
    node = NodeFiles(
        {"/srv/b": ""}, folders=frozenset({"/etc/ssl/certs", "/etc/kubernetes/pki"}), complete=True
    )
    assert "the node has no /srv/a" in pod_problems(wrong, node)[0].message


@each_row(
    ("where", "what", "path"),
    [
        ("pod", "serviceAccountName: default", "spec.serviceAccountName"),
        ("pod", "imagePullSecrets: [{name: a}]", "spec.imagePullSecrets"),
        (
            "pod",
            "initContainers: [{name: i, image: x, envFrom: [{secretRef: {name: a}}]}]",
            "initContainers[0]",
        ),
        ("container", "envFrom: [{configMapRef: {name: a}}]", "envFrom[0].configMapRef"),
        (
            "container",
            "env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: b}}}]",
            "valueFrom.secretKeyRef",
        ),
    ],
)
def test_a_static_pod_refers_to_no_api_object(where: str, what: str, path: str) -> None:
    anchor = "  hostNetwork: true\n" if where == "pod" else "    name: kube-apiserver\n"
    indent = anchor[: len(anchor) - len(anchor.lstrip())]
    [problem] = pod_problems(pod(APISERVER.replace(anchor, f"{anchor}{indent}{what}\n", 1)), NodeFiles())
    assert problem.message.startswith("a static Pod can't refer to API objects, such as ")
    assert problem.location is not None
    assert path in problem.location.path


def test_an_env_of_plain_values_is_fine() -> None:
    text = APISERVER.replace(
        "    name: kube-apiserver\n", "    name: kube-apiserver\n    env: [{name: A, value: b}]\n", 1
    )
    assert pod_problems(pod(text), NodeFiles()) == []


def test_states() -> None:
    node = NodeFiles({"/a/b": ""}, frozenset({"/c"}), frozenset({"/d"}), complete=True)
    assert [node.state(path) for path in ("/a/b", "/a", "/c", "/d", "/e", "/")] == [
        "file",
        "directory",
        "file",
        "directory",
        "missing",
        "directory",
    ]
    assert NodeFiles().state("/e") == "unknown"
    # Directories that every node has, and what is above them.
    paths = ("/var/log", "/var/log/pods", "/etc/kubernetes", "/tmp", "/var/log/kubernetes")  # noqa: S108 - of a node
    assert [node.state(path) for path in paths] == ["directory"] * 4 + ["missing"]


@each_row(
    ("image", "version"),
    [
        (f"registry.k8s.io/kube-apiserver:v{Version(1, 36)}.2", Version(1, 36)),
        (f"registry.k8s.io/kube-apiserver:v{Version(1, 36)}.2@sha256:{'0' * 64}", Version(1, 36)),
        ("registry.k8s.io/kube-apiserver:v1.9.0", Version(1, 37)),
        (f"registry.k8s.io/kube-apiserver@sha256:{'0' * 64}", Version(1, 37)),
        ("localhost:5000/kube-apiserver", Version(1, 37)),
        ("registry.k8s.io/kube-apiserver:latest", Version(1, 37)),
    ],
)
def test_a_component_has_the_version_of_its_image_else_that_of_its_cluster(
    image: str, version: Version
) -> None:
    text = re.sub(r"image: .*", f"image: {image}", APISERVER)
    [found] = static_pods([manifest(text)], Version(1, 37))
    assert found.command.kubernetes == version
