"""Definitions that are appended to, replaced, and checked."""

from __future__ import annotations

from tests.falco_world import error_of, loaded, rule
from tests.table import each_row

EXCEPTION = "  exceptions:\n  - {name: e, fields: [proc.name], values: [[x]]}\n"


@each_row(
    ("exception", "error"),
    [
        ("{name: e, fields: [proc.name], comps: [=, =]}", "Fields and comps lists must have equal length"),
        ("{name: e, fields: [proc.name], comps: [is]}", "'is' is not a supported comparison operator"),
        ("{name: e, fields: [proc.nme]}", "'proc.nme' is not a supported filter field"),
        ("{name: e, fields: proc.name, comps: =}", "When fields is a single value, comps must be one of"),
        ("{name: e, fields: proc.name, comps: [in]}", "Fields and comps must both be strings"),
    ],
)
def test_exceptions_that_falco_refuses(exception: str, error: str) -> None:
    assert error in error_of(rule("evt.type=open", f"  exceptions: [{exception}]\n"))


@each_row(
    ("exception", "error"),
    [
        ("{name: new, values: [[x]]}", "must have fields property"),
        ("{name: new, fields: [proc.name]}", "must have values property"),
        ("{name: e, fields: [proc.name], values: [[y]]}", "Can not append exception fields"),
        ("{name: e, comps: [=], values: [[y]]}", "Can not append exception comps"),
    ],
)
def test_appended_exceptions_that_falco_refuses(exception: str, error: str) -> None:
    more = f"- rule: r\n  exceptions: [{exception}]\n  override: {{exceptions: append}}\n"
    assert error in error_of(rule("evt.type=open", EXCEPTION), more)


def test_values_of_an_exception_are_appended() -> None:
    more = "- rule: r\n  exceptions: [{name: e, values: [[y]]}]\n  override: {exceptions: append}\n"
    found = loaded(rule("evt.type=open", EXCEPTION), more).ruleset.rules["r"].rule.exceptions
    assert [one.values for one in found] == [(("x",), ("y",))]
    assert found[0].comps == ("=",)


def test_a_rule_keeps_its_place_and_its_source() -> None:
    two = rule("evt.type=open", name="a") + rule("evt.type=open", name="b")
    found = loaded(two, rule("evt.type=close", name="a", output="new")).ruleset.rules
    assert list(found) == ["a", "b"]
    assert found["a"].rule.output == "new"
    assert found["a"].rule.where("priority").file == "rules2.yaml"
    assert found["a"].rule.where("nothing") == found["a"].rule.place
    assert "different source" in error_of(two, rule("evt.type=open", "  source: k8s_audit\n", name="a"))
