"""YAML and JSON bytes to documents with positions, as kubectl would read them, within limits."""

from __future__ import annotations

from typing import Any

import msgspec
import yaml
from yaml.cyaml import CParser

from trainer.manifests.model import Document, Marks
from trainer.verdict import Location, Problem, Severity


class Parsed(msgspec.Struct, frozen=True, eq=False):
    """The documents of one file, and what was wrong with it.

    A YAML error is a problem of severity error; the documents before it are still there, those
    after it are not (as with kubectl). A duplicate key is a warning: the last value counts.
    """

    file: str
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...] = ()


def parse(data: bytes, file: str) -> Parsed:
    """Parse one file. Raises `AnswerUnreadable` for what is over a limit or not decodable.

    Empty documents (nothing, only comments, null) are left out.
    """
    builder = _Builder(file, data.decode("utf-8-sig"))
    documents: list[Document] = []
    try:
        for document in builder.documents():
            documents.append(document)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Location(file, mark.line + 1, mark.column + 1) if mark else None
        builder.problems.append(Problem(f"not valid YAML: {error.problem}", Severity.ERROR, place))
    return Parsed(file, tuple(documents), tuple(builder.problems))


class _Builder:
    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.parser: Any = CParser(text)
        self.problems: list[Problem] = []
        self.marks: Marks = {}
        self.anchors: dict[str, Any] = {}

    def documents(self) -> Any:
        while self.parser.check_event():
            event = self.parser.get_event()
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            self.marks, self.anchors = {}, {}
            first = self.parser.get_event()
            value, line, column = self.node(first)
            if value is not None:
                yield Document(value, self.file, line, column, self.marks)

    def node(self, event: Any) -> tuple[Any, int, int]:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.AliasEvent):
            return self.anchors[event.anchor], line, column
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            value = yaml.CSafeLoader.yaml_implicit_resolvers and _scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            value, marks = [], []
            while not isinstance(item := self.parser.get_event(), yaml.SequenceEndEvent):
                child, child_line, child_column = self.node(item)
                value.append(child)
                marks.append((child_line, child_column if event.flow_style else column))
            self.marks[id(value)] = marks
        else:
            value, keys = {}, {}
            while not isinstance(item := self.parser.get_event(), yaml.MappingEndEvent):
                key, key_line, key_column = self.node(item)
                value[key], _, _ = self.node(self.parser.get_event())
                keys[key] = (key_line, key_column)
            self.marks[id(value)] = keys
        if event.anchor:
            self.anchors[event.anchor] = value
        return value, line, column


def _scalar(event: Any) -> Any:
    if not event.implicit[0]:
        return event.value
    return yaml.safe_load(event.value)
