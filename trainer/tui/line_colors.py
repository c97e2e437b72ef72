"""The colors of shell scripts and Dockerfiles, line by line: a line is looked at when it is first shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from trainer.patterns import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Piece = tuple[int, int | None, str]
"""From and until which byte of the line, and the name of the style."""

_SHELL = regex(
    r"""(?P<comment>(?:^|(?<=\s))\#.*)
    |(?P<string>"(?:[^"\\]|\\.)*"?|'[^']*'?)
    |(?P<type>\$(?:\w+|\{[^}]*\}?|[@*\#?$!-]))
    |(?P<keyword>(?<![\w./-])(?:if|then|elif|else|fi|for|in|do|done|while|until|case|esac|function|return|exit
        |set|export|local|sudo)(?![\w./=-]))
    |(?P<option>(?<=\s)--?[A-Za-z][\w-]*)
    |(?P<number>(?<![\w./-])\d+(?![\w./-]))
    |\w+|.""",
    re.VERBOSE,
)
_INSTRUCTION = regex(
    r"\s*(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER"
    r"|VOLUME|WORKDIR)(?!\w)",
    re.IGNORECASE,
)
_STYLES = {"option": "constant.builtin"}


class LineColors(dict[int, list[Piece]]):
    """Row -> the pieces of its line that have a color, made on demand; for Textual's map of highlights."""

    def __init__(
        self, kind: Literal["shell", "dockerfile"], line: Callable[[int], str], longest: int
    ) -> None:
        super().__init__()
        self._kind, self._line, self._longest = kind, line, longest

    def __bool__(self) -> bool:
        """Whether lines have colors: an empty map has made none yet."""
        return True

    def __missing__(self, row: int) -> list[Piece]:
        """The pieces of a row; a very long line has none."""
        line = self._line(row)
        found = [] if len(line) > self._longest else list(pieces(line, self._kind))
        self[row] = found
        return found


def pieces(line: str, kind: Literal["shell", "dockerfile"]) -> Iterator[Piece]:
    """What a line has that gets a color.

    >>> list(pieces("RUN echo $A # b", "dockerfile"))
    [(0, 3, 'keyword'), (9, 11, 'type'), (12, 15, 'comment')]
    """
    start = 0
    if kind == "dockerfile" and (found := _INSTRUCTION.match(line)):
        start = found.end(1)
        yield (_bytes(line, found.start(1)), _bytes(line, start), "keyword")
    for match in _SHELL.finditer(line, start):
        if match.lastgroup:
            name = _STYLES.get(match.lastgroup, match.lastgroup)
            yield (_bytes(line, match.start()), _bytes(line, match.end()), name)


def _bytes(line: str, column: int) -> int:
    return len(line[:column].encode("utf-8", "surrogatepass"))
