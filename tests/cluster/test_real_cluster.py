"""Against a real API server of 1.35 or 1.36: `KUBECONFIG=... pytest -m live`. Only the API is needed.

The context is CKS_TRAINER_CONTEXT, or the only one of the kubeconfig: a current context is never taken.
For every card each stored answer gets the same verdict from its file and from the cluster.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import pytest

from tests.cards import CARDS as ALL_CARDS
from tests.cards import PACK
from trainer.cluster.adopt import is_made_by_cluster
from trainer.cluster.apply import apply, live_of
from trainer.cluster.client import Cluster, KindMissing
from trainer.cluster.contents import Contents, contents_of
from trainer.cluster.faults import Refused
from trainer.cluster.finding import poll
from trainer.cluster.gate import Consent
from trainer.cluster.kubeconfig import read_kubeconfig
from trainer.cluster.prepare import is_node, plan, prepare
from trainer.cluster.reset import find_ours, reset
from trainer.cluster.suffix import NO_SUFFIX, Suffix
from trainer.content.card import Card
from trainer.content.given import given_manifests
from trainer.content.solutions import Variant, load_solutions
from trainer.grading.grade import grade
from trainer.grading.live import DRY_RUN, grade_live, suffix_of
from trainer.grading.live_scope import comparable
from trainer.grading.submission import read_submission
from trainer.manifests.schema.kinds import is_config
from trainer.simulate.world import BUILT_IN_NAMESPACES
from trainer.verdict import CheckResult, Scope, Status
from trainer.versions import SUPPORTED, read_version

CARDS = [card for card in ALL_CARDS if any(comparable(check, card.kubernetes) for check in card.checks)]
GONE_SECONDS = 90
CLUSTER_SCOPED = (
    ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    ("networking.k8s.io/v1", "IngressClass"),
    ("node.k8s.io/v1", "RuntimeClass"),
    ("scheduling.k8s.io/v1", "PriorityClass"),
    ("storage.k8s.io/v1", "StorageClass"),
    ("v1", "PersistentVolume"),
    ("certificates.k8s.io/v1", "CertificateSigningRequest"),
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"),
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding"),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"),
)
"""Cluster-scoped kinds that cards give and answers have."""

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not os.environ.get("KUBECONFIG"), reason="no cluster: KUBECONFIG names no kubeconfig"),
]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often: hundreds of answers wait for something to appear or to go away."""
    monkeypatch.setattr("trainer.cluster.finding.LONGEST_PAUSE", 0.5)


@pytest.fixture(scope="module")
def context() -> str:
    contexts = [one.name for one in read_kubeconfig().contexts]
    named = os.environ.get("CKS_TRAINER_CONTEXT") or (contexts[0] if len(contexts) == 1 else "")
    assert named, f"CKS_TRAINER_CONTEXT has to name one of {contexts}"
    return named


@pytest.fixture(scope="module")
def cluster(context: str) -> Iterator[Cluster]:
    with Cluster.open(context, Consent(exec=True, write=True, typed=context), seconds=30) as opened:
        yield opened


def title(data: dict[str, Any]) -> tuple[str, str, str]:
    metadata = data["metadata"]
    return str(data["kind"]), str(metadata.get("namespace") or ""), str(metadata["name"])


def everything(cluster: Cluster) -> set[tuple[str, str, str]]:
    """What is in the cluster and wasn't made by a controller: in its own namespaces, and cluster-scoped."""
    spaces = {str(one["metadata"]["name"]) for one in cluster.list("v1", "Namespace")}
    found = {("Namespace", "", name) for name in spaces}
    for name in sorted(spaces & BUILT_IN_NAMESPACES):
        found |= {title(one) for one in contents_of(cluster, name).objects}
    for api_version, kind in CLUSTER_SCOPED:
        try:
            found |= {title(one) for one in cluster.list(api_version, kind)}
        except KindMissing:
            continue
    return found


@pytest.fixture(scope="module")
def before(cluster: Cluster) -> set[tuple[str, str, str]]:
    """What was in the cluster before the first test."""
    return everything(cluster)


def is_gone(cluster: Cluster, data: dict[str, Any]) -> bool | None:
    return live_of(cluster, data) is None or None


def wait_until_gone(cluster: Cluster, objects: Iterable[dict[str, Any]]) -> None:
    for data in objects:
        left = poll(cluster, partial(is_gone, cluster, data), GONE_SECONDS, lambda _: None, "")
        assert left, f"{title(data)} does not go away"


def gone(cluster: Cluster, data: dict[str, Any]) -> None:
    """Delete an object and wait until it is gone."""
    live = live_of(cluster, data)
    if live is not None:
        cluster.delete(live)
        wait_until_gone(cluster, [data])


def own_suffix(card: Card) -> Suffix:
    """A suffix of its own for each answer; none for a card that gives what the cluster has only once."""
    given, _ = given_manifests(card.all_given, card.kubernetes)
    shared = "nodePort:" in card.all_given or any(
        one.kind != "Namespace" and (one.api_version, one.kind) in CLUSTER_SCOPED for one in given
    )
    return NO_SUFFIX if shared else suffix_of(card, f"t{uuid.uuid4().hex[:8]}")


