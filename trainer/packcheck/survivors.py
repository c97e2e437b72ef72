"""Every mutant of the reference is rejected, except those that the card calls harmless."""

from __future__ import annotations

import re

import msgspec

from trainer.content.card import Card, Harmless
from trainer.content.locate import Pack
from trainer.content.solutions import Variant
from trainer.errors import TrainerError
from trainer.grading.grade import passes
from trainer.packcheck.mutants import Mutant, mutants_of
from trainer.packcheck.report import problem, shown
from trainer.verdict import Location, Problem


class MutantTally(msgspec.Struct, frozen=True):
    """How many mutants were made and what happened to them: made = killed + harmless + survived."""

    made: int = 0
    killed: int = 0
    harmless: int = 0
    survived: int = 0
    problems: tuple[Problem, ...] = ()


def try_mutants(card: Card, reference: Variant, pack: Pack) -> MutantTally:
    """Grade every mutant of the reference.

    A mutant that passes is a problem unless one of the card's `harmless` entries names it. An
    entry that names no mutant, or only rejected mutants, is also a problem.
    """
    problems: list[Problem] = []
    made = killed = harmless = 0
    matched: dict[int, bool] = {}
    for mutant in mutants_of(reference.answer, card):
        made += 1
        entries = [index for index, entry in enumerate(card.harmless) if names(entry, mutant)]
        survives = _survives(card, mutant)
        for index in entries:
            matched[index] = matched.get(index, False) or survives
        if not survives:
            killed += 1
        elif entries:
            harmless += 1
        else:
            problems.append(_survivor(mutant, reference, pack))
    survived = len(problems)
    for index, entry in enumerate(card.harmless):
        if not matched.get(index):
            why = "every mutant that it names is rejected" if index in matched else "it names no mutant"
            message = f"harmless {entry.path} ({entry.mutation}): {why}"
            problems.append(problem(card.source, pack, message, "remove the entry", card.where.line))
    return MutantTally(made, killed, harmless, survived, tuple(problems))


def names(entry: Harmless, mutant: Mutant) -> bool:
    """Whether an entry names a mutant: by kind and by path.

    The path may be preceded by the object (`Pod sun/web: spec.hostPID`), and a `*` in it stands
    for anything.
    """
    if entry.mutation != mutant.mutation:
        return False
    pattern = re.compile(".*".join(re.escape(part) for part in entry.path.split("*")))
    return any(pattern.fullmatch(path) for path in (mutant.path, f"{mutant.title}: {mutant.path}"))


def _survives(card: Card, mutant: Mutant) -> bool:
    try:
        return passes(card, mutant.answer)
    except TrainerError:
        return False


def _survivor(mutant: Mutant, reference: Variant, pack: Pack) -> Problem:
    source = reference.source
    if source.is_dir():
        source /= mutant.location.file
    place = Location(shown(source, pack), mutant.location.line, mutant.location.column, mutant.path)
    return Problem(
        f"a mutant of the reference passes: {mutant.title}: {mutant.path} ({mutant.mutation}: {mutant.what})",
        location=place,
        remedy=f"make a check stricter, or let the card say why the mutant is correct:"
        f" harmless: [{{path: '{mutant.path}', mutation: {mutant.mutation}, reason: ...}}]",
    )
