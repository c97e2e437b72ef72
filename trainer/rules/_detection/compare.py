"""Which events a rule reports, and which it should: among the recorded ones, and others like them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from trainer.rules._detection.rule_files import Files
from trainer.simulate.detection.events import Event
from trainer.simulate.detection.explain import Decisive, why, why_not
from trainer.simulate.detection.falco import Alert
from trainer.simulate.detection.ruleset import Junction, Part, Ready, holds
from trainer.simulate.detection.variants import Variant, variants
from trainer.verdict import Location, Reason

MOST_SEEDS = 14
"""Recorded events of which variants are made."""
MOST_TOLD = 3
"""Events that are explained."""


class Difference(msgspec.Struct, frozen=True, eq=False):
    """An event that a rule treats otherwise than it should."""

    event: Event
    wanted: bool
    variant: Variant | None = None

    @property
    def title(self) -> str:
        """The event in words."""
        return self.variant.title if self.variant else self.event.title


def recorded(files: Files, ready: Ready, spec: Part) -> Iterator[Difference]:
    """The recorded events that the rule misses, or reports although it shouldn't."""
    for event in files.events:
        wanted = holds(spec, event)
        if wanted != (files.loaded.ruleset.first(event) is ready):
            yield Difference(event, wanted)


def unseen(
    files: Files, ready: Ready, spec: Part, vary: Mapping[str, tuple[str, ...]]
) -> Iterator[Difference]:
    """Events like recorded ones, with one thing changed, of which the same is true."""
    parts = (spec, ready.condition)
    for variant in variants(seeds(files.events, spec, ready.condition), parts, vary):
        wanted = holds(spec, variant.event)
        if wanted != ready.reports(variant.event):
            yield Difference(variant.event, wanted, variant)


def seeds(events: tuple[Event, ...], *parts: Part) -> list[Event]:
    """A few recorded events: for each type, place and kind of file, one that a condition holds for, first."""
    found: dict[tuple[object, ...], Event] = {}
    rest: dict[tuple[object, ...], Event] = {}
    for event in events:
        met = tuple(holds(part, event) for part in parts)
        key = (event.type, event.get("k8s.ns.name"), event.get("fd.typechar"), met)
        (found if any(met) else rest).setdefault(key, event)
    return [*list(found.values())[:MOST_SEEDS], *list(rest.values())[: MOST_SEEDS - len(found)]]


def cause_of(one: Difference, ready: Ready, spec: Part) -> str:
    """What decides, in a word: differences of the same cause are told once."""
    if one.wanted:
        return "" if holds(ready.condition, one.event) else why_not(ready.condition, one.event).text
    return why_not(spec, one.event).text


def reason(one: Difference, files: Files, ready: Ready, spec: Part) -> tuple[Reason, str]:
    """Why the rule treats an event otherwise than it should, and what Falco prints, or doesn't."""
    name = ready.rule.name
    if one.wanted:
        first = None if one.variant else files.loaded.ruleset.first(one.event)
        if first is not None:
            message = f"Rule `{first.rule.name}` comes before `{name}` and reports the event instead of it."
            return Reason(message, first.rule.place), f"No alert of `{name}` for {one.title}."
        cause = why_not(ready.condition, one.event)
        message = f"Rule `{name}` misses an event: {cause.told}.{_meant(cause, files)}"
        return Reason(message, cause.place), f"No alert for {one.title}: {cause.told}."
    cause = why_not(spec, one.event)
    message = f"Rule `{name}` reports an event that it shouldn't: {cause.state}."
    text = Alert(one.event, ready).text
    told = text if one.variant is None else f"For {one.title}, Falco would print: {text}"
    return Reason(message, _place(ready, one.event)), told


def _meant(cause: Decisive, files: Files) -> str:
    """What the learner may not know about the check that decides."""
    if cause.field == "evt.dir":
        return " Falco no longer has events for the start of a call, only those for its end."
    name = cause.text.rpartition("(")[2].rstrip(")").strip()
    lists = files.loaded.ruleset.definitions.lists
    if " in " in cause.text and name.isidentifier() and name.islower() and "_" in name and name not in lists:
        return f" No list `{name}` is defined, so it is compared as a text."
    return ""


def _place(ready: Ready, event: Event) -> Location:
    """Where the condition lets an event in: the alternative that holds; else where the condition starts."""
    part = ready.condition
    if isinstance(part, Junction) and not part.every:
        return why(next(one for one in part.parts if holds(one, event)), event).place
    return ready.rule.condition[-1].place
