"""What the API server looks at beyond types when it compiles an expression.

Follows k8s.io/apiserver v1.35: `pkg/cel/environment/base.go` (`ValidateDurationLiterals`,
`ValidateTimestampLiterals`, `ValidateRegexLiterals`: written-out arguments are checked at once) and
`pkg/admission/plugin/cel/compile.go` (the expression's type is exactly the one that is asked for, so
that a value which could be anything is refused).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from trainer.simulate.cel.syntax import CompileError, Node
from trainer.simulate.cel.values import CelError

ROOTS = ("object", "oldObject", "params")
"""Variables that may hold anything."""


def check_arguments(node: Node) -> None:
    """Refuse a call with a written-out duration, timestamp or pattern that is none. Raises `CompileError`."""
    from trainer.simulate.cel.standard import to_duration, to_timestamp
    from trainer.simulate.cel.texts import compiled

    readers: dict[str, Callable[[Any], Any]] = {
        "duration": to_duration,
        "timestamp": to_timestamp,
        "matches": compiled,
    }
    read = readers.get(node.name)
    if read is None or not node.arguments or (node.name != "matches" and node.target is not None):
        return
    argument = node.arguments[-1]
    if argument.kind != "literal" or not isinstance(argument.value, str):
        return
    try:
        read(argument.value)
    except (CelError, ValueError) as error:
        raise CompileError(f"invalid {node.name} argument: {error}", argument.offset) from error


def anything(node: Node, roots: Collection[str] = ROOTS) -> bool:
    """Whether the type of an expression is certainly `dyn`: a field that could hold anything.

    `roots` are the names of what could hold anything; of variables `variables.x`. True only where
    no reading gives another type: `object.a` and `object.?a.orValue(false)`, but not `!object.a`.
    """
    if node.kind == "ident":
        return node.name in roots
    if node.kind == "select" and node.target is not None:
        whole = f"{node.target.name}.{node.name}" if node.target.kind == "ident" else ""
        return whole in roots or anything(node.target, roots)
    if node.kind == "index" and node.target is not None:
        return anything(node.target, roots)
    if node.kind == "call" and node.name == "_?_:_":
        return any(anything(branch, roots) for branch in node.arguments[1:])
    if node.kind == "call" and node.name in ("orValue", "value") and node.target is not None:
        return node.target.kind in ("select", "index") and anything(node.target, roots)
    return False
