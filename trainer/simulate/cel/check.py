"""The type check of an expression: what the API server refuses before anything is evaluated.

Follows https://github.com/google/cel-spec/blob/master/doc/langdef.md#type-checking (v0.24) as far as types
are known: literals, `request`, `namespaceObject`, variables and results of functions. `object`,
`oldObject` and `params` are dynamic, as for the API server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trainer.simulate.cel import library, literals
from trainer.simulate.cel.authorizer import AUTHORIZER, RESOURCE
from trainer.simulate.cel.evaluate import dotted
from trainer.simulate.cel.macros import expand, variables
from trainer.simulate.cel.syntax import CompileError, Node
from trainer.simulate.cel.values import NUMBERS, ORDERED, kind_of

Type = str | dict[str, Any]
"""A type's name (`int`, `list:string`, `map:int`, `dyn`), or the fields of a structure."""

_GVK = {"group": "string", "version": "string", "kind": "string"}
_GVR = {"group": "string", "version": "string", "resource": "string"}
REQUEST: dict[str, Any] = {
    "kind": _GVK,
    "resource": _GVR,
    "subResource": "string",
    "requestKind": _GVK,
    "requestResource": _GVR,
    "requestSubResource": "string",
    "name": "string",
    "namespace": "string",
    "operation": "string",
    "userInfo": {"username": "string", "uid": "string", "groups": "list:string", "extra": "map:list:string"},
    "dryRun": "bool",
    "options": "dyn",
}
"""The fields of `request` (`plugin/cel/compile.go`, BuildRequestType)."""

NAMESPACE: dict[str, Any] = {
    "metadata": {
        "name": "string",
        "generateName": "string",
        "namespace": "string",
        "labels": "map:string",
        "annotations": "map:string",
        "UID": "string",
        "creationTimestamp": "timestamp",
        "deletionGracePeriodSeconds": "int",
        "deletionTimestamp": "timestamp",
        "generation": "int",
        "resourceVersion": "string",
        "finalizers": "list:string",
    },
    "spec": {"finalizers": "list:string"},
    "status": {
        "phase": "string",
        "conditions": {
            "*": {
                "status": "string",
                "type": "string",
                "lastTransitionTime": "timestamp",
                "message": "string",
                "reason": "string",
            }
        },
    },
}
"""The fields of `namespaceObject` (BuildNamespaceType); `*` stands for the items of a list."""

STANDARD: dict[str, Type] = {
    "object": "dyn",
    "oldObject": "dyn",
    "request": REQUEST,
    "namespaceObject": NAMESPACE,
}
"""What every policy's expressions may name."""


def check(node: Node, declared: Mapping[str, Type]) -> Type:
    """The type of an expression. Raises `CompileError` where the API server would refuse it."""
    return _KINDS[node.kind](node, declared)


def _literal(node: Node, _: Mapping[str, Type]) -> Type:
    return kind_of(node.value)


def _ident(node: Node, declared: Mapping[str, Type]) -> Type:
    if node.name in declared:
        return declared[node.name]
    if node.name in library.TYPES:
        return "type"
    raise CompileError(f"undeclared reference to '{node.name}' (in container '')", node.offset)


def _select(node: Node, declared: Mapping[str, Type]) -> Type:
    whole = dotted(node)
    if whole in declared:
        return declared[whole]
    if whole in library.TYPES and whole.partition(".")[0] not in declared:
        return "type"
    assert node.target is not None  # noqa: S101 - the parser gives every selection a target
    holder = check(node.target, declared)
    return "optional" if node.optional or holder == "optional" else _field(holder, node)


def _field(holder: Type, node: Node) -> Type:
    if isinstance(holder, dict):
        if node.name not in holder:
            raise CompileError(f"undefined field '{node.name}'", node.offset)
        found: Type = holder[node.name]
        return found
    if holder in ("dyn", "map"):
        return "dyn"
    if holder.startswith("map:"):
        return holder[4:]
    raise CompileError(f"type '{holder}' does not support field selection", node.offset)


def _index(node: Node, declared: Mapping[str, Type]) -> Type:
    assert node.target is not None  # noqa: S101 - the parser gives every index a target
    holder, key = check(node.target, declared), check(node.arguments[0], declared)
    if holder == "optional" or node.optional:
        return "optional"
    if isinstance(holder, dict):
        items: Type = holder.get("*", "dyn")
        return items
    if holder in ("dyn", "map", "list"):
        return "dyn"
    head, _, inner = holder.partition(":")
    if head == "list" and key not in ("int", "uint", "double", "dyn"):
        raise CompileError(
            f"no matching overload for '_[_]' applied to '({said(holder)}, {said(key)})'", node.offset
        )
    if head in ("list", "map"):
        return inner or "dyn"
    raise CompileError(
        f"no matching overload for '_[_]' applied to '({said(holder)}, {said(key)})'", node.offset
    )


