"""Which events a rule reports, and which it should: among the recorded ones, and others like them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from trainer.rules._detection.rule_files import Files
from trainer.simulate.detection.definitions import List
from trainer.simulate.detection.events import Event
from trainer.simulate.detection.explain import Decisive, closeness, why, why_not
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
        wanted = files.holds(spec, event)
        if wanted != (files.first(event) is ready):
            yield Difference(event, wanted)


def unseen(
    files: Files, ready: Ready, spec: Part, vary: Mapping[str, tuple[str, ...]]
) -> Iterator[Difference]:
    """Events like recorded ones, with one thing changed, of which the same is true."""
    parts = (spec, ready.condition)
    for variant in variants(seeds(files, spec, ready.condition), parts, vary):
        wanted = holds(spec, variant.event)
        if wanted != ready.reports(variant.event):
            yield Difference(variant.event, wanted, variant)


def seeds(files: Files, *parts: Part) -> list[Event]:
    """Recorded events of each kind: those that a condition holds for, then those closest to the first one."""
    found: dict[tuple[object, ...], Event] = {}
    close: dict[tuple[object, ...], tuple[int, Event]] = {}
    for event in files.events:
        met = tuple(files.holds(part, event) for part in parts)
        key = (event.type, event.get("k8s.ns.name"), event.get("fd.typechar"), met)
        if any(met):
            found.setdefault(key, event)
        elif (near := closeness(parts[0], event)) > close.get(key, (-1, event))[0]:
            close[key] = near, event
    nearest = sorted(close.values(), key=lambda one: -one[0])
    chosen = list(found.values())[:MOST_SEEDS]
    return [*chosen, *(event for _, event in nearest[: MOST_SEEDS - len(chosen)])]


def cause_of(one: Difference, ready: Ready, spec: Part) -> str:
    """What decides, in a word: differences of the same cause are told once."""
    if one.wanted:
        return "" if holds(ready.condition, one.event) else why_not(ready.condition, one.event).text
    return why_not(spec, one.event).text


def reason(one: Difference, files: Files, ready: Ready, spec: Part) -> tuple[Reason, str]:
    """Why the rule treats an event otherwise than it should, and what Falco prints, or doesn't."""
    name = ready.rule.name
    if one.wanted:
        first = None if one.variant else files.first(one.event)
        if first is not None and first is not ready:
            message = f"Rule `{first.rule.name}` comes before `{name}` and reports the event instead of it."
            return Reason(message, first.rule.place), f"No alert of `{name}` for {one.title}."
        cause = why_not(ready.condition, one.event)
        changed = _changed_list(cause, files)
        meant = f" List `{changed.name}` is now: {_few(changed)}." if changed else _meant(cause, files)
        message = f"Rule `{name}` misses an event: {cause.told}.{meant}"
        place = changed.place if changed else _in_answer(files, ready, cause.place)
        return Reason(message, place), f"No alert for {one.title}: {cause.told}."
    cause = why_not(spec, one.event)
    message = f"Rule `{name}` reports an event that it shouldn't: {cause.state}."
    text = Alert(one.event, ready).text
    told = text if one.variant is None else f"For {one.title}, Falco would print: {text}"
    return Reason(message, _in_answer(files, ready, _place(ready, one.event))), told


def _meant(cause: Decisive, files: Files) -> str:
    """What the learner may not know about the check that decides."""
    if cause.field == "evt.dir":
        return " Falco no longer has events for the start of a call, only those for its end."
    name = cause.text.rpartition("(")[2].rstrip(")").strip()
    lists = files.loaded.ruleset.definitions.lists
    if " in " in cause.text and name.isidentifier() and name.islower() and "_" in name and name not in lists:
        return f" No list `{name}` is defined, so it is compared as a text."
    return ""


def _changed_list(cause: Decisive, files: Files) -> List | None:
    """The list of the answer because of which a check decides otherwise than before."""
    words = cause.text.replace("(", " ").replace(")", " ").replace(",", " ").split()
    lists = files.loaded.ruleset.definitions.lists
    before = files.shipped.ruleset.definitions.lists
    return next(
        (lists[word] for word in words if word in before and lists[word].items != before[word].items), None
    )


def _few(one: List) -> str:
    more = ", ..." if len(one.items) > 8 else ""
    return f"{', '.join(one.items[:8])}{more}" if one.items else "empty"


def _place(ready: Ready, event: Event) -> Location:
    """Where the condition lets an event in: the alternative that holds; else where the condition starts."""
    part = ready.condition
    if isinstance(part, Junction) and not part.every:
        return why(next(one for one in part.parts if holds(one, event)), event).place
    return ready.rule.condition[-1].place


def _in_answer(files: Files, ready: Ready, place: Location) -> Location:
    """The place, or what the answer changes of the rule, if the place is in a given file."""
    rule = ready.rule
    own = [one.place for one in rule.exceptions] + [piece.place for piece in rule.condition]
    own += [rule.output_place, *(where for _, where in rule.parts)]
    places = [place, *own, Location(files.answer, 1, 1)]
    return next(one for one in places if one.file == files.answer)
