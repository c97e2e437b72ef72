"""Amounts of resources."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.table import each_row
from trainer.manifests.amounts import Amount, added, amount, amounts_of, count, of_containers


@each_row(
    ("written", "text"),
    [
        ("0", "0"),
        ("500m", "500m"),
        ("0.5", "500m"),
        ("1500m", "1500m"),
        ("2000m", "2"),
        (2, "2"),
        (1000, "1k"),
        ("1500", "1500"),
        ("100", "100"),
        ("1e3", "1e3"),
        ("12e2", "1200"),
        ("1E", "1E"),
        ("1Gi", "1Gi"),
        ("1024Mi", "1Gi"),
        ("1.5Gi", "1536Mi"),
        ("0.5Ki", "512"),
        ("1023Ki", "1023Ki"),
        ("128974848", "128974848"),
        ("100u", "1m"),
        ("0.1Gi", "107374183"),
    ],
)
def test_a_quantity_as_the_api_server_writes_it(written: Any, text: str) -> None:
    """Table of quantity_test.go (apimachinery v1.36), as far as stored resources go."""
    assert str(amount(written)) == text


def test_amounts_add_up_and_keep_the_form_of_the_first() -> None:
    assert str(amount("1Gi") + amount("512M")) == "1548576Ki"
    assert str(amount("512M") + amount("1Gi")) == "1585741824"
    assert str(count(0) + amount("1536Mi")) == "1536Mi"
    assert added({"cpu": count(1)}, {"cpu": amount("500m"), "pods": count(1)}) == {
        "cpu": Amount(Fraction(3, 2)),
        "pods": Amount(Fraction(1)),
    }
    assert amounts_of({"cpu": "1", "memory": "x"}) == {"cpu": Amount(Fraction(1))}


def asks(restart: str | None = None, **limits: Any) -> dict[str, Any]:
    container: dict[str, Any] = {"resources": {"limits": limits}}
    return container if restart is None else {**container, "restartPolicy": restart}


@each_row(
    ("spec", "limits"),
    [
        (
            {"containers": [asks(cpu="500m", memory="1Gi"), asks(cpu="0.25")]},
            {"cpu": "750m", "memory": "1Gi"},
        ),
        ({"containers": [asks(cpu=1)], "initContainers": [asks(cpu=3), asks(cpu=2)]}, {"cpu": "3"}),
        ({"containers": [asks(cpu=1)], "initContainers": [asks("Always", cpu=1), asks(cpu=3)]}, {"cpu": "4"}),
        ({"containers": [asks(cpu=2)], "initContainers": [asks("Always", cpu=1)]}, {"cpu": "3"}),
        ({"containers": [asks(cpu=1)], "initContainers": [asks(cpu=3), asks("Always", cpu=1)]}, {"cpu": "3"}),
        ({"containers": [{}], "initContainers": [asks(memory=1)]}, {"memory": "1"}),
    ],
)
def test_what_a_pod_asks_for_at_once(spec: dict[str, Any], limits: dict[str, str]) -> None:
    assert {name: str(one) for name, one in of_containers(spec, "limits").items()} == limits
