"""A shell script as commands, lists, conditions and loops.

Follows the grammar of POSIX.1-2024, XCU 2.10. Functions, background commands and reserved words of other
shells raise `NotJudged`.
"""

from __future__ import annotations

from collections.abc import Callable

from trainer.errors import NotJudged
from trainer.patterns import regex
from trainer.simulate.shell.lexer import Lexer
from trainer.simulate.shell.syntax import (
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Joined,
    Loop,
    Part,
    Pipeline,
    Redirect,
    Script,
    Simple,
    Step,
    Word,
)

LONGEST = 4096
"""The most characters of a script; a longer one is not judged."""

_DEEPEST = 12
_RESERVED = frozenset({"then", "else", "elif", "fi", "do", "done", "esac", "in", "}"})
_FOREIGN = frozenset({"function", "select", "time", "coproc"})
_ASSIGNMENT = regex(r"([A-Za-z_][A-Za-z0-9_]*)=")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*")


class Unparsed(NotJudged):
    """A construct outside the subset, and the 1-based line of the script where reading stopped."""

    def __init__(self, construct: str, line: int) -> None:
        super().__init__(construct)
        self.line = line


def parse_shell(text: str, line: int = 0, longest: int = LONGEST) -> Script:
    """The commands of a script. Raises `Unparsed` for anything outside the subset.

    With `line`, all its commands count as parts of this line: it is a word of the command there.
    """
    if len(text) > longest:
        raise Unparsed(f"a shell script of more than {longest} characters", line or 1)
    parser = _Parser(text, 0, 0, line)
    try:
        script = parser.script()
        if parser.lexer.peek().kind != "end":
            raise NotJudged(f"a misplaced {parser.lexer.peek().text!r} in a shell script")
    except NotJudged as error:
        where = line or text.count("\n", 0, parser.lexer.at) + 1
        raise Unparsed(error.construct, where) from None
    return script


