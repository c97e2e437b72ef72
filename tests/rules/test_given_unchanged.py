"""Rule `given-unchanged`: an answer leaves the given objects alone, except those of the task."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.table import each_row
from trainer.content.given import given_manifests
from trainer.grading.world import build_world
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.rules.given_unchanged import Params, judge
from trainer.verdict import Status
from trainer.versions import DEFAULT

GIVEN = """\
apiVersion: v1
kind: Namespace
metadata: {name: sun, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: Namespace
metadata: {name: moon}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: words, namespace: sun}
data: {a: b}
"""
OPENED = "apiVersion: v1\nkind: Namespace\nmetadata: {name: sun}\n"
LIMITED = """\
apiVersion: v1
kind: LimitRange
metadata: {name: limits, namespace: moon}
spec: {limits: [{type: Container, max: {cpu: 1}}]}
"""


def manifests(text: str, name: str) -> tuple[Manifest, ...]:
    return tuple(manifests_of(parse(text.encode(), name).documents)[0])


def verdict(answer: str, given_stays: bool = True, **params: Any) -> tuple[str, list[str]]:
    given, _ = given_manifests(GIVEN, DEFAULT)
    world, *_ = build_world(given, manifests(answer, "a.yaml"), given_stays=given_stays, kubernetes=DEFAULT)
    outcome = judge(world, msgspec.convert(params, Params))
    assert (outcome.status is Status.FAIL) == bool(outcome.reasons) == bool(outcome.evidence)
    return outcome.status.value, [f"{one.location or '-'} {one.message}" for one in outcome.reasons]


REMEDY = "Leave the object out of your file, or write it as it was."


@each_row(
    ("answer", "params"),
    [
        ("", {"new": "none"}),
        (GIVEN, {"new": "none"}),
        (OPENED, {"besides": ["Namespace sun"]}),
        (OPENED, {"besides": [{"kind": "Namespace"}]}),
        (LIMITED, {}),
        (LIMITED, {"new": "none", "besides": [{"namespace": "moon"}]}),
        (GIVEN.replace("a: b", "c: d"), {"besides": [{"kind": "ConfigMap", "namespace": "sun"}]}),
        (GIVEN.replace("{a: b}", '{"a": "b"}\nbinaryData: {}'), {}),
    ],
)
def test_what_is_allowed(answer: str, params: dict[str, Any]) -> None:
    assert verdict(answer, **params) == ("pass", [])


@each_row(
    ("answer", "params", "reason"),
    [
        (
            OPENED,
            {"besides": ["Namespace moon", {"kind": "ConfigMap"}]},
            "a.yaml:3:1 Namespace sun must stay as it was: `metadata.labels` has no "
            "`pod-security.kubernetes.io/enforce`."
            f" {REMEDY}",
        ),
        (
            GIVEN.replace("a: b", "a: c"),
            {"besides": [{"namespace": "moon"}, {"kind": "ConfigMap", "namespace": "moon"}]},
            f"a.yaml:12:8 ConfigMap sun/words must stay as it was: `data.a` is `c`; `b` is required. {REMEDY}",
        ),
        (LIMITED, {"new": "none"}, "a.yaml:3:12 LimitRange moon/limits is new; the task doesn't ask for it."),
    ],
)
def test_what_is_not(answer: str, params: dict[str, Any], reason: str) -> None:
    assert verdict(answer, **params) == ("fail", [reason])


def test_a_given_object_that_the_answer_takes_away() -> None:
    assert verdict(OPENED, given_stays=False, besides=["Namespace sun"]) == (
        "fail",
        ["- ConfigMap sun/words is gone."],
    )


def test_what_names_no_object() -> None:
    with pytest.raises(msgspec.ValidationError, match="doesn't name an object"):
        msgspec.convert({"besides": ["Deployment a b"]}, Params)
