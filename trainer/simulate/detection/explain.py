"""Which part of a condition decides that it holds for an event, or doesn't."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.detection.events import Event
from trainer.simulate.detection.output import printed
from trainer.simulate.detection.ruleset import Junction, Leaf, Named, Negation, Part, holds
from trainer.verdict import Location

LONGEST = 120
"""Characters of a check that are shown."""


class Decisive(msgspec.Struct, frozen=True):
    """One check that decides: its text, its place, whether it holds, and the value of its field."""

    text: str
    place: Location
    holds: bool
    field: str
    value: str

    @property
    def told(self) -> str:
        """The check in words: `k8s.ns.name = shop` doesn't hold: k8s.ns.name is shop-test."""
        verb = "holds" if self.holds else "doesn't hold"
        whole = ", and `regex` must match all of it" if " regex " in self.text and not self.holds else ""
        return f"`{self.text}` {verb}: {self.state}{whole}"

    @property
    def state(self) -> str:
        """The value in words: `k8s.ns.name is shop-test`."""
        return f"{self.field} {'has no value' if self.value == '<NA>' else f'is {self.value}'}"


def why_not(part: Part, event: Event) -> Decisive:
    """The check because of which a condition doesn't hold for an event.

    Of alternatives, it is that of the one of which the most parts hold.
    """
    if isinstance(part, Leaf):
        return _decisive(part, event, value=False)
    if isinstance(part, Negation):
        return why(part.inner, event)
    if isinstance(part, Named):
        return why_not(part.inner, event)
    if part.every:
        return why_not(next(one for one in part.parts if not holds(one, event)), event)
    return why_not(max(part.parts, key=lambda one: closeness(one, event)), event)


def why(part: Part, event: Event) -> Decisive:
    """A check because of which a condition holds for an event: of several that must hold, the last one."""
    if isinstance(part, Leaf):
        return _decisive(part, event, value=True)
    if isinstance(part, Negation):
        return why_not(part.inner, event)
    if isinstance(part, Named):
        return why(part.inner, event)
    if part.every:
        return why(part.parts[-1], event)
    return why(next(one for one in part.parts if holds(one, event)), event)


def leaves(part: Part, seen: set[int] | None = None) -> Iterator[Leaf]:
    """The checks of a condition, those of its macros included, each macro once."""
    seen = set() if seen is None else seen
    if isinstance(part, Leaf):
        yield part
    elif isinstance(part, Junction):
        for one in part.parts:
            yield from leaves(one, seen)
    elif isinstance(part, Negation):
        yield from leaves(part.inner, seen)
    elif id(part.inner) not in seen:
        seen.add(id(part.inner))
        yield from leaves(part.inner, seen)


def closeness(part: Part, event: Event) -> int:
    """How many of the parts that must all hold do hold for an event."""
    if isinstance(part, Named):
        return closeness(part.inner, event)
    if isinstance(part, Junction) and part.every:
        return sum(holds(one, event) for one in part.parts)
    return 0


def _decisive(leaf: Leaf, event: Event, *, value: bool) -> Decisive:
    try:
        found = printed(leaf.compiled.read(event))
    except NotJudged:
        found = "<NA>"
    text = leaf.text if len(leaf.text) <= LONGEST else f"{leaf.text[:LONGEST]}..."
    return Decisive(text, leaf.place, value, str(leaf.compiled.check.left), found)
