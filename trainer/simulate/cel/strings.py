"""The functions on strings that Kubernetes adds to CEL.

Follows cel-go's `ext/strings.go` (version 2, as k8s.io/apiserver v1.35 enables it: no `reverse`). The
libraries for math and for base64 are not enabled there.
"""

from __future__ import annotations

import json
import re
from typing import Any

from trainer.patterns import regex
from trainer.simulate.cel.functions import Function
from trainer.simulate.cel.standard import to_string
from trainer.simulate.cel.values import CelError, bounded, kind_of

_SPACE = " \t\n\v\f\r\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)


def _at(text: str, index: int) -> str:
    if not 0 <= index <= len(text):
        raise CelError(f"index out of range: {index}")
    return text[index : index + 1]


def _index_of(text: str, part: str, start: int = 0) -> int:
    if not 0 <= start <= len(text):
        raise CelError(f"index out of range: {start}")
    return text.find(part, start)


def _last_index_of(text: str, part: str, start: int | None = None) -> int:
    if start is None:
        return text.rfind(part)
    if not 0 <= start <= len(text):
        raise CelError(f"index out of range: {start}")
    return text.rfind(part, 0, start + len(part))


def _replace(text: str, old: str, new: str, most: int = -1) -> str:
    found = text.count(old)
    bounded(len(text) + len(new) * (found if most < 0 else min(found, most)))
    return text.replace(old, new, most)


def _split(text: str, mark: str, most: int = -1) -> list[str]:
    if most == 0:
        return []
    if mark == "":
        letters = list(text)
        return (
            letters
            if most < 0 or most >= len(letters)
            else [*letters[: most - 1], "".join(letters[most - 1 :])]
        )
    return text.split(mark, most - 1 if most > 0 else -1)


def _substring(text: str, start: int, end: int | None = None) -> str:
    last = len(text) if end is None else end
    if not 0 <= start <= last <= len(text):
        raise CelError(f"invalid substring range: start: {start}, end: {last}")
    return text[start:last]


def _lower(text: str) -> str:
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def _upper(text: str) -> str:
    return "".join(chr(ord(c) - 32) if "a" <= c <= "z" else c for c in text)


def _join(items: list[Any], mark: str = "") -> str:
    if not all(isinstance(item, str) for item in items):
        raise CelError("no such overload: join")
    bounded(sum(map(len, items)) + len(mark) * len(items))
    return mark.join(items)


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_VERB = regex(r"%(?:\.(\d+))?([a-zA-Z%])")


def _format(pattern: str, values: list[Any]) -> str:
    rest = list(values)

    def verb(match: re.Match[str]) -> str:
        digits, letter = match[1], match[2]
        if letter == "%":
            return "%"
        if not rest:
            raise CelError("index out of range: not enough arguments to format")
        places = int(digits[-9:]) if digits else 6
        bounded(places * len(pattern))
        return _shown(letter, places, rest.pop(0))

    return _VERB.sub(verb, pattern)


def _shown(letter: str, digits: int, value: Any) -> str:
    kind = kind_of(value)
    if letter == "s":
        return _plain(value)
    if letter == "d" and kind in ("int", "uint"):
        return str(int(value))
    if letter in "fe" and kind in ("int", "uint", "double"):
        return f"{float(value):.{digits}{letter}}"
    if letter in "bo" and kind in ("int", "uint", "bool"):
        return f"{int(value):{letter}}"
    if letter in "xX":
        if kind in ("int", "uint"):
            return f"{int(value):{letter}}"
        if kind in ("string", "bytes"):
            shown = (value.encode() if kind == "string" else value).hex()
            return str(shown.upper() if letter == "X" else shown)
    raise CelError(f"error during formatting: %{letter} of a {kind}")


def _plain(value: Any) -> str:
    kind = kind_of(value)
    if kind == "null":
        return "null"
    if kind == "double":
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
    if kind == "list":
        return f"[{', '.join(map(_plain, value))}]"
    if kind == "map":
        return "{" + ", ".join(f"{_plain(key)}: {_plain(value[key])}" for key in sorted(value, key=str)) + "}"
    if kind == "type":
        return str(value.name)
    return to_string(value)


FUNCTIONS = (
    Function("charAt", ("string", "int"), "string", _at),
    Function("indexOf", ("string", "string"), "int", _index_of),
    Function("indexOf", ("string", "string", "int"), "int", _index_of),
    Function("lastIndexOf", ("string", "string"), "int", _last_index_of),
    Function("lastIndexOf", ("string", "string", "int"), "int", _last_index_of),
    Function("lowerAscii", ("string",), "string", _lower),
    Function("upperAscii", ("string",), "string", _upper),
    Function("replace", ("string", "string", "string"), "string", _replace),
    Function("replace", ("string", "string", "string", "int"), "string", _replace),
    Function("split", ("string", "string"), "list(string)", _split),
    Function("split", ("string", "string", "int"), "list(string)", _split),
    Function("substring", ("string", "int"), "string", _substring),
    Function("substring", ("string", "int", "int"), "string", _substring),
    Function("trim", ("string",), "string", lambda text: text.strip(_SPACE)),
    Function("join", ("list(string)",), "string", _join),
    Function("join", ("list(string)", "string"), "string", _join),
    Function("format", ("string", "list(dyn)"), "string", _format),
    Function("strings.quote", ("string",), "string", _quote, member=False),
)
