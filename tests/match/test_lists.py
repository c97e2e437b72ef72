"""Tests of `match.lists`."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.manifests.model import Document, Manifest
from trainer.match.lists import Pairing, pair_up, pairing
from trainer.versions import DEFAULT


def of(kind: str, api_version: str = "v1") -> Manifest:
    data = {"apiVersion": api_version, "kind": kind}
    return Manifest(data, Document(data, "a.yaml", 1, 1, {}))


POD = ("spec", "containers", 0)


@each_row(
    ("kind", "api_version", "path", "items", "expected"),
    [
        ("Pod", "v1", ("spec", "containers"), [{}], ("name",)),
        ("Pod", "v1", (*POD, "ports"), [{}], ("containerPort", "protocol")),
        ("Pod", "v1", (*POD, "command"), ["a"], "ordered"),
        ("Pod", "v1", (*POD, "securityContext", "capabilities", "drop"), ["ALL"], "set"),
        ("Role", "rbac.authorization.k8s.io/v1", ("rules",), [{}], "set"),
        ("Ingress", "networking.k8s.io/v1", ("spec", "rules", 0, "http", "paths"), [{}], "set"),
        ("Policy", "audit.k8s.io/v1", ("rules",), [{}], "ordered"),
        (
            "EncryptionConfiguration",
            "apiserver.config.k8s.io/v1",
            ("resources", 0, "providers"),
            [{}],
            "ordered",
        ),
        (
            "EncryptionConfiguration",
            "apiserver.config.k8s.io/v1",
            ("resources", 0, "providers", 0, "aescbc", "keys"),
            [{}],
            "ordered",
        ),
        # The last source of a key wins.
        ("Pod", "v1", (*POD, "envFrom"), [{}], "ordered"),
        ("Pod", "v1", (*POD, "args"), ["a"], "ordered"),
        # A list of words that the API replaces as a whole, and one that it merges as a set.
        (
            "Deployment",
            "apps/v1",
            ("spec", "template", *POD, "startupProbe", "exec", "command"),
            ["a"],
            "ordered",
        ),
        ("Pod", "v1", ("spec", "dnsConfig", "nameservers"), ["10.0.0.1"], "ordered"),
        ("Pod", "v1", ("metadata", "finalizers"), ["a"], "set"),
        ("Pod", "v1", ("metadata", "finalizers"), [{}], "set"),
        ("Secret", "v1", ("rules",), ["a"], "set"),
        ("EncryptionConfiguration", "apiserver.config.k8s.io/v1", ("resources",), [{}], "ordered"),
        (
            "EncryptionConfiguration",
            "apiserver.config.k8s.io/v1",
            ("resources", 0, "resources"),
            ["a"],
            "set",
        ),
        ("Unknown", "example.com/v1", (), ["a"], "set"),
        ("Unknown", "example.com/v1", ("spec", "things"), ["a", {}], "set"),
        ("Unknown", "example.com/v1", ("spec", "command"), [{}], "set"),
        ("Unknown", "example.com/v1", ("spec", "command"), ["a", {}], "ordered"),
        ("Unknown", "example.com/v1", ("spec", "args"), ["a"], "ordered"),
        ("Unknown", "example.com/v1", ("spec", "things"), ["a"], "set"),
        ("Unknown", "example.com/v1", ("spec", "command"), ["a"], "ordered"),
    ],
)
def test_pairing(kind: str, api_version: str, path: Any, items: list[Any], expected: Pairing) -> None:
    assert pairing(of(kind, api_version), path, items, DEFAULT) == expected


def test_an_item_gives_way_to_one_that_has_no_other_partner() -> None:
    fits = {(0, 0), (0, 1), (1, 0)}
    assert pair_up(2, 2, lambda one, two: (one, two) in fits) == [1, 0]


def test_what_finds_no_partner() -> None:
    assert pair_up(2, 1, lambda _one, _two: True) in ([0, None], [None, 0])


@given(st.permutations(range(6)))
def test_a_shuffled_list_is_paired_in_full(order: list[int]) -> None:
    assert pair_up(6, 6, lambda one, two: one == order[two]) == [order.index(item) for item in range(6)]
