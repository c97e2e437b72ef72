"""Tests of `match.view`."""

from __future__ import annotations

from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.match.view import MISSING, whole

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      securityContext: {runAsUser: 1000, runAsNonRoot: true}
      initContainers:
        - {name: init, image: a}
      containers:
        - name: web
          image: b
          command: [sh]
          args: [-c, sleep]
          securityContext: {runAsUser: 5}
"""


def manifest(text: str) -> Manifest:
    return manifests_of(parse(text.encode(), "a.yaml").documents)[0][0]


def test_template_is_the_pod_of_a_workload() -> None:
    view = whole(manifest(DEPLOYMENT)).child("template")
    assert view.path == ("spec", "template")
    assert view.child("metadata").child("labels").value == {"app": "web"}


def test_a_pod_is_its_own_template() -> None:
    view = whole(manifest("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n"))
    assert view.child("pod").child("spec").path == ("spec",)


def test_what_makes_no_pods_has_no_template() -> None:
    assert whole(manifest("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n")).child("pod").missing


def test_all_containers_keep_their_places() -> None:
    spec = whole(manifest(DEPLOYMENT)).child("pod").child("spec")
    found = spec.child("all-containers").items()
    assert [(item.value["name"], item.path[-2:]) for item in found] == [
        ("init", ("initContainers", 0)),
        ("web", ("containers", 0)),
    ]


def test_effective_security_context() -> None:
    spec = whole(manifest(DEPLOYMENT)).child("pod").child("spec")
    init, web = spec.child("all-containers").items()
    user = web.child("effectiveSecurityContext").child("runAsUser")
    assert (user.value, user.path[-4:]) == (5, ("containers", 0, "securityContext", "runAsUser"))
    inherited = init.child("effectiveSecurityContext").child("runAsUser")
    assert (inherited.value, inherited.path) == (
        1000,
        ("spec", "template", "spec", "securityContext", "runAsUser"),
    )
    missing = init.child("effectiveSecurityContext").child("privileged")
    assert missing.value is MISSING


def test_argv_has_the_places_of_its_words() -> None:
    web = whole(manifest(DEPLOYMENT)).child("pod").child("spec").child("containers").items()[0]
    argv = web.child("argv")
    assert argv.value == ["sh", "-c", "sleep"]
    assert [word.path[-2:] for word in argv.items()] == [("command", 0), ("args", 0), ("args", 1)]


ODD = """\
apiVersion: v1
kind: Pod
metadata: {name: containers}
spec:
  containers:
    - {name: a, args: [x], livenessProbe: {exec: {command: [y]}}}
    - {name: b}
    - not a mapping
  volumes: [{name: v}]
"""


def test_pseudo_fields_are_only_where_they_mean_something() -> None:
    pod = whole(manifest(ODD))
    spec = pod.child("spec")
    assert spec.child("pod").missing
    assert pod.child("pod").child("pod").missing
    assert pod.child("all-containers").missing
    assert pod.child("metadata").child("all-containers").missing
    assert pod.child("metadata").child("name").child("all-containers").missing
    probe = spec.child("containers").items()[0].child("livenessProbe").child("exec")
    for place in (pod, probe, spec, spec.child("volumes").items()[0], spec.child("containers").items()[2]):
        assert place.child("argv").missing
        assert place.child("effectiveSecurityContext").missing


def test_a_container_without_words_lacks_a_command() -> None:
    first, second, _ = whole(manifest(ODD)).child("spec").child("containers").items()
    assert (first.child("argv").value, first.child("argv").path[-1]) == (["x"], "args")
    assert second.child("argv").missing
    assert second.child("argv").path == ("spec", "containers", 1, "command")


def test_what_is_inherited_is_not_below_the_container() -> None:
    init = whole(manifest(DEPLOYMENT)).child("pod").child("spec").child("initContainers").items()[0]
    there, below = init.child("effectiveSecurityContext").child("runAsNonRoot").child("more").there()
    assert (there.path[-2:], below) == (("securityContext", "runAsNonRoot"), ("more",))
    lost, below = init.child("effectiveSecurityContext").child("privileged").there()
    assert (lost.value, below) == ({"runAsUser": 1000, "runAsNonRoot": True}, ("privileged",))


def test_the_deepest_value_that_is_there() -> None:
    view = whole(manifest(DEPLOYMENT)).child("spec").child("strategy").child("type")
    there, below = view.there()
    assert (there.path, below) == (("spec",), ("strategy", "type"))


def test_null_counts_as_missing() -> None:
    assert whole(manifest("apiVersion: v1\nkind: Pod\nspec:\n")).child("spec").missing
