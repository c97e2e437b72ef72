"""Where libyaml parts from go-yaml v2, which kubectl 1.35 reads with: kubectl's way counts.

Seen in go-yaml v2's `scannerc.go` and in what kubectl does: inside `[ ]` and `{ }` a question mark
ends unquoted text, and a colon before `,` or a bracket belongs to it; in double quotes `\\'` is an
apostrophe and `\\/` an error; a tag takes a comma behind it; a byte order mark counts only at the start.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from trainer.manifests.reading.libyaml import CParser, yaml
from trainer.patterns import regex

MAX_REPAIRS = 20
MAX_REPAIRED = 16 * 1024
"""Each repair reads the text again: so often, and in texts of so many characters."""

_COLON, _NOTHING, _MARK = "\ue0ca", "\ue0cb", "\ue0cc"
"""Stand-ins from the private use area: for a colon, for what is to vanish, for a byte order mark."""

_SLASH = regex(r"(?:[^\\]|\\[^/])*\\/", re.DOTALL)
_QUOTED = regex(r'(?:[^"\\]|\\.)*', re.DOTALL)
"""What is left of a double-quoted text, up to its closing quote."""
_ESCAPE = regex(r"\\.", re.DOTALL)
_STARTS = (yaml.SequenceStartEvent, yaml.MappingStartEvent)
_ENDS = (yaml.SequenceEndEvent, yaml.MappingEndEvent)


class Refusal(Exception):
    """kubectl refuses the document here: 1-based `line` and `column`."""

    def __init__(self, message: str, line: int, column: int, remedy: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.remedy = message, line, column, remedy


def event_source(text: str, first_line: int, repairs: int = 0) -> Callable[[], Any]:
    """libyaml's events of `text`, one a call; what only go-yaml refuses raises `Refusal`.

    `first_line` is the 1-based line that refusals count from; `repairs` tells how often `repaired`
    made the text.
    """
    if text.find("\ufeff", 1) > 0:  # libyaml skips it at every line's start, go-yaml at the text's alone
        text, repairs = text[0] + text[1:].replace("\ufeff", _MARK), repairs + 1
    source = CParser(text).get_event
    if not repairs and "?" not in text and "\\/" not in text and "!" not in text:
        return source  # nothing in the text is read in two ways
    return _GoEvents(source, text, first_line, repairs).next


class _GoEvents:
    def __init__(self, source: Callable[[], Any], text: str, first_line: int, repairs: int) -> None:
        self.source = source
        self.repairs = repairs
        self.text = text
        self.offset = first_line
        self.flow = 0
        self.has_slash = "\\/" in text

    def next(self) -> Any:
        event = self.source()
        if isinstance(event, yaml.ScalarEvent):
            self._check(event)
        elif isinstance(event, _STARTS):
            self.flow += bool(event.flow_style or self.flow)
        elif isinstance(event, _ENDS):
            self.flow -= bool(self.flow)
        return event

    def _check(self, event: Any) -> None:
        if event.style == '"':
            if self.has_slash and _SLASH.match(self.text[event.start_mark.index : event.end_mark.index]):
                raise self._refusal(event, "found unknown escape character `\\/`", "Write `/` alone.")
        elif self.flow and event.tag and not event.value and self._ends_in_comma(event):
            raise self._refusal(event, "the comma belongs to the tag", "Write a blank before the comma.")
        elif self.flow and event.style != "'" and "?" in event.value:
            raise self._refusal(
                event,
                "a question mark ends unquoted text inside brackets",
                "Put the text with the question mark in quotes.",
            )
        if self.repairs:
            event.value = event.value.replace(_COLON, ":").replace(_NOTHING, "").replace(_MARK, "\ufeff")

    def _ends_in_comma(self, event: Any) -> bool:
        end = event.end_mark.index
        return self.text[end : end + 1] == "," and not self.text[end - 1].isspace()

    def _refusal(self, event: Any, message: str, remedy: str) -> Refusal:
        mark = event.start_mark
        return Refusal(message, mark.line + self.offset, mark.column + 1, remedy)


def repaired(text: str, error: yaml.MarkedYAMLError) -> str | None:
    """The text with a stand-in for the sign that only libyaml refuses; None where both refuse it.

    Columns stay. `event_source` puts the signs back into the values.
    """
    at = error.problem_mark.index if error.problem_mark else len(text)
    if error.problem == "found unexpected ':'" and text[at : at + 1] == ":":
        return text[:at] + _COLON + text[at + 1 :]
    if error.problem == "found unknown escape character" and text[at : at + 2] == "\\'":
        end = _QUOTED.match(text, at).end()  # type: ignore[union-attr] # it matches nothing, too
        return text[:at] + _ESCAPE.sub(_unslashed, text[at:end]) + text[end:]
    if error.problem == "did not find expected whitespace or line break" and text[at : at + 1] == ",":
        return text[:at] + "x" + text[at + 1 :]  # any letter: it makes the tag an unknown one, as the comma
    return None


def _unslashed(match: re.Match[str]) -> str:
    escape = match.group()
    return f"{_NOTHING}'" if escape == "\\'" else escape
