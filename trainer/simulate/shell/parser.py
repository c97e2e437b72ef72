"""A shell script as commands, lists, conditions and loops.

Follows the grammar of POSIX.1-2024, XCU 2.10. Background commands and reserved words of other shells raise
`NotJudged`. A shell reads and runs a script line by line: where it can't read on, the lines before have run,
and the script ends with code 2 (dash 0.5.12, bash 5.2).
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from trainer.errors import NotJudged
from trainer.patterns import regex
from trainer.simulate.shell.assignments import assignment
from trainer.simulate.shell.double import read_test
from trainer.simulate.shell.lexer import Lexer, Malformed, Token
from trainer.simulate.shell.syntax import (
    Assignment,
    Broken,
    Case,
    Command,
    Condition,
    Counted,
    For,
    Function,
    Group,
    If,
    Joined,
    Loop,
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
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*")


class Unparsed(NotJudged):
    """A construct outside the subset, and the 1-based line of the script where reading stopped."""

    def __init__(self, construct: str, line: int) -> None:
        super().__init__(construct)
        self.line = line


def parse_shell(text: str, line: int = 0, longest: int = LONGEST, *, dash: bool = False) -> Script:
    """The commands of a script. Raises `Unparsed` for anything outside the subset.

    With `line`, all its commands count as parts of this line: it is a word of the command there. `dash` tells
    sh from bash, which reads more.
    """
    if len(text) > longest:
        raise Unparsed(f"a shell script of more than {longest} characters", line or 1)
    parser = _Parser(text, 0, 0, line, dash)
    try:
        script = parser.script()
        if parser.lexer.peek().kind != "end":
            raise parser.misplaced()
    except Malformed as error:
        broken = Broken(error.why, line or text.count("\n", 0, error.at) + 1)
        return (*parser.complete, (Step(Pipeline((broken,))),))
    except NotJudged as error:
        where = line or text.count("\n", 0, parser.lexer.at) + 1
        raise Unparsed(error.construct, where) from None
    return script


class _Parser:
    def __init__(self, text: str, at: int, depth: int, line: int, dash: bool) -> None:
        if depth > _DEEPEST:
            raise NotJudged("shells inside shells inside shells")
        self.depth = depth
        self.dash = dash
        self.line = line
        """The line of all commands; 0 if they have lines of their own."""
        self.complete: Script = ()
        """The lists of whole lines that were read: a shell runs them before it reads on."""
        self.open: list[tuple[str, int]] = []
        """The reserved words and parentheses that wait for their end, and where they are."""
        self.lexer = Lexer(text, at, self._inside, dash=dash)

    def _inside(self, text: str, at: int) -> tuple[Script, int]:
        """The script of a command substitution, up to its parenthesis."""
        own = self.line if text is self.lexer.text else self.lexer.line_at(self.lexer.at)
        inner = _Parser(text, at, self.depth + 1, own, self.dash)
        inner.open.append(("$(", max(at - 2, 0)))
        try:
            script = inner.script()
            inner.need(")")
        except Malformed as error:
            if text is self.lexer.text:
                raise
            # In backquotes and here-documents: bash goes on with the next command, dash doesn't.
            raise NotJudged(f"a command substitution in which {error.why}") from None
        return script, inner.lexer.at

    def need(self, text: str) -> None:
        """Take this operator or reserved word, which ends or continues what is open.

        Raises `Malformed` if the script ends, or something else ends instead; else `NotJudged`.
        """
        token = self.lexer.peek()
        if token.text == text and token.kind in ("operator", "word"):
            self.lexer.take()
            return
        word, at = self.open[-1]
        where = "" if self.line else f" on line {self.lexer.line_at(at)}"
        if token.kind == "end":
            raise Malformed(f"`{word}`{where} has no `{text}`", at)
        if _ends(token):
            raise Malformed(f"`{token.text}` is where `{word}`{where} needs `{text}`", self.lexer.start)
        raise NotJudged(f"a shell script without the {text!r} that it needs")

    def misplaced(self) -> Exception:
        """What to raise for the next token, which can't be here."""
        token = self.lexer.peek()
        if _ends(token) or token.text in (";", "&&", "||", "|"):
            return Malformed(f"`{token.text}` is misplaced", self.lexer.start)
        if token.kind == "end":
            return Malformed("a command is missing at the end", self.lexer.start)
        return NotJudged(f"a misplaced {token.text!r} in a shell script")

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
            if token.text == "\n":
                self.complete = tuple(lists) if not self.open else self.complete

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
        if self.lexer.peek().text == "time" and not self.dash:
            self.lexer.take()
            if self.lexer.peek().text == "-p":
                self.lexer.take()
        negated = self.lexer.peek().text == "!"
        if negated:
            self.lexer.take()
            if (token := self.lexer.peek()).kind == "end" or token.text in (";", "\n"):
                raise NotJudged("! without a command")
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
        if not self.dash:
            form |= {"[[": self._test, "function": self._named_function}
        if token.text in form:
            found = form[token.text]()
        elif token.text in _FOREIGN or token.text in _RESERVED or token.text == "!":
            raise self.misplaced() if _ends(token) else NotJudged(f"the shell construct {token.text!r}")
        else:
            found = self._simple()
        self.depth -= 1
        return found

    def _group(self) -> Group | Condition:
        opening = self._opens()
        if opening == "(" and self.lexer.text.startswith("(", self.lexer.at):
            if self.dash:
                raise NotJudged("((, which is arithmetic in some shells")
            line = self.line or self.lexer.line_at(self.lexer.at)
            self.open.pop()
            word = self.lexer.arithmetic(self.lexer.at + 1)
            return Condition("((", (word,), line=line, redirects=self._redirects())
        body = self._body()
        self._closes(")" if opening == "(" else "}")
        return Group(body, opening == "(", self._redirects())

    def _opens(self) -> str:
        """Take the word that opens a compound command."""
        word = self.lexer.peek().text
        self.open.append((word, self.lexer.start))
        self.lexer.take()
        return word

    def _closes(self, word: str) -> None:
        """Take the word that closes it."""
        self.need(word)
        self.open.pop()

    def _if(self) -> If:
        branches: list[tuple[Script, Script]] = []
        self._opens()
        while True:
            condition = self._body()
            self.need("then")
            branches.append((condition, self._body()))
            if self.lexer.peek().text != "elif":
                break
            self.lexer.take()
        otherwise: Script = ()
        if self.lexer.peek().text == "else":
            self.lexer.take()
            otherwise = self._body()
        self._closes("fi")
        return If(tuple(branches), otherwise, self._redirects())

    def _body(self) -> Script:
        """The commands inside something: at least one."""
        body = self.script()
        if not body and self.lexer.peek().kind != "end":
            raise self.misplaced()
        return body

    def _loop(self) -> Loop:
        until = self._opens() == "until"
        condition = self._body()
        return Loop(condition, self._do(), until, self._redirects())

    def _do(self) -> Script:
        self.need("do")
        body = self._body()
        self._closes("done")
        return body

    def _for(self) -> For | Counted:
        self._opens()
        if not self.dash and self.lexer.peek().text == "(" and self.lexer.text.startswith("(", self.lexer.at):
            return self._counted()
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

    def _counted(self) -> Counted:
        """What follows `for` in `for ((...))`; its body may also be in braces."""
        line = self.line or self.lexer.line_at(self.lexer.at)
        first, condition, step = self.lexer.counted(self.lexer.at + 1)
        if self.lexer.peek().text == ";":
            self.lexer.take()
        self._newlines()
        if self.lexer.peek().text == "{":
            self.open.pop()
            self._opens()
            body = self._body()
            self._closes("}")
        else:
            body = self._do()
        return Counted(first, condition, step, body, line, self._redirects())

    def _words(self) -> tuple[Word, ...]:
        found = []
        while self.lexer.peek().kind == "word":
            found.append(self.lexer.take().word)
        return tuple(found)

    def _case(self) -> Case:
        self._opens()
        word = self.lexer.take()
        self._newlines()
        self.need("in")
        branches: list[tuple[tuple[Word, ...], Script]] = []
        self._newlines()
        while self.lexer.peek().kind != "end" and self.lexer.peek().text != "esac":
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
        self._closes("esac")
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
        return self._body_of(words)

    def _body_of(self, words: list[Word]) -> Function:
        """The body of a function, from the line break behind its name on."""
        part = words[0][0]
        self._newlines()
        body = self._command()
        if isinstance(body, Simple | Function | Broken | Condition):
            raise NotJudged("a function without braces")
        return Function(part.text, body)

    def _named_function(self) -> Function:
        """`function name { ...; }`, with or without parentheses."""
        self.lexer.take()
        name = self.lexer.take().word
        if self.lexer.peek().text == "(":
            return self._function([name], plain=True)
        return self._body_of([name])

    def _test(self) -> Condition:
        """`[[ ... ]]`."""
        line = self.line or self.lexer.line
        self._opens()
        found = read_test(self.lexer, line)
        self._closes("]]")
        return replace(found, redirects=self._redirects())

    def _simple(self) -> Simple | Function:
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        line = self.line or self.lexer.line
        while (token := self.lexer.peek()).kind in ("word", "redirect"):
            self.lexer.take()
            if token.redirect is not None:
                redirects.append(token.redirect)
            elif not words and (found := assignment(token.word, dash=self.dash)):
                assignments.append(found)
            else:
                words.append(token.word)
        if self.lexer.peek().text == "(":
            return self._function(words, plain=not assignments and not redirects)
        if not (assignments or words or redirects):
            raise self.misplaced()
        return Simple(tuple(assignments), tuple(words), tuple(redirects), line)


def _ends(token: Token) -> bool:
    """Whether a token ends something, so that it can't stand where nothing is open."""
    return (token.kind == "word" and token.text in _RESERVED) or token.text in (")", ";;")
