"""What is changed: comparisons, conditions, arithmetic, constants, elements of tables, statements.

A mutant is an edit of the source text, so that its diff is what a person would have written. What
isn't changed, because no verdict depends on it: docstrings, annotations, sentences (a string with a
space in it is wording), the text parts of f-strings, decorators (caches), the keywords of classes, and
`strict` of `zip`, which only asserts.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Found: TypeAlias = Iterator[tuple[str, ast.AST, str]]
"""The operator, the node whose text is replaced, and the new text."""

COMPARISONS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "is not": "is", "is": "is not", "not in": "in", "in": "not in",
}  # fmt: skip
ARITHMETIC = {
    "+": "-", "-": "+", "*": "//", "/": "*", "//": "*", "%": "//", "|": "&", "&": "|", "^": "&",
    "<<": ">>", ">>": "<<", "**": "*", "@": "*",
}  # fmt: skip
NAMES = {"any": "all", "all": "any", "min": "max", "max": "min"}
METHODS = {
    "startswith": "endswith", "endswith": "startswith",
    "removeprefix": "removesuffix", "removesuffix": "removeprefix",
    "partition": "rpartition", "rpartition": "partition", "lstrip": "rstrip", "rstrip": "lstrip",
    "issubset": "issuperset", "issuperset": "issubset",
}  # fmt: skip


_COMPARISON = re.compile(r"not\s+in|is\s+not|in\b|is\b|[<>=!]=|[<>]")
_ARITHMETIC = re.compile(r"\*\*|//|<<|>>|[-+*/%|&^@]")


class Mutant(msgspec.Struct, frozen=True):
    """One change of one file: the text from `start` to `end` (character offsets) becomes `new`."""

    file: str
    line: int
    column: int
    operator: str
    old: str
    new: str
    start: int
    end: int
    function: bool
    """Whether the change is inside a function, so that its code can be replaced while it is loaded."""
    lines: tuple[int, int]
    """First and last line of the statement: tests that run one of them reach the change."""

    @property
    def place(self) -> str:
        """`trainer/x.py:3:7`."""
        return f"{self.file}:{self.line}:{self.column}"

    def apply(self, source: str) -> str:
        """The file's text with the change in it."""
        return source[: self.start] + self.new + source[self.end :]


def mutants_of(path: Path, root: Path, lines: Container[int] | None = None) -> list[Mutant]:
    """Every mutant of a file that compiles, in the order of the text; with `lines` those that start there."""
    source = path.read_text(encoding="utf-8")
    name = path.relative_to(root).as_posix()
    made = _Maker(source).mutants(name)
    found: dict[tuple[int, int, str], Mutant] = {}
    for mutant in sorted(made, key=lambda one: (one.start, one.end)):
        if lines is not None and mutant.line not in lines:
            continue
        if mutant.old != mutant.new and _compiles(mutant.apply(source), name):
            found.setdefault((mutant.start, mutant.end, mutant.new), mutant)
    return list(found.values())


