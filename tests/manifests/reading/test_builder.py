"""Tests of `manifests.reading.builder`."""

from __future__ import annotations

import pytest
import yaml

from tests.table import each_row
from trainer.errors import AnswerUnreadable
from trainer.manifests.limits import Budget
from trainer.manifests.reading import builder
from trainer.manifests.reading.builder import Built
from trainer.manifests.reading.go_yaml import Refusal


def build(text: str, first_line: int = 1) -> Built:
    built = builder.build(text, Budget("x"), first_line)
    assert built is not None
    return built


def test_lines_count_from_the_first_line_of_the_piece() -> None:
    built = build("a: 1\nb: [x]\n", first_line=10)
    assert (built.line, built.column, built.start) == (10, 1, 0)
    assert built.marks[id(built.value)] == {"a": (10, 1), "b": (11, 1)}
    assert built.marks[id(built.value["b"])] == [(11, 5)]


def test_keys_become_strings() -> None:
    assert build("yes: a\n1: b\n1.0: c\n'2': d\n! 3: e\n0o17: f\n").value == {
        "true": "a",
        "1": "c",
        "2": "d",
        "3": "e",
        "15": "f",
    }


@each_row("text", ["null: a", "? [a]\n: b", "{a: b}: c", "18446744073709551615: a", "~: a"])
def test_keys_that_cannot_be_strings_are_refused(text: str) -> None:
    with pytest.raises(Refusal, match="key"):
        build(text)


def test_a_template_is_named() -> None:
    with pytest.raises(Refusal) as caught:
        build("image: {{ .Values.image }}\n")
    assert caught.value.remedy.startswith("Put the template in quotes")
    assert caught.value.column == 9


def test_aliases_are_copies_with_the_places_of_the_anchor() -> None:
    built = build("a: &x\n  b: [1]\nc: *x\n")
    first, second = built.value["a"], built.value["c"]
    assert first == second == {"b": [1]}
    assert first is not second
    assert first["b"] is not second["b"]
    assert built.marks[id(second)] == {"b": (2, 3)}
    assert built.marks[id(built.value)]["c"] == (3, 1)


def test_an_anchor_may_be_set_again() -> None:
    assert build("a: &x 1\nb: *x\nc: &x z\nd: *x\n").value == {"a": 1, "b": 1, "c": "z", "d": "z"}


@each_row(
    ("text", "message"),
    [
        ("a: *x", "unknown anchor `x`"),
        ("a: &x [*x]", "contains itself"),
        ("a: &x {b: *x}", "itself"),
    ],
)
def test_bad_aliases_are_refused(text: str, message: str) -> None:
    with pytest.raises(Refusal, match=message):
        build(text)


def test_merge_keys_apply_in_the_order_written() -> None:
    base = "base: &b {x: 1, w: 2}\nmore: &m {x: 3, z: 4}\n"
    assert build(base + "o: {<<: *b, x: 9}").value["o"] == {"x": 9, "w": 2}
    late = build(base + "o: {x: 9, <<: *b}")
    assert late.value["o"] == {"x": 1, "w": 2}
    assert [(found.key, found.by_merge) for found in late.repeated] == [("x", True)]
    assert build(base + "o: {<<: [*b, *m]}").value["o"] == {"x": 1, "w": 2, "z": 4}
    assert build(base + "o: {<<: {x: 5}}").value["o"] == {"x": 5}
    assert build('o: {"<<": 1}').value == {"o": {"<<": 1}}
    assert not build(base + "o: {<<: *b, x: 9}").repeated


@each_row("text", ["<<: 1", "<<: [1]", "a: &a [{}]\nb: {<<: *a}", "<<:"])
def test_merge_keys_need_mappings(text: str) -> None:
    with pytest.raises(Refusal, match="merge key"):
        build(text)


def test_tags() -> None:
    value = build(
        "a: !!binary aGVsbG8=\nb: !!str 1\nc: !x 1\nd: ! 1\ne: !!python/object:os [x]\nf: !!float 2\n"
    ).value
    assert value == {"a": "hello", "b": "1", "c": "1", "d": "1", "e": ["x"], "f": 2}
    assert type(value["f"]) is int
    with pytest.raises(Refusal, match="cannot read `x` as int"):
        build("a: !!int x")


def test_only_yaml_1_1_is_read() -> None:
    assert build("%YAML 1.1\n---\na: 1\n").value == {"a": 1}
    with pytest.raises(Refusal, match=r"YAML 1\.1 only"):
        build("%YAML 1.2\n---\na: 1\n")


def test_what_follows_the_document_is_told() -> None:
    assert build("a: 1\n...\nb: 2\n").rest == 3
    assert build("a: 1\n...\n").rest == 0
    assert build("a: 1\n...\n@\n").rest == 3


def test_errors_of_the_parser_pass_through() -> None:
    with pytest.raises(yaml.YAMLError):
        build("a: [")


def test_depth_counts_through_aliases() -> None:
    nested = "[" * 60 + "]" * 60
    with pytest.raises(AnswerUnreadable, match="nested more than 100 levels"):
        build(f"a: &a {nested}\nb: {'[' * 60}*a{']' * 60}\n")
