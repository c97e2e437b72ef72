"""The runtime handlers of a node."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged, UsageError
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.simulate.scheduling.containerd import configured_handlers, reported_handlers


@each_row(
    ("config", "handlers"),
    [
        (
            "version = 3\n[plugins.'io.containerd.cri.v1.runtime'.containerd]\ndefault_runtime_name = 'runc'\n"
            "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]\n"
            "runtime_type = 'io.containerd.runc.v2'\n"
            "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]\nSystemdCgroup = true\n"
            "#[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.kata]\n"
            "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runsc-kvm]\n"
            "runtime_type = 'io.containerd.runsc.v1'\n",
            ["runc", "runsc-kvm"],
        ),
        ('version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]\n', ["runsc"]),
        ("[plugins.cri.containerd.runtimes.runsc]\n", ["runsc"]),
        # The table of another version of the file isn't read.
        ('version = 3\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]\n', []),
        ("version = 2\n", []),
    ],
)
def test_handlers_that_containerd_is_configured_for(config: str, handlers: list[str]) -> None:
    assert configured_handlers(config) == handlers


@each_row("config", ["version = ", "version = 9", "version = true", "version = '2'"])
def test_a_file_that_containerd_does_not_read(config: str) -> None:
    with pytest.raises(UsageError, match="of containerd"):
        configured_handlers(config)


def test_other_files_are_not_judged() -> None:
    with pytest.raises(NotJudged, match="imports"):
        configured_handlers("version = 3\nimports = ['/etc/containerd/conf.d/*.toml']\n")


@each_row(
    ("status", "handlers"),
    [
        ("{runtimeHandlers: [{name: ''}, {name: runc}, {name: runsc, features: {}}]}", ["runc", "runsc"]),
        ("{}", []),
        ("{runtimeHandlers: [null, {name: 4}]}", []),
    ],
)
def test_handlers_that_the_kubelet_reports(status: str, handlers: list[str]) -> None:
    text = f"{{apiVersion: v1, kind: Node, metadata: {{name: a}}, status: {status}}}"
    [node] = manifests_of(parse(text.encode(), "n.yaml").documents)[0]
    assert reported_handlers(node) == handlers
