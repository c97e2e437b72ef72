"""CEL's macros: `has`, the comprehensions with one and two variables, `optMap`.

Follows https://github.com/google/cel-spec/blob/master/doc/langdef.md#macros (v0.24) and cel-go's
`ext/comprehensions.go`. Kubernetes does not have `cel.bind`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from trainer.simulate.cel.syntax import CompileError, Node
from trainer.simulate.cel.values import NOTHING, CelError, Optional, kind_of, no_overload, sorted_by

Scope = dict[str, Any]


class Evaluator(Protocol):
    """What a macro needs from the evaluation that expands it."""

    def spend(self, steps: int) -> None:
        """Count steps. Raises `TooExpensiveError` beyond the budget."""

    def value(self, node: Node, scope: Scope) -> Any:
        """The value of an expression. Raises `CelError` if it fails."""

    def truth(self, node: Node, scope: Scope) -> bool:
        """The value of a condition. Raises `CelError` if it isn't a boolean."""

    def items(self, node: Node, scope: Scope) -> Iterator[tuple[Any, Any]]:
        """Keys and values of a map, or indexes and items of a list."""


Macro = Callable[[Evaluator, Node, Scope], Any]


def expand(node: Node) -> Macro | None:
    """The macro that a call means, or None for a function."""
    count = len(node.arguments)
    if node.target is None:
        return _has if (node.name, count) == ("has", 1) else None
    return _MACROS.get((node.name, count))


def variables(node: Node) -> list[str]:
    """The names that a macro binds in its last arguments. Raises `CompileError` if they aren't names."""
    wanted = 2 if (node.name, len(node.arguments)) in _TWO else 1
    names = node.arguments[:wanted]
    for name in names:
        if name.kind != "ident":
            raise CompileError("a macro's variable must be a simple name", name.offset)
    if wanted == 2 and names[0].name == names[1].name:
        raise CompileError(f"duplicate variable name: {names[1].name}", names[1].offset)
    return [name.name for name in names]


def _has(run: Evaluator, node: Node, scope: Scope) -> bool:
    [selection] = node.arguments
    if selection.kind != "select" or selection.target is None:
        raise CelError("has() takes a selection of a field")
    holder = run.value(selection.target, scope)
    if isinstance(holder, Optional):
        holder = holder.value if holder.present else {}
    if kind_of(holder) == "list":
        raise CelError("unsupported index type 'string' in list")
    return kind_of(holder) == "map" and selection.name in holder


def _each(run: Evaluator, node: Node, scope: Scope) -> list[tuple[Scope, Any, Any]]:
    names = variables(node)
    assert node.target is not None  # noqa: S101 - macros are members
    found = []
    holder = run.value(node.target, scope)
    is_map = kind_of(holder) == "map"
    literal = Node("literal", node.offset, value=holder)
    for key, item in run.items(literal, scope):
        run.spend(1)
        inner = dict(scope)
        if len(names) == 2:
            inner |= {names[0]: key, names[1]: item}
        else:
            inner[names[0]] = key if is_map else item
        found.append((inner, key, item))
    return found


def _quantified(decisive: bool) -> Macro:
    def macro(run: Evaluator, node: Node, scope: Scope) -> bool:
        problem: CelError | None = None
        for inner, _, _ in _each(run, node, scope):
            try:
                if run.truth(node.arguments[-1], inner) is decisive:
                    return decisive
            except CelError as error:
                problem = problem or error
        if problem is not None:
            raise problem
        return not decisive

    return macro


def _exists_one(run: Evaluator, node: Node, scope: Scope) -> bool:
    return sum(run.truth(node.arguments[-1], inner) for inner, _, _ in _each(run, node, scope)) == 1


def _filter(run: Evaluator, node: Node, scope: Scope) -> list[Any]:
    name = variables(node)[0]
    return [inner[name] for inner, _, _ in _each(run, node, scope) if run.truth(node.arguments[-1], inner)]


def _map(run: Evaluator, node: Node, scope: Scope) -> list[Any]:
    wanted = node.arguments[1] if len(node.arguments) == 3 else None
    return [
        run.value(node.arguments[-1], inner)
        for inner, _, _ in _each(run, node, scope)
        if wanted is None or run.truth(wanted, inner)
    ]


def _transform_list(run: Evaluator, node: Node, scope: Scope) -> list[Any]:
    wanted = node.arguments[2] if len(node.arguments) == 4 else None
    return [
        run.value(node.arguments[-1], inner)
        for inner, _, _ in _each(run, node, scope)
        if wanted is None or run.truth(wanted, inner)
    ]


def _transform_map(run: Evaluator, node: Node, scope: Scope) -> dict[Any, Any]:
    wanted = node.arguments[2] if len(node.arguments) == 4 else None
    return {
        key: run.value(node.arguments[-1], inner)
        for inner, key, _ in _each(run, node, scope)
        if wanted is None or run.truth(wanted, inner)
    }


def _transform_entry(run: Evaluator, node: Node, scope: Scope) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    wanted = node.arguments[2] if len(node.arguments) == 4 else None
    for inner, _, _ in _each(run, node, scope):
        if wanted is not None and not run.truth(wanted, inner):
            continue
        entry = run.value(node.arguments[-1], inner)
        if kind_of(entry) != "map" or found.keys() & entry.keys():
            raise CelError("transformMapEntry makes maps of one new key each")
        found |= entry
    return found


def _sort_by(run: Evaluator, node: Node, scope: Scope) -> list[Any]:
    assert node.target is not None  # noqa: S101 - macros are members
    holder = run.value(node.target, scope)
    if kind_of(holder) != "list":
        raise no_overload("sortBy", holder)
    return sorted_by(holder, _map(run, node, scope))


def _opt_map(run: Evaluator, node: Node, scope: Scope) -> Any:
    assert node.target is not None  # noqa: S101 - macros are members
    optional = run.value(node.target, scope)
    if not isinstance(optional, Optional):
        raise no_overload("hasValue", optional)
    if not optional.present:
        return NOTHING
    value = run.value(node.arguments[1], scope | {node.arguments[0].name: optional.value})
    return value if node.name == "optFlatMap" else Optional(True, value)


_MACROS: dict[tuple[str, int], Macro] = {
    ("all", 2): _quantified(False),
    ("all", 3): _quantified(False),
    ("exists", 2): _quantified(True),
    ("exists", 3): _quantified(True),
    ("exists_one", 2): _exists_one,
    ("exists_one", 3): _exists_one,
    ("existsOne", 2): _exists_one,
    ("existsOne", 3): _exists_one,
    ("filter", 2): _filter,
    ("map", 2): _map,
    ("map", 3): _map,
    ("transformList", 3): _transform_list,
    ("transformList", 4): _transform_list,
    ("transformMap", 3): _transform_map,
    ("transformMap", 4): _transform_map,
    ("transformMapEntry", 3): _transform_entry,
    ("transformMapEntry", 4): _transform_entry,
    ("sortBy", 2): _sort_by,
    ("optMap", 2): _opt_map,
    ("optFlatMap", 2): _opt_map,
}
CONDITIONS = frozenset(("all", "exists", "exists_one", "existsOne", "filter"))
"""Macros whose last argument is a condition."""

_TWO = frozenset(
    [
        ("all", 3),
        ("exists", 3),
        ("exists_one", 3),
        ("existsOne", 3),
        ("transformMapEntry", 3),
        ("transformMapEntry", 4),
        ("transformList", 3),
        ("transformList", 4),
        ("transformMap", 3),
        ("transformMap", 4),
    ]
)
"""Macros with two variables; `map` with three arguments has one variable and a condition."""
