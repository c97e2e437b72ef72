"""The entries of a rule file, their values and places."""

from __future__ import annotations

import pytest

from tests.falco_world import rule_file
from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.detection.sections import LoadError, Section, files_in_order, scalar, sections
from trainer.verdict import Location

FOLDED = """\
- macro: m
  condition: >
    proc.name = a

    and (fd.name = b)
- macro: n
  condition: "proc.name = 'x y' and
    fd.name = b"
- macro: o
  condition: proc.name = a
    or proc.name = b
"""


def entries(text: str) -> list[Section]:
    return list(sections(rule_file(text)))


def test_each_character_of_a_condition_has_its_line() -> None:
    folded, quoted, plain = [one.condition() for one in entries(FOLDED)]
    assert folded.line_at(folded.text.index("proc")).line == 3
    assert folded.line_at(folded.text.index("fd.name")).line == 5
    assert quoted.line_at(quoted.text.index("fd.name")).line == 8
    assert plain.line_at(plain.text.index("or proc")).line == 11
    assert plain.line_at(10_000).line == 10


@each_row(
    ("text", "error"),
    [
        ("rule: r", "1: Rules content is not yaml array of objects"),
        ("text", "1: Rules content is not yaml"),
        ("- list: a\n- text", "2: Unexpected element type. Each element should be a yaml associative array."),
    ],
)
def test_what_is_no_list_of_entries(text: str, error: str) -> None:
    with pytest.raises(LoadError) as found:
        entries(text)
    assert f"{found.value.place.line}: {found.value.message}" == error


def test_values_are_text() -> None:
    (one,) = entries(
        "- rule: 5\n  a: true\n  b: [80, yes]\n  c:\n  d: ''\n  e: {}\n  f: [[]]\n  g: 1.10\n  h: [a, on, 0.50]\n"
    )
    assert (one.string("rule"), one.string("a"), one.strings("b")) == ("5", "true", ("80", "yes"))
    assert one.flag("a", default=False)
    assert one.flag("z", default=True)
    assert one.string("z", required=False) == ""
    assert one.strings("z") == ()
    for key, words in {
        "c": "Mapping for key 'c' is empty",
        "d": "Value must be non-empty",
        "e": "Value is not a scalar value",
        "z": "Item has no mapping for key 'z'",
    }.items():
        with pytest.raises(LoadError, match=words):
            one.string(key)
    with pytest.raises(LoadError, match="sequence value is not scalar"):
        one.strings("f")
    with pytest.raises(LoadError, match="Value is not a sequence"):
        one.strings("a")
    assert (one.string("g"), one.strings("h")) == ("1.10", ("a", "on", "0.50"))
    for text in ('"enabled":true}]', "'enabled' : true,", "enabled: true # x", "true]"):
        assert scalar(True, Location("rules.yaml", 1, 1), text) == "true"
    with pytest.raises(NotJudged):
        scalar(1.5, Location("rules.yaml", 90, 1), "")


def test_the_error_is_falcos() -> None:
    (one,) = entries("- rule: r\n")
    assert one.error("words", "rule").text == (
        "LOAD_ERR_YAML_VALIDATE (Error validating internal structure of YAML file): words"
    )


def test_a_repeated_key_is_not_judged_and_files_keep_their_order() -> None:
    with pytest.raises(NotJudged):
        entries("- rule: a\n  rule: b\n")
    files = [rule_file("- list: a\n-\n"), rule_file("- list: b\n---\n- list: c\n")]
    assert [one.string("list") for one in files_in_order(files)] == ["a", "b", "c"]
