"""The text of an alert: time, priority, and the output of the rule with the values of its fields.

Follows falcosecurity/falco 0.44 (`userspace/engine/formats.cpp`) and the formatter of falcosecurity/libs
0.25.4 (`eventformatter.cpp`): https://falco.org/docs/concepts/outputs/formatting/. The fields that Falco
appends by itself (`append_output`) are not part of the text.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.detection.checks import compile_check
from trainer.simulate.detection.events import Event
from trainer.simulate.detection.grammar import Check, Field, Mistake, Parser, Transformed, Value

NOTHING = "<NA>"
CONTAINER_INFO = "%container.info"
_LONGEST = 200
"""Characters of a field with its argument that are tried."""
_NAME = "abcdefghijklmnopqrstuvwxyz0123456789_."


class Part(msgspec.Struct, frozen=True):
    """A piece of an output: plain text, or a field with the width that it is cut or filled to."""

    text: str
    value: Value | None = None
    width: int = 0


@lru_cache(maxsize=256)
def parse_output(text: str) -> tuple[Part, ...]:
    """The pieces of an output. Raises `Mistake` as Falco refuses it."""
    text = text.replace(CONTAINER_INFO, "").removeprefix("*")
    if not text:
        raise Mistake("empty formatting token", 0)
    parts: list[Part] = []
    at = 0
    while (sign := text.find("%", at)) >= 0:
        if sign > at:
            parts.append(Part(text[at:sign]))
        at = start = sign + 1
        if at == len(text):
            raise Mistake("invalid formatting syntax: formatting cannot end with a %", sign)
        while text[at : at + 1].isdigit():
            at += 1
        if at == len(text):
            raise Mistake("invalid formatting syntax: formatting cannot end with a number", sign)
        width = int(text[start:at][:4] or 0)
        value, end = _field(text, at)
        parts.append(Part(text[at:end], value, width))
        at = end
    if at < len(text):
        parts.append(Part(text[at:]))
    return tuple(parts)


def _field(text: str, at: int) -> tuple[Value, int]:
    """The longest field or transformer here, as Falco finds it: by cutting what follows until it fits."""
    word = text[at : at + _LONGEST]
    parser = Parser(word)
    try:
        whole = parser.field_or_transformer()
    except Mistake:
        whole = None
    length = parser.at if whole is not None else len(word)
    for end in range(length, 0, -1):
        if (value := _known(word[:end])) is not None:
            return value, at + end
    name = word[: len(word) - len(word.lstrip(_NAME))].rstrip(".")
    raise Mistake(f"unknown filter: %{name} isn't a field", at)


def _known(text: str) -> Value | None:
    """The field that the whole text is; None if it isn't one."""
    parser = Parser(text)
    try:
        value = parser.field_or_transformer()
        if value is None or parser.at < len(text):
            return None
        compile_check(Check(value, "exists", (), 0, 0))
    except Mistake:
        return None
    return value


def output_fields(text: str) -> tuple[str, ...]:
    """The fields that an output shows, as they are written; those inside a transformer too."""
    found = []
    for part in parse_output(text):
        value = part.value
        while isinstance(value, Transformed):
            value = value.inner
        if value is not None:
            found.append(str(value))
    return tuple(found)


def alert_text(event: Event, priority: str, output: str) -> str:
    """What Falco prints for an event: `08:03:12.123456789: Warning ...`; unset fields are `<NA>`."""
    time = shown(event, Field("evt.time", None, 0))
    message = "".join(_filled(event, part) for part in parse_output(output))
    return f"{time}: {priority} {message}"


def _filled(event: Event, part: Part) -> str:
    if part.value is None:
        return part.text
    text = shown(event, part.value)
    return text[: part.width].ljust(part.width) if part.width else text


def shown(event: Event, value: Value) -> str:
    """The value of a field as Falco prints it."""
    compiled = compile_check(Check(value, "exists", (), 0, 0))
    try:
        found = compiled.read(event)
    except NotJudged:
        return f"<{value}>"
    return printed(found)


def printed(value: Any) -> str:
    """A value in words."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
