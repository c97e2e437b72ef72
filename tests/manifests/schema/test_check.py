"""Strict decoding: what is refused, where, and that nothing else is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.table import each_row
from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.schema.check import check_schema
from trainer.manifests.schema.data import schema_for
from trainer.verdict import Severity
from trainer.versions import DEFAULT, SUPPORTED, Version

Make = Callable[[str], Manifest]

GOOD = """
    apiVersion: v1
    kind: Pod
    metadata: {name: a, labels: null, creationTimestamp: null}
    spec:
      volumes: [{name: v, emptyDir: {sizeLimit: 1Gi}}]
      containers:
      - name: a
        image: nginx
        command: null
        securityContext: {runAsUser: 1e3, readOnlyRootFilesystem: null}
        resources: {limits: {cpu: 1, memory: 0.5}}
        ports: [{containerPort: 80}]
        livenessProbe: {httpGet: {port: http, path: null}}
    """


def found(manifest: Manifest) -> list[tuple[int, str]]:
    problems = check_schema(manifest, DEFAULT)
    return [(p.location.line, p.location.path) for p in problems if p.location is not None]


@each_row("kubernetes", SUPPORTED)
def test_what_the_server_takes_has_no_problem(kubernetes: Version, manifest_of: Make) -> None:
    assert check_schema(manifest_of(GOOD), kubernetes) == []


def test_a_container_field_on_the_pod_is_sent_to_the_container(manifest_of: Make) -> None:
    [problem] = check_schema(
        manifest_of(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: a}
            spec:
              securityContext:
                readOnlyRootFilesystem: true
              containers:
              - {name: a, image: nginx}
            """
        ),
        DEFAULT,
    )
    assert problem.message == (
        "unknown field `readOnlyRootFilesystem` in `spec.securityContext`: it is a container field,"
        " move it to `spec.containers[0].securityContext`"
    )
    assert problem.severity is Severity.ERROR
    assert problem.location is not None
    assert (problem.location.line, problem.location.path) == (
        7,
        "spec.securityContext.readOnlyRootFilesystem",
    )


def test_all_problems_are_reported_each_at_its_own_line(manifest_of: Make) -> None:
    assert found(
        manifest_of(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: a, label: {}}
            spec:
              replicas: "2"
              containers: []
              template:
                spec:
                  containers:
                    name: a
            """
        )
    ) == [
        (4, "metadata.label"),
        (6, "spec.replicas"),
        (7, "spec.containers"),
        (10, "spec.template.spec.containers"),
    ]


def test_a_field_new_in_1_36_is_unknown_to_1_35(manifest_of: Make) -> None:
    before, after = (set(schema_for(Version(1, minor)).fields("core.v1.PodSpec")) for minor in (35, 36))
    assert after - before == {"schedulingGroup"}
    pod = manifest_of("{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {schedulingGroup: {}}}")
    assert [str(p.location) for p in check_schema(pod, Version(1, 35))] == ["a.yaml:1:57"]
    assert check_schema(pod, Version(1, 36)) == []


def test_an_ignored_field_of_a_configuration_file_is_a_warning(manifest_of: Make) -> None:
    [problem] = check_schema(
        manifest_of(
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            rules:
            - level: None
              resources:
              - resources: [leases]
                verbs: [get]
            """
        ),
        DEFAULT,
    )
    assert problem.severity is Severity.WARNING
    assert "move it to `rules[0]` (the component ignores it" in problem.message


def test_a_strict_configuration_file_refuses_it(manifest_of: Make) -> None:
    [problem] = check_schema(
        manifest_of(
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers:
              - aescbc: {key: []}
              - identity: {}
            """
        ),
        DEFAULT,
    )
    assert problem.severity is Severity.ERROR
    assert problem.message.endswith("did you mean `keys`?")


ADMISSION = """
    apiVersion: apiserver.config.k8s.io/v1
    kind: AdmissionConfiguration
    plugins:
    - name: ImagePolicyWebhook
      configuration:
        imagePolicy: {kubeConfigFile: /a, allowTTL: "50", default: false}
    - name: PodSecurity
      configuration:
        apiVersion: pod-security.admission.config.k8s.io/v1
        kind: PodSecurityConfiguration
        defaults: {enforced: baseline}
    """


def test_configurations_inside_an_admission_configuration_are_looked_into(manifest_of: Make) -> None:
    problems = check_schema(manifest_of(ADMISSION), DEFAULT)
    assert [(p.severity, p.location and p.location.path) for p in problems] == [
        (Severity.ERROR, "plugins[0].configuration.imagePolicy.allowTTL"),
        (Severity.WARNING, "plugins[0].configuration.imagePolicy.default"),
        (Severity.ERROR, "plugins[1].configuration.defaults.enforced"),
    ]


@each_row("plugins", ["x", "[1]", "[{configuration: []}]", "{}"])
def test_odd_plugins_do_not_crash(plugins: str, manifest_of: Make) -> None:
    text = f"{{apiVersion: apiserver.config.k8s.io/v1, kind: AdmissionConfiguration, plugins: {plugins}}}"
    assert [p for p in check_schema(manifest_of(text), DEFAULT) if "configuration" in str(p.location)] == []


def test_no_control_character_reaches_a_message(manifest_of: Make) -> None:
    pod = '{apiVersion: v1, kind: Pod, spec: {"a\\e[2Jb\\n": 1, hostPID: "\\e]0;x"}}'
    messages = [problem.message for problem in check_schema(manifest_of(pod), DEFAULT)]
    assert len(messages) == 2
    assert all(message.isprintable() for message in messages)


def test_thousands_of_unknown_fields_are_counted_not_listed(manifest_of: Make) -> None:
    fields = "".join(f"  volume{number}: {{a: [1, 2]}}\n" for number in range(3000))
    problems = check_schema(manifest_of(f"apiVersion: v1\nkind: Pod\nspec:\n{fields}"), DEFAULT)
    assert len(problems) == 101
    assert problems[19].message.endswith("did you mean `volumes`?")
    assert problems[20].message == "unknown field `volume20` in `spec`"
    assert problems[100].message == "and 2900 more fields that do not fit"


def test_an_unknown_version_of_kubernetes_is_a_usage_error(manifest_of: Make) -> None:
    with pytest.raises(UsageError, match=r"1\.2 is not supported"):
        check_schema(manifest_of(GOOD), Version(1, 2))
