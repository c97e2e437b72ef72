"""Tests of `grading.live`: a card's checks on live objects, against a small API server of our own."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import cast

import msgspec
import pytest

from tests.cards import CARDS, every_card, solutions_of
from tests.cluster.fake_api import Fake
from tests.cluster.fake_store import Store
from tests.cluster.helpers import objects_in
from tests.cluster.near import NearCluster
from tests.patience import HANGS
from trainer.cluster.client import Cluster, Kind
from trainer.cluster.gate import Consent
from trainer.cluster.suffix import NO_SUFFIX
from trainer.content.card import Card, Check
from trainer.content.given import given_manifests
from trainer.content.solutions import Variant
from trainer.errors import ClusterError
from trainer.grading.grade import grade
from trainer.grading.live import (
    DRY_RUN,
    _live_world,
    grade_live,
    suffix_of,
    without_cluster,
)
from trainer.grading.live_scope import comparable
from trainer.manifests.answer import Answer, AnswerFile
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.report.json import verdict_json
from trainer.simulate.world import Refused, World
from trainer.verdict import CheckResult, Problem, Scope, Status, Verdict


def variants(card: Card) -> list[Variant]:
    solutions = solutions_of(card.id)
    return [solutions.reference, *solutions.also, *solutions.wrong]


def different(card: Card) -> list[Variant]:
    """The right answers, and a wrong one for each set of checks that fail together.

    One answer is enough for a card that has nothing to show in a cluster.
    """
    solutions = solutions_of(card.id)
    if not card.live and not any(comparable(check, card.kubernetes) for check in card.checks):
        return [solutions.reference]
    wrong = {variant.fails: variant for variant in solutions.wrong}
    return [solutions.reference, *solutions.also, *wrong.values()]


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


@pytest.fixture(scope="module")
def near(server: Fake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NearCluster]:
    kubeconfig = server.kubeconfig(tmp_path_factory.mktemp("kube"))
    NearCluster.fake = server
    with NearCluster.open(
        "practice", Consent(exec=True), environ={"KUBECONFIG": str(kubeconfig)}, seconds=HANGS
    ) as opened:
        yield opened


def hand_in(fake: Fake, card: Card, answer: Answer) -> None:
    """Prepare the cluster and do what the learner would do with kubectl."""
    fake.store = Store()
    given = given_manifests(card.all_given, card.kubernetes)[0]
    if any(manifest.kind == "Node" for manifest in given):  # they are all that the cluster has
        fake.store.delete("v1", "Node", "", "fake-node")
    for manifest in sorted(given, key=lambda one: one.kind != "Namespace"):
        fake.store.apply(manifest.data)
    if not card.given_stays:  # the answer is what stays: kubectl replace --force, and delete
        for manifest in given_manifests(card.all_given, card.kubernetes)[0]:
            if manifest.kind != "Namespace":
                fake.store.delete(manifest.api_version, manifest.kind, manifest.namespace, manifest.name)
    names = [file for file in answer.files if file.name.endswith(("yaml", "yml", "json"))]
    fake.apply(data for file in names for data in objects_in(file.data))


def statuses(verdict: Verdict, scope: Scope) -> dict[str, Status]:
    return {check.id: check.status for check in verdict.checks if check.scope is scope}


def is_decided_by_a_file(verdict: Verdict, name: str) -> bool:
    """Whether the API server can't show what decides, and the learner is told so."""
    (found,) = (check for check in verdict.checks if check.id == name and check.scope is Scope.LIVE)
    return "which the API server can't show" in found.reasons[0].message


def looks_at_the_files(card: Card, name: str) -> bool:
    """Whether a check also compares the answer with what the card gives: in a cluster it doesn't."""
    return any(check.id == name and check.only_changes is not None for check in card.checks)


@pytest.mark.parametrize("card", every_card())
def test_offline_and_live_agree(card: Card, server: Fake, near: NearCluster) -> None:
    differing = []
    for variant in different(card):
        hand_in(server, card, variant.answer)
        filed = grade(card, variant.answer)
        result = grade_live(card, variant.answer, filed, near)
        assert result.error is None
        file, live = statuses(result.verdict, Scope.FILE), statuses(result.verdict, Scope.LIVE)
        assert file == {check.id: check.status for check in filed.checks}
        differing += [
            f"{variant.name}: {name} is {file[name]} in the file and {status} live"
            for name, status in live.items()
            if name in file
            and file[name] is not status
            and not (status is Status.SKIPPED and is_decided_by_a_file(result.verdict, name))
            and not (status is Status.PASS and looks_at_the_files(card, name))
        ]
    assert differing == []


