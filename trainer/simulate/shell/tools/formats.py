"""What `printf` makes of its format: of the program, of the shell, and of awk.

Follows POSIX.1-2024, XBD chapter 5 (File Format Notation) and XCU `printf`; for `%q` and `%b` bash(1),
5.2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from trainer.errors import NotJudged
from trainer.patterns import regex

MOST_WIDTH = 2000
_SPEC = regex(r"%(?:%|([-+ 0#]*)(\*|[0-9]{0,4})(?:\.(\*|[0-9]{0,4}))?([a-zA-Z]))")
_ESCAPE = regex(r"\\(x[0-9A-Fa-f]{1,2}|0?[0-7]{1,3}|.)", re.DOTALL)
_CONTROLS = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "\\": "\\",
    '"': '"',
    "'": "'",
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
}
_CONTROLS |= {"f": "\f", "v": "\v"}


class Spec(msgspec.Struct, frozen=True):
    """One conversion: `%-10s` has the flags `-`, the width `10` and the letter `s`; `*` takes an argument."""

    flags: str
    width: str
    precision: str | None
    letter: str


def unescaped(text: str) -> str:
    """A format with its escapes read. Raises `NotJudged` for rare ones."""
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] == "x" and len(code) > 1:
        return chr(int(code[1:], 16))
    if code.isdecimal():
        return chr(int(code, 8) & 255)
    if code not in _CONTROLS:
        raise NotJudged(f"\\{code} in a format of printf")
    return _CONTROLS[code]


def pieces(form: str) -> list[str | Spec]:
    """A format as texts and conversions. Raises `NotJudged` for a conversion that isn't known."""
    found: list[str | Spec] = []
    at = 0
    while at < len(form):
        end = form.find("%", at)
        if end < 0:
            return [*found, form[at:]]
        match = _SPEC.match(form, end)
        if match is None:
            raise NotJudged(f"the format {form[end : end + 10]} of printf")
        found.append(form[at:end])
        found.append("%" if match[0] == "%%" else Spec(match[1], match[2], match[3], match[4]))
        at = match.end()
    return found


def filled(
    parts: Sequence[str | Spec], take: Callable[[], str], one: Callable[[Spec, str], str]
) -> Iterator[str]:
    """The texts of a format; `take` gives the next argument, `one` converts it."""
    for part in parts:
        if isinstance(part, str):
            yield part
            continue
        width, precision = part.width, part.precision
        if width == "*":
            width = take()
            if width.startswith("-"):
                part, width = msgspec.structs.replace(part, flags=part.flags + "-"), width[1:]  # noqa: PLW2901
        if precision == "*":
            precision = take()
        spec = msgspec.structs.replace(part, width=width, precision=precision)
        if any(
            text and (not text.isdecimal() or int(text) > MOST_WIDTH) for text in (width, precision or "")
        ):
            raise NotJudged("a width of printf")
        yield one(spec, take())


def padded(spec: Spec, text: str) -> str:
    """A text with its precision and its width."""
    if spec.precision is not None:
        text = text[: int(spec.precision or 0)]
    return text.ljust(int(spec.width or 0)) if "-" in spec.flags else text.rjust(int(spec.width or 0))


def numbered(spec: Spec, value: float) -> str:
    """A number as `d`, `i`, `u`, `x`, `X`, `o`, `e`, `f`, `g`, and their like in capitals."""
    letter = {"i": "d", "u": "d"}.get(spec.letter, spec.letter)
    if letter not in "dxXoeEfFgG":
        raise NotJudged(f"%{spec.letter} of printf")
    flags = spec.flags if letter in "eEfFgG" or spec.precision is None else spec.flags.replace("0", "")
    precision = "" if spec.precision is None else f".{spec.precision or 0}"
    if letter in "dxXo":
        if letter != "d" and value < 0:
            raise NotJudged(f"%{spec.letter} of a negative number")
        return str(f"%{flags}{spec.width}{precision}{letter}" % int(value))
    return str(f"%{flags}{spec.width}{precision}{letter}" % value)


def of_shell(form: str, values: Sequence[str]) -> str:
    """What `printf` of a shell, or the program, writes: the format again while there are arguments.

    Raises `NotJudged` for conversions and numbers that aren't known.
    """
    parts = pieces(unescaped(form))
    rest = list(values)[::-1]
    takes = any(isinstance(part, Spec) for part in parts)
    found: list[str] = []
    while True:
        found += filled(parts, lambda: rest.pop() if rest else "", _converted)
        if not rest or not takes:
            return "".join(found)


def _converted(spec: Spec, value: str) -> str:
    match spec.letter:
        case "s":
            return padded(spec, value)
        case "b":
            if "\\c" in value:
                raise NotJudged("\\c in %b of printf")
            return padded(spec, unescaped(value))
        case "c":
            return padded(spec, value[:1])
        case "q" if re.fullmatch(r"[A-Za-z0-9_./:@%+=-]+", value) or not value:
            return padded(spec, value or "''")
        case "q" if value.isprintable() and value.isascii():
            return padded(spec, re.sub(r"([^A-Za-z0-9_./:@%+=-])", r"\\\1", value))
    return numbered(spec, _number(spec, value))


def _number(spec: Spec, value: str) -> float:
    text = value.strip()
    if not text:
        return 0
    if len(text) > 1 and text[0] in "'\"":
        return ord(text[1])
    try:
        if spec.letter in "eEfFgG":
            return float(text)
        digits = text.lstrip("+-")
        octal = digits[:1] == "0" and digits.isdecimal()
        return int(text, 8 if octal else 16 if digits[:2].lower() == "0x" else 10)
    except ValueError:
        raise NotJudged(f"printf of {value} as a number") from None
