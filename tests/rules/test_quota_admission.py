"""Tests of `rules.quota_admission`: what quotas and limits make of objects."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.pictures import judging, lines_of
from tests.simulate.quota.worlds import SUN, one, pod, world
from tests.table import each_row
from trainer.errors import NotJudged, UsageError
from trainer.rules import quota_admission
from trainer.rules.quota_admission import Params
from trainer.verdict import Outcome

judge = judging(quota_admission)

LIMITS = one("LimitRange", "{limits: [{type: Container, default: {cpu: 1}, defaultRequest: {cpu: 500m}}]}")
QUOTA = one("ResourceQuota", "{hard: {requests.cpu: 1, pods: 3}}", "q")
TWO = [{"object": pod(), "outcome": "accepted"}] * 2
DEPLOYMENT = one(
    "Deployment",
    "{replicas: 3, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: "
    "{containers: [{name: c, image: a}]}}}",
    version="apps/v1",
)


def outcome(setting: str, *samples: dict[str, Any], **params: Any) -> Outcome:
    # A sample is one document.
    cleaned = [{**one, "object": one["object"].removesuffix("---\n")} for one in samples]
    return judge(world(SUN + setting), msgspec.convert({"samples": cleaned, **params}, Params))


REJECTED = {"object": pod(), "outcome": "rejected"}


@each_row(
    "samples",
    [
        [*TWO, REJECTED],
        [*TWO, {**REJECTED, "by": "ResourceQuota", "message-has": "Exceeded quota: q"}],
        [{"object": DEPLOYMENT, "outcome": "accepted", "pods": 2, "message-has": "exceeded quota"}, REJECTED],
        [{**TWO[0], "resources": {"c": {"requests": {"cpu": "0.5"}, "limits": {"cpu": "1000m"}}}}],
        [{"object": pod("{requests: {cpu: 2}}"), "outcome": "rejected", "by": "LimitRange"}],
    ],
)
def test_pass(samples: list[dict[str, Any]]) -> None:
    assert outcome(LIMITS + QUOTA, *samples).status.value == "pass"


@each_row(
    ("setting", "samples", "reason", "evidence"),
    [
        (LIMITS + QUOTA, [*TWO, *TWO],
         '5 spec.hard[requests.cpu]: Pod sun/p must be accepted, but is rejected: pods "p" is forbidden: exceeded quota: q, requested: '
         "requests.cpu=500m, used: requests.cpu=1, limited: requests.cpu=1.",
         "Used of quota q: requests.cpu 1 of 1, pods 2 of 3."),
        (LIMITS + QUOTA, [REJECTED], "5 spec.hard: Pod sun/p must be rejected, but is accepted.",
         "Pod sun/p is created. Used of quota q: requests.cpu 500m of 1, pods 1 of 3."),
        (QUOTA, [{**REJECTED, "by": "LimitRange"}],
         '3 spec.hard[requests.cpu]: Pod sun/p must be rejected by a LimitRange, but ResourceQuota rejects it: pods "p" is forbidden: '
         "failed quota: q: must specify requests.cpu for: c.", ""),
        (QUOTA, [{**REJECTED, "message-has": "exceeded"}],
         "3 spec.hard[requests.cpu]: Pod sun/p must be rejected with 'exceeded'; the API server says: pods \"p\" is forbidden: "
         "failed quota: q: must specify requests.cpu for: c.", ""),
        (LIMITS + QUOTA, [{"object": DEPLOYMENT, "outcome": "accepted", "pods": 3}],
         '5 spec.hard[requests.cpu]: The controller of Deployment sun/a must create 3 Pods, but creates 2: pods "a-2" is forbidden: '
         "exceeded quota: q, requested: requests.cpu=500m, used: requests.cpu=1, limited: requests.cpu=1.",
         "Deployment sun/a is created, with 2 Pods."),
        (LIMITS, [{**TWO[0], "resources": {"c": {"limits": {"cpu": "2"}, "requests": {"cpu": "500m"}}}}],
         "3 spec.limits: Container c of Pod sun/p must be stored with limits cpu 2, but has cpu 1.", "No quota counts it."),
        (LIMITS, [{**TWO[0], "resources": {"c": {"limits": {"cpu": "1"}}}}],
         "3 spec.limits: Container c of Pod sun/p must be stored with requests none, but has cpu 500m.", ""),
        ("", [REJECTED], "1 : Pod sun/p must be rejected, but is accepted.", ""),
        # Scopes leave some Pods out.
        (one("ResourceQuota", "{hard: {pods: 0}, scopes: [NotTerminating]}", "q"), [REJECTED],
         "3 spec.scopes: Pod sun/p with a deadline must be rejected, but is accepted.", ""),
        (one("ResourceQuota", "{hard: {pods: 0}, scopeSelector: {matchExpressions: [{scopeName: PriorityClass, "
             "operator: NotIn, values: [high]}]}}", "q"), [REJECTED],
         "3 spec.scopeSelector: Pod sun/p with the priority class high must be rejected, but is accepted.", ""),
        (one("ResourceQuota", "{hard: {pods: 0}, scopeSelector: {matchExpressions: [{scopeName: PriorityClass, "
             "operator: DoesNotExist}]}}", "q"), [REJECTED],
         "3 spec.scopeSelector: Pod sun/p with the priority class unseen must be rejected, but is accepted.", ""),
        (one("ResourceQuota", "{hard: {pods: 0}, scopes: [CrossNamespacePodAffinity]}", "q"), TWO,
         "3 spec.scopes: Pod sun/p with affinity for another Namespace must be accepted, but is rejected: pods \"p\" is forbidden: "
         "exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0.", ""),
    ],
)  # fmt: skip
def test_fail(setting: str, samples: list[dict[str, Any]], reason: str, evidence: str) -> None:
    found = outcome(setting, *samples)
    [told] = found.reasons
    assert told.location is not None
    assert f"{told.location.line} {told.location.path}: {told.message}" == reason
    assert evidence in found.evidence[0]


def test_what_quotas_count_besides() -> None:
    other = one("ResourceQuota", "{hard: {cpu: 1, secrets: 5, count/pods: 3}}", "q")
    found = outcome(LIMITS + other, *TWO, only=["requests.cpu", "pods"])
    assert [told.message for told in found.reasons] == [
        f"ResourceQuota sun/q also limits {name}; the task doesn't ask for that."
        for name in ("secrets", "count/pods")
    ]
    assert outcome(LIMITS + QUOTA, *TWO, only=["requests.cpu", "pods"]).status.value == "pass"


def test_what_is_limited_elsewhere() -> None:
    other = one("LimitRange", "{limits: [{type: Container, max: {cpu: 2}}]}", "m").replace(": sun", ": moon")
    found = outcome(LIMITS + other, *TWO, elsewhere="none")
    message = "LimitRange moon/m limits Namespace moon; the task doesn't ask for that."
    assert [told.message for told in found.reasons] == [message]
    assert outcome(LIMITS + other, *TWO).status.value == "pass"
    assert outcome(LIMITS, *TWO, elsewhere="none").status.value == "pass"


def test_limit_ranges_apply_in_any_order() -> None:
    """Which default is used if two LimitRanges have one isn't determined."""
    first = one("LimitRange", "{limits: [{type: Container, default: {cpu: 1}}]}", "a")
    second = one("LimitRange", "{limits: [{type: Container, max: {cpu: 2}}]}", "b")
    wanted = {**TWO[0], "resources": {"c": {"requests": {"cpu": "1"}, "limits": {"cpu": "1"}}}}
    assert outcome(first, wanted).status.value == "pass"
    found = outcome(first + second, wanted)
    assert "(several LimitRanges apply in any order)" in found.reasons[0].message


