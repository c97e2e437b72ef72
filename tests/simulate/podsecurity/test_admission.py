"""Pod Security admission: labels, defaults, exemptions, and what becomes of pods and workloads."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.podsecurity.admission import (
    Level,
    PodSecurityConfiguration,
    admit,
    configuration_of,
    configuration_problems,
    label_problems,
    policy_of,
)

POD = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: n}\n"
    "spec:\n  hostPID: true\n  runtimeClassName: gvisor\n"
)
DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: n}\n"
    "spec: {template: {spec: {hostPID: true}}}\n"
)
CONFIGURATION = """\
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: PodSecurity
  configuration:
    apiVersion: pod-security.admission.config.k8s.io/v1
    kind: PodSecurityConfiguration
    defaults: {enforce: baseline, enforce-version: v1.34, warn: restricted}
    exemptions: {usernames: [ci], namespaces: [kube-system], runtimeClasses: [gvisor]}
"""


def manifest(text: str) -> Manifest:
    document = parse(text.encode(), "x.yaml").documents[0]
    return Manifest(document.value, document)


def labels(**modes: str) -> dict[str, str]:
    return {f"pod-security.kubernetes.io/{mode.replace('_', '-')}": value for mode, value in modes.items()}


def test_enforce_rejects_pods_and_only_warns_about_workloads() -> None:
    rejected = admit(manifest(POD), labels(enforce="baseline"))
    assert not rejected.admitted
    assert [violation.control for violation in rejected.rejected] == ["hostNamespaces"]
    assert rejected.warned == ()
    workload = admit(manifest(DEPLOYMENT), labels(enforce="baseline"))
    assert workload.admitted
    assert [violation.control for violation in workload.warned] == ["hostNamespaces"]
    assert workload.audited == ()


def test_audit_and_warn_admit() -> None:
    admission = admit(manifest(POD), labels(audit="baseline", warn="baseline"))
    assert admission.admitted
    assert admission.warned
    assert admission.audited
    assert admit(manifest(POD), {}).warned == ()


def test_warn_follows_a_stricter_enforce_unless_it_is_set() -> None:
    policy = policy_of(labels(enforce="restricted", enforce_version="v1.30"), PodSecurityConfiguration())
    assert policy.warn == Level("restricted", "v1.30")
    pinned = policy_of(labels(enforce="restricted", warn_version="v1.29"), PodSecurityConfiguration())
    assert pinned.warn == Level("restricted", "v1.29")
    own = policy_of(labels(enforce="restricted", warn="privileged"), PodSecurityConfiguration())
    assert own.warn == Level("privileged")


def test_labels_that_cannot_be_read_fail_closed_for_enforce_only() -> None:
    policy = policy_of(
        labels(enforce="strict", audit="strict", warn="strict", enforce_version="1.30"),
        PodSecurityConfiguration(),
    )
    assert (policy.enforce, policy.audit, policy.warn) == (Level("restricted"), Level(), Level())


def test_label_problems_name_the_line() -> None:
    namespace = manifest(
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: n\n  labels:\n"
        "    pod-security.kubernetes.io/enforce: strict\n"
        "    pod-security.kubernetes.io/warn-version: 1.35\n"
        "    pod-security.kubernetes.io/audit: baseline\n"
    )
    problems = label_problems(namespace)
    assert [
        (problem.message.split(":")[0], problem.location and problem.location.line) for problem in problems
    ] == [
        ("'strict' is not a level", 6),
        ("1.35 is not a version", 7),
    ]


def test_configuration_gives_defaults_and_exemptions() -> None:
    settings = configuration_of(manifest(CONFIGURATION))
    assert settings.enforce == Level("baseline", "v1.34")
    assert settings.warn == Level("restricted")
    assert settings.audit == Level()
    assert policy_of(labels(enforce="privileged"), settings).enforce.level == "privileged"
    assert admit(manifest(POD), {}, settings).exempt == "the runtime class gvisor is exempt"
    bare = POD.replace("  runtimeClassName: gvisor\n", "")
    assert not admit(manifest(bare), {}, settings).admitted
    assert admit(manifest(bare), {}, settings, user="ci").exempt == "the user ci is exempt"
    in_system = bare.replace("namespace: n", "namespace: kube-system")
    assert admit(manifest(in_system), {}, settings).exempt == "the namespace kube-system is exempt"


def test_other_configurations_are_refused() -> None:
    with pytest.raises(UsageError, match="has no PodSecurityConfiguration"):
        configuration_of(manifest("kind: AdmissionConfiguration\nplugins: [{name: Other}]\n"))


def test_objects_without_pods_are_no_business_of_the_plugin() -> None:
    assert admit(manifest("kind: Secret\nmetadata: {name: s}\n"), labels(enforce="restricted")).exempt


SETTINGS = (
    "{apiVersion: apiserver.config.k8s.io/v1, kind: AdmissionConfiguration, plugins: [{name: Other, configuration: 1}, "
    "{name: PodSecurity, configuration: {apiVersion: pod-security.admission.config.k8s.io/v1, "
    "kind: PodSecurityConfiguration, %s}}]}"
)


@each_row(
    ("settings", "problems"),
    [
        ("defaults: {enforce: baseline, enforce-version: v1.35, audit: '', warn-version: latest, enforced: x}", []),
        ("exemptions: {namespaces: [a, b], usernames: [a], runtimeClasses: null}", []),
        ("defaults: {enforce: strict, warn-version: '1.35'}",
         ["defaults.enforce: 'strict' is not a level: write privileged, baseline, restricted",
          "defaults.warn-version: '1.35' is not a version: write latest or v1.35"]),
        ("exemptions: {namespaces: [a, a], usernames: [''], runtimeClasses: gvisor}",
         ["exemptions.namespaces[1]: a is there twice", "exemptions.usernames[0]: '' is not a name",
          "exemptions.runtimeClasses: `runtimeClasses` must be a list"]),
    ],
)  # fmt: skip
def test_settings_with_which_the_api_server_does_not_start(settings: str, problems: list[str]) -> None:
    document = parse((SETTINGS % settings).encode(), "a.yaml").documents[0]
    found = configuration_problems(Manifest(document.value, document))
    start = "plugins[1].configuration."
    assert [
        f"{one.location.path.removeprefix(start)}: {one.message}" for one in found if one.location
    ] == problems


@each_row("wrong", ["config.k8s.io/v2", "config.k8s.io/v1beta2"])
def test_settings_of_another_kind(wrong: str) -> None:
    text = (SETTINGS % "").replace("admission.config.k8s.io/v1", f"admission.{wrong}")
    document = parse(text.encode(), "a.yaml").documents[0]
    [problem] = configuration_problems(Manifest(document.value, document))
    assert "reads the kind PodSecurityConfiguration" in problem.message
