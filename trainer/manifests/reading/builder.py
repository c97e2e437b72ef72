"""One YAML document from libyaml's events, with the place of every value, within limits.

PyYAML's C composer and constructor are never used: they crash on deep nesting, type scalars
otherwise than kubectl, and forget positions. What this builder does mirrors the decoder of
go-yaml v2 that kubectl 1.35 uses (`sigs.k8s.io/yaml`): a later duplicate key wins, merge keys
apply in the order in which they are written, tags of mappings and lists are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from trainer.manifests.limits import MAX_DEPTH, Budget
from trainer.manifests.model import Marks
from trainer.manifests.reading import scalars
from trainer.manifests.reading.go_yaml import MAX_REPAIRED, MAX_REPAIRS, Refusal, event_source, repaired
from trainer.manifests.reading.libyaml import yaml
from trainer.safe_text import one_line

_Scalar = yaml.ScalarEvent
_Alias = yaml.AliasEvent
_MappingStart = yaml.MappingStartEvent
_MappingEnd = yaml.MappingEndEvent
_SequenceStart = yaml.SequenceStartEvent
_SequenceEnd = yaml.SequenceEndEvent
_MERGE_TAGS = ("tag:yaml.org,2002:merge", "!")
_OPEN = object()


class Repeated(msgspec.Struct, frozen=True, eq=False):
    """A key that is set twice: in which mapping, where first (line), and where again."""

    container: dict[str, Any]
    key: str
    first: int
    line: int
    column: int
    by_merge: bool


class Built(msgspec.Struct, frozen=True, eq=False):
    """One document: its value, where it starts (0-based `start` in the text too), what repeats."""

    value: Any
    line: int
    column: int
    start: int
    marks: Marks
    repeated: tuple[Repeated, ...]
    rest: int
    """Line of the content behind the document that kubectl does not read; 0 if there isn't any."""


def build(text: str, budget: Budget, first_line: int = 1) -> Built | None:
    """The first document of `text`, or None where it has none.

    `first_line` is the text's 1-based line in its file, `budget` is shared by all of a file's
    documents. Raises `Refusal`, `yaml.YAMLError` (its marks count from 0, without `first_line`),
    and `AnswerUnreadable` where a limit is exceeded.
    """
    nodes, aliases = budget.nodes, budget.aliases
    for repairs in range(MAX_REPAIRS + 1):
        try:
            return Builder(text, budget, first_line, repairs).build()
        except yaml.MarkedYAMLError as error:
            small = repairs < MAX_REPAIRS and len(text) <= MAX_REPAIRED
            mended = repaired(text, error) if small else None
            if mended is None:
                raise
            text, budget.nodes, budget.aliases = mended, nodes, aliases
    return None


