"""Sentences without secrets: what is known to be secret is replaced wherever a sentence shows it.

A value is known in all the forms in which messages show it: as written, as read, line by line, in base64,
as JSON, cut off at its end. Long ones are found anywhere, short ones only where they are quoted.
"""

from __future__ import annotations

import base64
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import TypeVar

import msgspec

from trainer.errors import TrainerError
from trainer.grading.redact_text import REDACTED, Found, redact_text
from trainer.grading.secret_words import decoded, without_shaped
from trainer.manifests.answer import holds_manifests
from trainer.manifests.model import Manifest
from trainer.manifests.reading.scalars import BadScalarError, key_text, resolve
from trainer.patterns import regex
from trainer.safe_text import clean, one_line
from trainer.verdict import CheckResult, Location, Problem, Reason, Refusal, Verdict

LONG_ENOUGH = 6
"""From this number of characters, a secret is found anywhere in a sentence, not only as a whole in quotes."""

_CUT = regex(r"\.\.\.|\u2026")
"""What replaces the rest of a value that is too long to be shown whole."""
_QUOTES = (regex(r"`([^`]+)`"), regex(r"\"([^\"]+)\""), regex(r"'([^']+)'"))
_WORD = regex(r"[^\s\"'`,;:=(){}\[\]<>|&!*#]+")
_COMMON = frozenset(
    "true false null yes no on off none default password username token secret secrets opaque data stringdata"
    f" {REDACTED.lower()} kubernetes kube-system string binary timestamp begin end private public"
    " certificate encrypted openssh".split()
)
_MOST_REPLACED = 64
"""Up to this many values are searched one by one: that is quicker for few."""

T = TypeVar("T")
E = TypeVar("E", bound=TrainerError)


class Hidden:
    """Secret values, and whatever is said without them."""

    def __init__(self) -> None:
        self._values: set[str] = set()
        self._words: set[str] = set()
        self._said: set[str] = set()
        """Words that the same output shows anyway, so that hiding them hides nothing."""
        self._public: set[str] = set()
        self._doubtful: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._values or self._words or self._doubtful)

    def add(self, found: Found) -> None:
        """Hide what was found in a text."""
        self._public.update(value.strip() for value in found.public)
        for value in found.secrets:
            self.remember(value)
        self._doubtful.update(value.strip() for value in found.doubtful)
        for text in found.unread:
            words = {word for word in _WORD.findall(text) if len(word) > 2}
            self._words |= words
            self._values.update(word for word in words if not _is_ordinary(word) and _is_random(word))
        self.__dict__.pop("_index", None)

    def add_all(self, texts: Mapping[str, str]) -> None:
        """Hide what is secret in texts by file name."""
        for name, text in texts.items():
            self.add(redact_text(text, is_manifest=holds_manifests(name)))

    def remember(self, value: str) -> None:
        """Hide a value from now on, in every form. An empty value and a common word hide nothing."""
        for form in _forms(value):
            if form and not _is_common(form):
                self._values.add(form)
        self.__dict__.pop("_index", None)

    def remember_object(self, manifest: Manifest) -> None:
        """Hide the secrets of an object of a cluster; its own name and namespace aren't secret."""
        import json  # few answers have secrets

        self.add(redact_text(json.dumps(manifest.data, default=str), is_manifest=True))

    def sentence(self, text: str) -> str:
        """A sentence without the secrets, including those that are cut off."""
        if not text:
            return text
        text = without_shaped(text, REDACTED)
        if not self:
            return text
        text = _WORD.sub(self._short_word, self.everywhere(text))
        for quotes in _QUOTES:
            text = quotes.sub(self._quoted, text)
        return self._cut_off(text)

    def everywhere(self, text: str) -> str:
        """A text without the long secrets, wherever they are in it."""
        long = self._index.long
        if len(long) <= _MOST_REPLACED:
            for value in long:
                if value in text:
                    text = text.replace(value, REDACTED)
            return text
        return "".join(self._index.replaced(text))

    def told(self, value: T) -> T:
        """Plain data (mappings, lists, strings) with every string as a sentence without secrets; keys too."""
        if isinstance(value, str):
            return self.sentence(value)  # type: ignore[return-value]
        if isinstance(value, dict):
            return {self.told(key): self.told(item) for key, item in value.items()}  # type: ignore[return-value]
        if isinstance(value, list | tuple):
            return type(value)(self.told(item) for item in value)
        return value

    def location(self, place: Location | None) -> Location | None:
        """A place; its path may have a key that is a secret."""
        return place and msgspec.structs.replace(place, path=self.sentence(place.path))

    def problem(self, one: Problem) -> Problem:
        """A problem without secrets."""
        return Problem(
            self.sentence(one.message), one.severity, self.location(one.location), self.sentence(one.remedy)
        )

    def reason(self, one: Reason) -> Reason:
        """A reason without secrets."""
        return Reason(self.sentence(one.message), self.location(one.location))

    def result(self, check: CheckResult) -> CheckResult:
        """The result of a check without secrets; what the card says stays."""
        return msgspec.structs.replace(
            check,
            reasons=tuple(map(self.reason, check.reasons)),
            evidence=tuple(map(self.sentence, check.evidence)),
        )

    def verdict(self, verdict: Verdict) -> Verdict:
        """A verdict without secrets; status and points stay.

        What its checks say is the card's: a word of it that is also in a document that can't be read stays.
        """
        self._said = {word for check in verdict.checks for word in _WORD.findall(check.says)}
        return msgspec.structs.replace(
            verdict,
            checks=tuple(map(self.result, verdict.checks)),
            problems=tuple(map(self.problem, verdict.problems)),
            refused=tuple(Refusal(self.sentence(one.document), one.counts) for one in verdict.refused),
        )

    def error(self, error: E) -> E:
        """The error itself; its words have no secret any more."""
        error.message, error.remedy = self.sentence(error.message), self.sentence(error.remedy)
        error.args = (error.message,)
        return error

    def _short_word(self, match: re.Match[str]) -> str:
        word = match.group()
        stripped = word.rstrip(".?-/")
        if len(stripped) >= LONG_ENOUGH or stripped not in self._index.short or not _is_mixed(stripped):
            return word
        return REDACTED + word[len(stripped) :]

    def _quoted(self, match: re.Match[str]) -> str:
        inside = match[1]
        if inside in self._index.short:
            return match.group().replace(inside, REDACTED)
        if (
            self._words
            and " " not in inside
            and any(
                word in self._words - self._said and not _is_common(word) and word not in _field_names()
                for word in _WORD.findall(inside)
            )
        ):
            return match.group().replace(inside, REDACTED)
        return match.group()

    def _cut_off(self, text: str) -> str:
        """Long values are shown by their beginning: `MIIEpAIBAAKC...`."""
        for mark in reversed(list(_CUT.finditer(text))):
            before = text[: mark.start()]
            start = self._index.begun(before)
            if start < len(before):
                text = before[:start] + REDACTED + text[mark.start() :]
        return text

    @cached_property
    def _index(self) -> _Index:
        doubtful = {
            value
            for value in self._doubtful - self._public
            if len(value) >= LONG_ENOUGH and not _is_ordinary(value)
        }
        return _Index(self._values | doubtful)


