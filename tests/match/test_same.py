"""Tests of `rules._same`: whether two single values mean the same to the API server."""

from __future__ import annotations

from fractions import Fraction

import pytest

from trainer.match.same import number, plain_selector, same, unset_means

LIMIT = ("spec", "containers", 0, "resources", "limits", "memory")


@pytest.mark.parametrize(
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
        ("1Gi", "1024Mi", ("metadata", "name"), False),
        ("nginx", "docker.io/library/nginx:latest", ("image",), True),
        ("nginx", "docker.io/library/nginx:latest", ("name",), False),
    ],
)
def test_same(one: object, other: object, path: tuple[str | int, ...], expected: bool) -> None:
    assert same(one, other, path) is expected


@pytest.mark.parametrize(
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
        ([], "ingress", True),
        ({}, "emptyDir", False),
        ({}, "namespaceSelector", False),
        ({}, "labels", True),
        (0, "replicas", False),
    ],
)
def test_unset_means(value: object, field: str, expected: bool) -> None:
    assert unset_means(value, (field,)) is expected


def test_what_an_unset_boolean_means_may_depend_on_its_parent() -> None:
    assert unset_means(True, ("authentication", "webhook", "enabled"))
    assert unset_means(False, ("authentication", "anonymous", "enabled"))


def test_number() -> None:
    assert number(3, ()) == 3
    assert number("128Mi", LIMIT) == 134217728
    assert number("500m", (*LIMIT[:-1], "cpu")) == Fraction(1, 2)
    assert number(True, ()) is None
    assert number("web", ()) is None
    assert number("3 apples", ()) is None


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
    for other in ({}, {"app": "web"}, {"matchLabels": [1]}, {"matchExpressions": {"a": 1}}, [], None):
        assert plain_selector(other) is None
    assert plain_selector({"matchExpressions": [1, {"operator": "In", "values": [1]}]}) is not None