class Builder:
    """Builds the first document of `text`; `budget` is shared by all documents of a file."""

    def __init__(self, text: str, budget: Budget, first_line: int = 1, repairs: int = 0) -> None:
        self.text = text
        self.budget = budget
        self.offset = first_line
        self.get: Any = event_source(text, first_line, repairs)
        self.marks: Marks = {}
        self.anchors: dict[str, tuple[Any, int]] = {}  # the value and how many values it holds
        self.repeated: list[Repeated] = []

    def build(self) -> Built | None:
        """The document, or None where the text has none.

        Raises `Refusal`, `yaml.YAMLError` (its marks count from 0, without `first_line`), and
        `AnswerUnreadable` where a limit is exceeded.
        """
        get = self.get
        get()  # the stream's start
        start = get()
        if type(start) is yaml.StreamEndEvent:
            return None
        if start.version and tuple(start.version) != (1, 1):
            mark = start.start_mark
            raise Refusal(
                "kubectl reads YAML 1.1 only",
                mark.line + self.offset,
                mark.column + 1,
                "Remove the `%YAML` line.",
            )
        event = get()
        value = self._node(event, 1)
        mark = event.start_mark
        get()  # the document's end
        return Built(
            value,
            mark.line + self.offset,
            mark.column + 1,
            mark.index,
            self.marks,
            tuple(self.repeated),
            self._rest(),
        )

    def _rest(self) -> int:
        try:
            event = self.get()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            return int(mark.line) + self.offset if mark else 0
        return 0 if type(event) is yaml.StreamEndEvent else int(event.start_mark.line) + self.offset

    def _node(self, event: Any, depth: int) -> Any:
        budget = self.budget
        budget.nodes += 1
        if budget.nodes > budget.most:
            raise budget.too_many(event.start_mark.line + self.offset)
        kind = type(event)
        if kind is _Scalar:
            if event.tag is None and event.anchor is None:
                text = event.value
                if not event.implicit[0] or text[:1] not in scalars.TYPED_STARTS:
                    return text
            return self._scalar(event)
        if kind is _Alias:
            return self._alias(event, depth)
        if depth > MAX_DEPTH:
            raise budget.too_deep(event.start_mark.line + self.offset)
        before = budget.nodes
        if event.anchor is not None:
            self.anchors[event.anchor] = (_OPEN, 0)
        value = self._mapping(depth) if kind is _MappingStart else self._sequence(event, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, budget.nodes - before)
        return value

    def _mapping(self, depth: int) -> dict[str, Any]:
        get, node, offset = self.get, self._node, self.offset
        value: dict[str, Any] = {}
        places: dict[str, tuple[int, int]] = {}
        self.marks[id(value)] = places
        merged: set[str] = set()
        while type(event := get()) is not _MappingEnd:
            mark = event.start_mark
            place = (mark.line + offset, mark.column + 1)
            if type(event) is _Scalar and event.anchor is None and event.tag is None:
                key = event.value
                if event.implicit[0]:
                    if key == "<<":
                        self._merge(value, places, merged, get(), depth)
                        continue
                    if key[:1] in scalars.TYPED_STARTS:
                        key = self._key(event, place)
            elif type(event) is _Scalar and event.tag in _MERGE_TAGS and event.value == "<<":
                self._merge(value, places, merged, get(), depth)
                continue
            else:
                key = self._key(event, place)
            if key in value and key not in merged:
                self.repeated.append(Repeated(value, key, places[key][0], *place, by_merge=False))
            merged.discard(key)
            value[key] = node(get(), depth + 1)
            places[key] = place
        return value

    def _sequence(self, event: Any, depth: int) -> list[Any]:
        get, node, offset = self.get, self._node, self.offset
        value: list[Any] = []
        places: list[tuple[int, int]] = []
        self.marks[id(value)] = places
        column = 0 if event.flow_style else self._dash(event)
        while type(item := get()) is not _SequenceEnd:
            mark = item.start_mark
            places.append((mark.line + offset, column or mark.column + 1))
            value.append(node(item, depth + 1))
        return value

    def _dash(self, event: Any) -> int:
        """The 1-based column of a block sequence's dashes; a tag or anchor may come before them."""
        if event.anchor is None and event.tag is None:
            return int(event.start_mark.column) + 1
        end = event.end_mark
        return int(end.column) + 1 if self.text[end.index : end.index + 1] == "-" else int(end.column)

    def _scalar(self, event: Any) -> Any:
        text, tag = event.value, event.tag
        try:
            if tag is None:
                value = scalars.plain(text) if event.implicit[0] else text
            else:
                value = text if tag == "!" else scalars.to_json(scalars.tagged(text, tag))
        except scalars.BadScalarError as error:
            raise self._refuse(event, str(error), "Put the value in quotes if text is meant.") from None
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1)
        return value

    def _key(self, event: Any, place: tuple[int, int]) -> str:
        kind = type(event)
        if kind is _Scalar:
            try:
                if event.tag is None or event.tag == "!":
                    typed = event.tag is None and event.implicit[0]
                    raw = scalars.resolve(event.value) if typed else event.value
                else:
                    raw = scalars.tagged(event.value, event.tag)
                key = scalars.key_text(raw)
            except scalars.BadScalarError as error:
                raise Refusal(f"not a usable key: {error}", *place, "Put the key in quotes.") from None
            if event.anchor is not None:
                self.anchors[event.anchor] = (raw, 1)
            return key
        if kind is _Alias:
            raw = self._alias(event, 1)
            if isinstance(raw, str | int | float):
                return scalars.key_text(raw)
        template = self.text[max(0, event.start_mark.index - 1) :].lstrip()[:2] == "{{"
        raise Refusal(
            "a mapping, a list or null cannot be a key",
            *place,
            "Put the template in quotes, or write the value that it stands for."
            if template or self.text.startswith("{{", event.start_mark.index)
            else "Write the key as text.",
        )

    def _merge(self, value: dict[str, Any], places: Any, merged: set[str], event: Any, depth: int) -> None:
        """Apply `<<`: in the order written, so that it overrides the keys above it (go-yaml v2)."""
        source = self._node(event, depth + 1)
        sources = source[::-1] if type(event) is _SequenceStart else [source]
        for entry in sources:
            if not isinstance(entry, dict):
                raise self._refuse(
                    event,
                    "a merge key `<<` needs a mapping or a list of mappings",
                    "Let it name an anchored mapping, as in `<<: *base`.",
                )
            marks = self.marks[id(entry)]
            for key, item in entry.items():
                if key in value and key not in merged:
                    mark = event.start_mark
                    self.repeated.append(
                        Repeated(
                            value,
                            key,
                            places[key][0],
                            mark.line + self.offset,
                            mark.column + 1,
                            by_merge=True,
                        )
                    )
                merged.add(key)
                value[key] = item
                places[key] = marks[key]

    def _alias(self, event: Any, depth: int) -> Any:
        self.budget.alias(event.start_mark.line + self.offset)
        name = event.anchor
        if name not in self.anchors:
            message = f"unknown anchor `{one_line(name, 40)}`"
            raise self._refuse(event, message, "Quote the value if a literal `*` is meant.")
        value, size = self.anchors[name]
        if value is _OPEN:
            raise self._refuse(event, f"anchor `{one_line(name, 40)}` contains itself", "")
        self.budget.nodes += size
        if self.budget.nodes > self.budget.most:
            raise self.budget.too_many(event.start_mark.line + self.offset)
        return self._copy(value, depth, event) if isinstance(value, dict | list) else value

    def _copy(self, value: Any, depth: int, event: Any) -> Any:
        """A copy of an anchored value with the same places, so that nothing is shared."""
        if depth > MAX_DEPTH:
            raise self.budget.too_deep(event.start_mark.line + self.offset)
        items: Iterator[tuple[Any, Any]] = iter(
            value.items() if isinstance(value, dict) else enumerate(value)
        )
        copied = {
            key: self._copy(item, depth + 1, event) if isinstance(item, dict | list) else item
            for key, item in items
        }
        copy: Any = copied if isinstance(value, dict) else list(copied.values())
        self.marks[id(copy)] = self.marks[id(value)]
        return copy

    def _refuse(self, event: Any, message: str, remedy: str) -> Refusal:
        mark = event.start_mark
        return Refusal(message, mark.line + self.offset, mark.column + 1, remedy)