def test_many_quotas_are_not_judged() -> None:
    with pytest.raises(NotJudged, match="more than 50 quotas"):
        outcome("".join(one("ResourceQuota", "{hard: {pods: 1}}", f"q{n}") for n in range(51)), *TWO)


def test_what_could_reject_is_missing() -> None:
    [told] = outcome(
        QUOTA, {"object": pod("{requests: {cpu: 1m}}"), "outcome": "rejected", "by": "LimitRange"}
    ).reasons
    assert told.message.endswith("is accepted. Namespace sun has no LimitRange.")


def test_scopes_may_be_the_task() -> None:
    scoped = one("ResourceQuota", "{hard: {pods: 0}, scopes: [NotTerminating]}", "q")
    assert outcome(scoped, REJECTED, **{"every-pod": False}).status.value == "pass"


@each_row(
    ("sample", "message"),
    [
        ({"object": "a: [", "outcome": "accepted"}, "isn't exactly one object"),
        ({"object": pod(more=", hostPID: 1"), "outcome": "accepted"}, "isn't valid"),
        ({**TWO[0], "resources": {"x": {}}}, "has no container x"),
    ],
)
def test_mistakes_of_a_card(sample: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        outcome(LIMITS, sample)
    with pytest.raises(msgspec.ValidationError, match="needs samples"):
        msgspec.convert({"samples": []}, Params)


def test_the_picture_has_what_is_created_until_something_is_wrong() -> None:
    samples = [{**one, "object": one["object"].removesuffix("---\n")} for one in (*TWO, *TWO)]
    found = quota_admission.picture(
        world(SUN + LIMITS + QUOTA), msgspec.convert({"samples": samples}, quota_admission.Params)
    )
    assert lines_of(found) == [
        "Pod sun/p | r:created",
        "Pod sun/p | r:created",
        "Pod sun/p | w:rejected | u:ResourceQuota",
    ]
