"""The conditions of bash between `[[` and `]]`: how they are read, and whether they hold.

Follows the section "Compound Commands" of bash(1), 5.2: neither fields nor file names are made of words, what
is behind `==` and `!=` is a pattern, and behind `=~` a regular expression, in both of which quoted characters
stand for themselves. `<` and `>`, which compare by the locale, are outside.
"""

from __future__ import annotations

from typing import Protocol

from trainer.errors import NotJudged
from trainer.simulate.shell import globs
from trainer.simulate.shell.assignments import Array, Value
from trainer.simulate.shell.expand import Words
from trainer.simulate.shell.lexer import Lexer, Malformed, Token
from trainer.simulate.shell.process import Call, Host
from trainer.simulate.shell.syntax import Condition
from trainer.simulate.shell.tools import conditions
from trainer.simulate.shell.tools.expressions import compiled, translated

UNARY = frozenset(f"-{letter}" for letter in "bcdefghLnprsStuvwxzO")
"""Operators of `[[` with one word."""
BINARY = frozenset({"=", "==", "!=", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"})
"""Those with two."""
_DEEPEST = 12


class Running(Protocol):
    """The shell that asks."""

    host: Host
    variables: dict[str, Value | None]
    words: Words


def read_test(lexer: Lexer, line: int, depth: int = 0) -> Condition:
    """The condition from here on, up to `]]` or `)`. `line`: where its command starts."""
    if depth > _DEEPEST:
        raise NotJudged("conditions inside conditions inside conditions")
    found = _all(lexer, line, depth)
    while _takes(lexer, "||"):
        found = Condition("||", tests=(found, _all(lexer, line, depth)), line=line)
    return found


def _all(lexer: Lexer, line: int, depth: int) -> Condition:
    found = _one(lexer, line, depth)
    while _takes(lexer, "&&"):
        found = Condition("&&", tests=(found, _one(lexer, line, depth)), line=line)
    return found


def _takes(lexer: Lexer, text: str) -> bool:
    """Take this operator, if it is the next one, and the line breaks around it."""
    _skip(lexer)
    if lexer.peek().text != text:
        return False
    lexer.take()
    _skip(lexer)
    return True


def _skip(lexer: Lexer) -> None:
    while lexer.peek().text == "\n":
        lexer.take()


def _one(lexer: Lexer, line: int, depth: int) -> Condition:
    _skip(lexer)
    first, start = lexer.take(), lexer.start
    if first.text == "!" and first.kind == "word":
        return Condition("!", tests=(_one(lexer, line, depth + 1),), line=line)
    if first.text == "(":
        found = read_test(lexer, line, depth + 1)
        if not _takes(lexer, ")"):
            raise Malformed("`(` in `[[` has no `)`", start)
        return found
    if first.kind != "word" or first.text == "]]":
        raise Malformed("a condition is missing in `[[`", start)
    return _primary(lexer, first, line)


def _primary(lexer: Lexer, first: Token, line: int) -> Condition:
    """`-f word`, `word == word`, or a word alone."""
    second = lexer.peek()
    if second.kind == "redirect":
        raise NotJudged("< or > in [[")
    if second.kind != "word" or second.text == "]]":
        return Condition("-n", (first.word,), line=line)
    lexer.take()
    if second.text == "=~":
        return Condition("=~", (first.word, lexer.expression()), line=line)
    if second.text in BINARY:
        return Condition(second.text, (first.word, lexer.take().word), line=line)
    if first.text in UNARY:
        return Condition(first.text, (second.word,), line=line)
    raise NotJudged(f"the condition {first.text} {second.text} in [[")


def holds(shell: Running, test: Condition) -> bool:
    """Whether a condition holds. Raises `NotJudged`."""
    match test.operator:
        case "||":
            return any(holds(shell, one) for one in test.tests)
        case "&&":
            return all(holds(shell, one) for one in test.tests)
        case "!":
            return not holds(shell, test.tests[0])
        case "((":
            return bool(shell.words.number(test.words[0]))
        case "-v":
            name = shell.words.text(test.words[0])
            if not name.isidentifier():
                raise NotJudged(f"[[ -v {name}")
            return shell.variables.get(name) is not None
        case "=" | "==" | "!=":
            same = globs.matches(shell.words.text(test.words[0]), shell.words.pattern(test.words[1]))
            return same is (test.operator != "!=")
        case "=~":
            return _matches(shell, test)
    words = tuple(map(shell.words.text, test.words))
    asked = (test.operator, *words) if len(words) == 1 else (words[0], test.operator, words[1])
    if test.operator not in ("-n", "-z") and test.operator not in conditions.KNOWN:
        raise NotJudged(f"[[ {' '.join(asked)} ]]")
    ran = conditions.check(shell.host, Call("test", asked))
    if ran.code > 1:
        raise NotJudged(f"[[ {' '.join(asked)} ]]")
    return not ran.code


def _matches(shell: Running, test: Condition) -> bool:
    text = shell.words.text(test.words[0])
    pattern = "".join(
        _literal(shell.words.text((part,))) if part.quoted else shell.words.text((part,))
        for part in test.words[1]
    )
    found = compiled(translated(pattern, extended=True)).search(text)
    groups = [] if found is None else [found.group(0), *(one or "" for one in found.groups())]
    shell.variables["BASH_REMATCH"] = Array().extended(groups)
    return found is not None


def _literal(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\.^$*+?()[]{}|" else char for char in text)
