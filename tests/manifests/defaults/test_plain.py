"""Plain forms: nulls, whole floats, server-written fields."""

from __future__ import annotations

from tests.table import each_row
from trainer.manifests.defaults.plain import (
    copied,
    drop_zero,
    fill,
    fill_empty,
    made_mapping,
    normalised,
)
from trainer.manifests.schema.data import schema_for
from trainer.versions import DEFAULT


def test_copied_shares_no_container() -> None:
    value = {"a": [{"b": 1}], "c": None}
    copy = copied(value)
    assert copy == value
    copy["a"][0]["b"] = 2
    assert value == {"a": [{"b": 1}], "c": None}


@each_row(
    ("name", "value", "plain"),
    [
        (
            "core.v1.Container",
            {"name": "a", "command": None, "args": ["x", None]},
            {"name": "a", "args": ["x", ""]},
        ),
        ("core.v1.PodSecurityContext", {"runAsUser": 1000.0, "fsGroup": None}, {"runAsUser": 1000}),
        ("core.v1.HTTPGetAction", {"port": 80.0}, {"port": 80}),
        ("core.v1.ResourceRequirements", {"limits": {"cpu": 1.0}}, {"limits": {"cpu": 1.0}}),
        ("meta.v1.LabelSelector", {"matchLabels": {"a": None}}, {"matchLabels": {"a": ""}}),
        ("core.v1.PodSpec", {"containers": [None], "volumes": None}, {"containers": [{}]}),
        (
            "core.v1.PodSpec",
            {"unheard": {"a": None}, "containers": "x"},
            {"unheard": {"a": None}, "containers": "x"},
        ),
    ],
)
def test_normalised(name: str, value: object, plain: object) -> None:
    schema = schema_for(DEFAULT)
    assert normalised(schema, schema.node(name), value) == plain


def test_bytes_that_are_written_one_by_one_are_base64() -> None:
    schema = schema_for(DEFAULT)
    secret = normalised(schema, schema.node("core.v1.Secret"), {"data": {"a": [97, 98.0, None], "b": "YQ=="}})
    assert secret == {"data": {"a": "YWIA", "b": "YQ=="}}


def test_fields_are_filled_where_they_are_missing() -> None:
    value = {"a": {"b": 1}, "e": "", "f": None}
    made = made_mapping(value, "g")
    made["h"] = 1
    assert value["g"] == {"h": 1}
    assert made_mapping(value, "a") is value["a"]
    assert made_mapping(value, "e") == {}
    fill(value, a=1, e="x", f=2, h=3)
    assert value["a"] == {"b": 1}
    assert (value["e"], value["f"], value["h"]) == ("", 2, 3)


def test_an_empty_text_is_filled_where_go_has_no_pointer() -> None:
    value = {"a": "", "b": None, "c": "y"}
    fill_empty(value, a="x", b="x", c="x", d="x")
    assert value == {"a": "x", "b": "x", "c": "y", "d": "x"}


def test_a_zero_is_left_out_where_it_means_unset() -> None:
    value = {"nodePort": 0, "hostPort": 80, "port": 0, "flag": False}
    drop_zero(value, "nodePort", "hostPort", "flag", "missing")
    assert value == {"hostPort": 80, "port": 0, "flag": False}
