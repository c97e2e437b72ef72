"""Names of learners -> people of a grade book, without guessing.

A learner's name is compared with what the grade book has of each person: IDs, logins and e-mail addresses
first, then, if none of these fits, full names. Case, the composition of accents and spaces don't matter; in
full names, only letters and digits do. A name that fits several people is ambiguous, and so are learners
who fit the same person.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from trainer.patterns import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

_UPLOADED = regex(r"(?P<name>[^_]+)(?:_LATE)?_(?P<id>\d+)(?P<more>_.*)?\Z")
"""How Canvas and Moodle name what they export of a learner: `lopezana_LATE_123_456_a.yaml`,
`Ana Lopez_123_assignsubmission_file`; and how a batch names two learners of one name: `Ana Lopez_123`."""
_NUMBERED = regex(r"\D*?(\d+)\Z")


class Person(msgspec.Struct, frozen=True):
    """A person of a grade book, by the number of the row."""

    row: int
    marks: tuple[str, ...]
    """IDs, logins and e-mail addresses."""
    names: tuple[str, ...]
    """Full names, in each order of first and last name."""


class Matched(msgspec.Struct, frozen=True):
    """Who is who."""

    rows: Mapping[str, int]
    """The row of each learner who is one person."""
    ambiguous: tuple[tuple[str, str], ...]
    """Learners, each with why it isn't clear who that is."""
    unknown: tuple[str, ...]
    """Learners that the grade book doesn't have."""


def match(learners: Iterable[str], people: Iterable[Person], roster: Iterable[Sequence[str]] = ()) -> Matched:
    """Find each learner among the people.

    All cells of a line of the roster are names of one person: a learner may also be found by the others.
    """
    by_mark: dict[str, list[int]] = {}
    by_name: dict[str, list[int]] = {}
    for person in people:
        for mark in {_mark(one) for one in person.marks} - {""}:
            by_mark.setdefault(mark, []).append(person.row)
        for name in {_name(one) for one in person.names} - {""}:
            by_name.setdefault(name, []).append(person.row)
    found: dict[str, int] = {}
    ambiguous: list[tuple[str, str]] = []
    unknown = []
    more = _more_names(roster)
    for learner in learners:
        rows = _fitting([learner], by_mark, by_name) or _fitting(
            more.get(_mark(learner), ()), by_mark, by_name
        )
        if not rows:
            unknown.append(learner)
        elif len(rows) > 1:
            ambiguous.append((learner, f"fits {len(rows)} people of the grade book"))
        else:
            found[learner] = rows.pop()
    return _once(found, ambiguous, unknown)


def numbered(text: str) -> str:
    """The number at the end of an identifier: `Participant 123` of Moodle, in whatever language.

    >>> numbered("Participant 123")
    '123'
    """
    parts = _NUMBERED.match(text.strip())
    return parts[1] if parts else ""


def both_orders(first: str, last: str) -> tuple[str, ...]:
    """A full name in both orders."""
    return (f"{first} {last}", f"{last} {first}") if first or last else ()


def in_full(name: str) -> tuple[str, ...]:
    """A name as a grade book writes it, in both orders if it has a comma: `Lopez, Ana`."""
    last, comma, first = name.partition(",")
    return both_orders(first.strip(), last.strip()) if comma else (name,)


def _once(found: dict[str, int], ambiguous: list[tuple[str, str]], unknown: list[str]) -> Matched:
    """The learners who alone are a person."""
    owners: dict[int, list[str]] = {}
    for learner, row in found.items():
        owners.setdefault(row, []).append(learner)
    for names in owners.values():
        if len(names) > 1:
            ambiguous += [(name, f"the same person as {_others(names, name)}") for name in names]
    doubles = {name for name, _ in ambiguous}
    rows = {name: row for name, row in found.items() if name not in doubles}
    return Matched(rows, tuple(ambiguous), tuple(unknown))


def _others(names: list[str], name: str) -> str:
    return ", ".join(other for other in names if other != name)


def _more_names(roster: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    """All names of each person in the roster, by each of them; without those that two people have."""
    found: dict[str, list[str]] = {}
    doubles = set()
    for line in roster:
        for mark in {_mark(cell) for cell in line} - {""}:
            if mark in found:
                doubles.add(mark)
            found[mark] = list(line)
    return {mark: line for mark, line in found.items() if mark not in doubles}


def _fitting(
    names: Iterable[str], by_mark: Mapping[str, list[int]], by_name: Mapping[str, list[int]]
) -> set[int]:
    """The rows that fit by ID, login or address; if none does, those that fit by name."""
    rows: set[int] = set()
    named: set[int] = set()
    for name in names:
        rows.update(by_mark.get(_mark(name), ()))
        uploaded = _UPLOADED.match(name)
        so_named = set(by_name.get(_name(uploaded["name"] if uploaded else name), ()))
        if uploaded:
            by_id = set(by_mark.get(uploaded["id"], ()))
            # Without more behind it, the number may be another one: `ana_2026`.
            rows |= by_id if uploaded["more"] else by_id & so_named
        named |= so_named
    return rows or named


def _mark(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _name(text: str) -> str:
    return "".join(_letters(unicodedata.normalize("NFC", text).casefold()))


def _letters(text: str) -> Iterator[str]:
    return (char for char in text if char.isalnum())