REFUSED = Answer(
    (
        AnswerFile(
            "refused.yaml",
            b"apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: gone}\nspec: {containers: [{name: a}]}\n"
            b"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: 1}\nmore: 2\n"
            b"---\napiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\n",
        ),
    )
)
"""What the API server refuses in one way each: a Namespace that is missing, a field and a kind that it doesn't know."""


@pytest.mark.parametrize("card_id", ["apparmor-field", "np-and-or", "psa-labels", "secret-volume"])
def test_the_near_cluster_shows_what_the_far_one_shows(
    card_id: str, server: Fake, cluster: Cluster, near: NearCluster
) -> None:
    card = card_of(card_id)
    right, *_, wrong = different(card)
    for answer in (right.answer, wrong.answer, REFUSED):
        hand_in(server, card, answer)
        filed = grade(card, answer)
        far, here = (grade_live(card, answer, filed, one).verdict for one in (cluster, near))
        assert told(far) == told(here)


@pytest.mark.parametrize("card", [one for one in every_card() if cast("Card", one.values[0]).live])
def test_references_pass_every_live_check(card: Card, server: Fake, cluster: Cluster) -> None:
    answer = solutions_of(card.id).reference.answer
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
    reference = solutions_of(card.id).reference.answer
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
    answer = solutions_of(card.id).reference.answer
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
    answer = solutions_of(card.id).reference.answer
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
    assert "REDACTED" in told
    for value in (*SECRETS, "4711"):
        encoded = base64.b64encode(value.encode()).decode()
        assert [form for form in (value, encoded, value[:12], encoded[:16]) if form in told] == []


def test_a_file_of_the_api_server_that_decides_too(server: Fake, cluster: Cluster) -> None:
    card = next(one for one in CARDS if one.id == "psa-labels")
    reference = solutions_of(card.id).reference.answer
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


def card_of(name: str) -> Card:
    return next(one for one in CARDS if one.id == name)


def reference_of(card: Card) -> Answer:
    return solutions_of(card.id).reference.answer


def live_of(verdict: Verdict) -> dict[str, CheckResult]:
    return {check.id: check for check in verdict.checks if check.scope is Scope.LIVE}


def test_the_steps_are_told_and_the_dry_run_is_a_check(server: Fake, cluster: Cluster) -> None:
    card = card_of("pod-ro")
    answer = reference_of(card)
    hand_in(server, card, answer)
    steps: list[str] = []
    result = grade_live(card, answer, grade(card, answer), cluster, progress=steps.append)
    assert steps[:2] == [
        "trying the answer on the API server (dry run)",
        "reading the objects in the cluster",
    ]
    assert result.error is None
    tried = live_of(result.verdict)[DRY_RUN]
    assert (tried.status, tried.points, tried.max_points, tried.needs_cluster) == (Status.PASS, 1, 1, False)
    assert [check.needs_cluster for check in live_of(result.verdict).values() if check.id != "cannot-write"]


def told(verdict: Verdict) -> dict[str, tuple[Status, bool, str]]:
    return {
        name: (check.status, check.needs_cluster, check.reasons[0].message if check.reasons else "")
        for name, check in live_of(verdict).items()
    }


def test_nothing_is_judged_before_the_cluster_is_prepared(server: Fake, cluster: Cluster) -> None:
    card = card_of("pod-ro")
    answer = reference_of(card)
    server.store = Store()
    verdict = grade_live(card, answer, grade(card, answer), cluster).verdict
    why = "the cluster lacks what the card gives (Namespace sun): run cks-trainer cluster prepare pod-ro"
    expected = (Status.SKIPPED, True, why)
    assert told(verdict) == dict.fromkeys(
        [DRY_RUN, *(check.id for check in card.checks), *(check["id"] for check in card.live)], expected
    )
    assert verdict.max_points == card.points


