"""A shell script as words, operators and redirections.

Follows POSIX.1-2024, XCU 2.2 (Quoting), 2.3 (Token Recognition) and 2.6 (Word Expansions). The script inside
`$(...)` is parsed by whoever parses the script around it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast

import msgspec
from msgspec.structs import replace

from trainer.errors import NotJudged
from trainer.patterns import regex
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
_ENDS_A_WORD = frozenset(" \t\n;&|<>()")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*|[0-9?#$@*!-]")
_ARRAY = regex(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
_SUBSCRIPTED = regex(r"\$\{([#!]?)([A-Za-z_][A-Za-z0-9_]*)\[")
_LENGTH = regex(r"\$\{#([A-Za-z_][A-Za-z0-9_]*|[@*])\}")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "e": "\x1b", "a": "\a"}
"""What `$'...'` reads after a backslash."""
_REDIRECT = regex(r"([0-9]?)(&>|>>|>\||>&|>|<<<|<<-|<<|<&|<>|<)")
_OTHERWISE = regex(r":?[-=+?]|%%?|##?")


class Lexer:
    """The tokens of `text` from `at` on, one by one."""

    def __init__(self, text: str, at: int, parse: Parse, *, dash: bool = False) -> None:
        self.text = text
        self.dash = dash
        self.at = at
        self.parse = parse
        self.start = at
        """Where the next token starts, once it was looked at."""
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
        if how in ("<>", "<&") or (how == "&>" and (stream or self.text[end : end + 1] == ">")):
            raise NotJudged(f"the redirection {how}")
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
        kind = cast('Literal["<", ">", ">>", ">&", "<<<", "&>"]', ">" if how == ">|" else how)
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
        inner = Lexer(text, 0, self.parse, dash=self.dash)
        parts = [Part("text", "", quoted=True)]
        while inner.at < len(text):
            char = text[inner.at]
            if char in "$`":
                parts.append(inner._value(quoted=True))
            elif char == "\\" and text[inner.at + 1 : inner.at + 2] in {*"$`\\", "\n"}:
                parts += inner._escaped()
            else:
                parts.append(Part("text", char, quoted=True))
                inner.at += 1
        return _joined(parts)

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
                end = self._closed("'", self.at + 1)
                parts.append(Part("text", self.text[self.at + 1 : end], quoted=True))
                self.at = end + 1
            elif char == '"':
                self.at += 1
                parts += self._double_quoted()
            elif char == "\\":
                parts += self._escaped()
            elif char in "$`":
                parts.append(self._value(quoted=False))
            else:
                parts.append(Part("text", char))
                self.at += 1
                continue
            plain = False
        word = _joined(parts)
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

    def _closed(self, mark: str, start: int) -> int:
        end = self.text.find(mark, start)
        if end < 0:
            raise Malformed(f"the quote {mark} has no end", start - 1)
        return end

    def _escaped(self) -> list[Part]:
        following = self.text[self.at + 1 : self.at + 2]
        if not following:
            raise NotJudged("a backslash at the end")
        self.at += 2
        return [] if following == "\n" else [Part("text", following, quoted=True)]

    def _double_quoted(self) -> list[Part]:
        start = self.at - 1
        parts = [Part("text", "", quoted=True)]
        while self.at < len(self.text) and self.text[self.at] != '"':
            char = self.text[self.at]
            if char in "$`":
                parts.append(self._value(quoted=True))
                continue
            if char == "\\" and self.text[self.at + 1 : self.at + 2] in {*'$`"\\', "\n"}:
                parts += self._escaped()
                continue
            parts.append(Part("text", char, quoted=True))
            self.at += 1
        if self.at >= len(self.text):
            raise Malformed('the quote " has no end', start)
        self.at += 1
        return parts

    def _value(self, *, quoted: bool) -> Part:
        """What `$` or a backquote starts."""
        if self.text[self.at] == "`":
            return self._backquoted(quoted=quoted)
        if self.text.startswith("$((", self.at):
            return Part("arithmetic", quoted=quoted, word=self.arithmetic(self.at + 3))
        if self.text.startswith("$(", self.at):
            script, self.at = self.parse(self.text, self.at + 2)
            return Part("output", quoted=quoted, script=script)
        if self.text.startswith("${", self.at):
            return self._braced(quoted=quoted)
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
                escaped = self.text[self.at : self.at + 1]
                if escaped not in _ESCAPES:
                    raise NotJudged(f"\\{escaped} in $'...'")
                char = _ESCAPES[escaped]
            found += char
            self.at += 1
        if self.at >= len(self.text):
            raise Malformed("the quote ' has no end", start)
        self.at += 1
        return Part("text", found, quoted=True)

    def arithmetic(self, start: int) -> Word:
        """The expression from a place on, up to its `))`, behind which `at` is then."""
        depth, end = 0, start
        while end < len(self.text) and (depth or self.text[end] != ")"):
            depth += {"(": 1, ")": -1}.get(self.text[end], 0)
            end += 1
        inner = self.text[start:end]
        if not self.text.startswith("))", end) or any(char in inner for char in "'\"`\\\n"):
            raise NotJudged("arithmetic of this form, or a subshell in another one")
        self.at = end + 2
        self._next = None
        return self._expandable(inner)

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

    def _subscript(self, at: int) -> Word:
        """The subscript from a place on, up to its `]`, behind which `at` is then."""
        end = self.text.find("]", at)
        inner = Lexer(self.text[:end], at, self.parse) if end > at else self
        word = inner._word(frozenset(" \t\n")).word if inner is not self else ()
        if inner.at != end:
            raise NotJudged("a subscript of this form")
        self.at = end + 1
        return word

    def _braced(self, *, quoted: bool) -> Part:
        if not self.dash and (match := _SUBSCRIPTED.match(self.text, self.at)):
            return self._element(match[2], match[1], match.end(), quoted=quoted)
        if match := _LENGTH.match(self.text, self.at):
            self.at = match.end()
            if match[1] in "@*":
                return Part("variable", "#", quoted=quoted)
            return Part("variable", match[1], quoted=quoted, prefix="#")
        name = _NAME.match(self.text, self.at + 2)
        if name is None:
            raise NotJudged("a form of ${...}")
        if not self.dash and self.text.startswith("/", name.end()):
            return self._replacing(name[0], name.end(), quoted=quoted)
        otherwise = _OTHERWISE.match(self.text, name.end())
        start = name.end() if otherwise is None else otherwise.end()
        end = self.text.find("}", start)
        inner = self.text[start:end]
        cuts = otherwise is not None and otherwise[0][0] in "%#"
        outside = "$`'\"\\" if cuts else "$`'\"\\ "
        if end < 0 or (inner and otherwise is None) or any(char in outside for char in inner):
            raise NotJudged(f"the expansion {self.text[self.at : end + 1] or '${'}")
        self.at = end + 1
        word = (Part("text", inner, quoted=True),) if inner else ()
        kind = cast("Literal['', '-', '%']", otherwise[0] if otherwise is not None else "")
        return Part("variable", name[0], quoted=quoted, otherwise=kind, word=word)

    def _element(self, name: str, prefix: str, at: int, *, quoted: bool) -> Part:
        """`${name[index]}`, `${#name[@]}`, `${!name[@]}`, and `${name[@]/old/new}`."""
        start = self.at
        index = self._subscript(at)
        if self.text.startswith("/", self.at) and not prefix:
            return replace(self._replacing(name, self.at, quoted=quoted), index=index)
        if not self.text.startswith("}", self.at):
            raise NotJudged(f"the expansion {self.text[start : self.at + 1]}...")
        self.at += 1
        sign = cast("Literal['', '#', '!']", prefix)
        return Part("variable", name, quoted=quoted, index=index, prefix=sign)

    def _replacing(self, name: str, at: int, *, quoted: bool) -> Part:
        """`${name/old/new}` and `${name//old/new}`, of plain texts."""
        end = self.text.find("}", at)
        everywhere = self.text.startswith("//", at)
        old, _, new = self.text[at + 1 + everywhere : end].partition("/")
        plain = old[1:] if not everywhere and old[:1] in ("#", "%") else old
        if end < 0 or not old or any(char in "$`'\"\\*?[#%&" for char in plain + new):
            raise NotJudged(f"the expansion {self.text[self.at : end + 1] or '${'}")
        self.at = end + 1
        return Part("variable", name, quoted=quoted, replaced=(old, new, everywhere))


def _joined(parts: list[Part]) -> Word:
    """The parts, with texts of the same quoting joined."""
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if last is not None and part.kind == last.kind == "text" and part.quoted == last.quoted:
            found[-1] = Part("text", last.text + part.text, quoted=part.quoted)
        else:
            found.append(part)
    return tuple(found)
