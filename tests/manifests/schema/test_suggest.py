"""What was meant: near names, and the nearest place for a misplaced field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.manifests.model import Manifest, Path, path_text
from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.decode import Decoded
from trainer.manifests.schema.suggest import holders, places_for, similar
from trainer.versions import DEFAULT

Make = Callable[[str], Manifest]

POD = """
    apiVersion: v1
    kind: Pod
    metadata: {name: a}
    spec:
      containers:
      - {name: a, image: nginx, startupProbe: {}}
      - {name: b, image: nginx}
    """
POLICY = """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: a}
    spec:
      podSelector: {}
      ingress:
      - from: [{}]
    """
SERVICE = "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80}]}}"
DEPLOYMENT = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {}}}"


def decoded(manifest: Manifest) -> Decoded:
    schema = schema_for(DEFAULT)
    root = schema.root(manifest.api_version, manifest.kind)
    assert root is not None
    return Decoded(manifest, schema, root)


@each_row(
    ("name", "names", "meant"),
    [
        ("readOnlyRootFileSystem", ["readOnlyRootFilesystem", "runAsUser"], "readOnlyRootFilesystem"),
        ("verb", ["verbs", "resources"], "verbs"),
        ("classes", ["class"], "class"),
        ("allowPriviledgeEscalation", ["allowPrivilegeEscalation", "privileged"], "allowPrivilegeEscalation"),
        ("run-as-user", ["runAsUser"], "runAsUser"),
        ("replicas", ["selector", "template"], None),
        ("x", [], None),
    ],
)
def test_similar(name: str, names: list[str], meant: str | None) -> None:
    assert similar(name, names) == meant


@each_row(
    ("text", "path", "value", "places"),
    [
        (POD, ("spec", "image"), "x", ["spec.containers[0]"]),
        (POD, ("spec", "containers", 1, "volumes"), [], ["spec"]),
        (POD, ("spec", "containers", 1, "runAsUser"), 1, ["spec.containers[1].securityContext"]),
        (POD, ("spec", "containers", 1, "securityContext", "fsGroup"), 1, ["spec.securityContext"]),
        (
            POD,
            ("spec", "securityContext", "capabilities"),
            {"drop": ["ALL"]},
            ["spec.containers[0].securityContext"],
        ),
        (
            POD,
            ("spec", "containers", 0, "startupProbe", "command"),
            ["rm"],
            ["spec.containers[0].startupProbe.exec"],
        ),
        (POD, ("nodeName",), "n", ["spec"]),
        (DEPLOYMENT, ("spec", "containers"), [], ["spec.template.spec"]),
        (DEPLOYMENT, ("spec", "template", "labels"), {"a": "b"}, ["spec.template.metadata"]),
        (
            DEPLOYMENT,
            ("spec", "securityContext"),
            {"readOnlyRootFilesystem": True},
            ["spec.template.spec.containers[0]"],
        ),
        (DEPLOYMENT, ("spec", "securityContext"), {"fsGroup": 1}, ["spec.template.spec"]),
        (POLICY, ("spec", "ingress", 0, "podSelector"), {}, ["spec.ingress[0].from[0]"]),
        (POLICY, ("spec", "from"), [], ["spec.ingress[0]"]),
        (POLICY, ("spec", "ingress", 0, "port"), 80, ["spec.ingress[0].ports[0]"]),
        (
            POLICY,
            ("spec", "ingress", 0, "from", 0, "matchLabels"),
            {},
            ["spec.ingress[0].from[0].namespaceSelector", "spec.ingress[0].from[0].podSelector"],
        ),
        (POLICY, ("spec", "replicas"), 1, []),
        # Exactly three places are few enough to be named, and one of them is meant.
        (
            POD,
            ("spec", "containers", 1, "httpGet"),
            {"port": 80},
            [f"spec.containers[1].{kind}Probe" for kind in ("liveness", "readiness", "startup")],
        ),
        # The object has a name already: the one that is too much belongs to the port.
        (SERVICE, ("name",), "http", ["spec.ports[0]"]),
    ],
)
def test_nearest_places(text: str, path: Path, value: Any, places: list[str], manifest_of: Make) -> None:
    found = places_for(decoded(manifest_of(text)), path, value)
    assert [path_text(place.parent) for place in found] == places


def test_a_place_knows_whether_the_field_is_set_and_whether_there_are_more(manifest_of: Make) -> None:
    [place] = places_for(decoded(manifest_of(POD)), ("spec", "image"), "x")
    assert (place.taken, place.many) == (True, True)
    [place] = places_for(decoded(manifest_of(POD)), ("spec", "containers", 1, "hostPID"), value=True)
    assert (place.taken, place.many) == (False, False)


def test_holders_end_at_types_that_hold_themselves() -> None:
    schema = schema_for(DEFAULT)
    root = schema.root("apiextensions.k8s.io/v1", "CustomResourceDefinition")
    assert root is not None
    assert [holder.path for holder in holders(schema, root, "pattern")] == [
        ("spec", "versions", "[]", "schema", "openAPIV3Schema")
    ]


def test_another_case_counts_where_nothing_has_the_exact_name() -> None:
    schema = schema_for(DEFAULT)
    root = schema.root("v1", "Pod")
    assert root is not None
    assert {holder.field for holder in holders(schema, root, "hostpid")} == {"hostPID"}
