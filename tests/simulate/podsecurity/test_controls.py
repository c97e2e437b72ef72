"""The view that the controls share, and the wrappers that make versions of a control."""

from __future__ import annotations

from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.podsecurity.controls import (
    PodView,
    capabilities_baseline,
    not_for_windows,
    not_in_user_namespace,
    privileged,
    selinux,
    sysctls,
)
from trainer.simulate.workloads import pod_template

POD = """\
kind: Pod
spec:
  os: {name: %s}
  hostUsers: %s
  containers:
  - {name: a, securityContext: {privileged: true}}
  initContainers:
  - {name: b, securityContext: {privileged: false}}
"""


def view(os: str = "linux", host_users: str = "true") -> PodView:
    document = parse((POD % (os, host_users)).encode(), "pod.yaml").documents[0]
    template = pod_template(Manifest(document.value, document))
    assert template is not None
    return PodView.of(template)


def test_scopes_are_the_pod_and_all_containers() -> None:
    seen = view()
    assert [scope.title for scope in seen.scopes] == ["the Pod", "container 'b'", "container 'a'"]
    assert seen.containers[1].setting("privileged") == (
        "spec",
        "containers",
        0,
        "securityContext",
        "privileged",
    )


def test_findings_name_the_place() -> None:
    [finding] = privileged(view())
    assert finding.message == "container 'a' must not be privileged"
    assert finding.path == ("spec", "containers", 0, "securityContext", "privileged")


def test_wrappers_spare_windows_pods_and_user_namespaces() -> None:
    assert list(not_for_windows(privileged)(view(os="windows"))) == []
    assert len(list(not_for_windows(privileged)(view()))) == 1
    assert list(not_in_user_namespace(privileged)(view(host_users="false"))) == []
    assert len(list(not_in_user_namespace(privileged)(view()))) == 1


def test_values_of_odd_types_are_not_allowed_and_no_crash() -> None:
    text = """\
kind: Pod
spec:
  securityContext: {seLinuxOptions: {type: [a]}, sysctls: [{name: {a: b}}]}
  containers:
  - {name: a, securityContext: {capabilities: {add: [{a: b}, CHOWN]}}}
"""
    document = parse(text.encode(), "pod.yaml").documents[0]
    template = pod_template(Manifest(document.value, document))
    assert template is not None
    seen = PodView.of(template)
    for control in (capabilities_baseline, selinux(frozenset({""})), sysctls(frozenset())):
        assert len(list(control(seen))) == 1