def _compiles(source: str, name: str) -> bool:
    try:
        compile(source, name, "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


class _Maker:
    """Walks a module's tree and turns what `changes` finds into edits of its text."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.starts = [0]
        for line in source.encode().split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.bytes = source.encode()
        self.parents: dict[ast.AST, ast.AST] = {}

    def mutants(self, name: str) -> Iterator[Mutant]:
        tree = ast.parse(self.source)
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
        for node in ast.walk(tree):
            if self._is_left_out(node):
                continue
            for operator, target, new in self._changes(node):
                start, end = self.span(target)
                first = self._statement(target)
                yield Mutant(
                    name, _line(target), target.col_offset + 1, operator,  # type: ignore[attr-defined]
                    self.source[start:end], new, start, end, self._in_function(target),
                    (_line(first), _last_line(first)),
                )  # fmt: skip

    def text(self, node: ast.AST) -> str:
        """The node's source text."""
        start, end = self.span(node)
        return self.source[start:end]

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Character offsets of the node's start and end."""
        start = self.starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        end = self.starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        return len(self.bytes[:start].decode()), len(self.bytes[:end].decode())

    def _above(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        """The node and its ancestors, each with its parent."""
        while node in self.parents:
            yield node, self.parents[node]
            node = self.parents[node]

    def _statement(self, node: ast.AST) -> ast.AST:
        return next((one for one, _ in self._above(node) if isinstance(one, ast.stmt | ast.match_case)), node)

    def _in_function(self, node: ast.AST) -> bool:
        for child, parent in self._above(node):
            if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef) and child in parent.body:
                return True
            if isinstance(parent, ast.Lambda) and child is parent.body:
                return True
        return False

    def _is_left_out(self, node: ast.AST) -> bool:
        for child, parent in self._above(node):
            if isinstance(parent, ast.JoinedStr | ast.FormattedValue) and isinstance(child, ast.Constant):
                return True
            if isinstance(parent, ast.FormattedValue) and child is parent.format_spec:
                return True
            if isinstance(parent, ast.keyword) and parent.arg == "strict":
                return True
            if isinstance(parent, ast.arg) or child is getattr(parent, "returns", None):
                return True
            if isinstance(parent, ast.AnnAssign) and child is parent.annotation:
                return True
            if child in getattr(parent, "decorator_list", ()):
                return True
            if isinstance(parent, ast.ClassDef) and child in (*parent.bases, *parent.keywords):
                return True
            if isinstance(parent, ast.If) and _is_for_types(parent):
                return True
            if isinstance(parent, ast.Assign) and _says_nothing(parent):
                return True
        return isinstance(self.parents.get(node), ast.Expr) and isinstance(node, ast.Constant)

    def _changes(self, node: ast.AST) -> Found:
        yield from self._conditions(node)
        yield from self._expressions(node)
        yield from self._elements(node)
        yield from self._statements(node)
        if isinstance(node, ast.Constant) and not self._is_element(node):
            new = _other_constant(node.value)
            if new is not None:
                yield "constant", node, new

    def _is_element(self, node: ast.AST) -> bool:
        """Whether leaving the constant out of its table is a mutant already."""
        parent = self.parents.get(node)
        display = isinstance(parent, ast.List | ast.Set | ast.Tuple)
        return display and _is_table(parent, self.parents.get(parent))  # type: ignore[arg-type]

    def _conditions(self, node: ast.AST) -> Found:
        yield from self._tests(node)
        if isinstance(node, ast.Compare):
            ordered = isinstance(node.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE)
            parent = self.parents.get(node)
            if not ordered and isinstance(parent, ast.If | ast.IfExp) and node is parent.test:
                return  # the conditions True and False are both stricter
            for left, right in itertools.pairwise([node.left, *node.comparators]):
                yield "comparison", node, self._between(node, left, right, _COMPARISON, COMPARISONS)
        elif isinstance(node, ast.BoolOp):
            word, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            parts = [f"({self.text(value)})" for value in node.values]
            yield f"{word} to {other}", node, f" {other} ".join(parts)
            for index in range(len(parts)):
                yield "operand", node, f" {word} ".join(parts[:index] + parts[index + 1 :])
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield "not", node, f"({self.text(node.operand)})"

    def _between(
        self, node: ast.AST, left: ast.AST, right: ast.AST, sign: re.Pattern[str], others: dict[str, str]
    ) -> str:
        """The node's text with another sign between two of its parts."""
        start, end = self.span(node)
        gap = self.span(left)[1], self.span(right)[0]
        new = sign.sub(lambda found: others[" ".join(found.group().split())], self.source[slice(*gap)], 1)
        return self.source[start : gap[0]] + new + self.source[gap[1] : end]

    def _tests(self, node: ast.AST) -> Found:
        if isinstance(node, ast.If | ast.IfExp) and not _is_for_types(node):
            yield "condition", node.test, "True"
            yield "condition", node.test, "False"
        elif isinstance(node, ast.While):
            yield "condition", node.test, "False"
        elif isinstance(node, ast.comprehension):
            for test in node.ifs:
                yield "condition", test, "True"
        elif isinstance(node, ast.match_case) and node.guard is not None:
            yield "condition", node.guard, "True"

    def _expressions(self, node: ast.AST) -> Found:
        if isinstance(node, ast.BinOp):
            yield "arithmetic", node, self._between(node, node.left, node.right, _ARITHMETIC, ARITHMETIC)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMES:
            yield "function", node.func, NAMES[node.func.id]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            method = node.func
            if method.attr in METHODS:
                yield "method", method, f"{self.text(method.value)}.{METHODS[method.attr]}"
            elif method.attr in ("lower", "upper", "strip") and not node.args:
                yield "method", node, self.text(method.value)

    def _elements(self, node: ast.AST) -> Found:
        parent = self.parents.get(node)
        if isinstance(node, ast.MatchOr):
            for index in range(len(node.patterns)):
                rest = [self.text(one) for at, one in enumerate(node.patterns) if at != index]
                yield "element", node, " | ".join(rest)
        elif words := _words(node, parent):
            for word in words:
                alone = rf"(?<![^\s'\"]){re.escape(word)}(?![^\s'\"])"
                yield "element", node, re.sub(alone, "", self.text(node), count=1)
        elif isinstance(node, ast.Dict) and None not in node.keys:
            yield from self._without_one(node, [key for key in node.keys if key])
        elif isinstance(node, ast.List | ast.Set | ast.Tuple) and _is_table(node, parent):
            yield from self._without_one(node, node.elts)

    def _without_one(self, node: ast.AST, items: list[ast.expr]) -> Found:
        """The display without each of its items; an item is removed together with the text before
        the next item."""
        start, end = self.span(node)
        starts = [self.span(item)[0] for item in items]
        if not starts or starts[0] == start:
            return  # empty, or a tuple without parentheses
        for first, following in zip(starts, [*starts[1:], end - 1], strict=True):
            new = self.source[start:first] + self.source[following:end]
            if isinstance(node, ast.Set) and len(items) == 1:
                new = "set()"
            elif isinstance(node, ast.Tuple) and len(items) == 2:
                new = f"{new.rstrip(' )').rstrip(',')},)"
            yield "element", node, new

    def _statements(self, node: ast.AST) -> Found:
        if isinstance(node, ast.Continue):
            yield "statement", node, "break"
        elif isinstance(node, ast.Break):
            yield "statement", node, "continue"
        elif isinstance(node, ast.AugAssign | ast.Raise | ast.Delete | ast.Assert) or (
            isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
        ):
            yield "statement", node, "pass"


def _line(node: Any) -> int:
    return int((node.pattern if isinstance(node, ast.match_case) else node).lineno)


def _last_line(node: Any) -> int:
    """The last line of a simple statement, or of the head of a compound one."""
    body = getattr(node, "body", None)
    if isinstance(body, list) and body:
        return int(max(_line(node), body[0].lineno - 1))
    return int(node.end_lineno)


def _is_for_types(node: ast.If | ast.IfExp) -> bool:
    return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _says_nothing(node: ast.Assign) -> bool:
    """A type alias, or the names that a module gives away."""
    names = [one.id for one in node.targets if isinstance(one, ast.Name)]
    return any(name == "__all__" or re.match(r"[A-Z]\w*[a-z]", name) for name in names)


def _other_constant(value: object) -> str | None:
    if isinstance(value, bool):
        return str(not value)
    if isinstance(value, int):
        return str(value + 1)
    if isinstance(value, str) and not re.search(r"\s", value):
        return repr(value + "x")
    return None


def _words(node: ast.AST, parent: ast.AST | None) -> list[str]:
    """The words of a table that is written as one string and split."""
    is_split = isinstance(parent, ast.Attribute) and parent.attr == "split"
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value.split() if is_split and is_text else []  # type: ignore[attr-defined]


def _is_table(node: ast.List | ast.Set | ast.Tuple, parent: ast.AST | None) -> bool:
    """A display whose elements are of one kind; not a pair that is taken apart again."""
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return False
    if not isinstance(node, ast.Tuple):
        return True
    if isinstance(parent, ast.Call):
        return isinstance(parent.func, ast.Name) and parent.func.id in ("frozenset", "set", "tuple", "dict")
    if isinstance(parent, ast.Compare):
        return node is not parent.left
    return isinstance(parent, ast.Assign | ast.AnnAssign | ast.For | ast.comprehension)