class _Parser:
    def __init__(self, text: str, at: int, depth: int, line: int) -> None:
        if depth > _DEEPEST:
            raise NotJudged("shells inside shells inside shells")
        self.depth = depth
        self.line = line
        """The line of all commands; 0 if they have lines of their own."""
        self.lexer = Lexer(text, at, self._inside)

    def _inside(self, text: str, at: int) -> tuple[Script, int]:
        """The script of a command substitution, up to its parenthesis."""
        own = self.line if text is self.lexer.text else self.lexer.line_at(self.lexer.at)
        inner = _Parser(text, at, self.depth + 1, own)
        script = inner.script()
        inner.need(")")
        return script, inner.lexer.at

    def need(self, text: str) -> None:
        """Take this operator or reserved word. Raises `NotJudged` if it isn't the next one."""
        if self.lexer.take().text != text:
            raise NotJudged(f"a shell script without the {text!r} that it needs")

    def script(self) -> Script:
        """And-or lists, up to a token that ends them."""
        lists: list[tuple[Step, ...]] = []
        while True:
            self._newlines()
            token = self.lexer.peek()
            if token.kind == "end" or token.text in _RESERVED or token.text in (")", ";;"):
                return tuple(lists)
            lists.append(self._and_or())
            token = self.lexer.peek()
            if token.text == "&":
                self._waited_for()
                continue
            if token.text not in (";", "\n"):
                continue
            self.lexer.take()
            if token.text == ";" and self.lexer.peek().text == ";":
                raise NotJudged("an unfinished shell command")

    def _waited_for(self) -> None:
        """A background command is one like any other if the script waits for it right away."""
        self.lexer.take()
        self._newlines()
        if self.lexer.peek().text != "wait":
            raise NotJudged("a background command (&)")

    def _newlines(self) -> None:
        while self.lexer.peek().text == "\n":
            self.lexer.take()

    def _and_or(self) -> tuple[Step, ...]:
        steps = [Step(self._pipeline())]
        while (token := self.lexer.peek()).text in ("&&", "||"):
            self.lexer.take()
            self._newlines()
            joined: Joined = "&&" if token.text == "&&" else "||"
            steps.append(Step(self._pipeline(), joined))
        return tuple(steps)

    def _pipeline(self) -> Pipeline:
        negated = self.lexer.peek().text == "!"
        if negated:
            self.lexer.take()
        commands = [self._command()]
        while self.lexer.peek().text == "|":
            self.lexer.take()
            self._newlines()
            commands.append(self._command())
        return Pipeline(tuple(commands), negated)

    def _command(self) -> Command:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotJudged("shells inside shells inside shells")
        token = self.lexer.peek()
        form: dict[str, Callable[[], Command]] = {
            "(": self._group,
            "{": self._group,
            "if": self._if,
            "while": self._loop,
            "until": self._loop,
            "for": self._for,
            "case": self._case,
        }
        if token.text in form:
            found = form[token.text]()
        elif token.text in _FOREIGN or token.text in _RESERVED or token.text == "!":
            raise NotJudged(f"the shell construct {token.text!r}")
        else:
            found = self._simple()
        self.depth -= 1
        return found

    def _group(self) -> Group:
        opening = self.lexer.take().text
        if opening == "(" and self.lexer.text.startswith("(", self.lexer.at):
            raise NotJudged("((, which is arithmetic in some shells")
        body = self.script()
        self.need(")" if opening == "(" else "}")
        if not body:
            raise NotJudged("an unfinished shell command")
        return Group(body, opening == "(", self._redirects())

    def _if(self) -> If:
        branches: list[tuple[Script, Script]] = []
        while self.lexer.peek().text in ("if", "elif"):
            self.lexer.take()
            condition = self.script()
            self.need("then")
            branches.append((condition, self._body()))
        otherwise: Script = ()
        if self.lexer.peek().text == "else":
            self.lexer.take()
            otherwise = self._body()
        self.need("fi")
        return If(tuple(branches), otherwise, self._redirects())

    def _body(self) -> Script:
        body = self.script()
        if not body:
            raise NotJudged("an unfinished shell command")
        return body

    def _loop(self) -> Loop:
        until = self.lexer.take().text == "until"
        condition = self._body()
        return Loop(condition, self._do(), until, self._redirects())

    def _do(self) -> Script:
        self.need("do")
        body = self._body()
        self.need("done")
        return body

    def _for(self) -> For:
        self.lexer.take()
        name = self.lexer.take().text
        if not _NAME.fullmatch(name):
            raise NotJudged("an unfinished shell command")
        self._newlines()
        words: tuple[Word, ...] | None = None
        if self.lexer.peek().text == "in":
            self.lexer.take()
            words = self._words()
        if self.lexer.peek().text == ";":
            self.lexer.take()
        self._newlines()
        return For(name, words, self._do(), self._redirects())

    def _words(self) -> tuple[Word, ...]:
        found = []
        while self.lexer.peek().kind == "word":
            found.append(self.lexer.take().word)
        return tuple(found)

    def _case(self) -> Case:
        self.lexer.take()
        word = self.lexer.take()
        self._newlines()
        self.need("in")
        branches: list[tuple[tuple[Word, ...], Script]] = []
        self._newlines()
        while word.kind == "word" and self.lexer.peek().text != "esac":
            if self.lexer.peek().text == "(":
                self.lexer.take()
            patterns = [self.lexer.take().word]
            while self.lexer.peek().text == "|":
                self.lexer.take()
                patterns.append(self.lexer.take().word)
            self.need(")")
            branches.append((tuple(patterns), self.script()))
            if self.lexer.peek().text == ";;":
                self.lexer.take()
            self._newlines()
        self.need("esac")
        return Case(word.word, tuple(branches), self._redirects())

    def _redirects(self) -> tuple[Redirect, ...]:
        found = []
        while (redirect := self.lexer.peek().redirect) is not None:
            self.lexer.take()
            found.append(redirect)
        return tuple(found)

    def _function(self, words: list[Word], *, plain: bool) -> Function:
        """What follows the name of a function, from its parentheses on."""
        part = words[0][0] if len(words) == 1 and len(words[0]) == 1 else None
        if not plain or part is None or part.kind != "text" or not _NAME.fullmatch(part.text):
            raise NotJudged("a misplaced ( in a shell script")
        self.lexer.take()
        self.need(")")
        self._newlines()
        body = self._command()
        if isinstance(body, Simple | Function):
            raise NotJudged("a function without braces")
        return Function(part.text, body)

    def _simple(self) -> Simple | Function:
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        line = self.line or self.lexer.line
        while (token := self.lexer.peek()).kind in ("word", "redirect"):
            self.lexer.take()
            if token.redirect is not None:
                redirects.append(token.redirect)
            elif not words and (found := _assignment(token.word)):
                assignments.append(found)
            else:
                words.append(token.word)
        if self.lexer.peek().text == "(":
            return self._function(words, plain=not assignments and not redirects)
        if not (assignments or words or redirects):
            raise NotJudged("an unfinished shell command")
        return Simple(tuple(assignments), tuple(words), tuple(redirects), line)


def _assignment(word: Word) -> tuple[str, Word] | None:
    """The name and the value of `name=value`; None for any other word."""
    first = word[0] if word else None
    if first is None or first.kind != "text" or first.quoted:
        return None
    found = _ASSIGNMENT.match(first.text)
    if found is None:
        return None
    rest = first.text[found.end() :]
    return found[1], ((Part("text", rest),) if rest else ()) + word[1:]
