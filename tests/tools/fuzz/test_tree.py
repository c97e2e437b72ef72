"""Changes of trees: each does what its name says, and leaves the original alone."""

from __future__ import annotations

import pytest

from tools.fuzz.tree import ODD, OPS, Map, Raw, changed, raws, slots, tree_of

DOCUMENTS = [tree_of({"a": "text", "b": [1, {"c": None}]})]
ODD_LIST = ODD.index([None])


def places() -> list[str]:
    """What is in each place, in the order of the numbers."""
    return [repr(owner[index]) for owner, index in slots(DOCUMENTS)]


def test_every_value_has_a_place() -> None:
    assert [owner[index] for owner, index in slots(DOCUMENTS)][1:3] == ["text", [1, Map([["c", None]])]]
    assert len(places()) == 6


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (("set", 1, 0, ODD_LIST), [Map([["a", [None]], ["b", [1, Map([["c", None]])]]])]),
        (("drop", 0, 0, 0), [Map([["b", [1, Map([["c", None]])]]])]),
        (("wrap", 1, 0, 0), [Map([["a", ["text"]], ["b", [1, Map([["c", None]])]]])]),
        (("unwrap", 2, 0, 0), [Map([["a", "text"], ["b", 1]])]),
        (("rename", 1, 0, 0), [Map([["name", "text"], ["b", [1, Map([["c", None]])]]])]),
        (("case", 1, 0, 1), [Map([["A", "text"], ["b", [1, Map([["c", None]])]]])]),
        (("swap", 1, 3, 0), [Map([["a", 1], ["b", ["text", Map([["c", None]])]]])]),
        (("copy", 1, 2, 0), [Map([["a", [1, Map([["c", None]])]], ["b", [1, Map([["c", None]])]]])]),
        (("repeat", 2, 0, 0), [Map([["a", "text"], ["b", [1, 1, Map([["c", None]])]]])]),
        (("again", 0, 0, 0), [Map([["a", "text"], ["b", [1, Map([["c", None]])]], ["a", None]])]),
        (("shuffle", 0, 1, 0), [Map([["b", [1, Map([["c", None]])]], ["a", "text"]])]),
        (("nest", 1, 0, 1), [Map([["a", [["text"]]], ["b", [1, Map([["c", None]])]]])]),
        (("cut", 1, 0, 2), [Map([["a", "te"], ["b", [1, Map([["c", None]])]]])]),
        (("stretch", 1, 0, 0), [Map([["a", "textx"], ["b", [1, Map([["c", None]])]]])]),
        (("empty", 2, 0, 0), [Map([["a", "text"], ["b", []]])]),
        (("number", 3, 0, 0), [Map([["a", "text"], ["b", [2, Map([["c", None]])]]])]),
        (("text", 3, 0, 0), [Map([["a", "text"], ["b", ["1", Map([["c", None]])]]])]),
        (
            ("wrap-in-map", 3, 0, 1),
            [Map([["a", "text"], ["b", [Map([["namespace", 1]]), Map([["c", None]])]]])],
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_change(change: tuple[str, int, int, int], after: list[object]) -> None:
    before = repr(DOCUMENTS)
    assert changed(DOCUMENTS, [change]) == after
    assert repr(DOCUMENTS) == before


def test_every_change_is_tested() -> None:
    marks = test_a_change.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {change[0] for change, _ in marks} == set(OPS)


def test_what_does_not_mean_the_same_in_every_form() -> None:
    assert list(raws(DOCUMENTS)) == []
    twice = Map([["a", 1], ["a", 2]])
    for special in (Raw("&a x"), twice, Map([[Raw("1"), 2]]), 2**63):
        assert list(raws([special])) == [special]
