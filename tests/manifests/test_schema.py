"""Strict decoding: what is refused, where, and what the message tells."""

from __future__ import annotations

import textwrap

import pytest

from trainer.errors import UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.parse import parse
from trainer.manifests.schema import check_schema, decodes, versions
from trainer.manifests.schema_data import schema_for


def manifest_of(text: str) -> Manifest:
    [document] = parse(textwrap.dedent(text).encode(), "a.yaml").documents
    return Manifest(document.value, document)


def refusals(text: str, kubernetes: str = "1.35") -> list[tuple[int, str, str]]:
    problems = check_schema(manifest_of(text), kubernetes)
    return [(p.location.line, p.location.path, p.message) for p in problems if p.location is not None]


GOOD = """
    apiVersion: v1
    kind: Pod
    metadata: {name: a, labels: null}
    spec:
      volumes: [{name: v, emptyDir: {sizeLimit: 1Gi}}]
      containers:
      - name: a
        image: nginx
        resources: {limits: {cpu: 1, memory: 0.5}}
        ports: [{containerPort: 80}]
        livenessProbe: {httpGet: {port: http, path: null}}
    """


@pytest.mark.parametrize("kubernetes", versions())
def test_what_the_server_takes_has_no_problem(kubernetes: str) -> None:
    assert refusals(GOOD, kubernetes) == []


def test_a_container_field_on_the_pod_is_sent_to_the_container() -> None:
    assert refusals(
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
    ) == [
        (
            7,
            "spec.securityContext.readOnlyRootFilesystem",
            "unknown field `readOnlyRootFilesystem` in `spec.securityContext`: it is a container field,"
            " move it to `spec.containers[0].securityContext`",
        )
    ]


def test_all_problems_are_reported_each_at_its_own_line() -> None:
    found = refusals(
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
    assert [(line, path) for line, path, _ in found] == [
        (4, "metadata.label"),
        (6, "spec.replicas"),
        (7, "spec.containers"),
        (10, "spec.template.spec.containers"),
    ]


def test_an_unknown_version_of_kubernetes_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"there is 1\.35, 1\.36"):
        check_schema(manifest_of(GOOD), "1.2")


def test_decodes_tells_whether_a_value_fits_a_node() -> None:
    schema = schema_for("1.35")
    context = schema.node("core.v1.SecurityContext")
    assert decodes(schema, context, {"privileged": False}) is True
    assert decodes(schema, context, {"privileged": "no"}) is False
    assert decodes(schema, context, {"fsGroup": 1}) is False
