"""Tests of `grading.live`: a card's checks on live objects, against a small API server of our own."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import msgspec
import pytest

from tests.cluster.fake_api import Fake
from tests.cluster.fake_store import Store
from tests.cluster.helpers import objects_in
from tests.patience import HANGS
from trainer.cluster.client import Cluster
from trainer.cluster.gate import Consent
from trainer.content.card import Card, Check
from trainer.content.catalogue import load_catalogue
from trainer.content.given import given_manifests
from trainer.content.locate import builtin_pack
from trainer.content.solutions import Variant, load_solutions
from trainer.grading.grade import grade
from trainer.grading.live import grade_live
from trainer.manifests.answer import Answer, AnswerFile
from trainer.report.json import verdict_json
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
    with Cluster.open(
        "practice", Consent(exec=True), environ={"KUBECONFIG": str(kubeconfig)}, seconds=HANGS
    ) as opened:
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


def answer_of(card: Card, name: str) -> Answer:
    return next(one.answer for one in variants(card) if one.name == name)


@pytest.mark.parametrize(
    ("card_id", "wrong", "failed"),
    [
        ("secret-volume", "wrong-whole-secret", {"nothing-else"}),
        ("secret-volume", "wrong-decimal-mode", {"mode"}),
        ("secret-volume", "wrong-logger-env-kept", {"no-environment"}),
        ("vap-registry", "wrong-init-forgotten", {"refuses-init-containers"}),
        ("vap-registry", "wrong-everywhere", {"leaves-the-rest-alone"}),
        ("apparmor-field", "wrong-init-forgotten", {"init-confined"}),
    ],
)
def test_what_is_in_the_cluster_counts(
    card_id: str, wrong: str, failed: set[str], server: Fake, cluster: Cluster
) -> None:
    """The right answer in the file, another one in the cluster, and the other way round."""
    card = next(one for one in CARDS if one.id == card_id)
    reference = load_solutions(card, PACK).reference.answer
    for filed, applied, fails in (
        (reference, answer_of(card, wrong), failed),
        (answer_of(card, wrong), reference, set()),
    ):
        hand_in(server, card, applied)
        verdict = grade_live(card, filed, grade(card, filed), cluster).verdict
        own = {check.id for check in card.checks}
        live = {name: status for name, status in statuses(verdict, Scope.LIVE).items() if name in own}
        assert live == {one.id: Status.FAIL if one.id in fails else Status.PASS for one in card.checks}


def test_a_key_that_the_secret_in_the_cluster_lacks(server: Fake, cluster: Cluster) -> None:
    card = next(one for one in CARDS if one.id == "secret-volume")
    answer = load_solutions(card, PACK).reference.answer
    hand_in(server, card, answer)
    del server.store.objects["v1", "Secret", "mercury", "db"]["data"]["password"]
    verdict = grade_live(card, answer, grade(card, answer), cluster).verdict
    [found] = [one for one in verdict.checks if one.id == "files" and one.scope is Scope.LIVE]
    assert [reason.message for reason in found.reasons] == ["The Secret db has no key password."]


SECRETS = ("hunter22-of-the-cluster", "another-hidden-" + "value" * 40)


def test_values_of_live_secrets_leave_nothing_behind(server: Fake, cluster: Cluster) -> None:
    """Every way to show a Secret: a field, a missing field, the whole object, exec in a container."""
    card = next(one for one in CARDS if one.id == "secret-volume")
    target = {"kind": "Secret", "namespace": "mercury"}
    checks = [
        Check("one", "One", 1, "fields", {"object": target, "expect": {"data": {"password": "eA=="}}}),
        Check(
            "some", "Some", 1, "fields", {"object": target, "expect": {"data": {"one-of": [{"a": "eA=="}]}}}
        ),
        Check("all", "All", 1, "fields", {"object": target, "expect": {"data": {"equals": {}}}}),
        Check("same", "Same", 1, "object", {"object": target, "unchanged": True}),
    ]
    card = msgspec.structs.replace(card, checks=(*card.checks, *checks))
    answer = load_solutions(card, PACK).reference.answer
    hand_in(server, card, answer)
    for name, value in zip(("db", "other"), SECRETS, strict=True):
        server.store.apply(
            {
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": name, "namespace": "mercury"},
                "stringData": {"password": value, "username": "shop", "pin": "4711"},
            }
        )
    result = grade_live(card, answer, grade(card, answer), cluster)
    live = [one for one in result.verdict.checks if one.scope is Scope.LIVE]
    assert {one.id: one.status for one in live if one.id in ("one", "some", "all", "same")} == dict.fromkeys(
        ("one", "some", "all", "same"), Status.FAIL
    )
    told = msgspec.json.encode(
        verdict_json(msgspec.structs.replace(result.verdict, checks=tuple(live)))
    ).decode()
    assert "redacted-" in told
    for value in (*SECRETS, "4711"):
        encoded = base64.b64encode(value.encode()).decode()
        assert [form for form in (value, encoded, value[:12], encoded[:16]) if form in told] == []


def test_a_file_of_the_api_server_that_decides_too(server: Fake, cluster: Cluster) -> None:
    card = next(one for one in CARDS if one.id == "psa-labels")
    reference = load_solutions(card, PACK).reference.answer
    configuration = (
        b"apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n"
        b"- name: PodSecurity\n  configuration: {apiVersion: pod-security.admission.config.k8s.io/v1,"
        b" kind: PodSecurityConfiguration, defaults: {enforce: privileged}}\n"
    )
    answer = Answer((*reference.files, AnswerFile("admission.yaml", configuration)))
    hand_in(server, card, answer)
    verdict = grade_live(card, answer, grade(card, answer), cluster).verdict
    rules = {one.id: one.rule for one in card.checks}
    unseen = [
        one for one in verdict.checks if one.scope is Scope.LIVE and rules.get(one.id) == "pod-admission"
    ]
    assert len(unseen) == 4
    for one in unseen:
        assert (one.status, one.needs_cluster) == (Status.SKIPPED, True)
        assert "AdmissionConfiguration also decides" in one.reasons[0].message