def _joined(types: list[Type]) -> Type:
    known = types[0] if types else "dyn"
    return known if all(one == known for one in types) else "dyn"


def _alike(node: Node, types: list[Type], skipped: frozenset[int] = frozenset()) -> Type:
    """The type of a literal's elements: they are all alike (HomogeneousAggregateLiterals).

    `skipped` are the positions of optional elements.
    """
    kept = [kind for position, kind in enumerate(types) if position not in skipped]
    for kind in kept[1:]:
        if not assignable(kept[0], kind) and not assignable(kind, kept[0]):
            message = f"expected type '{said(kept[0])}' but found '{said(kind)}'"
            raise CompileError(f"{message}: the elements of a literal are of one type", node.offset)
    return _joined(kept)


def _list(node: Node, declared: Mapping[str, Type]) -> Type:
    inner = _alike(node, [check(item, declared) for item in node.arguments], node.optionals)
    return f"list:{inner}" if isinstance(inner, str) and not node.optionals else "list:dyn"


def _map(node: Node, declared: Mapping[str, Type]) -> Type:
    _alike(node, [check(key, declared) for key in node.arguments[::2]])
    skipped = frozenset(position // 2 for position in node.optionals)
    inner = _alike(node, [check(value, declared) for value in node.arguments[1::2]], skipped)
    return f"map:{inner}" if isinstance(inner, str) and not node.optionals else "map:dyn"


def _call(node: Node, declared: Mapping[str, Type]) -> Type:
    operator = _OPERATORS.get(node.name) if node.target is None else None
    if operator is not None:
        types = [check(argument, declared) for argument in node.arguments]
        return operator(node, types)
    if expand(node) is not None:
        return _macro(node, declared)
    return _function(node, declared)


def _function(node: Node, declared: Mapping[str, Type]) -> Type:
    arguments = [check(argument, declared) for argument in node.arguments]
    name, member = node.name, node.target is not None
    if node.target is not None:
        prefix = dotted(node.target)
        if prefix in library.NAMESPACES and (f"{prefix}.{name}", False) in library.functions():
            name, member = f"{prefix}.{name}", False
        else:
            arguments = [check(node.target, declared), *arguments]
    overloads = library.functions().get((name, member))
    if overloads is None:
        raise CompileError(f"undeclared reference to '{node.name}' (in container '')", node.offset)
    fitting = [
        one
        for one in overloads
        if len(one.parameters) == len(arguments)
        and all(assignable(wanted, given) for wanted, given in zip(one.parameters, arguments, strict=True))
    ]
    if not fitting:
        given = ", ".join(map(said, arguments))
        raise CompileError(
            f"found no matching overload for '{node.name}' applied to '({given})'", node.offset
        )
    literals.check_arguments(node)
    return _joined([one.result for one in fitting])


def assignable(wanted: Type, given: Type) -> bool:
    """Whether a value of the type `given` may stand where `wanted` is declared."""
    if "dyn" in (wanted, given):
        return True
    if isinstance(wanted, dict) or isinstance(given, dict):
        return (
            (isinstance(wanted, dict) and isinstance(given, dict))
            or "map" in (wanted, given)
            or "null" in (wanted, given)
        )
    head, _, inner = wanted.partition(":")
    other, _, theirs = given.partition(":")
    if "null" in (head, other) and head != other:
        return (other if head == "null" else head) not in (
            *NUMBERS,
            "bool",
            "string",
            "bytes",
            "list",
            "map",
            "type",
        )
    return head == other and assignable(inner or "dyn", theirs or "dyn")


def _refused(node: Node, types: list[Type]) -> CompileError:
    given = ", ".join(map(said, types))
    return CompileError(f"found no matching overload for '{node.name}' applied to '({given})'", node.offset)


def said(kind: Type) -> str:
    """A type as CEL writes it: `list(string)`."""
    if isinstance(kind, dict):
        return "object"
    head, colon, inner = kind.partition(":")
    return f"{head}({said(inner)})" if colon else kind


def _equality(node: Node, types: list[Type]) -> Type:
    if not assignable(*types):
        raise _refused(node, types)
    return "bool"


def _order(node: Node, types: list[Type]) -> Type:
    left, right = types
    numbers = left in (*NUMBERS, "dyn") and right in (*NUMBERS, "dyn")
    same = (left in (*ORDERED, "dyn") and right in (left, "dyn")) or (left == "dyn" and right in ORDERED)
    if not numbers and not same:
        raise _refused(node, types)
    return "bool"


def _arithmetic(node: Node, types: list[Type]) -> Type:
    left, right = types
    if isinstance(left, dict) or isinstance(right, dict):
        raise _refused(node, types)
    allowed = {"int", "uint"} | ({"double"} if node.name != "_%_" else set())
    if "dyn" in (left, right):
        known = right if left == "dyn" else left
        joins = {
            "_+_": ("string", "bytes", "list", "duration", "timestamp"),
            "_-_": ("duration", "timestamp"),
        }
        if known not in ("dyn", *allowed) and known.partition(":")[0] not in joins.get(node.name, ()):
            raise _refused(node, types)
        return known if known in NUMBERS else "dyn"
    heads = {left.partition(":")[0], right.partition(":")[0]}
    if left == right and left in allowed:
        return left
    if node.name == "_+_" and len(heads) == 1 and heads <= {"string", "bytes", "list", "duration"}:
        return left if left == right else heads.pop()
    if node.name in ("_+_", "_-_") and heads <= {"timestamp", "duration"}:
        return "duration" if left == right else "timestamp"
    raise _refused(node, types)


def _inside(node: Node, types: list[Type]) -> Type:
    item, holder = types
    if isinstance(holder, dict) or holder in ("dyn", "list", "map"):
        return "bool"
    head, _, inner = holder.partition(":")
    if head == "list" and not assignable(inner or "dyn", item):
        raise _refused(node, types)
    if head not in ("list", "map"):
        raise _refused(node, types)
    return "bool"


def _truths(node: Node, types: list[Type]) -> Type:
    if any(kind not in ("bool", "dyn") for kind in types):
        raise _refused(node, types)
    return "bool"


def _choice(node: Node, types: list[Type]) -> Type:
    if types[0] not in ("bool", "dyn"):
        raise _refused(node, types)
    if not assignable(types[1], types[2]) and not assignable(types[2], types[1]):
        raise _refused(node, types)
    return _joined(types[1:])


def _minus(node: Node, types: list[Type]) -> Type:
    if types[0] not in ("int", "double", "dyn"):
        raise _refused(node, types)
    return types[0]


_OPERATORS = {
    **dict.fromkeys(("_==_", "_!=_"), _equality),
    **dict.fromkeys(("_<_", "_<=_", "_>_", "_>=_"), _order),
    **dict.fromkeys(("_+_", "_-_", "_*_", "_/_", "_%_"), _arithmetic),
    **dict.fromkeys(("_&&_", "_||_", "!_"), _truths),
    "_in_": _inside,
    "_?_:_": _choice,
    "-_": _minus,
}


def _macro(node: Node, declared: Mapping[str, Type]) -> Type:
    if node.name == "has":
        if node.arguments[0].kind != "select":
            raise CompileError("invalid argument to has() macro", node.offset)
        check(node.arguments[0], declared)
        return "bool"
    assert node.target is not None  # noqa: S101 - macros but `has` are members
    holder = check(node.target, declared)
    names = variables(node)
    inner = {**declared, **dict(zip(names, _elements(holder, len(names), node), strict=True))}
    results = [check(argument, inner) for argument in node.arguments[len(names) :]]
    if node.name in ("all", "exists", "exists_one", "existsOne", "filter"):
        if results[-1] not in ("bool", "dyn"):
            raise CompileError(f"found no matching overload for the condition of '{node.name}'", node.offset)
        return "bool" if node.name != "filter" else holder if str(holder).startswith("list") else "list"
    if node.name.startswith("opt"):
        return "optional"
    if node.name.startswith("transformMap"):
        return "map:dyn"
    return f"list:{results[-1]}" if isinstance(results[-1], str) else "list:dyn"


def _elements(holder: Type, count: int, node: Node) -> list[Type]:
    if isinstance(holder, dict):
        item: Type = holder.get("*", "dyn")
        return [item] if count == 1 else ["dyn", item]
    head, _, inner = holder.partition(":")
    if head not in ("list", "map", "dyn", "optional"):
        message = f"expression of type '{said(holder)}' cannot be range of a comprehension"
        raise CompileError(f"{message} (must be list, map, or dynamic)", node.offset)
    if head == "map":
        keys: list[Type] = ["dyn"]  # of literals, too: `{1: 2}.all(k, k > 0)`
        return keys if count == 1 else [*keys, inner or "dyn"]
    element: Type = inner or "dyn" if head == "list" else "dyn"
    first: Type = "int" if head == "list" else "dyn"
    return [element] if count == 1 else [first, element]


def standard(*, params: bool = False, authorizer: bool = True) -> dict[str, Type]:
    """The declarations of a policy's expressions."""
    found = dict(STANDARD)
    if params:
        found["params"] = "dyn"
    if authorizer:
        found |= {"authorizer": AUTHORIZER, "authorizer.requestResource": RESOURCE}
    return found


def without_authorizer(declared: Mapping[str, Type]) -> dict[str, Type]:
    """The declarations of a messageExpression (`validating/plugin.go`, compilePolicy)."""
    return {name: kind for name, kind in declared.items() if not name.startswith("authorizer")}


_KINDS = {
    "literal": _literal,
    "ident": _ident,
    "select": _select,
    "index": _index,
    "list": _list,
    "map": _map,
    "call": _call,
}