def test_a_given_object_that_is_gone(server: Fake, cluster: Cluster) -> None:
    card = card_of("np-and-or")
    answer = reference_of(card)
    hand_in(server, card, answer)
    lost = next(one for one in given_manifests(card.all_given, card.kubernetes)[0] if one.kind != "Namespace")
    server.store.delete(lost.api_version, lost.kind, lost.namespace, lost.name)
    found = told(grade_live(card, answer, grade(card, answer), cluster).verdict)
    assert found.pop(DRY_RUN)[0] is Status.PASS
    why = f"the cluster lacks what the card gives ({lost.title}): run cks-trainer cluster prepare np-and-or"
    assert set(found.values()) == {(Status.SKIPPED, True, why)}


def test_what_kubectl_cannot_read_fails_the_dry_run(server: Fake, cluster: Cluster) -> None:
    card = card_of("pod-ro")
    hand_in(server, card, reference_of(card))
    for text, status, words in (
        ("a: [", Status.FAIL, "not valid YAML"),
        ("", Status.SKIPPED, "the answer has no objects for the API server"),
    ):
        answer = Answer((AnswerFile("pod.yaml", text.encode()),))
        found = live_of(grade_live(card, answer, grade(card, answer), cluster).verdict)[DRY_RUN]
        assert (found.status, found.points, found.max_points) == (status, 0, 1)
        assert words in found.reasons[0].message
        assert (found.reasons[0].location is not None) is (status is Status.FAIL)


def test_a_card_about_files_of_a_node_shows_nothing_in_a_cluster(server: Fake, cluster: Cluster) -> None:
    card = next(
        one for one in CARDS if not one.live and not any(comparable(c, one.kubernetes) for c in one.checks)
    )
    answer = reference_of(card)
    filed = grade(card, answer)
    why = "this card is about files on a node, which the API server can't show"
    verdict = grade_live(card, answer, filed, cluster).verdict
    assert told(verdict) == {DRY_RUN: (Status.SKIPPED, True, why)}
    assert verdict.passed
    # A live check of its own is another matter.
    spec = {
        "id": "run",
        "says": "It runs",
        "exec": {"pod": "a", "namespace": "sun", "command": ["id"]},
        "outcome": "succeeds",
    }
    both = msgspec.structs.replace(card, live=(spec,))
    assert "run" in told(grade_live(both, answer, filed, cluster).verdict)


