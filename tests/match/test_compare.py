"""Tests of `match.compare`."""

from __future__ import annotations

import copy
import functools
import random
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.manifests.admit import admit
from trainer.manifests.model import Document, Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.match.compare import Matcher, mismatches
from trainer.match.mismatch import reasons
from trainer.match.view import whole
from trainer.versions import DEFAULT

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: sun
  labels: {app: web}
spec:
  hostNetwork: false
  containers:
    - name: web
      image: nginx:1.27
      command: [sh, -c]
      ports:
        - containerPort: 80
        - {containerPort: 53, protocol: UDP}
      env:
        - {name: A, value: "1"}
        - {name: B, value: "2"}
      resources: {limits: {memory: 128Mi}}
      securityContext:
        capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}
    - name: side
      image: docker.io/library/busybox:1.32.0
      volumeMounts:
        - {name: tmp, mountPath: /tmp}
        - {name: run, mountPath: /run, readOnly: true}
  volumes:
    - {name: tmp, emptyDir: {}}
    - {name: run, emptyDir: {sizeLimit: 1Gi}}
"""


@functools.cache
def manifest(text: str) -> Manifest:
    found = admit(manifests_of(parse(text.encode(), "a.yaml").documents)[0][0], DEFAULT)
    assert found.manifest is not None, found.problems
    return found.manifest


def lacks(expected: Any, text: str = POD) -> list[str]:
    found = reasons(mismatches(manifest(text), expected, DEFAULT))
    return [f"{one.location.line}:{one.location.column} {one.message}" for one in found if one.location]


def spec(**fields: Any) -> dict[str, Any]:
    return {"spec": fields}


def web(**fields: Any) -> dict[str, Any]:
    return {"spec": {"containers": [{"name": "web", **fields}]}}


@each_row(
    "expected",
    [
        {},
        {"metadata": {"labels": {"app": "web"}}},
        spec(hostNetwork=False, hostPID=False),
        spec(restartPolicy="Always"),
        spec(containers=[{"name": "side", "image": "busybox:1.32.0"}, {"name": "web"}]),
        spec(containers=[{"image": "nginx:1.27"}]),
        web(command=["sh", "-c"]),
        web(ports=[{"containerPort": 53, "protocol": "UDP"}, {"containerPort": 80}]),
        web(env=[{"name": "B", "value": "2"}]),
        web(resources={"limits": {"memory": "134217728"}}),
        web(securityContext={"capabilities": {"drop": ["ALL"]}}),
        web(securityContext={"capabilities": {"drop": ["ALL", "ALL"]}}),
        web(securityContext={"privileged": False, "allowPrivilegeEscalation": True}),
        web(securityContext={"privileged": None}),
        web(args=[]),
        spec(containers=[{"name": {"matches": "we."}, "image": "nginx:1.27"}]),
        spec(volumes=[{"name": "run", "emptyDir": {"sizeLimit": "1024Mi"}}, {"name": "tmp", "emptyDir": {}}]),
        {"pod": {"spec": {"containers": [{"argv": ["sh", "-c"]}]}}},
    ],
)
def test_contained(expected: dict[str, Any]) -> None:
    assert lacks(expected) == []


@each_row(
    ("expected", "reason"),
    [
        (
            web(image="nginx:1.28"),
            ["11:7 `image` of container `web` is `nginx:1.27`; `nginx:1.28` is required."],
        ),
        (
            web(image=True),
            ["11:7 `image` of container `web` is `nginx:1.27`; `true` is required."],
        ),
        (spec(hostNetwork="x"), ["8:3 `spec.hostNetwork` is `false`; `x` is required."]),
        (spec(containers=["web"]), ["9:3 `spec.containers` doesn't contain `web`."]),
        (
            spec(volumes=[{"name": "run", "hostPath": {}}]),
            ["29:5 Volume `run` has no `hostPath`."],
        ),
        (web(workingDir="/"), ["10:5 Container `web` has no `workingDir`."]),
        (
            web(securityContext={"seccompProfile": {"type": "RuntimeDefault"}}),
            ["20:7 `securityContext` of container `web` has no `seccompProfile`."],
        ),
        (spec(hostNetwork=True), ["8:3 `spec.hostNetwork` is `false`; `true` is required."]),
        (spec(hostPID=True), ["7:1 `spec` has no `hostPID`."]),
        (spec(containers=[{"name": "other"}]), ["9:3 `spec.containers` has no item with name `other`."]),
        (
            web(command=["sh"]),
            ['12:7 `command` of container `web` is `["sh", "-c"]`; another value is required.'],
        ),
        (
            web(command=["bash", "-c"]),
            ["12:17 `command[0]` of container `web` is `sh`; `bash` is required."],
        ),
        (
            web(securityContext={"capabilities": {"drop": ["NET_RAW"]}}),
            ["21:24 `securityContext.capabilities.drop` of container `web` doesn't contain `NET_RAW`."],
        ),
        (
            web(ports=[{"containerPort": 80, "protocol": "SCTP"}]),
            ["13:7 `ports` of container `web` has no item with containerPort `80` and protocol `SCTP`."],
        ),
        (
            spec(volumes=[{"name": "tmp", "hostPath": {"path": "/"}}]),
            ["28:5 Volume `tmp` has no `hostPath`."],
        ),
        ({"metadata": {"name": {"first": "x"}}}, ["4:3 `metadata.name` is `web`; it must be a mapping."]),
        ({"metadata": {"name": ["x"]}}, ["4:3 `metadata.name` is `web`; it must be a list."]),
        ({"metadata": {"name": None}}, ["4:3 `metadata.name` is `web`; it must not be set."]),
    ],
)
def test_what_is_lacking(expected: dict[str, Any], reason: list[str]) -> None:
    assert lacks(expected) == reason


def test_reasons_are_said_once_and_stand_in_the_order_of_the_text() -> None:
    found = lacks({"spec": {"volumes": [{"name": "no"}], "containers": {"every": {"image": "x"}}}})
    assert [line.split(" ")[0] for line in found] == ["11:7", "23:7", "27:3"]


def test_a_peer_with_a_second_selector_is_another_peer() -> None:
    text = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a}
spec:
  podSelector: {}
  ingress:
    - from:
        - podSelector: {matchLabels: {a: b}}
          namespaceSelector: {}
"""
    peer = {"podSelector": {"matchLabels": {"a": "b"}}}
    assert lacks({"spec": {"ingress": [{"from": [peer]}]}}, text) == []
    assert lacks({"spec": {"ingress": [{"from": {"equals": [peer]}}]}}, text) == [
        "9:11 `spec.ingress[0].from[0].namespaceSelector` must not be set."
    ]


ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: a}
rules:
  - {apiGroups: [""], resources: [pods], verbs: [get]}
  - {apiGroups: [apps], resources: [deployments], verbs: [list]}
