"""What rule `admission` tries of a policy about volumes: wrong answers that no fixed sample finds."""

from __future__ import annotations

import msgspec
import pytest

from tests.admission_world import BINDING, POLICY, changed, read
from tests.table import each_row
from trainer.rules._admission.meant import WORKLOADS, Forbidden, Place, Words
from trainer.rules._admission.volume_probes import VolumeProbes
from trainer.rules.admission import Params, judge
from trainer.simulate.workloads import pod_template
from trainer.simulate.world import World
from trainer.verdict import Outcome, Status
from trainer.versions import DEFAULT

HOME = "apiVersion: v1\nkind: Namespace\nmetadata: {name: prod, labels: {env: prod}}\n"
PROD = BINDING + "  matchResources: {namespaceSelector: {matchLabels: {env: prod}}}\n"
SPEC = (
    "(object.kind == 'Pod' ? object.spec : object.kind == 'CronJob' ? "
    "object.spec.jobTemplate.spec.template.spec : object.spec.template.spec)"
)
GOOD = f"{SPEC}.?volumes.orValue([]).all(v, !has(v.hostPath))"
RULES = (
    "[{apiGroups: ['', apps, batch], apiVersions: ['*'], operations: [CREATE, UPDATE], resources: [pods, "
    "replicationcontrollers, deployments, replicasets, statefulsets, daemonsets, jobs, cronjobs]}]"
)


def outcome(
    rest: str, expression: str = GOOD, rules: str = RULES, binding: str = PROD, **more: object
) -> Outcome:
    policy = changed(POLICY, expression=f'"{expression}"')
    start = policy.index("    resourceRules:")
    policy = policy[:start] + f"    resourceRules: {rules}\n" + policy[policy.index("  validations:") :]
    forbids = {"volumes": ["hostPath"], "namespace-labels": {"env": "prod"}, **more}
    manifests = read(HOME, policy, binding)
    return judge(World(tuple(manifests)), msgspec.convert({"forbids": forbids, "rest": rest}, Params))


def test_a_right_answer_passes_all() -> None:
    for rest in ("denied", "admitted", "untouched"):
        found = outcome(rest)
        assert (found.status, found.reasons) == (Status.PASS, ())


@each_row(
    ("rest", "expression", "rules"),
    [
        (
            "denied",
            f"{SPEC}.?volumes.orValue([]).all(v, !has(v.hostPath) || v.hostPath.path == '/srv')",
            RULES,
        ),
        ("denied", f"{SPEC}.?volumes.orValue([]).all(v, !has(v.hostPath) || v.name == 'logs')", RULES),
        ("denied", f"{SPEC}.?volumes.orValue([]).exists(v, !has(v.hostPath))", RULES),
        ("denied", f"object.metadata.name == 'agent' || {GOOD}", RULES),
        ("denied", f"request.userInfo.username.startsWith('system:') || {GOOD}", RULES),
        ("denied", f"{SPEC}.?hostNetwork.orValue(false) || {GOOD}", RULES),
        ("denied", GOOD, RULES.replace("daemonsets, ", "")),
        ("denied", GOOD, RULES.replace(", cronjobs", "")),
        ("denied", GOOD, RULES.replace(", UPDATE", "")),
        (
            "admitted",
            f"!has({SPEC[1:-1].replace('object.spec :', 'object.spec.template.spec :', 1)}.volumes)",
            RULES,
        ),
        ("admitted", f"size({SPEC}.?volumes.orValue([])) < 4 && {GOOD}", RULES),
        ("admitted", f"{SPEC}.?volumes.orValue([]).all(v, has(v.emptyDir) || has(v.secret))", RULES),
        ("admitted", f"{SPEC}.volumes.all(v, !has(v.hostPath))", RULES),
        ("admitted", f"{SPEC}.?volumes.orValue([]).all(v, v.name != 'hostpath') && {GOOD}", RULES),
        ("untouched", GOOD, RULES.replace("UPDATE", "UPDATE, DELETE")),
        ("untouched", GOOD, RULES.replace("pods,", "pods, services,")),
    ],
)
def test_wrong_answers(rest: str, expression: str, rules: str) -> None:
    found = outcome(rest, expression, rules)
    assert found.status is Status.FAIL
    assert found.evidence


def test_a_policy_for_every_namespace() -> None:
    found = outcome("untouched", binding=BINDING)
    assert "prod" not in found.reasons[0].message.partition("(")[0]
    assert "(volume hostPath)" in found.evidence[0]


def test_only_the_kinds_of_the_check() -> None:
    rules = RULES.replace("pods, ", "")
    assert outcome("denied", GOOD, rules, kinds=["Pod"]).status is Status.FAIL
    assert outcome("denied", GOOD, rules, kinds=["Deployment", "CronJob"]).status is Status.PASS


def test_every_kind_has_the_volumes_where_its_pods_have_them() -> None:
    probes = VolumeProbes(Forbidden(volumes=("hostPath",)), Words(), [Place("prod", {})], DEFAULT)
    kinds = set()
    for probe in probes.denied():
        template = pod_template(probe.request.subject)
        assert template is not None
        assert any("hostPath" in one for one in template.spec["volumes"]), probe.sort
        kinds.add(probe.request.subject.kind)
    assert kinds == set(WORKLOADS)
    assert not any(probes.has_forbidden(probe.request.subject) for probe in probes.admitted())


@each_row(
    ("params", "message"),
    [
        ({"forbids": {"volumes": []}, "rest": "denied"}, "at least one type"),
        (
            {"forbids": {"volumes": ["hostPath"], "kinds": ["Service"]}, "rest": "denied"},
            "Service makes no Pods",
        ),
        ({"forbids": {"volumes": ["hostPath"]}}, "meant or forbids belongs to rest"),
        (
            {"forbids": {"volumes": ["a"]}, "meant": {"images": ["a"]}, "rest": "denied"},
            "either meant or forbids",
        ),
    ],
)
def test_mistakes_of_a_card(params: dict[str, object], message: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=message):
        msgspec.convert(params, Params)
