"""How `${...}` is read: a parameter, its subscript, and what is done to its value.

Follows POSIX.1-2024, XCU 2.6.2, and the section "Parameter Expansion" of bash(1), 5.2. Names by a prefix
(`${!name*}`) are outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from trainer.errors import NotJudged
from trainer.patterns import regex
from trainer.simulate.shell.syntax import Operator, Part, Word

if TYPE_CHECKING:
    from trainer.simulate.shell.lexer import Lexer

_DEEPEST = 5
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[?#$@*!-]")
_LENGTH = regex(r"#(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*])[\[}]")
_INDIRECT = regex(r"!(?:[A-Za-z_]|[0-9])")
_OF_SH = regex(r":?[-=+?]|%%?|##?")
_OF_BASH = regex(r":?[-=+?]|%%?|##?|//|/#|/%|/|:|\^\^?|,,?|@")


def read_braced(lexer: Lexer, *, quoted: bool) -> Part:
    """The expansion whose `${` is next. Raises `NotJudged` for other forms."""
    if lexer.nested >= _DEEPEST:
        raise NotJudged("expansions inside expansions inside expansions")
    start = lexer.at
    lexer.nested += 1
    try:
        return _read(lexer, quoted=quoted)
    except _Other:
        end = lexer.text.find("}", start)
        raise NotJudged(f"the expansion {lexer.text[start : end + 1][:60] or '${'}") from None
    finally:
        lexer.nested -= 1


class _Other(Exception):
    """The expansion has a form that isn't known."""


def _read(lexer: Lexer, *, quoted: bool) -> Part:
    text, at = lexer.text, lexer.at + 2
    prefix = "#" if _LENGTH.match(text, at) else "!" if not lexer.dash and _INDIRECT.match(text, at) else ""
    name = _NAME.match(text, at + len(prefix))
    if name is None:
        raise _Other
    lexer.at = name.end()
    index: Word = ()
    if not lexer.dash and (name[0][0].isalpha() or name[0][0] == "_") and text.startswith("[", lexer.at):
        index = lexer.subscript(lexer.at + 1)
    sign = cast('Literal["", "#", "!"]', prefix)
    if text.startswith("}", lexer.at):
        lexer.at += 1
        if prefix == "#" and name[0] in "@*":
            return Part("variable", "#", quoted=quoted)
        return Part("variable", name[0], quoted=quoted, index=index, prefix=sign)
    match = (_OF_SH if lexer.dash else _OF_BASH).match(text, lexer.at)
    if match is None or prefix == "#" or (prefix == "!" and index):
        raise _Other
    lexer.at = match.end()
    operator = cast("Operator", match[0])
    word, second = _operands(lexer, operator, quoted=quoted)
    return Part(
        "variable",
        name[0],
        quoted=quoted,
        index=index,
        prefix=sign,
        operator=operator,
        word=word,
        second=second,
    )


def _operands(lexer: Lexer, operator: Operator, *, quoted: bool) -> tuple[Word, Word | None]:
    """What follows the operator, up to the brace that closes."""
    values = operator[-1] in "-=+?"
    mark = "/" if operator[0] == "/" else ":" if operator == ":" else ""
    word = _word(lexer, f"}}{mark}", quoted=quoted and values, values=values)
    second = None
    if mark and lexer.text.startswith(mark, lexer.at):
        lexer.at += 1
        second = _word(lexer, "}", quoted=False, values=False)
    if not lexer.text.startswith("}", lexer.at) or (operator in (":", "@") and not word):
        raise _Other
    lexer.at += 1
    return word, second


def _word(lexer: Lexer, ends: str, *, quoted: bool, values: bool) -> Word:
    """A word up to one of these characters. `quoted`: as a text in double quotes; `values`: it is split."""
    parts: list[Part] = []
    while lexer.at < len(lexer.text) and (char := lexer.text[lexer.at]) not in ends:
        if char == "'" and not quoted:
            end = lexer.closed("'", lexer.at + 1)
            parts.append(Part("text", lexer.text[lexer.at + 1 : end], quoted=True))
            lexer.at = end + 1
        elif char == '"':
            lexer.at += 1
            parts += lexer.double_quoted()
        elif char == "\\" and (not quoted or lexer.text[lexer.at + 1 : lexer.at + 2] in {*'$`"\\}', "\n"}):
            parts += lexer.escaped()
        elif char in "$`":
            parts.append(lexer.value(quoted=quoted))
        else:
            parts.append(Part("words" if values and not quoted else "text", char, quoted=quoted))
            lexer.at += 1
    return lexer.joined(parts)
