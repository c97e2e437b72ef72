"""The entries of a rule file: lists, macros and rules as they are written, each value with its place.

Follows the reader of falcosecurity/falco 0.44 (`userspace/engine/rule_loader_reader.cpp`), with its messages:
https://falco.org/docs/concepts/rules/basic-elements/.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Document
from trainer.patterns import regex
from trainer.verdict import Location

YAML_PARSE, YAML_VALIDATE, VALIDATE = "LOAD_ERR_YAML_PARSE", "LOAD_ERR_YAML_VALIDATE", "LOAD_ERR_VALIDATE"
CONDITION, OUTPUT = "LOAD_ERR_COMPILE_CONDITION", "LOAD_ERR_COMPILE_OUTPUT"
_WORDS = {
    YAML_PARSE: "YAML parse error",
    YAML_VALIDATE: "Error validating internal structure of YAML file",
    CONDITION: "Error compiling condition",
    OUTPUT: "Error compiling output",
    VALIDATE: "Error validating rule/macro/list/exception objects",
}
_SCALAR = regex(r"""(?:[\w-]+:[ \t]+|["'][\w-]+["'][ \t]*:[ \t]*|-[ \t]+)?([\w.+-]+)[ \t]*(?:[,\]}#]|$)""")
_TRUE = ("y", "yes", "true", "on")
_FALSE = ("n", "no", "false", "off")


class LoadError(Exception):
    """Why Falco doesn't load a file: the code and the words of its error, and the place."""

    def __init__(self, code: str, message: str, place: Location) -> None:
        super().__init__(message)
        self.code, self.message, self.place = code, message, place

    @property
    def text(self) -> str:
        """What `falco --validate` reports."""
        return f"{self.code} ({_WORDS[self.code]}): {self.message}"


class RuleFile(msgspec.Struct, frozen=True, eq=False):
    """A rule file: its documents, and its text, in which lines are looked up."""

    name: str
    documents: tuple[Document, ...]
    text: str


class Piece(msgspec.Struct, frozen=True):
    """A part of a condition with the place where it is written; `line` is that of its first character.

    Text that Falco adds itself, and that of exceptions, is one place as a whole: `lines` is empty then.
    """

    text: str
    place: Location
    lines: tuple[int, ...] = ()
    """The line of each character that isn't blank."""

    def line_at(self, offset: int) -> Location:
        """The place of a character of the text."""
        before = len("".join(self.text[:offset].split()))
        if before >= len(self.lines):
            return self.place
        return Location(self.place.file, self.lines[before], self.place.column, self.place.path)


class Section(msgspec.Struct, frozen=True, eq=False):
    """One entry of a file."""

    data: dict[str, Any]
    document: Document
    index: int
    text: str
    """The text of the whole file."""

    def where(self, *path: str | int) -> Location:
        """The place of a value of the entry."""
        return self.document.where((self.index, *path))

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        return key in self.data

    def string(self, key: str, *, required: bool = True) -> str:
        """The text at a key; empty if it isn't required and missing. Raises `LoadError`."""
        if key not in self.data:
            if not required:
                return ""
            raise self.error(f"Item has no mapping for key '{key}'")
        value = self.data[key]
        if value is None:
            raise self.error(f"Mapping for key '{key}' is empty", key)
        if isinstance(value, dict | list):
            raise self.error("Value is not a scalar value", key)
        if value == "":
            raise self.error("Value must be non-empty", key)
        return scalar(value, self.where(key), self.text)

    def flag(self, key: str, *, default: bool) -> bool:
        """The boolean at a key. Raises `LoadError`."""
        if key not in self.data:
            return default
        word = self.string(key).lower()
        if word not in (*_TRUE, *_FALSE):
            raise self.error("Can't decode YAML scalar value", key)
        return word in _TRUE

    def strings(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """The texts of the list at a key. Raises `LoadError`."""
        if key not in self.data:
            if required:
                raise self.error(f"Item has no mapping for key '{key}'")
            return ()
        value = self.data[key]
        if not isinstance(value, list):
            raise self.error("Value is not a sequence", key)
        for index, item in enumerate(value):
            if isinstance(item, dict | list):
                raise self.error("sequence value is not scalar", key, index)
        return tuple(scalar(item, self.where(key, index), self.text) for index, item in enumerate(value))

    def condition(self) -> Piece:
        """The text of the condition, with the lines of its characters."""
        text = self.string("condition")
        place = self.where("condition")
        return Piece(text, place, _lines(text, place.line, self.text))

    def error(self, message: str, *path: str | int, code: str = YAML_VALIDATE) -> LoadError:
        """An error of this entry, or of a value in it."""
        return LoadError(code, message, self.where(*path))


def scalar(value: Any, place: Location, source: str) -> str:
    """A scalar as text, as Falco reads all of them: `y` and `1.10` are what is written at the place."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    lines = source.split("\n")
    rest = lines[place.line - 1][place.column - 1 :] if 0 < place.line <= len(lines) else ""
    match = _SCALAR.match(rest)
    if match is None:
        raise NotJudged("a number or a truth value, without quotes", place)
    return match[1]


def sections(file: RuleFile) -> Iterator[Section]:
    """The entries of a file in their order. Raises `LoadError` for what isn't a list of entries."""
    for document in file.documents:
        if document.repeated:
            raise NotJudged("a key that is set twice", document.repeated[0].location)
        if document.value is None:
            continue
        if not isinstance(document.value, dict | list):
            raise LoadError(YAML_VALIDATE, "Rules content is not yaml", document.where())
        if not isinstance(document.value, list):
            raise LoadError(YAML_VALIDATE, "Rules content is not yaml array of objects", document.where())
        for index, item in enumerate(document.value):
            if item is None:
                continue
            if not isinstance(item, dict):
                message = "Unexpected element type. Each element should be a yaml associative array."
                raise LoadError(YAML_VALIDATE, message, document.where((index,)))
            yield Section(item, document, index, file.text)


def _lines(text: str, line: int, source: str) -> tuple[int, ...]:
    """The line of each character of a value that isn't blank; empty where the source isn't as expected.

    A value keeps its characters in the source, except blanks, quotation marks and the sign of a block.
    """
    wanted = "".join(text.split())
    rows = source.split("\n")[line - 1 : line + text.count("\n") + len(wanted) + 2]
    found: list[int] = []
    first = rows[0].partition("condition:")[2] if rows else ""
    rest = first.strip()
    if rest[:1] in (">", "|"):
        first = ""
    elif rest[:1] in ("'", '"'):
        first = rest[1:]
    at = 0
    for offset, row in enumerate([first, *rows[1:]]):
        for char in row:
            if char.isspace() or at == len(wanted):
                continue
            if char != wanted[at]:
                if char in "\\'\"":
                    continue
                return ()
            found.append(line + offset)
            at += 1
        if at == len(wanted):
            return tuple(found)
    return ()


def files_in_order(files: Sequence[RuleFile]) -> Iterator[Section]:
    """The entries of several files, in the order in which Falco loads them."""
    for file in files:
        yield from sections(file)
