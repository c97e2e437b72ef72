"""Against a real API server of 1.35 or 1.36: `KUBECONFIG=... pytest -m live`. Only the API is needed.

The context is CKS_TRAINER_CONTEXT, or the only one of the kubeconfig: a current context is never taken.
For every card each stored answer gets the same verdict from its file and from the cluster.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator

import pytest

from trainer.cluster.client import Cluster
from trainer.cluster.faults import Refused
from trainer.cluster.gate import Consent
from trainer.cluster.kubeconfig import read_kubeconfig
from trainer.cluster.labels import marked
from trainer.cluster.live_checks import poll
from trainer.cluster.prepare import plan, prepare
from trainer.cluster.reset import find_ours, reset
from trainer.cluster.suffix import Suffix
from trainer.content.card import Card
from trainer.content.catalogue import load_catalogue
from trainer.content.given import given_manifests
from trainer.content.locate import builtin_pack
from trainer.content.solutions import Variant, load_solutions
from trainer.grading.grade import grade, world_of
from trainer.grading.live import grade_live, suffix_of
from trainer.grading.live_scope import comparable
from trainer.grading.submission import read_submission
from trainer.manifests.model import Manifest
from trainer.manifests.schema.kinds import is_config
from trainer.verdict import Scope, Status
from trainer.versions import SUPPORTED, read_version

PACK = builtin_pack()
CARDS = [
    card
    for card in load_catalogue(PACK).cards
    if any(comparable(check, card.kubernetes) for check in card.checks)
]
GONE_SECONDS = 90

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not os.environ.get("KUBECONFIG"), reason="no cluster: KUBECONFIG names no kubeconfig"),
]


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


def gone(cluster: Cluster, one: Manifest, namespace: str) -> None:
    """Delete an object and wait until it is gone."""

    def look() -> bool | None:
        return cluster.get(one.api_version, one.kind, one.name, namespace) is None or None

    live = cluster.get(one.api_version, one.kind, one.name, namespace)
    if live is not None:
        cluster.delete(live)
        assert poll(cluster, look, GONE_SECONDS, lambda _: None, ""), f"{one.title} does not go away"


def hand_in(cluster: Cluster, card: Card, variant: Variant, suffix: Suffix) -> list[Manifest]:
    """Prepare, and do what the learner would do with kubectl; what exists is replaced."""
    given, _ = given_manifests(card.all_given, card.kubernetes)
    prepare(cluster, card.id, plan(cluster, card.id, given, card.kubernetes, suffix), suffix=suffix)
    world, _ = world_of(card, variant.answer)
    kept = {(one.kind, one.namespace, one.name) for one in world.objects}
    for one in given:
        if (one.kind, one.namespace, one.name) not in kept:
            gone(cluster, one, suffix.name(one.namespace))
    made = []
    for one in read_submission(card, variant.answer).manifests:
        if is_config(one.api_version, one.kind):
            continue
        data = suffix.forth(one.data)
        data["metadata"] = {"namespace": "default", **(data.get("metadata") or {})}
        data = marked(data, card.id, suffix.text, "test")
        try:
            cluster.create(data, dry=True)
        except Refused as error:
            if error.status != 409:
                continue
            gone(cluster, one, data["metadata"]["namespace"])
        try:
            cluster.create(data)
            made.append(one)
        except Refused:
            continue
    return made


@pytest.mark.parametrize("card", CARDS, ids=[card.id for card in CARDS])
def test_the_cluster_agrees_with_the_files(card: Card, cluster: Cluster) -> None:
    solutions = load_solutions(card, PACK)
    differing = []
    for variant in (solutions.reference, *solutions.also, *solutions.wrong):
        suffix = suffix_of(card, f"t{uuid.uuid4().hex[:8]}")
        made: list[Manifest] = []
        try:
            made = hand_in(cluster, card, variant, suffix)
            filed = grade(card, variant.answer)
            result = grade_live(card, variant.answer, filed, cluster, suffix=suffix)
            assert result.error is None
            live = {check.id: check for check in result.verdict.checks if check.scope is Scope.LIVE}
            differing += [
                f"{variant.name}: {one.id} is {one.status} in the file and {live[one.id].status} live"
                for one in filed.checks
                if one.id in live and live[one.id].status is not one.status
            ]
            if variant is solutions.reference:
                own = {one["id"] for one in card.live}
                assert [one.id for one in live.values() if one.id in own and one.status is Status.FAIL] == []
        finally:
            clean_up(cluster, card, made, suffix)
    assert differing == []


def clean_up(cluster: Cluster, card: Card, made: list[Manifest], suffix: Suffix) -> None:
    for one in made:
        if one.kind != "Namespace" and suffix.name(one.namespace) == one.namespace:
            gone(cluster, one, one.namespace or "default")
    given, _ = given_manifests(card.all_given, card.kubernetes)
    reset(cluster, find_ours(cluster, card.id, given, suffix))


def test_the_version_is_one_that_is_supported(cluster: Cluster) -> None:
    assert read_version(cluster.version()) in SUPPORTED


def test_reading_leaves_nothing_behind(context: str) -> None:
    names: Callable[[Cluster], set[str]] = lambda one: {  # noqa: E731
        str(space["metadata"]["name"]) for space in one.list("v1", "Namespace")
    }
    with Cluster.open(context, Consent(typed=context), seconds=30) as reader:
        before = names(reader)
        card = next(card for card in CARDS if card.id == "pod-ro")
        answer = load_solutions(card, PACK).reference.answer
        grade_live(card, answer, grade(card, answer), reader)
        assert names(reader) == before
        assert {call.verb for call in reader.gate.log} <= {"discovery", "get", "list", "dry-run", "review"}
