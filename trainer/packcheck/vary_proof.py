"""The proof of a card's variants: every stored answer keeps its verdict in every wording."""

from __future__ import annotations

from collections.abc import Iterator

from trainer.content.card import Card
from trainer.content.load import load_card
from trainer.content.locate import Pack
from trainer.content.solutions import Solutions, Variant, load_solutions
from trainer.content.vary import alternatives, vary_faults
from trainer.content.wording import Wording
from trainer.errors import CardError, TrainerError
from trainer.grading.grade import grade
from trainer.packcheck.report import field_problem, problem
from trainer.packcheck.texts import text_problems
from trainer.packcheck.vary_words import word_faults
from trainer.verdict import Problem, Status


def prove_variants(card: Card, solutions: Solutions, pack: Pack) -> tuple[int, tuple[Problem, ...]]:
    """In how many wordings a card as written was tried, and what is wrong with them.

    None is tried if something is wrong with the words themselves.
    """
    faults = [(fault.path, fault.message, fault.remedy) for fault in vary_faults(card.vary, card.files)]
    faults = faults or list(word_faults(card, solutions, pack))
    if faults:
        return 0, tuple(field_problem(card, pack, path, message, remedy) for path, message, remedy in faults)
    wordings = alternatives(card.vary)
    found: list[Problem] = []
    for wording in wordings:
        said = ", ".join(f"{word} -> {other}" for word, other in wording.words.items())
        found += [
            problem(card.source, pack, f"with {said}: {what}", line=card.where.line)
            for what in _wrong_in(wording, card, pack)
        ]
    return len(wordings), tuple(found)


def _wrong_in(wording: Wording, card: Card, pack: Pack) -> Iterator[str]:
    """What is wrong with a card in one wording, in words."""
    try:
        other = load_card(card.source, pack, kubernetes=card.kubernetes, choose=lambda *_: wording)
        solutions = load_solutions(other, pack)
    except CardError as error:
        yield from (f"{one.location}: {one.message}" for one in error.problems)
        if not error.problems:
            yield error.message
        return
    yield from (found.message for found in text_problems(other, solutions, pack))
    for variant in (solutions.reference, *solutions.also, *solutions.wrong):
        if what := _unlike(variant, other):
            yield f"{variant.name}: {what}"


def _unlike(variant: Variant, card: Card) -> str:
    """How the verdict on a stored answer differs from the one that it has as written; empty if it doesn't.

    There, right answers pass every check without a problem, and wrong ones fail exactly those that they name.
    """
    try:
        verdict = grade(card, variant.answer)
    except TrainerError as error:
        return f"cannot grade it: {error.message}"
    wanted = (Status.PASS,) if not variant.fails else (Status.PASS, Status.SKIPPED)
    changed = [
        f"{one.id} is {one.status}" + (f" ({one.reasons[0].message})" if one.reasons else "")
        for one in verdict.counted
        if (one.status is not Status.FAIL if one.id in variant.fails else one.status not in wanted)
    ]
    if not variant.fails and verdict.problems:
        changed.append(verdict.problems[0].message)
    return "; ".join(changed)
