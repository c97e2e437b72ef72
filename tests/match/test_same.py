"""Tests of `match.same`: whether two single values mean the same to the API server."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tests.table import each_row
from trainer.manifests.schema.data import Node, Schema, Shape, schema_for
from trainer.match.same import is_quantity, number, plain_selector, same, unset_means
from trainer.versions import SUPPORTED, Version

LIMIT = ("spec", "containers", 0, "resources", "limits", "memory")


@each_row(
    ("one", "other", "path", "expected"),
    [
        (1, 1, ("replicas",), True),
        (1, 1.0, ("replicas",), True),
        (True, 1, ("x",), False),
        (1, True, ("x",), False),
        (False, 0, ("x",), False),
        ("true", True, ("x",), False),
        ("80", 80, ("port",), False),
        ("128Mi", "134217728", LIMIT, True),
        ("0.5", "500m", (*LIMIT[:-1], "cpu"), True),
        (1, "1000m", (*LIMIT[:-1], "cpu"), True),
        ("128Mi", "128M", LIMIT, False),
        ("x", "128M", LIMIT, False),
        ("1Gi", "1024Mi", ("emptyDir", "sizeLimit"), True),
        ("1000m", "1", ("resourceFieldRef", "divisor"), True),
        ("1", "1000m", ("spec", "overhead", "cpu"), True),
        (5, "nginx", ("image",), False),
        ("nginx", 5, ("image",), False),
        ("nginx", "docker.io/library/nginx:latest", (), False),
        ("1Gi", "1024Mi", ("metadata", "name"), False),
        ("nginx", "docker.io/library/nginx:latest", ("image",), True),
        ("nginx", "docker.io/library/nginx:latest", ("name",), False),
        ("/data", "/data/", ("volumeMounts", 0, "mountPath"), True),
        ("/data", "/data/x", ("volumeMounts", 0, "mountPath"), False),
        ("/data", "/data/", ("subPath",), False),
        ("/data", 5, ("volumeMounts", 0, "mountPath"), False),
        (5, "/data", ("volumeMounts", 0, "mountPath"), False),
    ],
)
def test_same(one: object, other: object, path: tuple[str | int, ...], expected: bool) -> None:
    assert same(one, other, path) is expected


@each_row(
    ("value", "field", "expected"),
    [
        (False, "privileged", True),
        (True, "privileged", False),
        (True, "allowPrivilegeEscalation", True),
        (False, "allowPrivilegeEscalation", False),
        (False, "automountServiceAccountToken", False),
        (None, "x", True),
        ("", "apiGroup", True),
        ("", "storageClassName", False),
        ("", "schedulerName", True),
        ([], "ingress", True),
        ({}, "emptyDir", False),
        ({}, "namespaceSelector", False),
        ({}, "labels", True),
        (0, "replicas", False),
        ({"a": "b"}, "labels", False),
        ({"a": None}, "labels", True),
        ({"a": None}, "emptyDir", False),
        # 0.0.0.0/0 or the default class may be meant by a value that isn't there, never by an empty one.
        *(("", field, False) for field in ("loadBalancerClass", "ingressClassName", "volumeName")),
        # Fields whose defaulting makes them true, and those of a kubelet that are true by themselves.
        *(
            (True, field, True)
            for field in (
                "automountServiceAccountToken",
                "hostUsers",
                "enableServiceLinks",
                "allocateLoadBalancerNodePorts",
                "attachRequired",
                "enableServer",
                "failSwapOn",
                "makeIPTablesUtilChains",
                "serializeImagePulls",
                "enableDebuggingHandlers",
                "localStorageCapacityIsolation",
                "cpuCFSQuota",
                "registerNode",
                "enableControllerAttachDetach",
                "cgroupsPerQOS",
                "enableProfilingHandler",
                "enableDebugFlagsHandler",
                "enableSystemLogHandler",
            )
        ),
        # Where every value is optional, an empty mapping says nothing.
        *(
            ({}, field, True)
            for field in (
                "annotations",
                "matchLabels",
                "nodeSelector",
                "limits",
                "requests",
                "data",
                "binaryData",
                "stringData",
                "securityContext",
                "resources",
                "parameters",
                "options",
                "status",
            )
        ),
    ],
)
def test_unset_means(value: object, field: str, expected: bool) -> None:
    assert unset_means(value, (field,)) is expected


def test_what_an_unset_boolean_means_may_depend_on_its_parent() -> None:
    assert unset_means(True, ("authentication", "webhook", "enabled"))
    assert unset_means(False, ("authentication", "anonymous", "enabled"))


def test_the_whole_object_is_unset_as_any_other_value() -> None:
    assert unset_means(None, ())
    assert not unset_means({}, ())


ELSEWHERE = ("autoscaling/", "resource.k8s.io/", "storage.k8s.io/")
"""Groups with quantities under names that mean something else in other kinds."""


def scalars(
    schema: Schema, node: Node, path: tuple[str | int, ...], above: frozenset[str]
) -> Iterator[tuple[Node, tuple[str | int, ...]]]:
    """Every scalar of a type with its path; a type inside itself is left out."""
    if node.shape is Shape.STRUCT:
        if node.name not in above:
            for field, below in schema.fields(node.name).items():
                yield from scalars(schema, below, (*path, field), above | {node.name})
    elif node.item is not None:
        step = 0 if node.shape is Shape.LIST else "any"
        yield from scalars(schema, node.item, (*path, step), above)
    else:
        yield node, path


@each_row("version", SUPPORTED, ids=str)
def test_quantities_stand_where_the_api_has_them(version: Version) -> None:
    schema = schema_for(version)
    wrong = {
        path
        for kind, (name, *_) in schema.kinds.items()
        if name and not kind.startswith(ELSEWHERE)
        for node, path in scalars(schema, schema.node(name), (), frozenset())
        if (node.name == "quantity") is not is_quantity(path)
    }
    # Resources that a Pod's status counts, and how a Pod reports devices, are never required.
    assert {path for path in wrong if path[0] != "status" and "resourceClaims" not in path} == set()


def test_number() -> None:
    assert number(3, ()) == 3
    assert number("128Mi", LIMIT) == 134217728
    assert number("500m", (*LIMIT[:-1], "cpu")) == Fraction(1, 2)
    assert number(True, ()) is None
    assert number("web", ()) is None
    assert number("3 apples", ()) is None
    assert number("1Ki", ()) == 1024
    assert number("-1Ki", ()) is None
    assert number("-1Ki", LIMIT) == -1024
    assert number(["1Ki"], LIMIT) is None
    assert number(None, LIMIT) is None


def test_a_quantity_has_a_place() -> None:
    assert is_quantity(("limits", "memory"))
    assert is_quantity(("sizeLimit",))
    assert not is_quantity(("limits",))
    assert not is_quantity(())


def test_selectors_in_one_form() -> None:
    one = {"key": "app", "operator": "In", "values": ["web"]}
    two = {"key": "tier", "operator": "In", "values": ["a", "b"]}
    assert plain_selector({"matchExpressions": [one, two]}) == {
        "matchLabels": {"app": "web"},
        "matchExpressions": [two],
    }
    assert plain_selector({"matchLabels": {"app": "db"}, "matchExpressions": [one]}) == {
        "matchLabels": {"app": "db"},
        "matchExpressions": [one],
    }
    for odd in (
        {**one, "operator": "NotIn"},
        {**one, "values": "w"},
        {**one, "key": 1},
        {**one, "values": []},
    ):
        assert plain_selector({"matchExpressions": [odd]}) == {"matchLabels": {}, "matchExpressions": [odd]}
    for other in ({}, {"app": "web"}, {"matchLabels": [1]}, {"matchExpressions": {"a": 1}}, [], None):
        assert plain_selector(other) is None
    assert plain_selector({"matchExpressions": [1, {"operator": "In", "values": [1]}]}) is not None
