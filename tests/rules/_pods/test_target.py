"""Which Pods a check is about."""

from __future__ import annotations

import msgspec
import pytest

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.rules import load_rule, rule_names
from trainer.rules._pods.target import AboutPods, no_container, ordinary, pods_of
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Status

OBJECTS = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: sun}
spec:
  initContainers: [{name: first}]
  containers: [{name: app}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: sun}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: sun}
"""


def manifests(text: str) -> tuple[Manifest, ...]:
    return tuple(manifests_of(parse(text.encode(), "a.yaml").documents)[0])


WORLD = World(manifests(OBJECTS), answer=manifests(OBJECTS))


@each_row(
    ("object_", "titles"),
    [
        ("sun/web", ["Pod sun/web", "Deployment sun/web"]),
        ("Deployment sun/web", ["Deployment sun/web"]),
        ({"kind": "Pod", "namespace": "*"}, ["Pod sun/web"]),
    ],
)
def test_pods_and_templates(object_: object, titles: list[str]) -> None:
    pods = pods_of(WORLD, msgspec.convert({"object": object_}, AboutPods))
    assert not isinstance(pods, Outcome)
    assert [pod.title for pod in pods] == titles
    assert ordinary(pods[0]) == (("app",) if titles[0].startswith("Pod") else ())


def test_there_are_no_pods() -> None:
    outcome = pods_of(WORLD, AboutPods("Job sun/api"))
    assert isinstance(outcome, Outcome)
    assert outcome.status is Status.FAIL
    assert outcome.reasons[0].message == "There is no Job api in Namespace sun."
    assert outcome.evidence == ("`kubectl get job api -n sun`: NotFound.",)


def test_a_kind_that_makes_no_pods_is_a_mistake_of_the_card() -> None:
    with pytest.raises(ValueError, match="ConfigMap makes no Pods; these do: Pod, "):
        AboutPods("ConfigMap sun/web")


def test_there_is_no_such_container() -> None:
    pods = pods_of(WORLD, AboutPods("Pod sun/web"))
    assert not isinstance(pods, Outcome)
    outcome = no_container(pods, "logger")
    assert [(one.message, one.location) for one in outcome.reasons] == [
        ("Pod sun/web has no container logger.", Location("a.yaml", 6, 3, "spec.containers"))
    ]
    assert outcome.evidence == ("The containers of Pod sun/web are: first, app.",)


GIVEN = {"secret": "db", "level": "baseline", "containers": [], "path": "/data", "handler": "runc"}
"""Values of parameters that a rule requires."""


@each_row("name", [one for one in rule_names() if "object" in load_rule(one).Params.__struct_encode_fields__])
def test_every_rule_refuses_a_text_that_names_no_object(name: str) -> None:
    params = load_rule(name).Params
    others = {
        field.encode_name: GIVEN.get(field.encode_name, {})
        for field in msgspec.structs.fields(params)
        if field.required
    }
    with pytest.raises(msgspec.ValidationError, match="doesn't name"):
        msgspec.convert(others | {"object": "sun"}, params)
