"""Tests of `rules.object`: which objects exist."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.table import each_row
from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.rules.object import Params, judge
from trainer.simulate.world import Refused, World
from trainer.verdict import Location, Problem, Status
from trainer.versions import DEFAULT

PODS = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: sun}
spec: {containers: [{name: a, image: nginx}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: sun}
spec: {containers: [{name: a, image: nginx, securityContext: {privileged: true}}]}
"""


def manifests(text: str) -> tuple[Manifest, ...]:
    found = (admit(one, DEFAULT) for one in manifests_of(parse(text.encode(), "a.yaml").documents)[0])
    return tuple(one.manifest for one in found if one.manifest is not None)


def verdict(given: str = PODS, world: str = PODS, **params: Any) -> tuple[str, list[str]]:
    params.setdefault("object", {"kind": "Pod", "namespace": "sun", "name": "web"})
    objects = manifests(world)
    outcome = judge(World(objects, manifests(given), objects), msgspec.convert(params, Params))
    return outcome.status.value, [f"{one.location or '-'} {one.message}" for one in outcome.reasons]


ALL = {"kind": "Pod", "namespace": "sun"}


@each_row(
    "params",
    [
        {},
        {"object": "Pod sun/web"},
        {"object": "sun/db"},
        {"object": ALL, "count": 2},
        {"object": ALL, "only": ["db", "web"]},
        {"object": "Pod sun/cache", "absent": True},
        {"object": "Pod sun/cache", "count": 0},
        {"object": ALL, "unchanged": True},
    ],
)
def test_pass(params: dict[str, Any]) -> None:
    assert verdict(**params) == ("pass", [])


@each_row(
    ("params", "reasons"),
    [
        ({"object": "Pod sun/cache"}, ["a.yaml:1:1 There is no Pod cache in Namespace sun."]),
        ({"absent": True}, ["a.yaml:3:12 Pod sun/web exists; remove it."]),
        (
            {"object": ALL, "count": 1},
            ["a.yaml:8:12 The answer has 2 of Pod in Namespace sun; the task requires 1."],
        ),
        ({"others": "none"}, ["a.yaml:8:12 Pod sun/db also exists; the task requires no other Pod."]),
        (
            {"object": ALL, "only": ["web", "cache"]},
            [
                "a.yaml:8:12 Pod sun/db exists; remove it.",
                "a.yaml:1:1 There is no Pod cache in Namespace sun.",
            ],
        ),
    ],
)
def test_fail(params: dict[str, Any], reasons: list[str]) -> None:
    assert verdict(**params) == ("fail", reasons)


def test_a_changed_object() -> None:
    changed = PODS.replace("privileged: true", "privileged: false")
    assert verdict(world=changed, object="Pod sun/db", unchanged=True) == (
        "fail",
        ["a.yaml:9:63 `securityContext.privileged` of container `a` is `false`; `true` is required."],
    )


def test_more_than_was_given_is_a_change_too() -> None:
    more = PODS.replace(
        "spec: {containers: [{name: a, image: nginx}]}",
        "spec: {hostPID: true, containers: [{name: a, image: nginx}]}",
    )
    assert verdict(world=more, unchanged=True) == ("fail", ["a.yaml:4:8 `spec.hostPID` must not be set."])


def test_another_form_is_no_change() -> None:
    same = PODS.replace("image: nginx}]}", "image: docker.io/library/nginx:latest, args: []}]}")
    assert verdict(world=same, unchanged=True) == ("pass", [])


