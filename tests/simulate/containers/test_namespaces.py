"""Which namespaces Pods share with their nodes."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.containers.namespaces import host_ports, shared, shares_processes
from trainer.simulate.workloads import PodTemplate, pod_template


def pod(spec: str) -> PodTemplate:
    document = parse(f"kind: Pod\nmetadata: {{name: a}}\nspec: {{{spec}}}\n".encode(), "a.yaml").documents[0]
    found = pod_template(Manifest(document.value, document))
    assert found is not None
    return found


@each_row(
    ("spec", "namespaces"),
    [
        ("", "user"),
        ("hostUsers: false", ""),
        ("hostUsers: true", "user"),
        ("hostUsers: null", "user"),
        ("hostNetwork: true, hostUsers: false", "network"),
        ("hostPID: true, hostIPC: true", "process ipc user"),
        ("hostPID: false, hostIPC: null, hostNetwork: false, hostUsers: false", ""),
    ],
)
def test_what_a_pod_shares(spec: str, namespaces: str) -> None:
    found = [one for one in ("network", "process", "ipc", "user") if shared(pod(spec), one)]
    assert " ".join(found) == namespaces


def test_windows_has_none() -> None:
    with pytest.raises(NotJudged, match="a Pod for Windows"):
        shared(pod("os: {name: windows}"), "user")


@each_row(
    ("spec", "shares"),
    [("", False), ("shareProcessNamespace: true", True), ("hostPID: true", True), ("hostIPC: true", False)],
)
def test_processes_of_other_containers(spec: str, shares: bool) -> None:
    assert shares_processes(pod(spec)) is shares


def test_ports_on_the_node() -> None:
    ports = "initContainers: [{ports: [{hostPort: 0}]}], containers: [{}, {ports: [{}, {hostPort: 80}]}]"
    assert [
        port
        for port, _ in host_ports(
            pod(f"hostNetwork: true, {ports}, ephemeralContainers: [{{ports: [{{containerPort: 9}}]}}]")
        )
    ] == [9]
    assert host_ports(pod(ports)) == [(80, ("spec", "containers", 1, "ports", 1, "hostPort"))]
