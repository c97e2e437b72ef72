"""Removes secret values from answers and verdicts: a salted digest replaces each value.

What counts: `data` and `stringData` of Secrets, the keys of an EncryptionConfiguration, the
credentials of a kubeconfig, private keys in PEM, and JSON web tokens; wherever these values occur
again, as written or in base64, they are replaced, too.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from trainer.errors import AnswerUnreadable
from trainer.grading.redact_text import after_ends, broken_lines, replace_in_place
from trainer.manifests.answer import Answer
from trainer.manifests.limits import decode
from trainer.manifests.model import Manifest, Path
from trainer.manifests.reading.parse import Parsed, parse
from trainer.patterns import regex
from trainer.safe_text import clean
from trainer.verdict import CheckResult, Problem, Severity, Verdict

_PEM = regex(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*KEY-----|\Z)", re.DOTALL)
_TOKEN = regex(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")
_TELLING = regex(
    r"stringData|EncryptionConfiguration|client-key-data|kind['\"]?\s*:\s*['\"]?(?:Secret|Config)\b"
)
_CUT = regex(r"\.\.\.|\u2026")
"""What replaces the rest of a value that is too long to be shown whole."""
_LONG_ENOUGH = 6
"""From this number of characters, a secret value is searched in the whole text, not only in its place."""

_USER_FIELDS = frozenset(
    ("token", "password", "client-key-data", "id-token", "refresh-token", "access-token")
)
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def redact_answer(answer: Answer, salt: bytes) -> dict[str, str]:
    """The answer's texts by file name, without secret values. The same value has the same digest."""
    return Redactor(answer, salt).texts


def redact_verdict(verdict: Verdict, answer: Answer, salt: bytes) -> Verdict:
    """The verdict on that answer, without the answer's secret values in its sentences."""
    hidden = Redactor(answer, salt)

    def problem(one: Problem) -> Problem:
        return msgspec.structs.replace(
            one, message=hidden.sentence(one.message), remedy=hidden.sentence(one.remedy)
        )

    return msgspec.structs.replace(
        verdict,
        checks=tuple(hidden.result(check) for check in verdict.checks),
        problems=tuple(problem(one) for one in verdict.problems),
    )


class Hidden:
    """Secret values, and sentences without them."""

    def __init__(self, salt: bytes) -> None:
        self._salt = salt
        self._values: set[str] = set()

    def remember(self, value: str) -> None:
        """Hide a value from now on: as it is, line by line, encoded in base64 and decoded from
        it, and as JSON. An empty value hides nothing."""
        encoded = base64.b64encode(value.encode("utf-8", "replace")).decode()
        forms = {value, clean(value), json.dumps(value)[1:-1], encoded, _decoded(value)}
        self._values |= forms - {""}
        self._values.update(line for line in map(str.strip, value.splitlines()) if len(line) >= _LONG_ENOUGH)

    def remember_object(self, manifest: Manifest) -> None:
        """Hide an object's secret values; its own name and namespace aren't secret."""
        for _, value in secret_values(manifest.data):
            text = "" if value is None else str(value)
            if _decoded(text) not in {manifest.name, manifest.namespace} - {""}:
                self.remember(text)

    def sentence(self, text: str) -> str:
        """A sentence without the secret values, including those that are cut off."""
        for value in self._values:
            if len(value) < _LONG_ENOUGH:
                for mark in ("`", '"'):
                    text = text.replace(f"{mark}{value}{mark}", f"{mark}{self._digest(value)}{mark}")
        return self._cut_off(self._everywhere(text))

    def result(self, check: CheckResult) -> CheckResult:
        """The result of a check, without the secret values in its sentences."""
        return msgspec.structs.replace(
            check,
            reasons=tuple(
                msgspec.structs.replace(one, message=self.sentence(one.message)) for one in check.reasons
            ),
            evidence=tuple(self.sentence(one) for one in check.evidence),
        )

    def _digest(self, value: str) -> str:
        return "redacted-" + hashlib.sha256(self._salt + value.encode("utf-8", "replace")).hexdigest()[:12]

    def _everywhere(self, text: str) -> str:
        text = _PEM.sub(self._found, text)
        text = _TOKEN.sub(self._found, text)
        for value in sorted(self._values, key=len, reverse=True):
            if len(value) >= _LONG_ENOUGH and value in text:
                text = text.replace(value, self._digest(value))
        return text

    def _cut_off(self, text: str) -> str:
        """Long values are shown by their beginning: `MIIEpAIBAAKC...`."""
        for mark in reversed(list(_CUT.finditer(text))):
            found = [(_overlap(text[: mark.start()], value), value) for value in self._values]
            start, value = max(found, default=(0, ""))
            if start:
                text = text[: mark.start() - start] + self._digest(value) + text[mark.start() :]
        return text

    def _found(self, match: re.Match[str]) -> str:
        return self._digest(match.group())


