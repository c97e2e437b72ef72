"""Every form of a value is read as that value."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from tools.fuzz.tree import Raw, tree_of
from tools.fuzz.writing import Form, flow, forms, written
from trainer.manifests.reading.parse import parse

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.sampled_from(
        ["yes", "1e3", "0x1f", "null", "~", "- a", "a: b", "#", "&a", "*", "", "\ufeff", "a\nb\n", "=", "'"]
    ),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**60), 2**60), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=12,
)
FORM = Form(flow=False, comments=True, anchors=True, markers=True, indent=4)


@given(st.lists(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=3), min_size=1, max_size=2), forms())
def test_every_form_means_the_same(documents: list[dict[str, Any]], form: Form) -> None:
    text = written([tree_of(one) for one in documents], form)
    parsed = parse(text.encode(), "x.yaml")
    assert parsed.problems == ()
    assert [one.value for one in parsed.documents] == documents


@each_row(
    ("form", "text"),
    [
        (Form(), "a: [1]\nb: x\n".replace("a: [1]", "a:\n  - 1")),
        (Form(flow=True, quotes="double"), '"a": [1]\n"b": "x"\n'),
        (Form(json=True), '{"a": [1], "b": "x"}'),
        (Form(tight=True, crlf=True), "a:\r\n- 1\r\nb: x\r\n"),
        (Form(order=1, quotes="single"), "'b': 'x'\n'a':\n  - 1\n"),
    ],
)
def test_a_form(form: Form, text: str) -> None:
    assert written([tree_of({"a": [1], "b": "x"})], form) == text


def test_what_occurs_twice_gets_an_anchor() -> None:
    same = {"x": [1, 2]}
    text = written([tree_of({"a": same, "b": same})], Form(anchors=True))
    assert text == "a: &a0\n  x: &a1\n    - 1\n    - 2\nb: *a0\n"


def test_comments_and_markers() -> None:
    text = written([tree_of({"a": 1}), tree_of({"b": 2})], FORM)
    first, second = "# a comment: {not: yaml\na: 1 # why\n", "# a comment: {not: yaml\nb: 2 # why\n"
    assert text == f"---\n{first}--- # next\n{second}"


def test_raw_text_is_written_as_it_is_whatever_the_form() -> None:
    assert flow([Raw("&a x"), "b"]) == "[&a x, b]"
    assert written([tree_of({"a": 1}), Raw("*a")], Form(json=True)) == "a: 1\n---\n*a\n"
