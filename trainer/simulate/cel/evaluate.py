"""Evaluate a CEL tree, within a budget of steps.

Follows https://github.com/google/cel-spec/blob/master/doc/langdef.md (v0.24): `&&` and `||` look
at both sides if one of them fails, macros are evaluated lazily. Every step and every element of a
result counts, so that no expression can run or grow for long; the budget is far above the API
server's own cost limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from trainer.simulate.cel import library, optionals
from trainer.simulate.cel.macros import expand
from trainer.simulate.cel.standard import operator
from trainer.simulate.cel.syntax import Node, dotted
from trainer.simulate.cel.values import (
    NOTHING,
    CelError,
    Optional,
    TooExpensiveError,
    equal,
    kind_of,
    no_overload,
)

BUDGET = 400_000
"""Steps and elements that one expression may take: about a second."""

_OPERATORS = frozenset(
    f"_{mark}_" for mark in ("==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%")
)
_TEXTS = (str, bytes)
_SIZED = (str, bytes, list, dict)
_MISSING = object()


def evaluate(node: Node, bindings: Mapping[str, Any], budget: int = BUDGET) -> Any:
    """The value of an expression. A binding may be a function of no arguments: called when it is read.

    Raises `CelError` if it fails, `TooExpensiveError` if it exceeds the budget.
    """
    return _Evaluator(budget).value(node, dict(bindings))


class _Evaluator:
    def __init__(self, budget: int) -> None:
        self.left = budget

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise TooExpensiveError("the expression takes too many steps or too much memory")

    def value(self, node: Node, scope: dict[str, Any]) -> Any:
        self.left -= 1  # as `spend`, which would cost as much as many nodes
        if self.left < 0:
            self.spend(0)
        result = _NODES[node.kind](self, node, scope)
        if isinstance(result, _SIZED):
            self.spend(len(result) // (64 if isinstance(result, _TEXTS) else 16))
        return result

    def literal(self, node: Node, _: dict[str, Any]) -> Any:
        return node.value

    def ident(self, node: Node, scope: dict[str, Any]) -> Any:
        found = scope.get(node.name, _MISSING)
        if found is _MISSING:
            if node.name in library.TYPES:
                return library.TYPES[node.name]
            raise CelError(f"no such attribute: {node.name}")
        return found() if callable(found) else found

    def select(self, node: Node, scope: dict[str, Any]) -> Any:
        name = dotted(node)
        if name in scope:
            found = scope[name]
            return found() if callable(found) else found
        if name in library.TYPES and name.partition(".")[0] not in scope:
            return library.TYPES[name]
        assert node.target is not None  # noqa: S101 - the parser gives every selection a target
        holder = self.value(node.target, scope)
        if isinstance(holder, Optional):
            if not holder.present:
                return NOTHING
            return self.optional_field(holder.value, node.name)
        if node.optional:
            return self.optional_field(holder, node.name)
        found = self.field(holder, node.name)
        if found is _MISSING:
            raise CelError(f"no such key: {node.name}")
        return found

    def field(self, holder: Any, name: str) -> Any:
        if kind_of(holder) != "map":
            raise CelError(f"no such field {name!r} in a value of type {kind_of(holder)}")
        found = holder.get(name, _MISSING)
        return found() if callable(found) else found

    def optional_field(self, holder: Any, name: str) -> Optional:
        """Nothing if a value has no fields at all (`refQualify` of cel-go's `attributes.go`)."""
        if kind_of(holder) == "list":
            raise CelError("unsupported index type 'string' in list")
        found = self.field(holder, name) if kind_of(holder) == "map" else _MISSING
        return NOTHING if found is _MISSING else Optional(True, found)

    def index(self, node: Node, scope: dict[str, Any]) -> Any:
        assert node.target is not None  # noqa: S101 - the parser gives every index a target
        holder, key = self.value(node.target, scope), self.value(node.arguments[0], scope)
        wrapped = isinstance(holder, Optional) or node.optional
        if isinstance(holder, Optional):
            if not holder.present:
                return NOTHING
            holder = holder.value
        found, problem = _item(holder, key)
        if wrapped:
            if problem.startswith("unsupported"):
                raise CelError(problem)
            found = found() if callable(found) else found
            return Optional(True, found) if not problem else NOTHING
        if problem:
            raise CelError(problem)
        return found() if callable(found) else found

    def list(self, node: Node, scope: dict[str, Any]) -> Any:
        found = []
        for position, item in enumerate(node.arguments):
            value = self.value(item, scope)
            if position not in node.optionals:
                found.append(value)
            elif _wrapped(value).present:
                found.append(value.value)
        return found

    def map(self, node: Node, scope: dict[str, Any]) -> Any:
        found: dict[Any, Any] = {}
        for position in range(0, len(node.arguments), 2):
            key, value = (self.value(part, scope) for part in node.arguments[position : position + 2])
            if kind_of(key) not in ("string", "int", "uint", "bool"):
                raise CelError(f"unsupported key type: {kind_of(key)}")
            if position in node.optionals:
                if not _wrapped(value).present:
                    continue
                value = value.value
            if key in found:
                raise CelError(f"Failed with repeated key: {key}")
            found[key] = value
        return found

    def call(self, node: Node, scope: dict[str, Any]) -> Any:
        if node.name in ("_&&_", "_||_"):
            return self.logic(node, scope)
        if node.name == "_?_:_":
            condition = self.truth(node.arguments[0], scope)
            return self.value(node.arguments[1 if condition else 2], scope)
        if node.name == "!_":
            return not self.truth(node.arguments[0], scope)
        if node.name == "-_":
            return operator("_-_", *_zero(self.value(node.arguments[0], scope)))
        if node.name in _OPERATORS:
            left, right = (self.value(argument, scope) for argument in node.arguments)
            self.spend((_size(left) + _size(right)) // 8)
            return operator(node.name, left, right)
        macro = expand(node)
        if macro is not None:
            return macro(self, node, scope)
        return self.function(node, scope)

    def function(self, node: Node, scope: dict[str, Any]) -> Any:
        target = node.target
        if target is not None and node.name in optionals.SHORT and len(node.arguments) == 1:
            done, value = optionals.settled(node.name, self.value(target, scope))
            return value if done else self.value(node.arguments[0], scope)
        name, values = node.name, [self.value(argument, scope) for argument in node.arguments]
        self.spend(sum(_size(value) for value in values) // 8)
        if target is not None:
            prefix = dotted(target)
            if prefix in library.NAMESPACES and (f"{prefix}.{name}", False) in library.functions():
                return library.call(f"{prefix}.{name}", False, values)
            holder = self.value(target, scope)
            self.spend(_size(holder) // 8)
            return library.call(name, True, [holder, *values])
        return library.call(name, False, values)

    def truth(self, node: Node, scope: dict[str, Any]) -> bool:
        value = self.value(node, scope)
        if not isinstance(value, bool):
            raise no_overload("bool", value)
        return value

    def logic(self, node: Node, scope: dict[str, Any]) -> bool:
        decisive = node.name == "_||_"
        problem: CelError | None = None
        for argument in node.arguments:
            try:
                if self.truth(argument, scope) is decisive:
                    return decisive
            except CelError as error:
                problem = problem or error
        if problem is not None:
            raise problem
        return not decisive

    def items(self, node: Node, scope: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
        """Index and item of a list, key and value of a map."""
        holder = self.value(node, scope)
        kind = kind_of(holder)
        if kind == "list":
            yield from enumerate(holder)
        elif kind == "map":
            for key, value in holder.items():
                yield key, value() if callable(value) else value
        else:
            raise no_overload("comprehension", holder)


def _wrapped(value: Any) -> Optional:
    """The optional of an element with a question mark. Raises `CelError` for any other value."""
    if not isinstance(value, Optional):
        raise CelError(f"cannot initialize optional list element from non-optional value {value!r}")
    return value


def _item(holder: Any, key: Any) -> tuple[Any, str]:
    """The item, or why it doesn't exist."""
    kind = kind_of(holder)
    if kind == "list":
        if kind_of(key) not in ("int", "uint", "double") or key != int(key):
            return None, f"unsupported index type '{kind_of(key)}' in list"
        position = int(key)
        return (
            (holder[position], "")
            if 0 <= position < len(holder)
            else (None, f"index out of bounds: {position}")
        )
    if kind == "map":
        for candidate in (key,) if isinstance(key, str) else holder:
            if candidate in holder and equal(candidate, key):
                return holder[candidate], ""
        return None, f"no such key: {key}"
    return None, f"no such overload: _[_]({kind})"


def _zero(value: Any) -> tuple[Any, Any]:
    if kind_of(value) not in ("int", "double"):
        raise no_overload("-_", value)
    return (0.0, value) if isinstance(value, float) else (0, value)


def _size(value: Any) -> int:
    return len(value) if isinstance(value, _SIZED) else 1


_NODES: dict[str, Callable[[_Evaluator, Node, dict[str, Any]], Any]] = {
    "literal": _Evaluator.literal,
    "ident": _Evaluator.ident,
    "select": _Evaluator.select,
    "index": _Evaluator.index,
    "list": _Evaluator.list,
    "map": _Evaluator.map,
    "call": _Evaluator.call,
}
