"""Tests of `grading.still_given`: which given objects stay, and what a reason about one says."""

from __future__ import annotations

from tests.table import each_row
from trainer.content.card import Check
from trainer.content.catalogue import find_card
from trainer.content.given import given_manifests
from trainer.content.locate import builtin_pack
from trainer.grading.grade import grade
from trainer.grading.judge import judge_checks
from trainer.grading.world import build_world
from trainer.manifests.answer import Answer, AnswerFile
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.verdict import CheckResult, Scope, Status
from trainer.versions import DEFAULT

REFUSED = "The answer's DaemonSet monitoring/collector is refused, so the existing one stays as it is."


def reasons(change: tuple[str, str]) -> dict[str, list[str]]:
    card = find_card("host-namespaces", builtin_pack())
    text = card.start["collector.yaml"].replace(*change)
    verdict = grade(card, Answer((AnswerFile("collector.yaml", text.encode()),)))
    return {
        check.id: [f"{one.location and one.location.file} {one.message}" for one in check.reasons]
        for check in verdict.checks
        if check.status.value == "fail"
    }


def test_the_refusal_comes_before_the_reasons_about_the_given_object() -> None:
    found = reasons(("hostIPC: true", "hostIPCs: true"))
    assert found
    for messages in found.values():
        assert messages[0] == f"collector.yaml {REFUSED}"
        assert messages.count(messages[0]) == 1
        assert any(one.startswith("given ") for one in messages[1:])


def test_an_answer_that_is_accepted_needs_no_such_reason() -> None:
    found = reasons(("hostIPC: true", "hostIPC: false"))
    assert found
    assert not any(REFUSED in one for messages in found.values() for one in messages)


def test_a_workload_whose_pods_are_refused_explains_what_runs_on() -> None:
    card = find_card("runtimeclass-gvisor", builtin_pack())
    text = card.start["lab.yaml"].replace("    spec:\n", "    spec:\n      runtimeClassName: gvisor\n")
    text = text.replace("disk: ssd", "sandbox: none") + (
        "---\napiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: gvisor}\nhandler: runsc-kvm\n"
        "scheduling: {nodeSelector: {sandbox: gvisor}, tolerations: [{operator: Exists}]}\n"
    )
    verdict = grade(card, Answer((AnswerFile("lab.yaml", text.encode()),)))
    found = {check.id: check.reasons for check in verdict.checks}["upload-isolated"]
    assert found[0].message.startswith(
        "Deployment lab/upload is created, but its ReplicaSet can't create Pods"
    )
    assert found[0].message.endswith("Pods that exist stay as they are.")
    assert found[0].location is not None
    assert found[0].location.path == "spec.template.spec.nodeSelector.sandbox"


def test_an_object_in_another_namespace_explains_why_the_given_one_stays() -> None:
    card = find_card("falco-devmem", builtin_pack())
    text = card.start["deployments.yaml"].replace("replicas: 2", "replicas: 0", 1)
    text = text.replace("  namespace: plant\n", "", 1)
    answer = Answer((AnswerFile("deployments.yaml", text.encode()),))
    scaled = next(check for check in grade(card, answer).checks if check.id == "scaled")
    first = scaled.reasons[0]
    assert first.message == (
        "The answer's Deployment gauge is in Namespace default, so the one in Namespace plant stays as it is."
    )
    assert first.location is not None
    assert (first.location.file, first.location.line) == ("deployments.yaml", 3)


GIVEN = """
apiVersion: v1
kind: Namespace
metadata: {name: sun, labels: {tier: trusted}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: sun}
data: {a: b}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: sun}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: nginx}]}}
"""
NAMESPACE, CONFIG_MAP, DEPLOYMENT = GIVEN.split("---")
SCALED = DEPLOYMENT.replace("spec:\n", "spec:\n  replicas: 3\n", 1)
SHOWN = """
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Namespace
  metadata:
    creationTimestamp: "2026-11-01T10:00:00Z"
    labels: {kubernetes.io/metadata.name: sun, tier: trusted}
    name: sun
    resourceVersion: "17"
    uid: 0b2d7e9a-1111-4222-8333-944455556666
  spec: {finalizers: [kubernetes]}
  status: {phase: Active}
"""


def outcome_of(answer: str, changes: tuple[str, ...], scope: Scope | None = None) -> CheckResult:
    given, wrong = given_manifests(GIVEN, DEFAULT)
    assert not wrong
    manifests, _ = manifests_of(parse(answer.encode(), "a.yaml").documents)
    world, _ = build_world(given, manifests, kubernetes=DEFAULT)
    settings = {"object": "Deployment sun/web"}
    check = Check("c", "It exists", 1, "object", settings=settings, only_changes=changes)
    (result,) = judge_checks([check], world, scope)
    return result


@each_row(
    "answer, places",
    [
        (SCALED, []),
        (f"{SCALED}---{NAMESPACE}---{CONFIG_MAP}", []),
        (f"{SCALED}---{SHOWN}", []),
        (f"{SCALED}---{NAMESPACE.replace('sun', 'moon')}", []),
        (f"{SCALED}---{NAMESPACE.replace(', labels: {tier: trusted}', '')}", ["metadata.labels"]),
        (f"{SCALED}---{NAMESPACE.replace('tier: ', 'env: dev, tier: ')}", ["metadata.labels.env"]),
        (f"{SCALED}---{CONFIG_MAP.replace('a: b', 'a: c')}", ["data.a"]),
    ],
)
def test_a_check_may_refuse_changes_of_other_given_objects(answer: str, places: list[str]) -> None:
    result = outcome_of(answer, ("Deployment sun/web",))
    assert [one.location and one.location.path for one in result.reasons] == places
    assert all("must stay as it was" in one.message for one in result.reasons)
    assert (result.status is Status.PASS) == (not places)


def test_an_object_that_the_answer_may_change_is_named() -> None:
    assert outcome_of(SCALED, ()).reasons[0].message.startswith("Deployment sun/web must stay as it was: ")
    assert outcome_of(SCALED, (), Scope.LIVE).status is Status.PASS
