"""Tests of `rules`: one module per rule, discovered by file name."""

from __future__ import annotations

import inspect

import msgspec
import pytest

from trainer.errors import UsageError
from trainer.rules import load_rule, rule_names


def test_rules_are_discovered() -> None:
    names = rule_names()
    assert {"object", "fields"} <= set(names)
    assert names == sorted(names)
    assert not any(name.startswith(("_", "-")) for name in names)


@pytest.mark.parametrize("name", rule_names())
def test_every_rule_has_what_a_rule_has(name: str) -> None:
    rule = load_rule(name)
    assert issubclass(rule.Params, msgspec.Struct)
    assert rule.Params.__struct_config__.frozen
    assert rule.Params.__struct_config__.forbid_unknown_fields
    assert list(inspect.signature(rule.judge).parameters) == ["world", "params"]
    assert inspect.getdoc(rule), "the first line of the docstring is the rule's line in the reference"


@pytest.mark.parametrize("name", ["objet", "_match", "-match", "network_flow", "os.path", "", "../object"])
def test_what_is_no_rule(name: str) -> None:
    with pytest.raises(UsageError, match="no rule is named") as caught:
        load_rule(name)
    assert "fields" in caught.value.remedy