"""


@each_row(
    ("wanted", "places"),
    [
        ([], []),
        ([{"resources": ["pods"]}], []),
        ([{"resources": ["pods"]}, {"resources": ["pods"]}], []),
        ([{"resources": ["pods"], "verbs": ["get"]}, {"verbs": ["get"], "resources": ["pods"]}], []),
        # One rule isn't two.
        ([{"resources": ["pods"]}, {"verbs": ["get"]}], ["rules[1].verbs"]),
        # One thing is wrong with the first rule: that one was meant.
        ([{"apiGroups": [""], "resources": ["pods"], "verbs": ["watch"]}], ["rules[0].verbs"]),
        # Two things are wrong with each rule: none was meant for sure.
        ([{"apiGroups": [""], "resources": ["secrets"], "verbs": ["watch"]}], ["rules"]),
        # Only one rule is left for the other wish: that one was meant, whatever is wrong with it.
        (
            [{"resources": ["pods"]}, {"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]}],
            ["rules[1].apiGroups", "rules[1].resources"],
        ),
    ],
)
def test_the_item_that_was_meant_is_named_where_it_is_plain(wanted: list[Any], places: list[str]) -> None:
    found = reasons(mismatches(manifest(ROLE), {"rules": wanted}, DEFAULT))
    assert [one.location.path for one in found if one.location] == places
    if places == ["rules"]:
        assert [one.message for one in found] == ["No item of `rules` is as required."]


def test_both_forms_of_a_label_selector_are_the_same() -> None:
    text = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a}
spec:
  podSelector:
    matchExpressions:
      - {key: app, operator: In, values: [web]}
      - {key: tier, operator: Exists}
"""

    def selector(**labels: str) -> dict[str, Any]:
        return {"spec": {"podSelector": {"matchLabels": labels}}}

    assert lacks(selector(app="web"), text) == []
    assert lacks(selector(app="db"), text) == ["5:3 `spec.podSelector` has no `matchLabels`."]
    assert lacks({"spec": {"podSelector": {"app": "web"}}}, text) == ["5:3 `spec.podSelector` has no `app`."]
    both = {
        **selector(app="web")["spec"]["podSelector"],
        "matchExpressions": [{"key": "tier", "operator": "Exists"}],
    }
    assert lacks({"spec": {"podSelector": {"equals": both}}}, text) == []
    assert lacks({"spec": {"podSelector": {"equals": {"matchLabels": {"app": "web"}}}}}, text) != []


