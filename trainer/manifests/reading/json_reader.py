"""One JSON value after another from a text, with the place of every value, within limits.

kubectl reads a file that begins with `{` as a stream of JSON values (`YAMLOrJSONDecoder` of
k8s.io/apimachinery v1.35), as strictly as Go's `encoding/json`: no comments, no trailing commas.
Numbers become int64 or float64, a later duplicate key wins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from trainer.manifests.limits import MAX_DEPTH, Budget
from trainer.manifests.model import Marks
from trainer.manifests.reading import scalars
from trainer.manifests.reading.builder import Built, Repeated
from trainer.manifests.reading.go_yaml import Refusal
from trainer.patterns import regex
from trainer.safe_text import one_line

_SPACE = regex(r"[ \t\r\n]*")
_TOKEN = regex(
    r'[{}\[\],:]|true|false|null|"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"'
    r"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
)
_ESCAPE = regex(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SURROGATES = regex("[\ud800-\udbff][\udc00-\udfff]")
_LONE = regex("[\ud800-\udfff]")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}


class JSONReader:
    """Reads the values of `text` one by one; `budget` is shared by all documents of a file."""

    def __init__(self, text: str, budget: Budget) -> None:
        self.text = text
        self.budget = budget
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self.at = 0
        self.end = 0
        """Where the last complete value ends: an index into the text."""
        self.marks: Marks = {}
        self.repeated: list[Repeated] = []

    def next(self) -> Built | None:
        """The next value, or None at the end of the text.

        Raises `Refusal` where the text isn't JSON, `AnswerUnreadable` where a limit is exceeded.
        """
        self.at = start = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
        if start == len(self.text):
            return None
        self.marks, self.repeated = {}, []
        value = self._value(*self._token(), 1)
        self.end = self.at
        return Built(value, *self._place(start), start, self.marks, tuple(self.repeated), 0)

    def _value(self, token: str, start: int, depth: int) -> Any:
        budget = self.budget
        budget.nodes += 1
        if budget.nodes > budget.most:
            raise budget.too_many(self._place(start)[0])
        first = token[0]
        if first == '"':
            return self._string(token)
        if first in "{[":
            if depth > MAX_DEPTH:
                raise budget.too_deep(self._place(start)[0])
            return self._object(depth) if first == "{" else self._array(depth)
        if token in _WORDS:
            return _WORDS[token]
        if first in "-0123456789":
            return self._number(token, start)
        raise self._refuse(start, f"a value is missing before `{token}`")

    def _object(self, depth: int) -> dict[str, Any]:
        value: dict[str, Any] = {}
        places: dict[str, tuple[int, int]] = {}
        self.marks[id(value)] = places
        token, start = self._token()
        if token == "}":  # noqa: S105 - a bracket, no password
            return value
        while True:
            if token[0] != '"':
                raise self._refuse(start, f"a key in double quotes is missing before `{one_line(token, 20)}`")
            key, place = self._string(token), self._place(start)
            self._expect(":")
            if key in value:
                self.repeated.append(Repeated(value, key, places[key][0], *place, by_merge=False))
            value[key] = self._value(*self._token(), depth + 1)
            places[key] = place
            if self._expect(",}") == "}":
                return value
            token, start = self._token()

    def _array(self, depth: int) -> list[Any]:
        value: list[Any] = []
        places: list[tuple[int, int]] = []
        self.marks[id(value)] = places
        token, start = self._token()
        if token == "]":  # noqa: S105 - a bracket, no password
            return value
        while True:
            places.append(self._place(start))
            value.append(self._value(token, start, depth + 1))
            if self._expect(",]") == "]":
                return value
            token, start = self._token()

    def _token(self) -> tuple[str, int]:
        start = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
        match = _TOKEN.match(self.text, start)
        if match is None:
            if start == len(self.text):
                raise self._refuse(
                    start, "the JSON ends too early", "Close every `{`, `[` and quotation mark."
                )
            shown = one_line(self.text[start : start + 1])
            raise self._refuse(start, f"not valid JSON at `{shown}`")
        self.at = match.end()
        return match.group(), start

    def _expect(self, wanted: str) -> str:
        token, start = self._token()
        if token not in wanted or len(token) != 1:
            signs = " or ".join(f"`{sign}`" for sign in wanted)
            raise self._refuse(start, f"{signs} is missing before `{one_line(token, 20)}`")
        return token

    def _string(self, token: str) -> str:
        text = token[1:-1]
        if "\\" not in text:
            return text
        text = _ESCAPE.sub(_unescaped, text)
        text = _SURROGATES.sub(
            lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text
        )
        return _LONE.sub("\ufffd", text)

    def _number(self, token: str, start: int) -> Any:
        if not set(token) & set(".eE") and len(token) <= 20:
            number = int(token)
            return number if -(2**63) <= number < 2**63 else float(token)
        try:
            return scalars.to_json(float(token))
        except scalars.BadScalarError:
            raise self._refuse(start, f"the number `{token[:40]}` is out of range") from None

    def _place(self, index: int) -> tuple[int, int]:
        line = bisect_right(self.lines, index)
        return line, index - self.lines[line - 1] + 1

    def _refuse(self, index: int, message: str, remedy: str = "") -> Refusal:
        return Refusal(message, *self._place(index), remedy)


def _unescaped(match: re.Match[str]) -> str:
    code, short = match.groups()
    return chr(int(code, 16)) if code else _SHORT.get(short, short)
