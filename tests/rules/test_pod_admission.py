"""Rule `pod-admission`: what a namespace's labels do to sample objects."""

from __future__ import annotations

import msgspec
import pytest

from tests.pictures import judging, lines_of, wrong_cells
from tests.table import each_row
from trainer.content.catalogue import find_card
from trainer.content.locate import builtin_pack
from trainer.errors import UsageError
from trainer.grading.grade import world_of
from trainer.manifests.answer import Answer, AnswerFile
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.rules import pod_admission
from trainer.rules.pod_admission import Params
from trainer.simulate.world import Refused, World
from trainer.verdict import Problem, Status

judge = judging(pod_admission)

NAMESPACE = """\
apiVersion: v1
kind: Namespace
metadata:
  name: team
  labels: {pod-security.kubernetes.io/%s: %s}
"""
POD = (
    "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: team}, spec: {hostPID: true, containers: []}}"
)


def world(mode: str = "enforce", level: str = "baseline") -> World:
    document = parse((NAMESPACE % (mode, level)).encode(), "ns.yaml").documents[0]
    manifest = Manifest(document.value, document)
    return World((manifest,), answer=(manifest,))


def params(**sample: object) -> Params:
    return msgspec.convert({"samples": [{"object": POD, "outcome": "rejected"} | sample]}, Params)


def test_pass() -> None:
    assert judge(world(), params()).status is Status.PASS
    assert judge(world("warn"), params(outcome="admitted", warns=True, audits=False)).status is Status.PASS


def test_fail_points_at_the_labels() -> None:
    outcome = judge(world("audit"), params())
    assert outcome.status is Status.FAIL
    [reason] = outcome.reasons
    assert reason.message == "Pod team/p must be rejected, but is admitted."
    assert reason.location is not None
    assert reason.location.line == 5
    assert outcome.evidence == (
        "Pod team/p is admitted (enforce privileged:latest, warn privileged:latest, audit baseline:latest).",
    )


@each_row(
    ("old", "new", "line", "message"),
    [
        ("pod-security", "podsecurity", 5, "The label `podsecurity.kubernetes.io/enforce` has no effect"),
        ("/enforce", "/enforced", 5, "its name must be `pod-security.kubernetes.io/enforce`."),
        ("labels:", "annotations:", 5, "`pod-security.kubernetes.io/enforce` is an annotation here"),
        ("pod-security.kubernetes.io/enforce", "app", 5, "is admitted."),
    ],
)
def test_a_label_that_was_meant(old: str, new: str, line: int, message: str) -> None:
    document = parse((NAMESPACE % ("enforce", "baseline")).replace(old, new).encode(), "ns.yaml").documents[0]
    manifest = Manifest(document.value, document)
    [reason] = judge(World((manifest,), answer=(manifest,)), params()).reasons
    assert message in reason.message
    assert reason.location is not None
    assert reason.location.line == line


def test_a_rejected_sample_says_why() -> None:
    outcome = judge(world(), params(outcome="admitted"))
    assert outcome.reasons[0].message == (
        "Pod team/p must be admitted, but is rejected: `hostPID` must not be true."
    )


def test_missing_warning() -> None:
    outcome = judge(world("audit"), params(outcome="admitted", warns=True))
    assert outcome.reasons[0].message == "Pod team/p must lead to a warning."


def test_an_unknown_level_is_refused() -> None:
    outcome = judge(world(level="strict"), params())
    assert "refuses this label" in outcome.reasons[0].message


def test_a_broken_sample_is_the_cards_error() -> None:
    with pytest.raises(UsageError, match="not exactly one object"):
        judge(world(), params(object="[]"))


def test_a_configuration_that_is_refused() -> None:
    document = parse(b"kind: AdmissionConfiguration\nplugin: []\n", "a.yaml").documents[0]
    manifest = Manifest(document.value, document)
    problem = Problem("unknown field `plugin`", location=manifest.where("plugin"))
    found = judge(World((), refused=(Refused(manifest, (problem,)),)), params())
    assert [one.message for one in found.reasons] == ["kube-apiserver doesn't start: unknown field `plugin`."]


CONFIGURATION = """\
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
  - name: PodSecurity
    configuration:
      apiVersion: pod-security.admission.config.k8s.io/v1
      kind: PodSecurityConfiguration
      defaults: {enforce: %s}
      exemptions:
        namespaces: [kube-system]
        usernames: [jane]
"""
PLAIN = "apiVersion: v1\nkind: Namespace\nmetadata: {name: team}\n"


@each_row(
    ("level", "sample", "exempt", "reason"),
    [
        ("baseline", {}, {"namespaces": ["kube-system"], "usernames": ["jane"]}, ""),
        ("baseline", {"user": "jane", "outcome": "admitted"}, None, ""),
        ("baseline", {}, {"namespaces": ["kube-system"]}, "11 The user jane must not be exempt."),
        ("baseline", {}, {"namespaces": ["kube-system"], "usernames": ["jane"], "runtime-classes": ["a"]},
         "9 The RuntimeClass a must be exempt."),
        ("privileged", {}, None, "8 Pod team/p must be rejected, but is admitted."),
        ("strict", {}, None, "8 kube-apiserver doesn't start: 'strict' is not a level: write privileged, baseline, "
                             "restricted."),
    ],
)  # fmt: skip
def test_the_configuration_of_the_plugin(
    level: str, sample: dict[str, str], exempt: dict[str, list[str]] | None, reason: str
) -> None:
    documents = [parse(text.encode(), "a.yaml").documents[0] for text in (CONFIGURATION % level, PLAIN)]
    configuration, namespace = (Manifest(one.value, one) for one in documents)
    found = judge(
        World((configuration, namespace), answer=(configuration,)),
        msgspec.convert(
            {"samples": [{"object": POD, "outcome": "rejected"} | sample], "exempt": exempt}, Params
        ),
    )
    assert [f"{one.location.line} {one.message}" for one in found.reasons if one.location] == (
        [reason] if reason else []
    )


def test_the_picture_has_samples_by_mode() -> None:
    picture = pod_admission.picture(world("audit"), params(warns=False))
    assert picture.columns == ("enforce", "warn", "audit")
    assert lines_of(picture) == ["Pod team/p | w:admitted | r:nothing | u:annotation"]
    assert [cell.location and cell.location.line for cell in wrong_cells(picture)] == [5]


@each_row(
    ("text", "reason"),
    [
        (CONFIGURATION % "baseline", ""),
        (
            "apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\n"
            "defaults: {enforce: baseline}\n",
            "admission.yaml:2:1 kube-apiserver doesn't start: the file must contain an AdmissionConfiguration.",
        ),
        (
            "",
            "admission.yaml:1:1 kube-apiserver doesn't start: the file is empty.",
        ),
        ("kind: [", "admission.yaml:2:1 kube-apiserver doesn't start: not valid YAML"),
        (
            (CONFIGURATION % "baseline").replace("usernames", "username"),
            "admission.yaml:11:9 kube-apiserver doesn't start: unknown field `username` in "
            "`plugins[0].configuration.exemptions`: did you mean `usernames`?",
        ),
    ],
)
def test_the_file_that_the_flag_names_has_an_admission_configuration(text: str, reason: str) -> None:
    card = find_card("psa-config", builtin_pack())
    world, _ = world_of(card, Answer((AnswerFile("admission.yaml", text.encode()),)))
    found = judge(world, params(object=POD.replace("team", "shop")))
    told = [f"{one.location} {one.message}" for one in found.reasons]
    assert bool(told) == bool(reason)
    assert not told or told[0].startswith(reason)
