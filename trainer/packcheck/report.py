"""What the check of a pack found: per card and for the whole pack, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from trainer.content.card import Card
from trainer.content.curriculum import DOMAINS, trained_less
from trainer.content.locate import Pack
from trainer.files import read_file
from trainer.manifests.reading.parse import parse
from trainer.verdict import Location, Problem

SCHEMA = "cks-trainer.packcheck/1"

COUNTED = ("reference", "also", "wrong", "made", "killed", "harmless", "survived")
"""The numbers of a card's report that add up."""


class CardReport(msgspec.Struct, frozen=True):
    """One card: how many of its answers and mutants were tried, and all of its problems.

    `made` mutants = `killed` (rejected) + `harmless` (pass, and the card says why) + `survived`.
    """

    id: str
    competency: str
    reference: int = 0
    also: int = 0
    wrong: int = 0
    made: int = 0
    killed: int = 0
    harmless: int = 0
    survived: int = 0
    problems: tuple[Problem, ...] = ()
    variants: int = 0
    """In how many other wordings the answers were tried."""


class PackReport(msgspec.Struct, frozen=True):
    """A whole pack: the cards in the catalog's order, and the problems that belong to no card."""

    cards: tuple[CardReport, ...]
    pack_problems: tuple[Problem, ...] = ()
    unchanged: int | None = None
    """How many cards were left out, if only changed ones were tested: nothing of them has changed since a
    test without problems."""
    whole: bool = False
    """Whether these are all cards of the pack: what a pack lacks can be told."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem; a pack is correct without problems."""
        return (*self.pack_problems, *(problem for card in self.cards for problem in card.problems))

    def total(self, field: str) -> int:
        """The sum of one of the numbers of the cards' reports."""
        return sum(getattr(card, field) for card in self.cards)

    def json(self) -> dict[str, Any]:
        """The form `cks-trainer.packcheck/1`."""
        from trainer.report.json import problem_json

        report = {
            "schema": SCHEMA,
            "cards": len(self.cards),
            "answers": {field: self.total(field) for field in ("reference", "also", "wrong")},
            "variants": self.total("variants"),
            "mutants": {field: self.total(field) for field in ("made", "killed", "harmless", "survived")},
            "problems": [problem_json(problem) for problem in self.problems],
            "competencies": dict(sorted(Counter(card.competency for card in self.cards).items())),
        }
        return report if self.unchanged is None else {**report, "unchanged": self.unchanged}

    def lines(self) -> list[str]:
        """The report for people: every problem, then the numbers."""
        answers = ", ".join(f"{self.total(field)} {field}" for field in ("reference", "also", "wrong"))
        mutants = ", ".join(f"{self.total(field)} {field}" for field in ("killed", "harmless", "survived"))
        found = [_line(problem) for problem in self.problems]
        left_out = "" if self.unchanged is None else f", {self.unchanged} unchanged"
        few = trained_less(card.competency for card in self.cards)
        every = sum(len(domain.competencies) for domain in DOMAINS)
        trained = f"{len(few)} of {every} competencies without two cards" + (
            f": {', '.join(few)}" if few else ""
        )
        return [
            *found,
            f"{len(self.cards)} cards{left_out}; answers: {answers}; {self.total('variants')} variants",
            f"mutants: {self.total('made')} made, {mutants}",
            *([trained] if self.whole else ()),
            f"{len(found)} problems" if found else "no problems found",
        ]

    def by_domain(self) -> list[tuple[str, ...]]:
        """A head, and a row for each domain with cards: how many cards it has, and the sums of `COUNTED`."""
        rows = [("Domain", "Cards", *map(str.title, COUNTED))]
        for domain in DOMAINS:
            part = PackReport(tuple(card for card in self.cards if card.competency in domain.competencies))
            if part.cards:
                rows.append((domain.title, *map(str, (len(part.cards), *map(part.total, COUNTED)))))
        return rows


def shown(path: Path, pack: Pack) -> str:
    """A pack's file as problems name it: `solutions/runtime-security/pod-ro/reference.yaml`."""
    for root in (pack.tasks, pack.solutions):
        if path.is_relative_to(root):
            return (Path(root.name) / path.relative_to(root)).as_posix()
    return path.name


def problem(path: Path, pack: Pack, message: str, remedy: str = "", line: int = 1) -> Problem:
    """A problem in a pack's file, at a 1-based line."""
    return Problem(message, location=Location(shown(path, pack), line, 1), remedy=remedy)


def field_problem(
    card: Card, pack: Pack, path: tuple[str | int, ...], message: str, remedy: str = ""
) -> Problem:
    """A problem at a field of the card, if its file still has the field."""
    documents = parse(read_file(card.source), shown(card.source, pack)).documents
    place = documents[0].where(path) if documents else Location(shown(card.source, pack), 1, 1)
    return Problem(message, location=place, remedy=remedy)


def _line(found: Problem) -> str:
    place = found.location
    path = f" {place.path}:" if place and place.path else ""
    remedy = f" ({found.remedy})" if found.remedy else ""
    return f"{place}:{path} {found.message}{remedy}" if place else f"{found.message}{remedy}"
