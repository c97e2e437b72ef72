"""The tokens of an awk program.

Follows POSIX.1-2024, XCU awk, "Grammar": a slash starts a regular expression where no operand is before it.
"""

from __future__ import annotations

import msgspec

from trainer.errors import NotJudged
from trainer.patterns import regex

KEYWORDS = frozenset(
    "BEGIN END if else while for do break continue next exit delete in print printf getline function func"
    " return nextfile switch".split()
)
_BLANK = regex(r"(?:[ \t\r]|\\\n|#[^\n]*)+")
_TOKEN = regex(
    r"(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>&&|\|\||\+\+|--|[-+*/%^<>!=]=|!~|>>|[-+*/%^<>!=~?:,;(){}\[\]$|\n])"
)
_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    '"': '"',
    "\\": "\\",
    "/": "/",
    "a": "\a",
    "b": "\b",
    "v": "\v",
    "f": "\f",
}


class Token(msgspec.Struct, frozen=True):
    """One token: its kind (`number`, `text`, `regex`, `name`, `call`, `word` or `sign`) and its text."""

    kind: str
    text: str


def tokens_of(program: str) -> list[Token]:
    """All tokens. Raises `NotJudged` for others than those of POSIX."""
    found: list[Token] = []
    at = 0
    while at < len(program):
        blank = _BLANK.match(program, at)
        if blank is not None:
            at = blank.end()
            continue
        if program[at] == '"':
            text, at = unescaped(program, at + 1, '"')
            found.append(Token("text", text))
            continue
        if program[at] == "/" and not _is_operand(found):
            text, at = _pattern(program, at + 1)
            found.append(Token("regex", text))
            continue
        match = _TOKEN.match(program, at)
        if match is None:
            raise NotJudged(f"awk with {program[at : at + 10].strip()}")
        kind = str(match.lastgroup)
        at = match.end()
        if kind == "name":
            kind = "word" if match[0] in KEYWORDS else "call" if program[at : at + 1] == "(" else "name"
        found.append(Token(kind, match[0]))
    return found


def _is_operand(found: list[Token]) -> bool:
    """Whether the last token ends an operand, so that a slash divides it."""
    if not found:
        return False
    last = found[-1]
    return last.kind in ("number", "text", "name", "regex") or last.text in (")", "]", "$", "++", "--")


def unescaped(program: str, at: int, mark: str) -> tuple[str, int]:
    """The text up to a mark, with its escapes read, and the place behind it; no mark means the end."""
    pieces: list[str] = []
    while at < len(program) and (not mark or program[at] != mark):
        char = program[at]
        at += 1
        if char == "\\" and at < len(program):
            octal = _OCTAL.match(program, at)
            if octal is not None:
                pieces.append(chr(int(octal[0], 8) & 255))
                at = octal.end()
                continue
            # awks differ about others; all keep the backslash for a regular expression that follows.
            following = program[at]
            pieces.append(_ESCAPES.get(following, f"\\{following}"))
            at += 1
            continue
        pieces.append(char)
    if mark and at >= len(program):
        raise NotJudged("awk with a text that has no end")
    return "".join(pieces), at + 1


_OCTAL = regex(r"[0-7]{1,3}")


def _pattern(program: str, at: int) -> tuple[str, int]:
    """A regular expression up to its slash; `\\/` is a slash."""
    pieces: list[str] = []
    inside = False
    while at < len(program) and (program[at] != "/" or inside):
        char = program[at]
        at += 1
        if char == "\n":
            break
        if char == "\\" and at < len(program):
            if inside:
                raise NotJudged("awk with a backslash in brackets")
            pieces.append("/" if program[at] == "/" else char + program[at])
            at += 1
            continue
        if char == "[" and not inside:
            inside = True
            for more in ("^", "]"):
                if program.startswith(more, at):
                    char, at = char + more, at + 1
        elif char == "[" and program.startswith(":", at):
            end = program.find(":]", at)
            if end > 0:
                char, at = program[at - 1 : end + 2], end + 2
        elif char == "]":
            inside = False
        pieces.append(char)
    if at >= len(program) or program[at - 1] == "\n":
        raise NotJudged("awk with a regular expression that has no end")
    return "".join(pieces), at + 1