class Redactor(Hidden):
    """Knows an answer's secret values; `texts` are its files without them."""

    def __init__(self, answer: Answer, salt: bytes) -> None:
        super().__init__(salt)
        self.texts: dict[str, str] = {}
        placed = {file.name: self._in_place(file.name, file.data) for file in answer.files}
        for name, text in placed.items():
            self.texts[name] = self._everywhere(text)

    def _in_place(self, name: str, data: bytes) -> str:
        """The file's text with every secret value replaced in place."""
        try:
            text = decode(data, name).replace("\r\n", "\n")
            parsed = parse(text.encode(), name)
        except AnswerUnreadable:
            # NULs are removed, too: in truncated UTF-16 they would hide the telling words.
            text = data.decode("utf-8", "replace").replace("\x00", "").replace("\r\n", "\n")
            return broken_lines(text, 1, self._digest) if _TELLING.search(text) else text
        for document in parsed.documents:
            found = [(path, value) for path, value in secret_values(document.value) if value is not None]
            for _, value in found:
                self.remember(str(value))
            if found:
                text = replace_in_place(text, document, [path for path, _ in found], self._digest)
        if not _TELLING.search(text):
            return text
        if any(problem.severity is Severity.ERROR for problem in parsed.problems):
            text = broken_lines(text, _first_unread(parsed, text), self._digest)
        return after_ends(text, self._digest)


def secret_values(value: Any) -> Iterator[tuple[Path, Any]]:
    """Every secret scalar in a document's value, Lists included, with its path."""
    yield from _search(value, (), _nothing)


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _overlap(text: str, value: str) -> int:
    """How many characters at the end of a text are the beginning of a value; 0 if too few to tell."""
    lengths = range(min(len(text), len(value)), _LONG_ENOUGH - 1, -1)
    return next((length for length in lengths if text.endswith(value[:length])), 0)


Finder = Callable[[Path], bool]


def _nothing(_path: Path) -> bool:
    return False


def _below(start: int, finder: Finder) -> Finder:
    return lambda path: finder(path[start:])


def _search(value: Any, path: Path, is_secret: Finder) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("kind"), str) and value["kind"] in _KINDS:
            is_secret = _below(len(path), _KINDS[value["kind"]])
        for key, item in value.items():
            yield from _search(item, (*path, key), is_secret)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _search(item, (*path, index), is_secret)
    elif is_secret(path):
        yield path, value


_KINDS: dict[str, Finder] = {
    "Secret": lambda path: path[0] in ("data", "stringData") or path[-1] == _LAST_APPLIED,
    "EncryptionConfiguration": lambda path: path[-1] == "secret" or path[-1] == _LAST_APPLIED,
    "Config": lambda path: (
        path[0] == "users" and (path[-1] in _USER_FIELDS or "config" in path or "env" in path)
    ),
}


def _first_unread(parsed: Parsed, text: str) -> int:
    """The 1-based line from which nothing was read: after the last document that was read."""
    lines = text.split("\n")
    start = parsed.documents[-1].line if parsed.documents else 1
    for number in range(start, len(lines)):
        if lines[number].startswith("---"):
            return number + 1
    return start if not parsed.documents else len(lines) + 1
