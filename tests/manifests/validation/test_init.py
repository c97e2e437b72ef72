"""Tests of `manifests.validation`."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.manifests.model import Document, Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.manifests.validation import validate
from trainer.manifests.validation.kinds import KINDS
from trainer.verdict import Severity
from trainer.versions import DEFAULT, SUPPORTED, Version

Paths = Callable[..., list[str]]

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: pod-ro
spec:
  containers:
  - name: main
    image: busybox
    volumeMounts:
    - {name: tmp, mountPath: /tmp}
"""


def test_all_problems_with_their_places() -> None:
    [document] = parse(
        POD.replace("image: busybox", "imagePullPolicy: always").encode(), "pod.yaml"
    ).documents
    found = validate(Manifest(document.value, document), DEFAULT)
    assert [(str(p.location), p.severity, p.message, p.remedy) for p in found] == [
        (
            "pod.yaml:7:3",  # the list item
            Severity.ERROR,
            "`image` is missing: a container needs the image that it runs.",
            "Add `image`.",
        ),
        (
            "pod.yaml:8:5",
            Severity.ERROR,
            "`imagePullPolicy` is `always`: it is one of `Always`, `IfNotPresent` and `Never`.",
            "Write `Always`.",
        ),
        (
            "pod.yaml:10:8",
            Severity.ERROR,
            "The pod has no volume `tmp`, so there is nothing to mount.",
            "Add a volume of this name under the pod's `volumes`.",
        ),
    ]


def test_an_unknown_kind_needs_a_name(paths_of: Paths) -> None:
    assert paths_of("apiVersion: example.com/v1\nkind: Widget\nmetadata: {}\n") == ["metadata.name"]


_SCALARS: st.SearchStrategy[Any] = st.sampled_from([None, True, 0, -1, 70000, "", "x", "A b", "1.5.x", 3.5])
_ODD: st.SearchStrategy[Any] = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["name", "key", "a b"]), inner, max_size=2)
    ),
    max_leaves=4,
)
_FIELDS = (
    "spec template metadata containers initContainers volumes securityContext rules subjects roleRef ports "
    "selector matchLabels matchExpressions ingress egress from to ipBlock cidr limits hard scopes webhooks "
    "clientConfig validations resourceRules tolerations affinity env envFrom resources requests livenessProbe "
    "httpGet lifecycle data stringData type names versions schema openAPIV3Schema subsets addresses tls "
    "backend http paths jobTemplate schedule annotations labels ownerReferences finalizers projected sources "
    "nodeAffinity podAffinity dnsConfig hostAliases strategy updateStrategy volumeClaimTemplates metrics behavior"
).split()


def _wrapped(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(_FIELDS), inner | st.lists(inner, max_size=2), max_size=5)


@given(st.sampled_from(sorted(KINDS)), st.recursive(_ODD, _wrapped, max_leaves=25))
def test_nothing_odd_crashes(kind: tuple[str, str], body: Any) -> None:
    group, name = kind
    data = {**(body if isinstance(body, dict) else {"spec": body})}
    data |= {"apiVersion": f"{group}/v1" if group else "v1", "kind": name}
    found = validate(Manifest(data, Document(data, "a", 0, 0, {})), SUPPORTED[-1])
    assert all(problem.message and problem.location for problem in found)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        items: Any = value.items()
    else:
        items = enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in items for place in _places(item, (*path, key)))]


@given(st.data())
def test_a_real_manifest_with_one_odd_value_never_crashes(
    real_manifests: list[Any], data: st.DataObject
) -> None:
    whole = copy.deepcopy(data.draw(st.sampled_from(real_manifests)))
    place = data.draw(
        st.sampled_from([p for p in _places(whole) if p and p[0] not in {"kind", "apiVersion"}])
    )
    parent = whole
    for step in place[:-1]:
        parent = parent[step]
    parent[place[-1]] = data.draw(_ODD)
    validate(Manifest(whole, Document(whole, "a", 0, 0, {})), SUPPORTED[-1])
    assert whole["kind"]


@pytest.fixture(scope="session")
def real_manifests(conformance_cases: Path) -> list[Any]:
    """Objects that the API server accepts."""
    lines = (conformance_cases / "psa-community.jsonl").read_text(encoding="utf-8").splitlines()[::20]
    texts = [json.loads(line)["manifest"].encode() for line in lines]
    return [document.value for text in texts for document in parse(text, "a.yaml").documents]


def test_what_the_api_server_accepts_is_accepted(conformance_cases: Path) -> None:
    """Real workloads, agreement in both directions; the token volume needs what admission adds.

    The cases were recorded with Kubernetes 1.36.
    """
    disagreed = []
    for line in (conformance_cases / "psa-community.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        refused = bool(case["api_error"]) and "serviceAccountName is not set" not in case["api_error"]
        manifests, _ = manifests_of(parse(case["manifest"].encode(), "a.yaml").documents)
        if any(validate(manifest, Version(1, 36)) for manifest in manifests) != refused:
            disagreed.append(case["id"])
    assert disagreed == []
