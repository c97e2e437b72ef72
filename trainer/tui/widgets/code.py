"""Colored code in texts: YAML, shell scripts and Dockerfiles, in the colors of the editor's theme.

The colors are variables that the app takes from the theme (`themes.code_variables`), so another theme
recolors texts that are already shown. Reads line by line: a block scalar is a string, a line that isn't
YAML has no colors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.patterns import regex
from trainer.tui.keystrokes import language_of
from trainer.tui.line_colors import pieces
from trainer.tui.text import literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content

LONGEST = 1_000
"""Characters of a line that gets colors."""

_VARIABLES = {
    "yaml.field": "bold $code-key",
    "keyword": "bold $code-keyword",
    "string": "$code-string",
    "number": "$code-number",
    "constant.builtin": "$code-constant",
    "type": "$code-type",
    "comment": "italic $code-comment",
}

_KEY = regex(r"""\s*(?:-\s+)*((?:"[^"]*"|'[^']*'|[^\s#'"\[\]{}:,-][^:#]*|-[^\s:#][^:#]*)):(?=\s|$)""")
_BLOCK = regex(r"(?:^|[:-])\s+[|>][-+0-9]*\s*(?:#.*)?$")
_VALUE = regex(
    r"""(?P<comment>(?:^|(?<=\s))\#.*)|(?P<string>"(?:[^"\\]|\\.)*"?|'[^']*'?)|[\[\]{},]|(?P<word>[^\s\[\]{},"']+)"""
)
_NUMBER = regex(r"[-+]?\d[\d_]*(?:\.\d+)?")
_CONSTANTS = frozenset("true false null ~ True False Null yes no on off".split())


def code_lines(text: str, name: str = "it.yaml") -> list[Content]:
    """The lines of a text, colored as the file of this name is in the editor."""
    language = language_of(name, text)
    lines = text.rstrip("\n").split("\n")
    if language in ("yaml", "json"):
        return _yaml_lines(lines)
    if language in ("shell", "dockerfile"):
        return [_painted(line, _script_pieces(line, language)) for line in lines]
    return [literal(line) for line in lines]


def _painted(line: str, found: Iterator[tuple[int, int, str]]) -> Content:
    """A line with colors; control characters stand for themselves only if that keeps all columns."""
    content = literal(line)
    if len(line) > LONGEST or content.plain != line:
        return content
    for start, end, style in found:
        content = content.stylize(_VARIABLES.get(style, ""), start, end)
    return content


def _script_pieces(line: str, language: str) -> Iterator[tuple[int, int, str]]:
    data = line.encode("utf-8", "surrogatepass")
    for start, end, style in pieces(line, "dockerfile" if language == "dockerfile" else "shell"):
        begin = len(data[:start].decode("utf-8", "surrogatepass"))
        yield begin, begin + len(data[start:end].decode("utf-8", "surrogatepass")), style


def _yaml_lines(lines: list[str]) -> list[Content]:
    found = []
    block = -1  # the indentation of the key of the block scalar in which the line is
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        if block >= 0 and (not line.strip() or indent > block):
            found.append(_painted(line, iter([(0, len(line), "string")])))
            continue
        found.append(_painted(line, _yaml_pieces(line)))
        block = indent if len(line) <= LONGEST and _BLOCK.search(line) else -1
    return found


def _yaml_pieces(line: str) -> Iterator[tuple[int, int, str]]:
    start = 0
    key = _KEY.match(line)
    if key:
        yield key.start(1), key.end(1), "yaml.field"
        start = key.end()
    for match in _VALUE.finditer(line, start):
        word = match["word"]
        if word is None:
            if match.lastgroup:
                yield match.start(), match.end(), match.lastgroup
            continue
        if word.endswith(":") and len(word) > 1:
            yield match.start(), match.end() - 1, "yaml.field"
        elif word in _CONSTANTS:
            yield match.start(), match.end(), "constant.builtin"
        elif _NUMBER.fullmatch(word):
            yield match.start(), match.end(), "number"
        elif word not in ("-", "---", "|", ">", "..."):
            yield match.start(), match.end(), "string"
