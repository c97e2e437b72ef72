"""Tests of `rules.fields`: what an object's fields hold."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.table import each_row
from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.rules.fields import Params, judge
from trainer.simulate.world import World
from trainer.versions import DEFAULT

TWO = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: sun}
spec:
  securityContext: {runAsNonRoot: true, runAsUser: 1000}
  initContainers:
    - {name: init, image: busybox}
  containers:
    - {name: a, image: nginx, securityContext: {readOnlyRootFilesystem: true}}
    - {name: b, image: nginx, securityContext: {privileged: true, runAsUser: 0}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: moon}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: a, image: nginx, command: [sh], args: [-c, id]}
"""


def manifests(text: str) -> tuple[Manifest, ...]:
    found = (admit(one, DEFAULT) for one in manifests_of(parse(text.encode(), "a.yaml").documents)[0])
    return tuple(one.manifest for one in found if one.manifest is not None)


def verdict(expect: dict[str, Any], **params: Any) -> tuple[str, list[str]]:
    params.setdefault("object", "Pod sun/web")
    outcome = judge(World(manifests(TWO)), msgspec.convert({**params, "expect": expect}, Params))
    return outcome.status.value, [f"{one.location or '-'} {one.message}" for one in outcome.reasons]


def every_container(**fields: Any) -> dict[str, Any]:
    return {"pod": {"spec": {"all-containers": {"every": fields}}}}


def test_all_offending_containers_are_listed() -> None:
    assert verdict(every_container(securityContext={"readOnlyRootFilesystem": True})) == (
        "fail",
        [
            "a.yaml:7:5 Init container `init` has no `securityContext`.",
            "a.yaml:10:31 `securityContext` of container `b` has no `readOnlyRootFilesystem`.",
        ],
    )


def test_false_is_what_unset_means() -> None:
    assert verdict(every_container(securityContext={"privileged": False})) == (
        "fail",
        ["a.yaml:10:49 `securityContext.privileged` of container `b` is `true`; `false` is required."],
    )


def test_what_the_pod_says_holds_for_its_containers() -> None:
    assert verdict(every_container(effectiveSecurityContext={"runAsNonRoot": True})) == ("pass", [])
    assert verdict(every_container(effectiveSecurityContext={"runAsUser": {"at-least": 1}})) == (
        "fail",
        ["a.yaml:10:67 `securityContext.runAsUser` of container `b` is `0`; at least `1` is required."],
    )


def test_what_neither_pod_nor_container_says() -> None:
    assert verdict(
        every_container(effectiveSecurityContext={"runAsGroup": 5}), object="Deployment moon/web"
    ) == (
        "fail",
        ["a.yaml:21:9 Neither container `a` nor its Pod sets `runAsGroup`; `5` is required."],
    )
    assert verdict(every_container(effectiveSecurityContext={"runAsNonRoot": False}))[1][0] == (
        "a.yaml:5:21 `spec.securityContext.runAsNonRoot` is `true`; `false` is required."
    )


def test_argv_in_words() -> None:
    assert verdict(every_container(argv=["sh"]), object="moon/web")[1] == [
        'a.yaml:21:35 `command` and `args` of container `a` is `["sh", "-c", "id"]`; another value is required.'
    ]
    assert verdict(every_container(argv=["sh"]))[1][-1] == "a.yaml:10:5 Container `b` has no `command`."


def test_pod_works_for_workloads_and_argv_joins() -> None:
    assert verdict(every_container(argv=["sh", "-c", "id"]), object="Deployment moon/web") == ("pass", [])
    assert verdict(every_container(argv=["sh"]), object="moon/web")[0] == "fail"


def test_which() -> None:
    everything = {"kind": "Workload", "namespace": "*"}
    expect = every_container(argv=["sh", "-c", "id"])
    assert verdict(expect, object=everything, which="some") == ("pass", [])
    assert verdict(expect, object=everything)[0] == "fail"
    assert verdict(expect, object=everything, which="none") == (
        "fail",
        ["a.yaml:14:12 Deployment moon/web has what no workload should have."],
    )
    assert verdict({"metadata": {"name": "no"}}, object=everything, which="none") == ("pass", [])
    assert verdict({"metadata": {"name": "no"}}, object=everything, which="some")[0] == "fail"


def test_no_such_object() -> None:
    assert verdict({}, object="Pod sun/no") == ("fail", ["- There is no Pod no in Namespace sun."])
    assert verdict({}, object="Pod sun/no", which="none") == ("pass", [])


@each_row("expect", [{"spec": {"absent": 1}}, {"spec": {"containers": {"every": {"one-of": 1}}}}])
def test_wrong_operators_are_faults_of_the_card(expect: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError, match="the operator"):
        msgspec.convert({"object": "Pod sun/web", "expect": expect}, Params)


@each_row(
    ("expect", "params", "evidence"),
    [
        (
            {"spec": {"containers": {"every": {"securityContext": {"privileged": False}}}}},
            {},
            ("A process in container `b` has every capability and can access the node's devices.",),
        ),
        (
            {"spec": {"serviceAccountName": "own"}},
            {},
            ("`kubectl get pod web -n sun -o jsonpath='{.spec.serviceAccountName}'` prints `default`.",),
        ),
        ({}, {"object": "Pod sun/db"}, ("`kubectl get pod db -n sun`: NotFound.",)),
        ({}, {"which": "none"}, ("`kubectl get pod web -n sun` still finds it.",)),
    ],
)
def test_evidence(expect: dict[str, Any], params: dict[str, Any], evidence: tuple[str, ...]) -> None:
    settings = {"object": "Pod sun/web", **params, "expect": expect}
    assert judge(World(manifests(TWO)), msgspec.convert(settings, Params)).evidence == evidence


def test_annotations_of_the_server_are_not_looked_at() -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, annotations: {cni.projectcalico.org/podIP: 10.0.0.7/32%s}}\n"
    pod += "spec: {containers: [{name: a, image: nginx}]}\n"
    asked = Params("Pod default/web", {"metadata": {"annotations": {"absent": True}}})
    assert judge(World(manifests(pod % "")), asked).status.value == "pass"
    assert judge(World(manifests(pod % ", a: b")), asked).status.value == "fail"
