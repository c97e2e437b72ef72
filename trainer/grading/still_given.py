"""Why a reason has a line of the given objects: the answer's version of that object isn't in the cluster.

A learner who reads such a line looks for it in the answer in vain.
"""

from __future__ import annotations

import msgspec

from trainer.content.given import GIVEN_FILE
from trainer.manifests.model import Manifest
from trainer.simulate.world import Key, Refused, World, object_key
from trainer.verdict import Location, Outcome, Reason, Status


def explained(outcome: Outcome, world: World) -> Outcome:
    """The outcome; if it fails, the refusals that explain its reasons come before them."""
    if outcome.status is not Status.FAIL or not world.refused:
        return outcome
    refused = {
        object_key(one.manifest): one
        for one in world.refused
        if one.manifest is not None and not one.exists and one.problems
    }
    told: dict[Key, Reason] = {}
    for reason in outcome.reasons:
        given = _given_of(reason, world)
        if given is not None and (one := refused.get(object_key(given))) is not None:
            told.setdefault(object_key(given), _refusal(given, one))
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
    message = f"The answer's {given.title} is refused, so the existing one stays as it is."
    return Reason(message, refused.problems[0].location)
