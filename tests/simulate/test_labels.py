"""Tests of `simulate.labels`: label selectors: which labels does a selector match? Shared by all engines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.simulate.labels import (
    EVERYTHING,
    NOTHING,
    LabelIndex,
    Requirement,
    Selector,
    label_selector,
    map_selector,
    node_term_matches,
)

KEYS = st.sampled_from(["app", "tier", "team/of", "n"])
VALUES = st.sampled_from(["web", "db", "", "7"])
LABELS = st.dictionaries(KEYS, VALUES, max_size=3)
EXPRESSIONS = st.one_of(
    st.fixed_dictionaries(
        {"key": KEYS, "operator": st.sampled_from(["In", "NotIn"]), "values": st.lists(VALUES, min_size=1)}
    ),
    st.fixed_dictionaries({"key": KEYS, "operator": st.sampled_from(["Exists", "DoesNotExist"])}),
)
SELECTORS = st.fixed_dictionaries(
    {}, optional={"matchLabels": LABELS, "matchExpressions": st.lists(EXPRESSIONS, max_size=3)}
)


def naive(selector: dict, labels: dict[str, str]) -> bool:
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key, "<absent>") != value:
            return False
    for need in selector.get("matchExpressions") or []:
        have = need["key"] in labels
        listed = have and labels[need["key"]] in need.get("values", [])
        wanted = {"In": listed, "NotIn": not listed, "Exists": have, "DoesNotExist": not have}
        if not wanted[need["operator"]]:
            return False
    return True


@given(SELECTORS, st.lists(LABELS, max_size=6))
def test_matches_as_the_definition_says_one_by_one_and_indexed(selector, items):
    compiled = label_selector(selector)
    expected = [naive(selector, labels) for labels in items]
    assert [compiled.matches(labels) for labels in items] == expected
    bits = LabelIndex(items).select(compiled)
    assert [bool(bits >> position & 1) for position in range(len(items))] == expected


def test_empty_is_everything_and_null_is_nothing_unless_said_otherwise():
    assert label_selector({}).matches({})
    assert label_selector({"matchLabels": None, "matchExpressions": None}).everything
    assert not label_selector(None).matches({"app": "web"})
    assert label_selector(None, missing=EVERYTHING).matches({})
    assert LabelIndex([{}, {"a": "b"}]).select(NOTHING) == 0
    assert LabelIndex([{}, None, {"a": "b"}]).select(EVERYTHING) == 0b101


def test_an_absent_key_meets_not_in_and_does_not_exist():
    assert label_selector(
        {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["x"]}]}
    ).matches({})
    assert label_selector({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}).matches({})


@each_row(
    ("expression", "problem"),
    [
        ({"key": "app", "operator": "In"}, "In needs values"),
        ({"key": "app", "operator": "NotIn", "values": []}, "NotIn needs values"),
        ({"key": "app", "operator": "Exists", "values": ["x"]}, "Exists takes no values"),
        ({"key": "app", "operator": "in", "values": ["x"]}, "'in' is not a selector operator"),
        ({"key": "app", "operator": "Gt", "values": ["1"]}, "'Gt' is not a selector operator"),
        ({"operator": "Exists"}, "an expression needs a key"),
        ("app", "an expression needs a key"),
    ],
)
def test_a_selector_that_the_api_refuses_matches_nothing(expression, problem):
    compiled = label_selector({"matchExpressions": [expression]})
    assert compiled.problem == problem
    assert not compiled.matches({"app": "x"})


def test_a_selector_of_a_wrong_type_matches_nothing():
    assert label_selector("app=web").nothing
    assert not label_selector({"matchLabels": {"app": 1}}).matches({"app": "1"})


def test_map_selector_takes_null_as_the_empty_string():
    assert map_selector({"app": None}).matches({"app": ""})
    assert map_selector(None).everything


@each_row(
    ("term", "labels", "expected"),
    [
        ({"matchExpressions": [{"key": "cpu", "operator": "Gt", "values": ["4"]}]}, {"cpu": "8"}, True),
        ({"matchExpressions": [{"key": "cpu", "operator": "Lt", "values": ["4"]}]}, {"cpu": "8"}, False),
        ({"matchExpressions": [{"key": "cpu", "operator": "Gt", "values": ["4"]}]}, {"cpu": "many"}, False),
        ({"matchExpressions": [{"key": "cpu", "operator": "Gt", "values": ["4"]}]}, {}, False),
        ({"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["node-1"]}]}, {}, True),
        ({"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["node-2"]}]}, {}, False),
        ({}, {"cpu": "8"}, False),
        (None, {}, False),
    ],
)
def test_node_selector_terms(term, labels, expected):
    assert node_term_matches(term, "node-1", labels) is expected


MANY = Selector(
    (
        Requirement("a", "In", ("b",)),
        Requirement("c", "NotIn", ("d",)),
        Requirement("e", "In", ("f", "g")),
        Requirement("h", "Exists"),
        Requirement("i", "DoesNotExist"),
        Requirement("j", "Lt", ("3",)),
    )
)


@each_row(
    ("selector", "text"),
    [
        (EVERYTHING, "<all>"),
        (NOTHING, "<none>"),
        (MANY, "a=b,c!=d,e in (f,g),h,!i,j<3"),
    ],
)
def test_selectors_in_words(selector, text):
    assert str(selector) == text
