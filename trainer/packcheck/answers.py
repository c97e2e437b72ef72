"""Stored answers against their card: the correct ones pass, the wrong ones fail exactly what they name.

All are submitted as a learner submits them, at a desk.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import msgspec

from trainer.content.card import Card
from trainer.content.locate import Pack
from trainer.content.solutions import Solutions, Variant
from trainer.errors import TrainerError
from trainer.manifests.answer import Answer
from trainer.manifests.reading.parse import parse
from trainer.packcheck.desk import Desk, desk_for
from trainer.packcheck.report import problem, shown
from trainer.packcheck.unearned import unearned
from trainer.patterns import regex
from trainer.verdict import CheckResult, Location, Problem, Scope, Status, Verdict

_ALIAS = regex(r"^[^#'\"\n]*[ \[{]\*[A-Za-z]", re.MULTILINE)
"""An alias outside of quotes and comments."""


def answer_problems(card: Card, solutions: Solutions, pack: Pack) -> Iterator[Problem]:
    """Everything that the stored answers show to be wrong, in themselves or in the card."""
    try:
        with desk_for(card) as desk:
            yield from _start_problems(card, desk, pack)
            for variant in (solutions.reference, *solutions.also):
                yield from _right_problems(variant, desk, pack)
            for variant in solutions.wrong:
                yield from _wrong_problems(variant, desk, pack)
    except TrainerError as error:
        yield problem(card.source, pack, f"the card can't be started: {error}", line=card.where.line)
    yield from _coverage_problems(card, solutions, pack)
    yield from _form_problems(card, solutions, pack)


def _start_problems(card: Card, desk: Desk, pack: Pack) -> Iterator[Problem]:
    """What is wrong with what the learner begins with: files that aren't there, points for nothing."""
    found = [f"`start` doesn't deliver {name}" for name in desk.undelivered()]
    try:
        starter = desk.starter()
        found += [] if starter is None else [f"the starter: {one}" for one in starter.differences]
        found += unearned(card)
    except TrainerError as error:
        found.append(f"cannot grade the starter: {error}")
    yield from (problem(card.source, pack, message, line=card.where.line) for message in found)


def _right_problems(variant: Variant, desk: Desk, pack: Pack) -> Iterator[Problem]:
    verdict, found = _handed_in(variant, desk, pack)
    yield from found
    for refusal in verdict.problems:
        yield _placed(
            f"{variant.name} is not accepted whole: {refusal.message}", refusal.location, variant, pack
        )
    for result in verdict.counted:
        if result.status is not Status.PASS:
            message = f"{variant.name} must pass, but {result.id} is {result.status.upper()}{_reason(result)}"
            yield _placed(message, _place(result), variant, pack)


def _wrong_problems(variant: Variant, desk: Desk, pack: Pack) -> Iterator[Problem]:
    verdict, found = _handed_in(variant, desk, pack)
    yield from found
    for result in verdict.checks:
        failed, named = result.status is Status.FAIL, result.id in variant.fails
        if result.status is Status.ERROR:
            message = f"{variant.name}: {result.id} could not run{_reason(result)}"
            yield _placed(message, _place(result), variant, pack)
        elif failed and not named:
            message = f"{variant.name} fails {result.id}, which it does not name{_reason(result)}"
            yield _placed(message, _place(result), variant, pack)
        elif named and not failed:
            message = f"{variant.name} names {result.id}, which is {result.status.upper()}"
            yield problem(
                variant.source, pack, message, "name the checks it fails, or make the check stricter"
            )
        elif failed:
            yield from _feedback_problems(variant, result, pack)


def _handed_in(variant: Variant, desk: Desk, pack: Pack) -> tuple[Verdict, list[Problem]]:
    """The verdict on a stored answer (without checks if it can't be graded), and what is wrong with that."""
    try:
        handed = desk.hand_in(variant.answer, record=variant.name == "reference")
    except TrainerError as error:
        message = f"cannot grade it: {error.message}"
        return Verdict(desk.card.id, ()), [problem(variant.source, pack, message, error.remedy)]
    found = [problem(variant.source, pack, f"{variant.name}: {one}") for one in handed.differences]
    return handed.verdict, found


def _feedback_problems(variant: Variant, result: CheckResult, pack: Pack) -> Iterator[Problem]:
    """What is missing in a FAIL: a reason, its place, or the evidence."""
    said = f"{variant.name} fails {result.id}"
    repeated = {reason.message for reason in result.reasons} & set(result.evidence)
    if not result.reasons:
        yield problem(variant.source, pack, f"{said} without a reason")
    elif _place(result) is None and any(file.data.strip() for file in variant.answer.files):
        yield problem(variant.source, pack, f"{said}, but no reason says where")
    if not result.evidence:
        yield problem(variant.source, pack, f"{said} without evidence", "the rule must show an effect")
    if repeated:
        yield problem(variant.source, pack, f"{said}, and its evidence repeats a reason")


def _coverage_problems(card: Card, solutions: Solutions, pack: Pack) -> Iterator[Problem]:
    named = {check for variant in solutions.wrong for check in variant.fails}
    for check in card.checks:
        if check.scope is Scope.FILE and check.id not in named:
            message = f"no wrong answer fails the check {check.id}"
            yield problem(card.source, pack, message, "add a wrong-<word> that fails it", card.where.line)


def _form_problems(card: Card, solutions: Solutions, pack: Pack) -> Iterator[Problem]:
    if not solutions.also:
        message = "the card has no other correct answer"
        yield problem(card.source, pack, message, "add an also-<word> in another form", card.where.line)
        return
    forms: dict[str, str] = {_form(solutions.reference.answer): solutions.reference.name}
    for variant in solutions.also:
        form = _form(variant.answer)
        if form in forms:
            message = f"{variant.name} has the same form as {forms[form]}"
            yield problem(variant.source, pack, message, "make it differ in order, fields or format")
        forms.setdefault(form, variant.name)


def _form(answer: Answer) -> str:
    """An answer without comments, white space and quotes: two equal results mean equal answers."""
    parts: list[object] = []
    for file in answer.files:
        try:
            values = [document.value for document in parse(file.data, file.name).documents]
        except TrainerError:
            values = []
        text = file.data.decode("utf-8", "replace")
        parts.append([_is_json(file.data), bool(_ALIAS.search(text)), values or text.split()])
    return json.dumps(parts)


def _is_json(data: bytes) -> bool:
    try:
        msgspec.json.decode(data)
    except msgspec.DecodeError:
        return False
    return True


def _reason(result: CheckResult) -> str:
    return f": {result.reasons[0].message}" if result.reasons else ""


def _place(result: CheckResult) -> Location | None:
    return next((reason.location for reason in result.reasons if reason.location), None)


def _placed(message: str, place: Location | None, variant: Variant, pack: Pack) -> Problem:
    """A problem at a place of the answer, reported at the place in the stored file."""
    if place is None or place.file not in {file.name for file in variant.answer.files}:
        return problem(variant.source, pack, message)
    inner = variant.source / place.file if variant.source.is_dir() else variant.source
    stored = Location(shown(inner, pack), place.line, place.column, place.path)
    return Problem(message, location=stored)
