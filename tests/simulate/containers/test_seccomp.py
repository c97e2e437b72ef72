"""Seccomp profiles: which one a container gets, and what the runtime's default does to a call."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.containers.seccomp import (
    DEFAULT_ALLOWED,
    DEFAULT_DENIED,
    ContainerProfile,
    fate_in_default,
    profiles_of,
)
from trainer.simulate.workloads import pod_template


def test_the_tables_of_the_default_profile_do_not_contradict() -> None:
    assert set() == DEFAULT_ALLOWED & DEFAULT_DENIED


POD = "kind: Pod\nspec:\n  securityContext: %s\n  containers:\n  - {name: a, securityContext: %s}\n"


def of(pod: str = "{}", container: str = "{}", **settings: bool) -> ContainerProfile:
    document = parse((POD % (pod, container)).encode(), "pod.yaml").documents[0]
    template = pod_template(Manifest(document.value, document))
    assert template is not None
    [found] = profiles_of(template, **settings)
    return found


DEFAULT = "{seccompProfile: {type: RuntimeDefault}}"
LOCAL = "{seccompProfile: {type: Localhost, localhostProfile: profiles/a.json}}"


@each_row(
    ("pod", "container", "kind", "line"),
    [
        ("{}", "{}", "unconfined", 5),
        (DEFAULT, "{}", "default", 3),
        (DEFAULT, LOCAL, "localhost", 5),
        (LOCAL, "{privileged: true}", "unconfined", 5),
        ("{}", "{seccompProfile: {type: Unconfined}}", "unconfined", 5),
    ],
)
def test_the_profile_in_effect(pod: str, container: str, kind: str, line: int) -> None:
    found = of(pod, container)
    assert (found.kind, found.location.line) == (kind, line)


def test_localhost_is_relative_to_the_kubelets_folder() -> None:
    assert of(LOCAL).file == "/var/lib/kubelet/seccomp/profiles/a.json"


def test_the_kubelets_default() -> None:
    assert of(seccomp_default=True).kind == "default"
    assert of(container="{seccompProfile: {type: Unconfined}}", seccomp_default=True).kind == "unconfined"


def test_the_default_profile() -> None:
    assert not fate_in_default(of(DEFAULT), "mount").allowed
    assert fate_in_default(of(DEFAULT), "read").allowed
    with pytest.raises(NotJudged, match="added capabilities"):
        fate_in_default(of(DEFAULT, "{capabilities: {add: [SYS_ADMIN]}}"), "mount")
    with pytest.raises(NotJudged, match="ptrace"):
        fate_in_default(of(DEFAULT), "ptrace")
