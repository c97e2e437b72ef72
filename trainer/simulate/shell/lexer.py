"""A shell script as words, operators and redirections.

Follows POSIX.1-2024, XCU 2.2 (Quoting), 2.3 (Token Recognition) and 2.6 (Word Expansions). The script inside
`$(...)` is parsed by whoever parses the script around it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast

import msgspec

from trainer.errors import NotJudged
from trainer.patterns import regex
from trainer.simulate.shell.braced import read_braced
from trainer.simulate.shell.syntax import Part, Redirect, Script, Word


class Malformed(Exception):
    """No shell can read on: what is wrong, and the place in the text where it starts."""

    def __init__(self, why: str, at: int) -> None:
        super().__init__(why)
        self.why = why
        self.at = at


Parse = Callable[[str, int], tuple[Script, int]]
"""Parses the script inside `$(...)` from a place on: its commands, and the place after the `)`."""


class Token(msgspec.Struct, frozen=True):
    """One token of a script; `text` is the operator, or the word if no part of it is quoted or expanded."""

    kind: Literal["word", "operator", "redirect", "end"]
    text: str = ""
    word: Word = ()
    redirect: Redirect | None = None


_OPERATORS = ("&&", "||", ";;", ";", "&", "|", "(", ")", "\n")
_DEEPEST = 8
"""How many texts with expansions may be inside each other."""
_ENDS_A_WORD = frozenset(" \t\n;&|<>()")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*|[0-9?#$@*!-]")
_ARRAY = regex(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "e": "\x1b", "a": "\a"}
"""What `$'...'` reads after a backslash."""
_CODE = regex(r"x([0-9A-Fa-f]{1,2})|([0-7]{1,3})")
_REDIRECT = regex(r"([0-9]?)(&>>|&>|>>|>\||>&|>|<<<|<<-|<<|<&|<>|<)")


class Lexer:
    """The tokens of `text` from `at` on, one by one."""

    def __init__(self, text: str, at: int, parse: Parse, *, dash: bool = False) -> None:
        self.text = text
        self.dash = dash
        self.at = at
        self.parse = parse
        self.start = at
        """Where the next token starts, once it was looked at."""
        self.nested = 0
        """How many `${` are open."""
        self._next: Token | None = None
        self._after_documents = 0
        """Where the script goes on after the here-documents of the current line; 0 without any."""

    @property
    def line(self) -> int:
        """The 1-based line of the next token."""
        self.peek()
        return self.line_at(self.start)

    def line_at(self, at: int) -> int:
        """The 1-based line of a place."""
        return self.text.count("\n", 0, at) + 1

    def peek(self) -> Token:
        """The next token, which stays."""
        if self._next is None:
            self._next = self._read()
        return self._next

    def take(self) -> Token:
        """The next token."""
        token = self.peek()
        self._next = None
        return token

    def _read(self) -> Token:
        self._skip()
        self.start = self.at
        if self.at >= len(self.text):
            return Token("end")
        redirect = _REDIRECT.match(self.text, self.at)
        if redirect is not None:
            return self._redirect(redirect[1], redirect[2], redirect.end())
        for operator in _OPERATORS:
            if self.text.startswith(operator, self.at):
                self.at += len(operator)
                if operator == "\n" and self._after_documents:
                    self.at, self._after_documents = self._after_documents, 0
                return Token("operator", operator)
        return self._word()

    def _skip(self) -> None:
        """Blanks, comments and joined lines."""
        while self.at < len(self.text):
            if self.text[self.at] in " \t":
                self.at += 1
            elif self.text.startswith("\\\n", self.at):
                self.at += 2
            elif self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return

    def _redirect(self, stream: str, how: str, end: int) -> Token:
        if how in ("<>", "<&") or (how[0] == "&" and stream):
            raise NotJudged(f"the redirection {how}")
        if how == "<" and not stream and self.text.startswith("(", end) and not self.dash:
            script, self.at = self.parse(self.text, end + 1)
            return Token("word", "", (Part("file", quoted=True, script=script),))
        self.at = end
        self._skip()
        if how == "<" and self.text.startswith("<(", self.at) and not self.dash:
            script, self.at = self.parse(self.text, self.at + 2)
            output = (Part("output", quoted=True, script=script),)
            return Token("redirect", redirect=Redirect(int(stream or "0"), "<(", output))
        if self.at >= len(self.text) or self.text[self.at] in _ENDS_A_WORD:
            raise NotJudged("an unfinished redirection")
        if how in ("<<", "<<-"):
            return self._here_document(int(stream or "0"), strip=how == "<<-")
        number = int(stream) if stream else int(how not in ("<", "<<<"))
        kind = cast('Literal["<", ">", ">>", ">&", "<<<", "&>", "&>>"]', ">" if how == ">|" else how)
        return Token("redirect", redirect=Redirect(number, kind, self._word().word))

    def _here_document(self, stream: int, *, strip: bool) -> Token:
        """The lines up to the delimiter, or all that follow; expanded unless the delimiter is quoted."""
        word = self._word().word
        if any(part.kind != "text" for part in word):
            raise NotJudged("a here-document with an expansion in its delimiter")
        delimiter = "".join(part.text for part in word)
        at = self._after_documents or self.text.find("\n", self.at) + 1
        found: list[str] = []
        endless = False
        while at:
            end = self.text.find("\n", at)
            line = self.text[at : end if end >= 0 else len(self.text)]
            line = line.lstrip("\t") if strip else line
            at = end + 1
            if line == delimiter:
                break
            found.append(line)
        else:
            endless = True
            if found and found.pop():
                raise NotJudged(f"a here-document without a line {delimiter}, and with half a line")
        self._after_documents = at or len(self.text)
        text = "".join(f"{one}\n" for one in found)
        quoted = any(part.quoted for part in word)
        body = (Part("text", text, quoted=True),) if quoted else self._expandable(text)
        return Token("redirect", redirect=Redirect(stream, "<<", body, delimiter if endless else ""))

    def _expandable(self, text: str) -> Word:
        """The text of a here-document: as in double quotes, but `"` is a character as any other."""
        if self.nested >= _DEEPEST:
            raise NotJudged("expansions inside expansions inside expansions")
        inner = Lexer(text, 0, self.parse, dash=self.dash)
        inner.nested = self.nested + 1
        parts = [Part("text", "", quoted=True)]
        while inner.at < len(text):
            char = text[inner.at]
            if char in "$`":
                parts.append(inner.value(quoted=True))
            elif char == "\\" and text[inner.at + 1 : inner.at + 2] in {*"$`\\", "\n"}:
                parts += inner.escaped()
            else:
                parts.append(Part("text", char, quoted=True))
                inner.at += 1
        return self.joined(parts)

    def expression(self) -> Word:
        """The regular expression after `=~`: it ends at a blank."""
        self._skip()
        return self._word(frozenset(" \t\n")).word

    def _word(self, ends: frozenset[str] = _ENDS_A_WORD) -> Token:
        parts: list[Part] = []
        plain = True
        while self.at < len(self.text) and self.text[self.at] not in ends:
            char = self.text[self.at]
            if char == "'":
                end = self.closed("'", self.at + 1)
                parts.append(Part("text", self.text[self.at + 1 : end], quoted=True))
                self.at = end + 1
            elif char == '"':
                self.at += 1
                parts += self.double_quoted()
            elif char == "\\":
                parts += self.escaped()
            elif char in "$`":
                parts.append(self.value(quoted=False))
            else:
                parts.append(Part("text", char))
                self.at += 1
                continue
            plain = False
        word = self.joined(parts)
        if self.text.startswith("(", self.at) and len(word) == 1 and ends is _ENDS_A_WORD:
            first = word[0]
            if first.kind == "text" and not first.quoted and _ARRAY.fullmatch(first.text):
                plain, word = False, (first, self._array())
        return Token("word", "".join(part.text for part in word) if plain else "", word)

    def _array(self) -> Part:
        """The words between parentheses, on any number of lines."""
        if self.dash:
            raise Malformed("`(` is misplaced: sh has no arrays", self.at)
        start, items = self.at, list[Word]()
        self.at += 1
        while True:
            self._skip()
            if self.text.startswith("\n", self.at) and not self._after_documents:
                self.at += 1
            elif self.text.startswith(")", self.at):
                self.at += 1
                return Part("array", items=tuple(items))
            elif self.at >= len(self.text):
                raise Malformed("`(` has no `)`", start)
            elif self.text[self.at] in _ENDS_A_WORD:
                raise NotJudged(f"{self.text[self.at]!r} in an array")
            else:
                items.append(self._word().word)

    def closed(self, mark: str, start: int) -> int:
        """Where the mark that closes a quote is. Raises `Malformed` without one."""
        end = self.text.find(mark, start)
        if end < 0:
            raise Malformed(f"the quote {mark} has no end", start - 1)
        return end

    def escaped(self) -> list[Part]:
        """The character behind a backslash; nothing for the end of a line."""
        following = self.text[self.at + 1 : self.at + 2]
        if not following:
            raise NotJudged("a backslash at the end")
        self.at += 2
        return [] if following == "\n" else [Part("text", following, quoted=True)]

    def double_quoted(self) -> list[Part]:
        """What is behind the opening `"`, up to the closing one."""
        start = self.at - 1
        parts = [Part("text", "", quoted=True)]
        while self.at < len(self.text) and self.text[self.at] != '"':
            char = self.text[self.at]
            if char in "$`":
                parts.append(self.value(quoted=True))
                continue
            if char == "\\" and self.text[self.at + 1 : self.at + 2] in {*'$`"\\', "\n"}:
                parts += self.escaped()
                continue
            parts.append(Part("text", char, quoted=True))
            self.at += 1
        if self.at >= len(self.text):
            raise Malformed('the quote " has no end', start)
        self.at += 1
        return parts

    def value(self, *, quoted: bool) -> Part:
        """What `$` or a backquote starts."""
        if self.text[self.at] == "`":
            return self._backquoted(quoted=quoted)
        if self.text.startswith("$((", self.at):
            return Part("arithmetic", quoted=quoted, word=self.arithmetic(self.at + 3))
        if self.text.startswith("$(", self.at):
            script, self.at = self.parse(self.text, self.at + 2)
            return Part("output", quoted=quoted, script=script)
        if self.text.startswith("${", self.at):
            return read_braced(self, quoted=quoted)
        name = _NAME.match(self.text, self.at + 1)
        if name is None:
            mark = "" if quoted or self.dash else self.text[self.at + 1 : self.at + 2]
            if mark == "'":
                return self._with_escapes()
            if mark == '"':
                raise NotJudged('$", a text that is translated')
            self.at += 1
            return Part("text", "$", quoted=quoted)
        self.at = name.end()
        return Part("variable", name[0], quoted=quoted)

    def _with_escapes(self) -> Part:
        """`$'...'`: a quoted text with escapes."""
        start, found = self.at, ""
        self.at += 2
        while self.at < len(self.text) and self.text[self.at] != "'":
            char = self.text[self.at]
            if char == "\\":
                self.at += 1
                code = _CODE.match(self.text, self.at)
                escaped = self.text[self.at : self.at + 1]
                if code is None and escaped not in _ESCAPES:
                    raise NotJudged(f"\\{escaped} in $'...'")
                char = (
                    _ESCAPES[escaped]
                    if code is None
                    else chr(int(code[1] or code[2], 16 if code[1] else 8) & 255)
                )
                self.at += 0 if code is None else len(code[0]) - 1
            found += char
            self.at += 1
        if self.at >= len(self.text):
            raise Malformed("the quote ' has no end", start)
        self.at += 1
        return Part("text", found, quoted=True)

    def arithmetic(self, start: int) -> Word:
        """The expression from a place on, up to its `))`, behind which `at` is then."""
        return self._expandable(self._expression(start))

    def counted(self, start: int) -> tuple[Word, ...]:
        """The three expressions of `for ((a; b; c))` from a place on, up to the `))`."""
        parts = self._expression(start).split(";")
        if len(parts) != 3:
            raise NotJudged("for (( without three expressions")
        return tuple(map(self._expandable, parts))

    def _expression(self, start: int) -> str:
        depth, end = 0, start
        while end < len(self.text) and (depth or self.text[end] != ")"):
            depth += {"(": 1, ")": -1}.get(self.text[end], 0)
            end += 1
        inner = self.text[start:end].replace('"', "").replace("\n", " ")
        if not self.text.startswith("))", end) or any(char in inner for char in "'`\\"):
            raise NotJudged("arithmetic of this form, or a subshell in another one")
        self.at = end + 2
        self._next = None
        return inner

    def _backquoted(self, *, quoted: bool) -> Part:
        end, inner = self.at + 1, ""
        while end < len(self.text) and self.text[end] != "`":
            if self.text[end] == "\\" and self.text[end + 1 : end + 2] in {"$", "`", "\\"}:
                end += 1
            inner += self.text[end : end + 1]
            end += 1
        if end >= len(self.text):
            raise Malformed("the quote ` has no end", self.at)
        self.at = end + 1
        script, _ = self.parse(inner + ")", 0)
        return Part("output", quoted=quoted, script=script)

    def subscript(self, at: int) -> Word:
        """The subscript from a place on, up to its `]`, behind which `at` is then."""
        end = self.text.find("]", at)
        inner = Lexer(self.text[:end], at, self.parse) if end > at else self
        word = inner._word(frozenset(" \t\n")).word if inner is not self else ()
        if inner.at != end:
            raise NotJudged("a subscript of this form")
        self.at = end + 1
        return word

    @staticmethod
    def joined(parts: list[Part]) -> Word:
        """The parts, with texts of the same kind joined."""
        found: list[Part] = []
        for part in parts:
            last = found[-1] if found else None
            same = last is not None and (part.kind, part.quoted) == (last.kind, last.quoted)
            if last is not None and same and part.kind in ("text", "words"):
                found[-1] = Part(part.kind, last.text + part.text, quoted=part.quoted)
            else:
                found.append(part)
        return tuple(found)
