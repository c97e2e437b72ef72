"""YAML and JSON bytes to documents with positions, as kubectl 1.35 would read them, within limits.

kubectl cuts a file at its `---` lines and reads of each piece the first document
(`YAMLReader` and `YAMLOrJSONDecoder` of k8s.io/apimachinery v1.35); an error ends the file, but
the documents before it count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec

from trainer.manifests.limits import MAX_NODES, Budget, decode
from trainer.manifests.model import Document, Path, path_text
from trainer.manifests.reading.builder import Built, Repeated, build
from trainer.manifests.reading.go_yaml import Refusal
from trainer.manifests.reading.libyaml import yaml
from trainer.patterns import regex
from trainer.safe_text import one_line
from trainer.verdict import Location, Problem, Severity

_SEPARATOR = regex(r"^---(.*)$", re.MULTILINE)
_REFUSED_IN_ASCII = regex("[^\t\n\r\x20-\x7e]")
_REFUSED_CHARACTER = regex("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAX_WARNINGS = 50
SMALL = 64 * 1024
"""Bytes of a file whose result is kept: grading, rules and redaction read the same answer in turn."""
_GAP = regex(r"[ \t\r]*\n?")
_JSON_SPACE = " \t\n\v\f\r\x85\xa0"


class Parsed(msgspec.Struct, frozen=True, eq=False):
    """The documents of one file, and what was wrong with it.

    A YAML error is a problem of severity error; the documents before it are still there, those
    after it are not (as with kubectl). A duplicate key is a warning: the last value counts.
    """

    file: str
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...] = ()


def parse(data: bytes, file: str, most: int = MAX_NODES) -> Parsed:
    """Parse one file, of `most` values. Raises `AnswerUnreadable` for what is over a limit or not decodable.

    Empty documents (nothing, only comments, null) are left out. `Document.comment` has the
    comment lines before the document's first value. The result of a small file is kept and given
    again for the same bytes: nobody changes the values of a document, `with_data` replaces them.
    """
    return _kept(data, file) if len(data) <= SMALL else _parse(data, file, most)


@lru_cache(maxsize=8)
def _kept(data: bytes, file: str) -> Parsed:
    return _parse(data, file, MAX_NODES)


def _parse(data: bytes, file: str, most: int) -> Parsed:
    text = decode(data, file)
    budget = Budget(file, most)
    reader = _FileReader(file, text, budget)
    if text.lstrip(_JSON_SPACE)[:1] == "{":
        reader.read_json()
    else:
        reader.read_yaml(reader.pieces(text, 1))
    return Parsed(file, tuple(reader.documents), tuple(reader.problems))


class _FileReader:
    def __init__(self, file: str, text: str, budget: Budget) -> None:
        self.file = file
        self.text = text
        self.budget = budget
        self.documents: list[Document] = []
        self.problems: list[Problem] = []

    def read_yaml(self, pieces: Iterable[tuple[str, int]]) -> None:
        """Read the pieces, each with its 1-based first line, one by one."""
        comment = ""
        for piece, first_line in pieces:
            try:
                self._check_characters(piece, first_line)
                built = build(piece, self.budget, first_line)
            except Refusal as refusal:
                self._error(refusal.message, refusal.line, refusal.column, refusal.remedy)
                return
            except yaml.YAMLError as error:
                self._yaml_error(error, first_line)
                return
            comment += _comment(piece[: built.start] if built else piece)
            if built is not None:
                self._add(built, comment.rstrip("\n"))
                if built.value is not None:
                    comment = ""

    def read_json(self) -> None:
        """Read the text as a stream of JSON values; what follows the first may also be YAML."""
        from trainer.manifests.reading.json_reader import JSONReader

        reader = JSONReader(self.text, self.budget)
        read = 0
        try:
            while (built := reader.next()) is not None:
                self._add(built, "")
                read += 1
        except Refusal as refusal:
            problems = len(self.problems)
            if read <= 1:  # kubectl tries YAML then, which also reads `{kind: Pod}`
                gap = _GAP.match(self.text, reader.end)
                rest = gap.end() if gap else reader.end
                line = self.text.count("\n", 0, rest) + 1
                documents = len(self.documents)
                self.read_yaml(self.pieces(self.text[rest:], line))
                if len(self.documents) > documents or not _quoted_key(self.text):
                    return
            del self.problems[problems:]
            self._error(refusal.message, refusal.line, refusal.column, refusal.remedy, language="JSON")

    def pieces(self, text: str, line: int) -> Iterator[tuple[str, int]]:
        """The pieces between the `---` lines, each with its 1-based first line.

        A `---` with nothing before it stays in its piece, as with kubectl.
        """
        start = 0
        for match in _SEPARATOR.finditer(text) if text.startswith("---") or "\n---" in text else ():
            behind = match.group(1).strip()
            separator = line + text.count("\n", start, match.start())
            if match.start() > start:
                yield text[start : match.start()], line
                line, start = separator + 1, match.end() + 1
            self.budget.document(separator)
            if behind and not behind.startswith("#"):
                message = f"`{one_line(behind, 40)}` is on the line of the separator `---`"
                self._error(message, separator, 1, "Put what follows `---` on a line of its own.")
                return
        if start < len(text):
            # kubectl reads line by line and ends each: a last `|` scalar gets its newline
            yield text[start:] if text.endswith("\n") else f"{text[start:]}\n", line

    def _check_characters(self, piece: str, first_line: int) -> None:
        # All of Unicode takes milliseconds to compile; most texts don't need it.
        refused = _REFUSED_IN_ASCII if piece.isascii() else _REFUSED_CHARACTER
        if (match := refused.search(piece)) is None:
            return
        before = piece[: match.start()]
        raise Refusal(
            f"the control character `{one_line(match.group())}` is not allowed",
            first_line + before.count("\n"),
            match.start() - before.rfind("\n"),
            "Delete it; control characters often come with text pasted from a terminal.",
        )

    def _yaml_error(self, error: yaml.YAMLError, first_line: int) -> None:
        if not isinstance(error, yaml.MarkedYAMLError) or not (
            mark := error.problem_mark or error.context_mark
        ):
            self._error(str(getattr(error, "reason", error)), first_line, 1, "")
            return
        from trainer.manifests.reading.yaml_errors import remedy

        problem = error.problem or error.context or "not readable"
        line = mark.line + first_line
        self._error(problem, line, mark.column + 1, remedy(problem, self.text.split("\n"), line))

    def _error(self, message: str, line: int, column: int, remedy: str, language: str = "YAML") -> None:
        place = Location(self.file, line, column)
        self.problems.append(Problem(f"not valid {language}: {message}", Severity.ERROR, place, remedy))

    def _add(self, built: Built, comment: str) -> None:
        if built.value is None:
            return
        document = Document(built.value, self.file, built.line, built.column, built.marks, comment)
        if built.repeated:
            found = tuple(_repetitions(document, built.repeated))
            document = msgspec.structs.replace(document, repeated=found)
            self.problems += found
        self.documents.append(document)
        if built.rest:
            self.problems.append(
                Problem(
                    "kubectl does not read what follows this document here",
                    Severity.WARNING,
                    Location(self.file, built.rest, 1),
                    "Begin every line of the document in the column of its first."
                    if built.column > 1
                    else "Begin a further document with a line `---`.",
                )
            )


def _repetitions(document: Document, repeated: Sequence[Repeated]) -> Iterator[Problem]:
    """Warnings for keys that are set twice, up to `_MAX_WARNINGS`."""
    paths = _container_paths(document.value) if repeated else {}
    for one in repeated[:_MAX_WARNINGS]:
        path = (*paths.get(id(one.container), ()), one.key)
        place = Location(document.file, one.line, one.column, path_text(path))
        key = one_line(one.key, 40)
        if one.by_merge:
            message = f"the merge key overrides `{key}` of line {one.first}"
            remedy = "Write `<<` before the keys that are to win over it."
        else:
            message = f"`{key}` is set twice, on lines {one.first} and {one.line}; the last one counts"
            remedy = "Keep one of the two."
        yield Problem(message, Severity.WARNING, place, remedy)


def _container_paths(root: object) -> dict[int, Path]:
    """The path of every container below `root`, by `id()`."""
    paths: dict[int, Path] = {}
    waiting: list[tuple[object, Path]] = [(root, ())]
    while waiting:
        node, path = waiting.pop()
        paths[id(node)] = path
        steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        waiting += [(child, (*path, step)) for step, child in steps if isinstance(child, dict | list)]
    return paths


def _quoted_key(text: str) -> bool:
    """Whether a text that begins with `{` goes on as JSON does: with a double quote."""
    return text.lstrip(_JSON_SPACE)[1:].lstrip(_JSON_SPACE)[:1] == '"'


def _comment(text: str) -> str:
    """The comment lines of `text`, each ended by a newline."""
    if "#" not in text:
        return ""
    lines = (line.strip() for line in text.split("\n"))
    return "".join(f"{line}\n" for line in lines if line.startswith("#"))
