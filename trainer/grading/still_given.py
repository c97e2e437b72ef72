"""Given objects that stay: those that a task isn't about, and those that the answer doesn't reach.

The answer's version of such an object is refused, or is in another Namespace.

A reason with a line of a given object is explained: a learner looks for that line in the answer in vain.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from trainer.content.given import GIVEN_FILE
from trainer.manifests.model import Manifest
from trainer.rules import load_rule
from trainer.simulate.world import Key, Refused, World, object_key
from trainer.verdict import PASSED, Location, Outcome, Reason, Status


def only_changes(world: World, besides: tuple[str, ...]) -> Outcome:
    """FAIL with every given object, except these, that the answer changes; see the rule `given-unchanged`."""
    if all(one is before for one, before in _pairs(world)):
        return PASSED
    rule = load_rule("given-unchanged")
    return rule.judge(world, msgspec.convert({"besides": besides}, rule.Params))


def _pairs(world: World) -> Iterator[tuple[Manifest | None, Manifest]]:
    """Each given object, with what it is after the answer."""
    after = {object_key(one): one for one in world.objects}
    return ((after.get(object_key(one)), one) for one in world.given)


def explained(outcome: Outcome, world: World) -> Outcome:
    """The outcome; if it fails, what explains reasons about given objects comes before them."""
    if outcome.status is not Status.FAIL:
        return outcome
    refused = {
        object_key(one.manifest): one for one in world.refused if one.manifest is not None and one.problems
    }
    told: dict[Key, Reason] = {}
    for reason in outcome.reasons:
        given = _given_of(reason, world)
        if given is None:
            continue
        if (one := refused.get(object_key(given))) is not None:
            told.setdefault(object_key(given), _refusal(given, one))
        elif (other := _elsewhere(given, world)) is not None:
            told.setdefault(object_key(given), _misplaced(given, other))
    return msgspec.structs.replace(outcome, reasons=(*told.values(), *outcome.reasons)) if told else outcome


def explained_place(place: Location | None, world: World) -> Location | None:
    """The place that explains this one: that of the refusal, if it is a line of a given object that stays."""
    outcome = explained(Outcome(Status.FAIL, (Reason("", place),)), world)
    return outcome.reasons[0].location


def _given_of(reason: Reason, world: World) -> Manifest | None:
    """The given object that a reason is about, by its line."""
    place = reason.location
    if place is None or place.file != GIVEN_FILE:
        return None
    above = [one for one in world.given if one.document.file == GIVEN_FILE and one.where().line <= place.line]
    return max(above, key=lambda one: one.where().line, default=None)


def _refusal(given: Manifest, refused: Refused) -> Reason:
    problem = refused.problems[0]
    if refused.exists:
        return Reason(f"{problem.message} Pods that exist stay as they are.", problem.location)
    return Reason(
        f"The answer's {given.title} is refused, so the existing one stays as it is.", problem.location
    )


def _elsewhere(given: Manifest, world: World) -> Manifest | None:
    """The answer's object of the same kind and name in a Namespace where none was given."""
    known = {object_key(one) for one in world.given}
    return next(
        (
            one
            for one in world.answer
            if (one.group, one.kind, one.name) == (given.group, given.kind, given.name)
            and object_key(one) not in known
        ),
        None,
    )


def _misplaced(given: Manifest, other: Manifest) -> Reason:
    message = (
        f"The answer's {other.kind} {other.name} is in Namespace {other.namespace}, so the one in Namespace "
        f"{given.namespace} stays as it is."
    )
    return Reason(message, other.where("metadata", "namespace"))