class _Index:
    """Values by their beginnings: a text is searched for all of them in one pass."""

    def __init__(self, values: Iterable[str]) -> None:
        self.short = {value for value in values if len(value) < LONG_ENOUGH}
        self.long = sorted(set(values) - self.short, key=len, reverse=True)
        self._sorted = sorted(self.long)
        self._lengths: dict[str, list[int]] = {}
        lengths: dict[str, set[int]] = {}
        for value in self.long:
            lengths.setdefault(value[:LONG_ENOUGH], set()).add(len(value))
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}
        self._all = frozenset(self.long)

    def replaced(self, text: str) -> Iterator[str]:
        """The text in pieces, with `REDACTED` for each value."""
        done = at = 0
        end = len(text) - LONG_ENOUGH
        while at <= end:
            lengths = self._lengths.get(text[at : at + LONG_ENOUGH])
            if lengths is not None and (length := self._matched(text, at, lengths)):
                yield text[done:at]
                yield REDACTED
                at = done = at + length
            else:
                at += 1
        yield text[done:]

    def _matched(self, text: str, at: int, lengths: list[int]) -> int:
        if len(lengths) > _MOST_REPLACED:  # too many to try each: the beginning is enough
            word = _WORD.match(text, at)
            return max(word.end() - at if word else 0, LONG_ENOUGH)
        return next((one for one in lengths if text[at : at + one] in self._all), 0)

    def begun(self, text: str) -> int:
        """Where the beginning of a value starts that a text ends with; its length if there isn't any."""
        longest = len(self.long[0]) if self.long else 0
        for start in range(max(0, len(text) - longest), len(text) - LONG_ENOUGH + 1):
            if text[start : start + LONG_ENOUGH] in self._lengths:
                end = text[start:]
                place = bisect_left(self._sorted, end)
                if place < len(self._sorted) and self._sorted[place].startswith(end):
                    return start
        return len(text)


def _forms(value: str) -> Iterator[str]:
    import json

    stripped = value.strip()
    for one in {value, stripped}:
        yield from (one, one.lower(), clean(one), one_line(one), repr(one)[1:-1])
        yield from (json.dumps(one)[1:-1], json.dumps(one, ensure_ascii=False)[1:-1])
        yield base64.b64encode(one.encode("utf-8", "replace")).decode()
    yield " ".join(value.split())
    plain = decoded(value)
    lines = [*value.splitlines(), *plain.splitlines(), plain]
    yield from (line for line in map(str.strip, lines) if len(line) >= LONG_ENOUGH or line == plain)
    for word in _WORD.findall(f"{value} {plain}"):
        if not _is_ordinary(word):
            yield from (word, word.lower())
    try:
        yield key_text(resolve(stripped))
    except (BadScalarError, ValueError):
        return


def _is_ordinary(word: str) -> bool:
    """Whether a word could be one of a sentence's own, so that it isn't hidden without its surroundings."""
    return (
        len(word) < LONG_ENOUGH or (word.isalpha() and (word.islower() or word.istitle())) or _is_common(word)
    )


def _is_mixed(word: str) -> bool:
    """Whether a short word is neither an ordinary one nor a number: `s3cr`."""
    return len(word) > 2 and any(c.isalpha() for c in word) and any(not c.islower() for c in word[1:])


def _is_random(word: str) -> bool:
    """Whether a word has digits or capitals as random ones have; versions and addresses don't count."""
    return any(c.isdigit() or c.isupper() for c in word) and not all(c.isdigit() or c in ".v/-" for c in word)


def _is_common(value: str) -> bool:
    return value.casefold() in _COMMON or value in _field_names()


@cache
def _field_names() -> frozenset[str]:
    """The names of the API's fields, and its kinds: they are in every message, and no secret."""
    from trainer.manifests.schema.data import schema_for
    from trainer.versions import DEFAULT

    schema = schema_for(DEFAULT)
    return schema.field_names | {kind.rpartition(" ")[2] for kind in schema.kinds}
