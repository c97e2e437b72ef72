"""The rule files of a card, with those of the answer in their places, as Falco loads them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from trainer.errors import UsageError
from trainer.manifests.reading.parse import parse
from trainer.simulate.detection.definitions import PRIORITIES
from trainer.simulate.detection.events import Event, recording
from trainer.simulate.detection.falco import Loaded, load
from trainer.simulate.detection.fields import field_names
from trainer.simulate.detection.ruleset import Part, Ready, compile_text, holds
from trainer.simulate.detection.sections import YAML_PARSE, LoadError, RuleFile
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Problem, Reason, Severity, Status

T = TypeVar("T")
_NONEXISTENT = "nonexistent field "


class Files(msgspec.Struct, frozen=True, eq=False):
    """What Falco loads with the answer, and what it loads without it."""

    loaded: Loaded
    shipped: Loaded
    answer: str
    """The name of the answer's file."""
    events: tuple[Event, ...]
    found: dict[tuple[object, ...], Any] = msgspec.field(default_factory=dict)
    """What is known already: the checks of a card ask the same of the same events."""

    def holds(self, part: Part, event: Event) -> bool:
        """Whether a condition holds for a recorded event. Raises `NotJudged`."""
        return self._once((part, event), lambda: holds(part, event))

    def first(self, event: Event) -> Ready | None:
        """The rule that reports a recorded event. Raises `NotJudged`."""
        return self._once((event,), lambda: self.loaded.ruleset.first(event))

    def condition(self, text: str) -> Part:
        """A condition that uses the given macros and lists. Raises `LoadError`."""
        return self._once((text,), lambda: compile_text(text, self.shipped.ruleset.definitions))

    def _once(self, what: tuple[object, ...], find: Callable[[], T]) -> T:
        if what not in self.found:
            self.found[what] = find()
        known: T = self.found[what]
        return known


def files_of(world: World, names: Sequence[str], events: str) -> Files | Outcome:
    """The rule files in the order of their names, or why Falco doesn't load them."""
    return _files_of(world, tuple(names), events)


@lru_cache(maxsize=1)
def _files_of(world: World, names: tuple[str, ...], events: str) -> Files | Outcome:
    text = world.node_files.get(events)
    if text is None:
        raise UsageError(f"the card gives no file {events}")
    own = [name for name in names if name not in world.node_files]
    found: list[RuleFile] = []
    answer = ""
    for name in names:
        if name not in own:
            found.append(_given(name, world.node_files[name]))
            continue
        file = _of_answer(world, name)
        if isinstance(file, Outcome):
            return file
        answer = file.name
        found.append(file)
    if not answer:
        raise UsageError("no rule file of the check is part of the answer")
    shipped = load([file for name, file in zip(names, found, strict=True) if name not in own])
    try:
        return Files(load(found), shipped, answer, recording(events, text))
    except LoadError as error:
        return _refused(error)


@lru_cache(maxsize=8)
def _given(name: str, text: str) -> RuleFile:
    return RuleFile(name, parse(text.encode(), name).documents, text)


def _of_answer(world: World, name: str) -> RuleFile | Outcome:
    """The file of the answer: of that name, or else the only one whose documents aren't objects."""
    file = name if name in world.documents or name in world.texts else _other(world) or name
    for refused in world.refused:
        for problem in refused.problems if refused.manifest is None else ():
            if problem.location and problem.location.file == file and problem.severity is Severity.ERROR:
                return _refused(LoadError(YAML_PARSE, _told(problem), problem.location))
    if file not in world.documents:
        place = Location(name, 1, 1)
        message = f"The answer has no file {name}."
        return Outcome(Status.FAIL, (Reason(message, place),), ("Falco loads no rule of yours.",))
    return RuleFile(file, world.documents[file], world.texts.get(file, ""))


def _other(world: World) -> str | None:
    names = [
        name
        for name, documents in world.documents.items()
        if not any(isinstance(one.value, dict) and "kind" in one.value for one in documents)
    ]
    return names[0] if len(names) == 1 else None


def _told(problem: Problem) -> str:
    if not problem.remedy:
        return problem.message
    return f"{problem.message.rstrip('.')}. {problem.remedy}"


_ADVICE = (
    ("Undefined macro", "A name alone must be a macro. Macros see only those before them."),
    ("Invalid priority", f"Write one of these: {', '.join(PRIORITIES)}."),
    ("Value must be non-empty", "Write a value for this key."),
    ("Mapping for key", "Write a value for this key."),
    ("Value is not a scalar value", "Write one text here, not a list and not a mapping."),
    ("Value is not a sequence", "Write a list here."),
    ("sequence value is not scalar", "Each item of this list must be one text."),
    ("Can't decode YAML scalar value", "Write true, false or a number, whichever this key takes."),
    ("Item has no mapping for key", "Add this key."),
    (
        "Fields and comps",
        "Write `comps` with a comparison for each field. To keep the other exceptions, append.",
    ),
)
"""What to do, by the beginning of what Falco says."""


def _refused(error: LoadError) -> Outcome:
    """The error as a learner needs it: Falco's words, the place, and what was meant, if that is clear."""
    message = f"Falco doesn't load the file: {error.message.rstrip('.')}."
    _, found, field = error.message.partition(_NONEXISTENT)
    if found:
        near = difflib.get_close_matches(field, field_names(deprecated=False), n=1)
        message += f" The nearest field is `{near[0]}`." if near else " No field has such a name."
    message += next((f" {advice}" for start, advice in _ADVICE if error.message.startswith(start)), "")
    shown = f"`falco --validate {error.place.file}` reports {error.text}"
    return Outcome(Status.FAIL, (Reason(message, error.place),), (shown,))
