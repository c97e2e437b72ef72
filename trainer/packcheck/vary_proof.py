"""The proof of a card's variants: every stored answer keeps its verdict in every wording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from trainer.content.card import Card
from trainer.content.load import load_card
from trainer.content.locate import Pack
from trainer.content.solutions import Solutions, load_solutions
from trainer.content.vary import alternatives, vary_faults
from trainer.content.wording import Wording
from trainer.errors import CardError, TrainerError
from trainer.grading.grade import grade
from trainer.manifests.answer import Answer, AnswerFile
from trainer.packcheck.report import field_problem, problem
from trainer.packcheck.texts import text_problems
from trainer.packcheck.vary_words import word_faults
from trainer.verdict import Problem

STARTER = "the starter"


class _Result(msgspec.Struct, frozen=True):
    """What must not depend on the wording: the status of every check, and how much is refused."""

    checks: tuple[tuple[str, str], ...]
    problems: int
    refused: int
    error: str = ""

    def unlike(self, other: _Result) -> str:
        """How another result differs from this one, in words; empty if it doesn't."""
        if self.error != other.error:
            return f"{other.error or 'it can be graded'} (as written: {self.error or 'it can be graded'})"
        before = dict(self.checks)
        changed = [
            f"{name} is {now}, not {before.get(name)}"
            for name, now in other.checks
            if before.get(name) != now
        ]
        if changed or self == other:
            return ", ".join(changed)
        counts = f"{other.problems} problems and {other.refused} refused documents"
        return f"{counts}, not {self.problems} and {self.refused}"


def prove_variants(card: Card, solutions: Solutions, pack: Pack) -> tuple[int, tuple[Problem, ...]]:
    """In how many wordings a card as written was tried, and what is wrong with them.

    None is tried if something is wrong with the words themselves.
    """
    faults = [(fault.path, fault.message, fault.remedy) for fault in vary_faults(card.vary, card.files)]
    faults = faults or list(word_faults(card, solutions, pack))
    if faults:
        return 0, tuple(field_problem(card, pack, path, message, remedy) for path, message, remedy in faults)
    written = _results(card, solutions)
    wordings = alternatives(card.vary)
    found = []
    for wording in wordings:
        said = ", ".join(f"{word} -> {other}" for word, other in wording.words.items())
        found += [
            problem(card.source, pack, f"with {said}: {what}", line=card.where.line)
            for what in _wrong_in(wording, card, written, pack)
        ]
    return len(wordings), tuple(found)


def _wrong_in(wording: Wording, card: Card, written: Mapping[str, _Result], pack: Pack) -> Iterator[str]:
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
    for name, result in _results(other, solutions).items():
        if what := written[name].unlike(result):
            yield f"{name}: {what}"


def _results(card: Card, solutions: Solutions) -> dict[str, _Result]:
    """The results of all stored answers and of the starter, by name."""
    starter = Answer(tuple(AnswerFile(name, text.encode()) for name, text in sorted(card.start.items())))
    answers = {one.name: one.answer for one in (solutions.reference, *solutions.also, *solutions.wrong)}
    return {name: _result(card, answer) for name, answer in {STARTER: starter, **answers}.items()}


def _result(card: Card, answer: Answer) -> _Result:
    try:
        verdict = grade(card, answer)
    except TrainerError as error:
        return _Result((), 0, 0, type(error).__name__)
    checks = tuple((one.id, one.status.value) for one in verdict.checks)
    return _Result(checks, len(verdict.problems), len(verdict.refused))