def hand_in(cluster: Cluster, card: Card, variant: Variant, suffix: Suffix) -> list[dict[str, Any]]:
    """Prepare, and do what the learner would do with kubectl. Returns what was applied."""
    given, _ = given_manifests(card.all_given, card.kubernetes)
    steps = plan(cluster, card.id, given, card.kubernetes, suffix)
    prepare(cluster, card.id, steps, card.kubernetes, suffix=suffix)
    if not card.given_stays:  # the answer is what stays: kubectl replace --force, and delete
        for one in given:
            if one.kind != "Namespace" and not is_config(one.api_version, one.kind) and not is_node(one):
                gone(cluster, suffix.forth(one.data))
    made = []
    for one in read_submission(card, variant.answer).manifests:
        if is_config(one.api_version, one.kind):
            continue
        data = suffix.forth(one.data)
        try:
            if cluster.kind(one.api_version, one.kind).namespaced:
                data["metadata"] = {"namespace": "default", **(data.get("metadata") or {})}
            made.append(apply(cluster, data) | {"apiVersion": one.api_version, "kind": one.kind})
        except KindMissing:
            continue
        except Refused as error:
            if not error.about_object:
                raise
    return made


@pytest.mark.parametrize("card", CARDS, ids=[card.id for card in CARDS])
def test_the_cluster_agrees_with_the_files(
    card: Card, cluster: Cluster, before: set[tuple[str, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    solutions = load_solutions(card, PACK)
    differing = []
    of_files = {check.id for check in card.checks if check.only_changes is not None}
    for variant in (solutions.reference, *solutions.also, *solutions.wrong):
        suffix = own_suffix(card)
        made: list[dict[str, Any]] = []
        try:
            try:
                made = hand_in(cluster, card, variant, suffix)
            except KindMissing:  # Cilium or Istio isn't installed here: there is nothing to compare
                return
            filed = grade(card, variant.answer)
            result = grade_live(card, variant.answer, filed, cluster, suffix=suffix)
            assert result.error is None, variant.name
            live = {check.id: check for check in result.verdict.checks if check.scope is Scope.LIVE}
            differing += [
                f"{variant.name}: {one.id} is {one.status} in the file and {live[one.id].status} live"
                for one in filed.checks
                if one.id in live
                and is_shown(live[one.id])
                and live[one.id].status is not one.status
                and not (one.id in of_files and live[one.id].status is Status.PASS)
                and not any("can't create Pods" in problem.message for problem in filed.problems)
            ]
            if not variant.fails:
                own = {one["id"] for one in card.live}
                differing += [
                    f"{variant.name}: {one.id}: {one.status} {[reason.message for reason in one.reasons]}"
                    for one in live.values()
                    if one.id in (*own, DRY_RUN) and one.status is not Status.PASS and not one.needs_cluster
                ]
        finally:
            with monkeypatch.context() as patched:
                if variant is not solutions.reference:  # half of the time is listing what is deleted
                    patched.setattr("trainer.cluster.reset.contents_of", lambda *_: Contents(()))
                clean_up(cluster, card, made, suffix)
    assert differing == []


def is_shown(result: CheckResult) -> bool:
    """Whether this cluster can show what decides: it serves the kinds, and no file of the API server decides."""
    said = " ".join(reason.message for reason in result.reasons)
    return not result.needs_cluster or not (
        "has no kind" in said or "which the API server can't show" in said
    )


def clean_up(cluster: Cluster, card: Card, made: list[dict[str, Any]], suffix: Suffix) -> None:
    """Reset, and delete what the learner made elsewhere; without a suffix the next answer needs the names."""
    given, _ = given_manifests(card.all_given, card.kubernetes)
    doomed = reset(cluster, find_ours(cluster, card.id, given, suffix))
    spaces = {str(one.data["metadata"]["name"]) for one in doomed if one.data["kind"] == "Namespace"}
    for data in made:
        live = live_of(cluster, data)
        if live and data["metadata"].get("namespace") not in spaces and not is_made_by_cluster(live):
            gone(cluster, data)
    last = [one.data for one in doomed if not one.restored]
    wait_until_gone(cluster, [one for one in last if one["kind"] != "Namespace" or suffix == NO_SUFFIX])


def test_the_version_is_one_that_is_supported(cluster: Cluster) -> None:
    plain = cluster.version().partition("+")[0].partition("-")[0]  # a distribution adds its own: v1.36.2+k3s1
    assert read_version(plain) in SUPPORTED


def test_reading_leaves_nothing_behind(context: str) -> None:
    with Cluster.open(context, Consent(typed=context), seconds=30) as reader:
        card = next(card for card in CARDS if card.id == "pod-ro")
        answer = load_solutions(card, PACK).reference.answer
        grade_live(card, answer, grade(card, answer), reader)
        assert {call.verb for call in reader.gate.log} <= {"discovery", "get", "list", "dry-run", "review"}


def test_everything_that_was_made_is_gone(cluster: Cluster, before: set[tuple[str, str, str]]) -> None:
    """The last test of the file: namespaces of earlier tests may still be terminating."""
    look: Callable[[], bool | None] = lambda: everything(cluster) == before or None  # noqa: E731
    poll(cluster, look, GONE_SECONDS, lambda _: None, "")
    assert sorted(everything(cluster) ^ before) == []
