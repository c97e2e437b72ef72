"""Lists and exceptions become text of a condition; each character keeps its place."""

from __future__ import annotations

import pytest

from tests.falco_world import error_of, rule
from trainer.errors import NotJudged
from trainer.simulate.detection.conditions import LONGEST, Source, with_exceptions
from trainer.simulate.detection.definitions import Exemption, List
from trainer.simulate.detection.sections import Piece
from trainer.verdict import Location

PLACE = Location("rules.yaml", 4, 3)


def source(text: str, **lists: tuple[str, ...]) -> Source:
    found = Source([Piece(text, PLACE)])
    found.put_lists({name: List(name, items, 0, 0, PLACE) for name, items in lists.items()})
    return found


def test_lists_are_put_in_as_text() -> None:
    cases = [
        (source("proc.name in (l)", l=("a", "b c", "'d e'")), "proc.name in ( a, \"b c\", 'd e' )"),
        (source("proc.name in (l, x)", l=()), "proc.name in (   x)"),
        (source("proc.name in (x,l)", l=()), "proc.name in (x  )"),
        (source("proc.name=l and ll.l exists", l=("a",)), "proc.name= a and ll.l exists"),
        (source("proc.name in (m)", l=("a",), m=("l", "b")), "proc.name in ( l, b )"),
        (source("proc.name in (m)", m=("l", "b"), l=("a",)), "proc.name in ( a , b )"),
    ]
    assert [found.text.split() for found, _ in cases] == [wanted.split() for _, wanted in cases]


def test_what_was_written_is_known() -> None:
    found = source("proc.name in (l) and x", l=("a", "b"))
    end = found.text.index(")") + 1
    assert found.original(0, end) == "proc.name in (l)"
    assert found.place(end) == PLACE


def test_exceptions_are_alternatives_that_must_not_hold() -> None:
    one = Exemption("e", ("proc.name", "fd.name"), ("=", "in"), (("a b", ("x", "y")), ("c", "z")), PLACE)
    two = Exemption("f", "proc.name", "in", ("a", "b"), PLACE)
    none = Exemption("g", "proc.name", "in", (), PLACE)
    text = "".join(piece.text for piece in with_exceptions([Piece("a or b", PLACE)], [one, two, none]))
    assert " ".join(text.split()) == (
        '(a or b) and not (( proc.name = "a b" and fd.name in (x, y)) or ( proc.name = c and fd.name in (z)))'
        " and not (proc.name in (a, b))"
    )
    assert with_exceptions([Piece("a", PLACE)], []) == (Piece("a", PLACE),)


def test_values_must_fit_the_fields() -> None:
    exception = "  exceptions:\n  - {name: e, fields: [proc.name, fd.name], values: [[x]]}\n"
    assert "Fields and values lists must have equal length" in error_of(rule("evt.type=open", exception))
    exception = "  exceptions:\n  - {name: e, fields: proc.name, values: [[x]]}\n"
    assert "Expected values array to contain a list of strings" in error_of(rule("evt.type=open", exception))


def test_long_conditions_are_not_judged() -> None:
    with pytest.raises(NotJudged):
        source("a" * (LONGEST + 1))
    with pytest.raises(NotJudged):
        source("l " * 2000, l=("x",) * 2000)