def test_what_was_found_before_an_error_stays(
    server: Fake, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = card_of("pod-ro")
    answer = reference_of(card)
    hand_in(server, card, answer)
    filed = grade(card, answer)

    def lost(*_args: object, **_more: object) -> None:
        raise ClusterError("the API server doesn't answer")

    monkeypatch.setattr("trainer.cluster.read_live.read_live", lost)
    result = grade_live(card, answer, filed, cluster)
    assert result.error is not None
    found = told(result.verdict)
    assert found.pop(DRY_RUN)[:2] == (Status.PASS, False)
    assert set(found.values()) == {(Status.SKIPPED, True, "the API server doesn't answer")}
    assert result.verdict.checks[: len(filed.checks)] == filed.checks


def test_without_a_cluster_every_live_check_waits() -> None:
    card = card_of("pod-ro")
    filed = grade(card, reference_of(card))
    verdict = without_cluster(card, filed, "no cluster was named")
    assert list(live_of(verdict)) == [
        DRY_RUN, *(check.id for check in card.checks), *(check["id"] for check in card.live)
    ]  # fmt: skip
    assert set(told(verdict).values()) == {(Status.SKIPPED, True, "no cluster was named")}
    assert (verdict.passed, verdict.points) == (True, card.points)


def test_a_live_check_waits_for_what_it_needs(server: Fake, cluster: Cluster) -> None:
    card = card_of("pod-ro")
    needed = card.checks[0]
    spec = {
        "id": "run",
        "says": "It runs",
        "needs": [needed.id],
        "exec": {"pod": "pod-ro", "namespace": "sun", "command": ["id"]},
        "outcome": "succeeds",
    }
    card = msgspec.structs.replace(card, live=(spec,))
    answer = Answer((AnswerFile("pod.yaml", b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"),))
    hand_in(server, card, answer)
    found = told(grade_live(card, answer, grade(card, answer), cluster).verdict)["run"]
    assert found == (Status.SKIPPED, False, f'skipped until "{needed.says}" passes')


def test_a_cluster_without_the_kinds_of_the_card(
    server: Fake, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the answer nor the API server is to blame: nothing is judged, and the kinds are named."""
    card = card_of("istio-authorization")
    answer = reference_of(card)
    hand_in(server, card, answer)
    served = Cluster.kinds

    def without_istio(self: Cluster, api_version: str) -> dict[str, Kind]:
        return {} if "istio" in api_version else served(self, api_version)

    monkeypatch.setattr(Cluster, "kinds", without_istio)
    found = told(grade_live(card, answer, grade(card, answer), cluster).verdict)
    assert {status for status, _, _ in found.values()} == {Status.SKIPPED}
    assert "has no kind security.istio.io/v1 AuthorizationPolicy" in found[DRY_RUN][2]


WIDGET = b"apiVersion: a.b/v1\nkind: Widget\nmetadata: {name: a}\n"
POLICY = b"apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n"


@pytest.mark.parametrize(
    ("data", "place", "status"),
    [
        (WIDGET, "", Status.FAIL),
        (WIDGET, "/etc/kubernetes/a.yaml", Status.PASS),
        (POLICY, "", Status.PASS),
        (POLICY, "/etc/kubernetes/a.yaml", Status.PASS),
    ],
)
def test_files_of_a_node_are_not_for_the_api_server(
    data: bytes, place: str, status: Status, server: Fake, cluster: Cluster
) -> None:
    card = card_of("pod-ro")
    answer = reference_of(card)
    hand_in(server, card, answer)
    more = Answer((*answer.files, AnswerFile("a.yaml", data)))
    card = msgspec.structs.replace(
        card, files=(*card.files, "a.yaml"), replaces={"a.yaml": place} if place else {}
    )
    assert live_of(grade_live(card, more, grade(card, more), cluster).verdict)[DRY_RUN].status is status
    alone = Answer((AnswerFile("a.yaml", data),))
    found = live_of(grade_live(card, alone, grade(card, alone), cluster).verdict)[DRY_RUN]
    assert found.status is (Status.FAIL if status is Status.FAIL else Status.SKIPPED)


def test_what_a_cluster_shows_beyond_the_given_is_the_answer() -> None:
    card = card_of("np-and-or")
    given, _ = given_manifests(card.all_given, card.kubernetes)
    policy = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: more, namespace: %s}\nspec: {podSelector: {}}\n"
    new = manifests_of(parse((policy % given[0].name).encode(), "cluster").documents)[0][0]
    changed = given[1].with_data(
        {**given[1].data, "metadata": {**given[1].data["metadata"], "labels": {"new": "x"}}}
    )
    unread = Refused(None, (Problem("unreadable"),))
    world = World(
        (), given, (given[2],), refused=(Refused(new, (Problem("no"),)), unread), kubernetes=card.kubernetes
    )
    live = [given[0], changed, given[2], new]
    found = _live_world(card, world, live)
    assert found.objects == tuple(live)
    assert [one.title for one in found.answer] == [changed.title, given[2].title, new.title]
    # What is there was accepted after all.
    assert found.refused == (unread,)


def test_a_learners_suffix_is_for_what_the_card_gives() -> None:
    card = card_of("pod-ro")
    assert suffix_of(card, "") is NO_SUFFIX
    suffix = suffix_of(card, "jane")
    assert (suffix.name("sun"), suffix.name("default")) == ("sun-jane", "default")


def test_a_check_of_a_nodes_file_is_no_live_check(server: Fake, cluster: Cluster) -> None:
    card = card_of("pod-ro")
    file = Check("file", "File", 1, "kubeconfig", {})
    card = msgspec.structs.replace(card, checks=(*card.checks, file))
    answer = reference_of(card)
    hand_in(server, card, answer)
    filed = grade(card, answer)
    assert "file" not in told(grade_live(card, answer, filed, cluster).verdict)
    assert "file" not in told(without_cluster(card, filed, "no cluster"))
