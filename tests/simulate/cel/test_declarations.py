"""What expressions may name."""

from __future__ import annotations

from trainer.simulate.cel.declarations import OPERATORS, standard, variables_type, without_authorizer
from trainer.simulate.cel.kinds import DYN, kind


def test_the_variables_of_a_policy() -> None:
    assert set(standard()) == {
        *("object", "oldObject", "request", "namespaceObject", "authorizer", "authorizer.requestResource")
    }
    assert standard(params=True)["params"] == DYN
    assert "authorizer" not in standard(authorizer=False)
    assert not any(name.startswith("authorizer") for name in without_authorizer(standard()))


def test_a_variable_keeps_plain_types_lists_and_maps_only() -> None:
    # k8s.io/apiserver v1.36 pkg/admission/plugin/cel/composition.go, convertCelTypeToDeclType
    kinds = {
        "a": kind("list(optional(int))"),
        "b": kind("int"),
        "c": kind("net.IP"),
        "d": kind("map(string, bool)"),
    }
    fields = variables_type(kinds).fields or {}
    assert {name: str(one) for name, one in fields.items()} == {
        "a": "list(dyn)",
        "b": "int",
        "c": "dyn",
        "d": "map(string, bool)",
    }


def test_operators() -> None:
    assert ((kind("int"), kind("double")), kind("bool")) in OPERATORS["_<_"]
    assert len(OPERATORS["_%_"]) == 2
