"""Reads an awk program into a tree.

Follows POSIX.1-2024, XCU awk, "Grammar". `getline` and functions of one's own are outside.
"""

from __future__ import annotations

from collections.abc import Callable

from trainer.errors import NotJudged
from trainer.simulate.shell.tools.awk.tokens import Token, tokens_of
from trainer.simulate.shell.tools.awk.tree import Node, Rule

MOST_CHARACTERS = 4000
_DEEPEST = 25
_DEEPEST_TREE = 50
_SETTING = frozenset({"=", "+=", "-=", "*=", "/=", "%=", "^="})
_COMPARING = frozenset({"<", "<=", "==", "!=", ">", ">="})
FUNCTIONS = frozenset(
    {"length", "substr", "index", "split", "sub", "gsub", "match", "sprintf", "tolower", "toupper", "int"}
    | {"system", "close", "fflush"}
)


def read_program(text: str) -> tuple[Rule, ...]:
    """The rules of a program. Raises `NotJudged` for what isn't known."""
    if len(text) > MOST_CHARACTERS:
        raise NotJudged(f"an awk program of more than {MOST_CHARACTERS} characters")
    rules = _Reader(text).rules()
    level = [node for rule in rules for node in (rule.first, rule.last, rule.action) if node is not None]
    for _ in range(_DEEPEST_TREE):
        level = [part for node in level for part in node.parts]
        if not level:
            return rules
    raise NotJudged("awk with expressions inside expressions inside expressions")


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = " ".join(text.split())[:60]
        self.tokens = tokens_of(text)[::-1]
        """What is left, the next one last."""
        self.depth = 0
        self.redirects = True
        """Whether `>` compares; behind `print` it doesn't."""
        self.lists = True
        """Whether `in` asks about an array; in the head of `for` it doesn't."""

    def unknown(self) -> NotJudged:
        return NotJudged(f"awk {self.text}")

    def next(self) -> Token:
        return self.tokens[-1] if self.tokens else Token("end", "")

    def sees(self, *texts: str) -> bool:
        token = self.next()
        return token.kind in ("sign", "word") and token.text in texts

    def takes(self, *texts: str) -> str:
        """Take the next token if it is one of these."""
        return self.tokens.pop().text if self.sees(*texts) else ""

    def need(self, text: str) -> None:
        if not self.takes(text):
            raise self.unknown()

    def lines(self) -> None:
        while self.takes("\n", ";"):
            pass

    def breaks(self) -> None:
        while self.takes("\n"):
            pass

    def rules(self) -> tuple[Rule, ...]:
        found: list[Rule] = []
        self.lines()
        while self.tokens:
            found.append(self.rule())
            self.lines()
        return tuple(found)

    def rule(self) -> Rule:
        name = self.takes("BEGIN", "END")
        first = last = None
        if not name and not self.sees("{"):
            first = self.expression()
            if self.takes(","):
                self.breaks()
                last = self.expression()
        action = self.block() if self.sees("{") else None
        if action is None and (name or first is None):
            raise self.unknown()
        return Rule(name, first, last, action)

    def block(self) -> Node:
        self.need("{")
        parts: list[Node] = []
        self.lines()
        while not self.takes("}"):
            parts.append(self.statement())
            self.lines()
        return Node("block", parts=tuple(parts))

    def statement(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotJudged("awk with statements inside statements inside statements")
        token = self.next()
        form: dict[str, Callable[[], Node]] = {
            "if": self._if,
            "while": self._while,
            "do": self._do,
            "for": self._for,
        }
        if self.sees("{"):
            found = self.block()
        elif token.kind == "word" and token.text in form:
            self.tokens.pop()
            found = form[token.text]()
        else:
            found = self.simple()
            if not self.sees(";", "\n", "}") and self.tokens:
                raise self.unknown()
        self.depth -= 1
        return found

    def body(self) -> Node:
        """The statement behind a condition; a semicolon alone is an empty one."""
        self.breaks()
        if self.takes(";"):
            return Node("block")
        return self.statement()

    def _condition(self) -> Node:
        self.need("(")
        found = self.expression()
        self.need(")")
        return found

    def _if(self) -> Node:
        condition, body = self._condition(), self.body()
        at = len(self.tokens) - 1
        while at >= 0 and self.tokens[at] in (Token("sign", "\n"), Token("sign", ";")):
            at -= 1
        if at < 0 or self.tokens[at] != Token("word", "else"):
            return Node("if", parts=(condition, body))
        del self.tokens[at:]
        return Node("if", parts=(condition, body, self.body()))

    def _while(self) -> Node:
        return Node("while", parts=(self._condition(), self.body()))

    def _do(self) -> Node:
        body = self.body()
        self.lines()
        self.need("while")
        return Node("do", parts=(self._condition(), body))

    def _for(self) -> Node:
        self.need("(")
        names = [token.text for token in self.tokens[-3:][::-1]]
        if len(names) == 3 and names[1] == "in" and self.tokens[-4:-3] == [Token("sign", ")")]:
            del self.tokens[-4:]
            return Node("each", names[0], (Node("name", names[2]), self.body()))
        nothing = Node("block")
        first = nothing if self.sees(";") else self.simple()
        self.need(";")
        condition = Node("number", "1") if self.sees(";") else self.expression()
        self.need(";")
        step = nothing if self.sees(")") else self.simple()
        self.need(")")
        return Node("for", parts=(first, condition, step, self.body()))

    def simple(self) -> Node:
        if name := self.takes("print", "printf"):
            return self._print(name)
        if name := self.takes("next", "break", "continue"):
            return Node(name)
        if self.takes("exit"):
            return Node("exit", parts=() if self.sees(";", "\n", "}") else (self.expression(),))
        if self.takes("delete"):
            target = self.primary()
            if target.kind not in ("name", "element"):
                raise self.unknown()
            return Node("delete", parts=(target,))
        return self.expression()

    def _print(self, name: str) -> Node:
        """`print a, b`, also in parentheses, with `> file`, `>> file` and `| command`."""
        before, self.redirects = self.redirects, False
        parts: tuple[Node, ...] = ()
        if not self.sees(";", "\n", "}", ">", ">>", "|") and self.tokens:
            parts = self.several()
            if len(parts) == 1 and parts[0].kind == "list":
                parts = parts[0].parts
        how = self.takes(">", ">>", "|")
        target = (self.joined(),) if how else ()
        self.redirects = before
        return Node(name, how, (Node("list", parts=parts), *target))

    def several(self) -> tuple[Node, ...]:
        found = [self.expression()]
        while self.takes(","):
            self.breaks()
            found.append(self.expression())
        return tuple(found)

    def expression(self) -> Node:
        """An assignment, or `condition ? one : other`."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotJudged("awk with expressions inside expressions inside expressions")
        found = self.either()
        if self.takes("?"):
            self.breaks()
            one = self.expression()
            self.breaks()
            self.need(":")
            self.breaks()
            found = Node("choice", parts=(found, one, self.expression()))
        elif found.kind in ("name", "element", "field") and (sign := self.takes(*_SETTING)):
            self.breaks()
            found = Node("set", sign, (found, self.expression()))
        self.depth -= 1
        return found

    def either(self) -> Node:
        found = self.both()
        while self.takes("||"):
            self.breaks()
            found = Node("either", parts=(found, self.both()))
        return found

    def both(self) -> Node:
        found = self.member()
        while self.takes("&&"):
            self.breaks()
            found = Node("both", parts=(found, self.member()))
        return found

    def member(self) -> Node:
        found = self.matched()
        while self.lists and self.takes("in"):
            name = self.tokens.pop() if self.tokens else Token("end", "")
            keys = found.parts if found.kind == "list" else (found,)
            found = Node("in", name.text, keys)
        return found

    def matched(self) -> Node:
        found = self.compared()
        while sign := self.takes("~", "!~"):
            found = Node("match", sign, (found, self.compared()))
        return found

    def compared(self) -> Node:
        found = self.joined()
        signs = _COMPARING if self.redirects else _COMPARING - {">"}
        if sign := self.takes(*signs):
            found = Node("compare", sign, (found, self.joined()))
        return found

    def joined(self) -> Node:
        """Texts one after the other."""
        parts = [self.sum()]
        while self.next().kind in ("number", "text", "name", "call") or self.sees("$", "(", "++", "--"):
            parts.append(self.sum())
        return parts[0] if len(parts) == 1 else Node("joined", parts=tuple(parts))

    def sum(self) -> Node:
        found = self.product()
        while sign := self.takes("+", "-"):
            found = Node("number of", sign, (found, self.product()))
        return found

    def product(self) -> Node:
        found = self.unary()
        while sign := self.takes("*", "/", "%"):
            found = Node("number of", sign, (found, self.unary()))
        return found

    def unary(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotJudged("awk with expressions inside expressions inside expressions")
        if sign := self.takes("!", "-", "+"):
            found = Node("unary", sign, (self.unary(),))
            if sign == "!" and self.sees("~", "!~"):
                raise self.unknown()
        else:
            found = self.power()
        self.depth -= 1
        return found

    def power(self) -> Node:
        found = self.step()
        if self.takes("^"):
            found = Node("number of", "^", (found, self.unary()))
        return found

    def step(self) -> Node:
        if sign := self.takes("++", "--"):
            return self._stepped("before", sign, self.primary())
        found = self.primary()
        if found.kind in ("name", "element", "field") and (sign := self.takes("++", "--")):
            return self._stepped("after", sign, found)
        return found

    def _stepped(self, when: str, sign: str, target: Node) -> Node:
        if target.kind not in ("name", "element", "field"):
            raise self.unknown()
        return Node(when, sign, (target,))

    def primary(self) -> Node:
        if not self.tokens:
            raise self.unknown()
        token = self.tokens.pop()
        if token.kind in ("number", "text", "regex"):
            return Node(token.kind, token.text)
        if token.kind == "name" and token.text in ("length",):
            return Node("call", "length")
        if token.kind == "name":
            if not self.takes("["):
                return Node("name", token.text)
            keys = self._inside(self.several)
            self.need("]")
            return Node("element", token.text, keys)
        if token.kind == "call" and token.text in FUNCTIONS:
            self.need("(")
            arguments = () if self.sees(")") else self._inside(self.several)
            self.need(")")
            return Node("call", token.text, arguments)
        if token.text == "$" and token.kind == "sign":
            return Node("field", parts=(self._field(),))
        if token.text == "(" and token.kind == "sign":
            found = self._inside(self.several)
            self.need(")")
            return Node("group", parts=found) if len(found) == 1 else Node("list", parts=found)
        raise self.unknown()

    def _field(self) -> Node:
        """What is behind `$`: it binds more tightly than all others."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotJudged("awk with expressions inside expressions inside expressions")
        found = self.step() if self.sees("++", "--") else self.primary()
        self.depth -= 1
        return found

    def _inside(self, read: Callable[[], tuple[Node, ...]]) -> tuple[Node, ...]:
        """Read something in parentheses or brackets, where `>` and `in` have their usual meaning."""
        before = self.redirects, self.lists
        self.redirects = self.lists = True
        found = read()
        self.redirects, self.lists = before
        return found
