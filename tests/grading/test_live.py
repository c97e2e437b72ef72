"""Tests of `grading.live`: ."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.fake_api import Fake
from tests.cluster.fake_store import Store
from tests.cluster.helpers import objects_in
from trainer.cluster.client import Cluster
from trainer.cluster.gate import Consent
from trainer.content.card import Card
from trainer.content.catalogue import load_catalogue
from trainer.content.given import given_manifests
from trainer.content.locate import builtin_pack
from trainer.content.solutions import Variant, load_solutions
from trainer.grading.grade import grade
from trainer.grading.live import grade_live
from trainer.manifests.answer import Answer
from trainer.verdict import Scope, Status, Verdict

PACK = builtin_pack()
CARDS = load_catalogue(PACK).cards


def variants(card: Card) -> list[Variant]:
    solutions = load_solutions(card, PACK)
    return [solutions.reference, *solutions.also, *solutions.wrong]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fake]:
    with Fake() as fake:
        fake.kubeconfig(tmp_path_factory.mktemp("kube"))
        yield fake


@pytest.fixture(scope="module")
def cluster(server: Fake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    kubeconfig = server.kubeconfig(tmp_path_factory.mktemp("kube"))
    with Cluster.open("practice", Consent(exec=True), environ={"KUBECONFIG": str(kubeconfig)}) as opened:
        yield opened


def hand_in(fake: Fake, card: Card, answer: Answer) -> None:
    """Prepare the cluster and do what the learner would do with kubectl."""
    fake.store = Store()
    for manifest in given_manifests(card.all_given, card.kubernetes)[0]:
        fake.store.apply(manifest.data)
    if not card.given_stays:  # the answer is what stays: kubectl replace --force, and delete
        for manifest in given_manifests(card.all_given, card.kubernetes)[0]:
            if manifest.kind != "Namespace":
                fake.store.delete(manifest.api_version, manifest.kind, manifest.namespace, manifest.name)
    names = [file for file in answer.files if file.name.endswith(("yaml", "yml", "json"))]
    fake.apply(data for file in names for data in objects_in(file.data))


def statuses(verdict: Verdict, scope: Scope) -> dict[str, Status]:
    return {check.id: check.status for check in verdict.checks if check.scope is scope}


@pytest.mark.parametrize("card", CARDS, ids=[card.id for card in CARDS])
def test_offline_and_live_agree(card: Card, server: Fake, cluster: Cluster) -> None:
    differing = []
    for variant in variants(card):
        hand_in(server, card, variant.answer)
        filed = grade(card, variant.answer)
        result = grade_live(card, variant.answer, filed, cluster)
        assert result.error is None
        file, live = statuses(result.verdict, Scope.FILE), statuses(result.verdict, Scope.LIVE)
        assert file == {check.id: check.status for check in filed.checks}
        differing += [
            f"{variant.name}: {name} is {file[name]} in the file and {status} live"
            for name, status in live.items()
            if name in file and file[name] is not status
        ]
    assert differing == []


@pytest.mark.parametrize(
    "card", [one for one in CARDS if one.live], ids=[one.id for one in CARDS if one.live]
)
def test_references_pass_every_live_check(card: Card, server: Fake, cluster: Cluster) -> None:
    answer = load_solutions(card, PACK).reference.answer
    hand_in(server, card, answer)
    verdict = grade_live(card, answer, grade(card, answer), cluster).verdict
    assert {check.id: check.status for check in verdict.checks if check.status is not Status.PASS} == {}
    assert verdict.passed
    assert verdict.max_points > card.points