def test_what_was_not_given_cannot_be_unchanged() -> None:
    assert verdict(given="", unchanged=True) == (
        "fail",
        ["a.yaml:1:1 Pod sun/web isn't one of the given objects."],
    )


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: sun}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: a, image: nginx}]
"""
HARDER = DEPLOYMENT.replace(
    "image: nginx}]",
    "image: nginx, securityContext: {privileged: false, runAsUser: 5}, volumeMounts: [{name: t, mountPath: /tmp}]}]\n"
    "      volumes: [{name: t, emptyDir: {}}]",
)
DNS = f"{DEPLOYMENT}      dnsPolicy: Default\n"
PATHS = [
    "pod.spec.containers[].securityContext",
    "pod.spec.containers[].volumeMounts[]",
    "pod.spec.volumes[]",
]


@each_row(
    ("text", "paths", "reasons"),
    [
        (HARDER, PATHS, []),
        (HARDER, ["pod"], []),
        (HARDER, PATHS[:2], ["a.yaml:11:7 `spec.template.spec.volumes` must not be set."]),
        (
            HARDER.replace("replicas: 2", "replicas: 3"),
            PATHS,
            ["a.yaml:5:3 `spec.replicas` is `3`; `2` is required."],
        ),
        (DEPLOYMENT, [], []),
        (HARDER, [f"{PATHS[0]}.runAsUser", *PATHS[1:]], []),
        (
            HARDER.replace("runAsUser: 5", "runAsUser: 5, runAsGroup: 5"),
            [f"{PATHS[0]}.runAsGroup", *PATHS[1:]],
            ["a.yaml:10:81 `securityContext.runAsUser` of container `a` must not be set."],
        ),
        (
            HARDER,
            [f"{PATHS[0]}.runAsGroup", *PATHS[1:]],
            ["a.yaml:10:44 `securityContext` of container `a` must not be set."],
        ),
        (DNS, ["pod.spec.dnsPolicy=ClusterFirst|Default"], []),
        (
            DNS,
            ["pod.spec.dnsPolicy=ClusterFirst"],
            ["a.yaml:11:7 `spec.template.spec.dnsPolicy` is `Default`; `ClusterFirst` is required."],
        ),
    ],
)
def test_what_may_change(text: str, paths: list[str], reasons: list[str]) -> None:
    found = verdict(
        given=DEPLOYMENT, world=text, object="Deployment sun/web", unchanged=True, **{"may-change": paths}
    )
    assert found == ("fail" if reasons else "pass", reasons)


def test_the_value_that_is_allowed_is_the_one_that_is_required() -> None:
    given, paths = (
        f"{DEPLOYMENT}      dnsPolicy: ClusterFirstWithHostNet\n",
        ["pod.spec.dnsPolicy=ClusterFirst"],
    )
    params = {"object": "Deployment sun/web", "unchanged": True, "may-change": paths}
    assert verdict(given=given, world=DNS, **params)[1] == [
        "a.yaml:11:7 `spec.template.spec.dnsPolicy` is `Default`; `ClusterFirst` is required."
    ]


def test_a_mapping_that_is_gone_may_have_had_the_listed_fields() -> None:
    for path, status in ((f"{PATHS[0]}.runAsUser", "pass"), (f"{PATHS[0]}.runAsGroup", "fail")):
        paths = [path, f"{PATHS[0]}.privileged", *PATHS[1:]]
        found, _ = verdict(
            given=HARDER,
            world=DEPLOYMENT,
            object="Deployment sun/web",
            unchanged=True,
            **{"may-change": paths},
        )
        assert found == status


def test_what_an_update_cannot_change_is_compared_with_the_starter() -> None:
    before, after = manifests(PODS), manifests(PODS.replace("name: web,", "name: web, labels: {a: b},"))
    params = Params("Pod sun/web", unchanged=True, since="start")
    assert judge(World(after, (), after, started=before), params).status is Status.FAIL
    assert judge(World(before, (), before, started=before), params).status is Status.PASS


def test_a_target_that_cannot_be() -> None:
    with pytest.raises(msgspec.ValidationError, match="doesn't name an object"):
        msgspec.convert({"object": "sun"}, Params)
    assert msgspec.convert({"object": "a/b"}, Params).absent is False


def test_status_is_fail_not_error() -> None:
    outcome = judge(World(()), Params("Pod sun/web"))
    assert outcome.status is Status.FAIL


@each_row(
    ("params", "evidence"),
    [
        ({"object": "Pod sun/cache"}, ["`kubectl get pod cache -n sun`: NotFound."]),
        ({"absent": True}, ["`kubectl get pod web -n sun` still finds it."]),
        ({"object": ALL, "count": 1}, ["`kubectl get pod -n sun` lists web, db."]),
        ({"others": "none"}, ["`kubectl get pod -n sun` lists web, db."]),
    ],
)
def test_evidence(params: dict[str, Any], evidence: list[str]) -> None:
    params.setdefault("object", {"kind": "Pod", "namespace": "sun", "name": "web"})
    objects = manifests(PODS)
    outcome = judge(World(objects, objects, objects), msgspec.convert(params, Params))
    assert list(outcome.evidence) == evidence


def test_evidence_of_a_change() -> None:
    after = manifests(PODS.replace("privileged: true", "privileged: false"))
    params = msgspec.convert({"object": "Pod sun/db", "unchanged": True}, Params)
    outcome = judge(World(after, manifests(PODS), after), params)
    path = "{.spec.containers[0].securityContext.privileged}"
    assert outcome.evidence == (f"`kubectl get pod db -n sun -o jsonpath='{path}'` prints `false`.",)


def test_evidence_of_a_new_object() -> None:
    after = manifests(PODS)
    params = msgspec.convert({"object": {"kind": "Pod", "namespace": "*"}, "unchanged": True}, Params)
    outcome = judge(World(after, after[:1], after), params)
    assert [one.message for one in outcome.reasons] == ["Pod sun/db isn't one of the given objects."]
    assert outcome.evidence == ("`kubectl get pod db -n sun` still finds it.",)


def test_a_refused_change_of_a_given_object() -> None:
    old, new = _pod("old.yaml"), _pod("new.yaml")
    wanted = msgspec.convert({"object": "Pod sun/web", "applied": True}, Params)
    assert judge(World((new,), (old,), (new,)), wanted).status is Status.PASS
    problem = Problem("The API server refuses this field.", location=Location("new.yaml", 2, 1))
    refused = judge(World((old,), (old,), refused=(Refused(new, (problem,)),)), wanted)
    assert [reason.message for reason in refused.reasons] == ["The API server refuses this field."]
    assert refused.evidence == ("Pod sun/web stays as it was.",)
    absent = judge(World((old,), (old,)), wanted)
    assert absent.reasons[0].message == "The answer has no Pod web in Namespace sun."


def _pod(file: str) -> Manifest:
    document = parse(b"kind: Pod\nmetadata: {name: web, namespace: sun}\n", file).documents[0]
    return Manifest(document.value, document)


RUNS = {"object": "Pod sun/web", "runs": True}
GATED = PODS.replace(
    "spec: {containers: [{name: a, image: nginx}]}",
    "spec: {schedulingGates: [{name: g}], containers: [{name: a, image: nginx}]}",
)


def test_nothing_keeps_it_from_running() -> None:
    assert verdict(**RUNS) == ("pass", [])
    assert verdict(world=GATED, **{**RUNS, "runs": False}) == ("pass", [])
    status, reasons = verdict(world=GATED, **RUNS)
    assert (status, reasons) == ("fail", ["a.yaml:4:8 The Pods of Pod sun/web have the scheduling gate g."])
    both = {"object": {"kind": "Pod", "namespace": "sun"}, "runs": True, "only": ["web", "db"]}
    assert verdict(**both) == ("pass", [])
    assert verdict(world=GATED, **both)[0] == "fail"


def test_an_object_that_makes_no_pods_runs_nothing() -> None:
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: sun}\n"
    assert verdict(world=account, object="ServiceAccount sun/web", runs=True) == ("pass", [])


@each_row(("selector", "passes"), [("{runtime: kata}", True), ("{runtime: gone}", False)])
def test_pods_run_where_their_runtime_class_wants_them(selector: str, passes: bool) -> None:
    given = f"""
apiVersion: v1
kind: Node
metadata: {{name: a, labels: {{runtime: kata}}}}
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {{name: kata}}
handler: kata
scheduling: {{nodeSelector: {selector}}}
---
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec: {{runtimeClassName: kata, containers: [{{name: a, image: nginx}}]}}
"""
    status, reasons = verdict(world=given, object="Pod default/web", runs=True)
    assert (status, reasons) == (
        ("pass", []) if passes else ("fail", ["a.yaml:15:1 No node has these labels."])
    )
