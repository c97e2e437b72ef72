"""Entries become definitions: overrides, old keys, versions, and Falco's errors.

The cases follow falcosecurity/falco 0.44 (`unit_tests/engine/test_rule_loader.cpp`).
"""

from __future__ import annotations

import pytest

from tests.falco_world import error_of, loaded, rule
from tests.table import each_row
from trainer.errors import NotJudged

BASE = rule("evt.type=open", name="a", output="o", more="  tags: [t]\n") + "- list: l\n  items: [x]\n"


@each_row(
    ("text", "error"),
    [
        (
            "- rule: b\n  desc: d\n  condition: evt.type=open\n  priority: INFO\n",
            "Item has no mapping for key 'output'",
        ),
        (
            "- rule: b\n  condition: evt.type=open\n  output: o\n  priority: INFO\n",
            "no mapping for key 'desc'",
        ),
        ("- rule: b\n  desc: d\n  condition: evt.type=open\n  output: o\n", "no mapping for key 'priority'"),
        ("- rule: b\n  desc: d\n  output: o\n  priority: INFO\n", "no mapping for key 'condition'"),
        ("- rule: b\n", "Item has no mapping for key 'enabled'"),
        (rule("evt.type=open").replace("INFO", "LOUD"), "Invalid priority"),
        ("- list: b\n", "Item has no mapping for key 'items'"),
        ("- macro: b\n", "Item has no mapping for key 'condition'"),
        ("- rule: b\n  enabled: false\n", "Rule has 'enabled' key but no rule by that name already exists"),
        (
            "- rule: a\n  priority: INFO\n  override: {priority: append}\n",
            "cannot be appended to, use 'replace'",
        ),
        ("- rule: a\n  rules: x\n  override: {rules: replace}\n", "Key 'rules' cannot be replaced"),
        (
            "- rule: a\n  output: x\n  override: {output: add}\n",
            "Invalid override operation for key 'output': 'add'",
        ),
        (
            "- rule: a\n  override: {output: append}\n",
            "An append override for 'output' was specified but 'output'",
        ),
        ("- rule: a\n  desc: x\n  output: y\n  override: {output: append}\n", "Unexpected key 'desc'"),
        ("- rule: a\n  append: true\n  output: y\n  override: {output: append}\n", "cannot be used together"),
        ("- rule: z\n  output: y\n  override: {output: append}\n", "no rule by that name already exists"),
        ("- rule: z\n  output: y\n  override: {output: replace}\n", "no rule by that name already exists"),
        ("- list: z\n  items: [y]\n  override: {items: append}\n", "but no list by that name already exists"),
        ("- macro: z\n  condition: a\n  append: true\n", "but no macro by that name already exists"),
        ("- rule: a\n  append: true\n", "Appended rule must have exceptions or condition property"),
        (
            "- required_engine_version: 0.99.0\n",
            "Rules require engine version 0.99.0, but engine version is 0.62.0",
        ),
        ("- required_engine_version: 100\n", "Rules require engine version 0.100.0"),
        ("- required_engine_version: new\n", "Unable to parse engine version 'new' as a semver string"),
        (rule("evt.type=open", "  exceptions: x\n"), "Rule exceptions must be a sequence"),
        (rule("evt.type=open", "  exceptions: [{fields: proc.name}]\n"), "no mapping for key 'name'"),
        (rule("evt.type=open", "  exceptions: [{name: e}]\n"), "no mapping for key 'fields'"),
        (
            rule("evt.type=open")
            + "- rule: r\n  exceptions: [{name: e, fields: [proc.name], values: [[a]]}]\n"
            "  override: {exceptions: replace}\n",
            "Fields and comps lists must have equal length",
        ),
        (
            rule("evt.type=open") + "- rule: r\n  exceptions: [{name: e, fields: proc.name, values: [a]}]\n"
            "  override: {exceptions: replace}\n",
            "Fields and comps must both be strings",
        ),
        (rule("evt.type=open", "  capture_duration: long\n"), "Can't decode YAML scalar value"),
        (rule("evt.type=open", "  enabled: perhaps\n"), "Can't decode YAML scalar value"),
    ],
)
def test_errors(text: str, error: str) -> None:
    assert error in error_of(BASE, text)


def test_overrides_and_old_keys() -> None:
    found = loaded(
        BASE,
        "- rule: a\n  output: p\n  tags: [u]\n  override: {output: append, tags: append}\n"
        "- rule: a\n  priority: critical\n  enabled: no\n  override: {priority: replace, enabled: replace}\n"
        "- list: l\n  items: [y]\n  append: true\n",
    )
    one = found.ruleset.rules["a"].rule
    assert (one.output, one.tags, one.priority, one.enabled) == ("o p", ("t", "u"), "Critical", False)
    assert found.ruleset.definitions.lists["l"].items == ("x", "y")
    again = loaded(BASE, "- rule: a\n  enabled: false\n- list: l\n  items: [z]\n")
    assert not again.ruleset.rules["a"].rule.enabled
    assert again.ruleset.definitions.lists["l"].items == ("z",)
    appended = loaded(BASE, "- rule: a\n  append: true\n  condition: and proc.name=x\n")
    assert [piece.text for piece in appended.ruleset.rules["a"].rule.condition] == [
        "evt.type=open",
        " ",
        "and proc.name=x",
    ]


def test_warnings_and_versions_that_are_right() -> None:
    text = f"- required_engine_version: 26\n- required_engine_version: 0.62.0\n{rule('evt.type=open', '  prio: X')}\n"
    found = loaded(text, "- note: x\n", rule("ka.verb=get", "  source: k8s_audit\n", name="k"))
    assert [one.message for one in found.warnings] == [
        "Unknown key 'prio'. The key will be ignored.",
        "Unknown top level item",
        "Unknown source k8s_audit, skipping",
    ]
    assert list(found.ruleset.rules) == ["r"]
    assert error_of("- required_plugin_versions: [{name: container, version: 0.4.0}]\n") == ""


def test_other_plugins_and_names_with_blanks_are_not_judged() -> None:
    for text in (
        "- required_plugin_versions: [{name: json, version: 0.4.0}]\n",
        "- list: a b\n  items: []\n",
    ):
        with pytest.raises(NotJudged):
            loaded(text)
