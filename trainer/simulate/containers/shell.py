"""A small, strictly bounded subset of the POSIX shell: what a script would run, in which order.

Known: simple commands, quotes and backslashes, `&&`, `||`, `;`, newlines, `!`, comments, and
redirections to `/dev/null` or between the standard streams. Everything else (variables,
substitutions, pipes, globs, background, loops, functions, here-documents, other redirections)
raises `NotJudged`: it is never guessed. Follows POSIX.1-2024, XCU chapter 2 (Shell Command Language).
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from trainer.errors import NotJudged
from trainer.patterns import regex

LONGEST = 4096
"""The most characters of a script; a longer one is not judged."""

MOST_COMMANDS = 200


class Command(msgspec.Struct, frozen=True):
    """One simple command; `negated` if `!` precedes it."""

    words: tuple[str, ...]
    negated: bool = False


class Step(msgspec.Struct, frozen=True):
    """A command of an and-or list, and what joins it to the previous one (`` for the first)."""

    command: Command
    joined: Literal["", "&&", "||"] = ""


Script = tuple[tuple[Step, ...], ...]
"""And-or lists in the order in which they run."""


class _Token(msgspec.Struct, frozen=True):
    kind: Literal["word", "and", "or", "end", "redirect"]
    text: str = ""
    plain: bool = True
    """Whether no part of it was quoted: only then may it be a reserved word."""


_RESERVED = frozenset({"if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until"})
_RESERVED |= {"for", "in", "{", "}", "function", "select", "time", "coproc", "[["}
_ASSIGNMENT = regex(r"[A-Za-z_][A-Za-z0-9_]*=")
_EXPANDS = {
    "$": "a variable or substitution ($)",
    "`": "a command substitution (`)",
    "*": "a file name pattern (*)",
    "?": "a file name pattern (?)",
    "(": "a subshell or function: (",
    ")": "a subshell or function: )",
    "{": "braces",
    "}": "braces",
}
_SAFE_TARGETS = frozenset({"/dev/null", "&1", "&2"})


def parse_shell(text: str) -> Script:
    """The commands of a script. Raises `NotJudged` for anything outside the subset."""
    if len(text) > LONGEST:
        raise NotJudged(f"a shell script of more than {LONGEST} characters")
    script: list[tuple[Step, ...]] = []
    steps: list[Step] = []
    words: list[_Token] = []
    joined: Literal["", "&&", "||"] = ""
    count = 0
    for token in (*_Tokens(text).tokens(), _Token("end")):
        if token.kind == "word":
            words.append(token)
            continue
        if token.kind == "redirect":
            continue
        if words:
            steps.append(Step(_command(words), joined))
            words, joined, count = [], "", count + 1
        elif token.kind != "end" or token.text == ";" or (joined and token.text != "\n"):
            raise NotJudged("an unfinished shell command")
        if token.kind != "end":
            joined = "&&" if token.kind == "and" else "||"
        elif not joined and steps:
            script.append(tuple(steps))
            steps = []
        if count > MOST_COMMANDS:
            raise NotJudged(f"a shell script of more than {MOST_COMMANDS} commands")
    return tuple(script)


def _command(tokens: list[_Token]) -> Command:
    negated = tokens[0].text == "!" and tokens[0].plain
    tokens = tokens[1:] if negated else tokens
    if not tokens:
        raise NotJudged("an unfinished shell command")
    first = tokens[0]
    if first.plain and (first.text in _RESERVED or first.text == "!"):
        raise NotJudged(f"the shell construct {first.text!r}")
    if _ASSIGNMENT.match(first.text):
        raise NotJudged("a shell variable")
    return Command(tuple(token.text for token in tokens), negated)


class _Tokens:
    """Splits a script into words and operators."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.word = ""
        self.started = False
        self.quoted = False
        self.found: list[_Token] = []

    def tokens(self) -> list[_Token]:
        while self.at < len(self.text):
            char = self.text[self.at]
            if char in " \t\n;&|<>":
                self.operator(char)
            elif char in "'\"":
                self.quote(char)
            elif char == "\\":
                self.backslash()
            elif char == "#" and not self.started:
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                self.plain(char)
        self.finish()
        return self.found

    def finish(self) -> None:
        if self.started:
            if "[" in self.word and not self.quoted and self.word not in {"[", "[["}:
                raise NotJudged("a file name pattern ([)")
            self.found.append(_Token("word", self.word, not self.quoted))
        self.word, self.started, self.quoted = "", False, False

    def add(self, text: str, *, quoted: bool) -> None:
        self.word += text
        self.started = True
        self.quoted = self.quoted or quoted

    def plain(self, char: str) -> None:
        if char == "~" and not self.started:
            raise NotJudged("a home directory (~)")
        alone = (
            char in "{}" and not self.started and self.text[self.at + 1 : self.at + 2] in {"", " ", "\n", ";"}
        )
        if char in _EXPANDS and not alone:
            raise NotJudged(_EXPANDS[char])
        if char == "[" and self.quoted:
            raise NotJudged("a file name pattern ([)")
        self.add(char, quoted=False)
        self.at += 1

    def quote(self, mark: str) -> None:
        end = self.at + 1
        while end < len(self.text) and self.text[end] != mark:
            char = self.text[end]
            if mark == '"' and char in "$`":
                raise NotJudged(_EXPANDS[char])
            if mark == '"' and char == "\\":
                following = self.text[end + 1 : end + 2]
                kept = "" if following == "\n" else following
                self.add(kept if following in {*'$`"\\', "\n"} else char + following, quoted=True)
                end += 2
                continue
            self.add(char, quoted=True)
            end += 1
        if end >= len(self.text):
            raise NotJudged("an unclosed quote")
        self.add("", quoted=True)
        self.at = end + 1

    def backslash(self) -> None:
        following = self.text[self.at + 1 : self.at + 2]
        if not following:
            raise NotJudged("a backslash at the end")
        if following != "\n":
            self.add(following, quoted=True)
        self.at += 2

    def operator(self, char: str) -> None:
        pair = self.text[self.at : self.at + 2]
        if char in "<>":
            self.redirect()
            return
        self.finish()
        if pair == "&&":
            self.found.append(_Token("and", pair))
        elif pair == "||":
            self.found.append(_Token("or", pair))
        elif char in "&|" or pair == ";;":
            raise NotJudged({"&": "a background command (&)", "|": "a pipe (|)"}.get(char, ";;"))
        elif char in ";\n":
            self.found.append(_Token("end", char))
        self.at += len(pair) if pair in {"&&", "||"} else 1

    def redirect(self) -> None:
        if self.word.isdigit() and not self.quoted:
            self.word, self.started = "", False  # the number of a stream: 2>
        self.finish()
        match = re.compile(r"(<|>>?)(&)?[ \t]*([A-Za-z0-9_./-]*)").match(self.text, self.at)
        target = f"{match[2] or ''}{match[3]}" if match else ""
        if match is None or target not in _SAFE_TARGETS:
            raise NotJudged(f"a redirection ({self.text[self.at : self.at + 20].splitlines()[0]})")
        self.at = match.end()
        if self.text[self.at : self.at + 1] not in {"", " ", "\t", "\n", ";", "&", "|", ">"}:
            raise NotJudged("a redirection")
        self.found.append(_Token("redirect"))
