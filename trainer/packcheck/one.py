"""The test of one card of a pack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from trainer.content.card import Card
from trainer.content.load import load_card
from trainer.content.locate import Pack
from trainer.content.solutions import Solutions, load_solutions, solutions_folder
from trainer.errors import CardError
from trainer.packcheck.answers import answer_problems
from trainer.packcheck.report import CardReport, problem, shown
from trainer.packcheck.survivors import MutantTally, try_mutants
from trainer.packcheck.texts import text_problems
from trainer.packcheck.unfinished import unfinished_problems
from trainer.packcheck.vary_proof import prove_variants
from trainer.verdict import Location, Problem
from trainer.versions import read_version


def check_card(card: Card, pack: Pack, *, mutants: bool = True) -> CardReport:
    """Test one card: its words, its stored answers and, with `mutants`, those of its reference.

    While it is unfinished, nothing else is said about it.
    """
    if unfinished := tuple(unfinished_problems(card, pack)):
        return CardReport(card.id, card.competency, problems=unfinished)
    try:
        solutions = load_solutions(card, pack)
    except CardError as error:
        return CardReport(card.id, card.competency, problems=_load_problems(card, pack, error))
    variants, wrong = prove_variants(card, solutions, pack) if card.vary else (0, ())
    problems = [
        *wrong,
        *text_problems(card, solutions, pack),
        *answer_problems(card, solutions, pack),
        *(problem(path, pack, "an orphan: not an answer", "name it reference, also-<word> or wrong-<word>")
          for path in solutions.orphans),
    ]  # fmt: skip
    tally = try_mutants(card, solutions.reference, pack) if mutants else MutantTally()
    return CardReport(
        card.id,
        card.competency,
        1,
        len(solutions.also),
        len(solutions.wrong),
        tally.made,
        tally.killed,
        tally.harmless,
        tally.survived,
        _without_secrets((*problems, *tally.problems), solutions),
        variants,
    )


def _without_secrets(found: tuple[Problem, ...], solutions: Solutions) -> tuple[Problem, ...]:
    """What a report says of the stored answers, without their secrets."""
    if not found:
        return found
    from trainer.grading.redact import Redactor

    for variant in (solutions.reference, *solutions.also, *solutions.wrong):
        hidden = Redactor(variant.answer).hidden
        if hidden:
            found = tuple(map(hidden.problem, found))
    return found


def check_card_at(tasks: str, solutions: str, path: str, kubernetes: str) -> dict[str, Any]:
    """The same for a worker process: a card's file and its version, and the report as plain values."""
    pack = Pack(Path(tasks), Path(solutions))
    report = check_card(load_card(Path(path), pack, kubernetes=read_version(kubernetes)), pack)
    return msgspec.to_builtins(report)  # type: ignore[no-any-return]


def _load_problems(card: Card, pack: Pack, error: CardError) -> tuple[Problem, ...]:
    folder = solutions_folder(card, pack)
    if not error.problems:
        return (problem(folder, pack, error.message, error.remedy),)
    found = []
    for one in error.problems:
        place = one.location
        file = shown(folder / Path(place.file).name, pack) if place else shown(folder, pack)
        line, column = (place.line, place.column) if place else (1, 1)
        found.append(msgspec.structs.replace(one, location=Location(file, line, column)))
    return tuple(found)
