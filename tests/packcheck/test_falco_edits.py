"""Mutants of Falco's rule files."""

from __future__ import annotations

from tests.cards import CATALOGUE
from trainer.packcheck.falco_edits import condition_edits, is_rule_file, rule_file_edits
from trainer.simulate.detection.grammar import parse_condition


def test_each_part_of_a_condition_is_changed() -> None:
    found = dict(
        condition_edits("m and proc.name in (a, 'b c') and not (fd.num > 0 or fd.name startswith /x)")
    )
    for what in (
        "`or` for `and`",
        "m dropped",
        "m negated",
        "a dropped from the list of proc.name",
        "another value for b c",
        "`not` dropped before (fd.num > 0 or fd.name startswith /x)",
        "`and` for `or`",
        "`<=` for `>`",
        "another value for fd.num",
        "`contains` for `startswith`",
    ):
        assert what in found
    for text in found.values():
        parse_condition(text)
    assert len(set(found.values())) == len(found)


def test_a_continued_condition_keeps_its_start() -> None:
    found = dict(condition_edits("and proc.name = a"))
    assert found["`or` for `and`"] == "or proc.name = a"
    assert found["another value for proc.name"] == "and proc.name = ax"
    assert list(condition_edits("and (")) == [("`or` for `and`", "or (")]


def test_entries_are_changed_where_it_matters() -> None:
    entry = {
        "rule": "r",
        "desc": "d",
        "condition": "evt.type = open",
        "output": "a %proc.name b",
        "priority": "INFO",
        "override": {"condition": "append"},
    }
    edits = list(rule_file_edits([entry]))
    values = [edit.value[0] for edit in edits if edit.value]
    assert {"a - b"} == {
        one["output"] for one in values if one.get("output", entry["output"]) != entry["output"]
    }
    assert {one["desc"] for one in values if "desc" in one} == {"d"}
    assert {"append", "replace"} <= {str(one.get("override", {}).get("condition")) for one in values}
    assert len({one["priority"] for one in values if "priority" in one}) == 9


def test_files_of_rules_are_known_by_their_checks() -> None:
    assert is_rule_file(CATALOGUE.get("falco-package-managers"), "falco_rules.local.yaml")
    assert not is_rule_file(CATALOGUE.get("falco-shells"), "answer.yaml")