def test_no_selector_is_the_same_as_what_is_not_a_selector() -> None:
    thing = {"apiVersion": "example.com/v1", "kind": "Thing", "spec": {"selector": "app"}}
    found = mismatches(
        Manifest(thing, Document(thing, "a.yaml", 1, 1, {})), spec(selector={"matchLabels": {}}), DEFAULT
    )
    assert [one.message for one in found] == ["`spec.selector` is `app`; it must be a mapping."]


def test_items_of_another_type_have_no_keys() -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": ["web", {"name": "web", "image": "a"}]}}
    expected = spec(containers=[{"name": "web", "image": "b"}])
    found = mismatches(Manifest(pod, Document(pod, "a.yaml", 1, 1, {})), expected, DEFAULT)
    assert [one.message for one in found] == ["`image` of container `web` is `a`; `b` is required."]


def exact(expected: Any, actual: Manifest) -> bool:
    return Matcher(DEFAULT, exact=True).fits(expected, whole(actual))


def shuffled(value: Any, order: random.Random, path: tuple[str, ...] = ()) -> Any:
    """The value with the items of every list whose order means nothing in another order."""
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order, (*path, key)) for key in keys}
    if isinstance(value, list):
        items = [shuffled(item, order, path) for item in value]
        if path[-1] not in ("command", "args"):
            order.shuffle(items)
        return items
    return value


def thinned(value: Any, order: random.Random) -> Any:
    """A part of the value: some fields and items left out, keys of items kept."""
    if isinstance(value, dict):
        kept = ("name", "containerPort", "protocol", "mountPath")
        return {
            key: thinned(item, order) for key, item in value.items() if key in kept or order.random() < 0.7
        }
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return [thinned(item, order) for item in value if order.random() < 0.7]
    return value


RANDOM = st.randoms(use_true_random=False)


@given(RANDOM)
def test_order_of_keyed_lists_and_sets_means_nothing(order: random.Random) -> None:
    pod = manifest(POD)
    other = shuffled(copy.deepcopy(pod.data), order)
    assert exact(other, pod)
    assert exact(pod.data, Manifest(other, Document(other, "b.yaml", 1, 1, {})))


@given(RANDOM)
def test_a_part_is_contained(order: random.Random) -> None:
    pod = manifest(POD)
    assert mismatches(pod, shuffled(thinned(pod.data, order), order), DEFAULT) == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("wxyz"), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from("wxyz"), VALUES, max_size=4))
def test_anything_contains_itself(data: dict[str, Any]) -> None:
    whole_object = {"apiVersion": "example.com/v1", "kind": "Thing", "spec": data}
    thing = Manifest(whole_object, Document(whole_object, "a.yaml", 1, 1, {}))
    assert exact(whole_object, thing)
    assert mismatches(thing, whole_object, DEFAULT) == []


@given(VALUES, VALUES)
@example([[{}]], [[{}, {"w": None}]])
def test_exactly_equal_both_ways(one: Any, two: Any) -> None:
    left, right = ({"kind": "Thing", "spec": {"v": value}} for value in (one, two))
    there = exact(left, Manifest(right, Document(right, "a.yaml", 1, 1, {})))
    back = exact(right, Manifest(left, Document(left, "a.yaml", 1, 1, {})))
    assert there == back
