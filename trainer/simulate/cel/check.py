"""The type check of an expression: what the API server refuses before anything is evaluated.

Follows cel-go v0.26 `checker/checker.go`, on the types that `kinds` unifies. `object`,
`oldObject` and `params` are dynamic, as for the API server; macros are typed as their expansion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from trainer.simulate.cel import library, validators
from trainer.simulate.cel.declarations import ESCAPE_KEY, OPERATORS, Overload, message_type
from trainer.simulate.cel.kinds import BOOL, DYN, INT, OPTIONAL, STRING, Type, Unifier, kind
from trainer.simulate.cel.macros import CONDITIONS, expand, variables
from trainer.simulate.cel.syntax import CompileError, Node, dotted
from trainer.simulate.cel.values import kind_of

Declared = Mapping[str, Type]


def check(node: Node, declared: Declared, *, patches: bool = False) -> Type:
    """The type of an expression. Raises `CompileError` if the API server would refuse it.

    `patches` says whether it may make `Object` and `JSONPatch`, as mutations do.
    """
    checker = _Checker(patches)
    checker.type_of(node, declared)
    types = {one: checker.unifier.resolved(found, final=True) for one, found in checker.types.items()}
    validators.validate(node, types)
    return types[node]


def _optional(inner: Type) -> Type:
    return Type(OPTIONAL, (inner,))


class _Checker:
    def __init__(self, patches: bool) -> None:
        self.patches = patches
        self.unifier = Unifier()
        self.types: dict[Node, Type] = {}

    def type_of(self, node: Node, declared: Declared) -> Type:
        found: Type = _NODES[node.kind](self, node, declared)
        self.types[node] = found
        return found

    def literal(self, node: Node, _: Declared) -> Type:
        return kind(kind_of(node.value))

    def ident(self, node: Node, declared: Declared) -> Type:
        if node.name in declared:
            return declared[node.name]
        if node.name in library.TYPES:
            return library.type_of_name(node.name)
        raise CompileError(f"undeclared reference to '{node.name}' (in container '')", node.offset)

    def select(self, node: Node, declared: Declared) -> Type:
        whole = dotted(node)
        if whole in declared:
            return declared[whole]
        if whole in library.TYPES and whole.partition(".")[0] not in declared:
            return library.type_of_name(whole)
        return self.field(node, declared)

    def field(self, node: Node, declared: Declared) -> Type:
        """The type of a selected field, whatever `a.b` may mean as a whole."""
        assert node.target is not None  # noqa: S101 - the parser gives every selection a target
        holder = self.unifier.resolved(self.type_of(node.target, declared))
        inner = holder.unwrapped
        if inner.fields is not None:
            if node.name not in inner.fields:
                raise CompileError(f"undefined field '{node.name}'", node.offset)
            found = inner.fields[node.name]
        elif inner.name == "map":
            found = inner.parameters[1]
        elif inner.is_variable or inner.name == "dyn":
            self.unifier.assignable((DYN, inner))
            found = DYN
        else:
            raise CompileError(f"type '{inner}' does not support field selection", node.offset)
        return _optional(found) if node.optional or inner is not holder else found

    def index(self, node: Node, declared: Declared) -> Type:
        assert node.target is not None  # noqa: S101 - the parser gives every index a target
        types = [self.type_of(one, declared) for one in (node.target, node.arguments[0])]
        return self.resolve(node, "_[?_]" if node.optional else "_[_]", types)

    def element(self, node: Node, position: int, declared: Declared) -> Type:
        """The type that an element gives to its literal; one with a question mark is an optional."""
        item = node.arguments[position]
        found = self.unifier.resolved(self.type_of(item, declared))
        if position in node.optionals and node.kind == "map":
            return found  # the mark of an entry is at its key
        marked = position in node.optionals or (position - 1 in node.optionals and node.kind == "map")
        if marked and found.name not in (OPTIONAL, "dyn"):
            raise CompileError(f"expected type '{_optional(found)}' but found '{found}'", item.offset)
        return found.unwrapped if marked else found

    def joined(self, node: Node, positions: Iterable[int], declared: Declared) -> Type:
        whole: Type | None = None
        for position in positions:
            whole = self.unifier.joined(whole, self.element(node, position, declared))
        return whole or self.unifier.fresh()

    def list_literal(self, node: Node, declared: Declared) -> Type:
        return Type("list", (self.joined(node, range(len(node.arguments)), declared),))

    def map_literal(self, node: Node, declared: Declared) -> Type:
        keys = self.joined(node, range(0, len(node.arguments), 2), declared)
        return Type("map", (keys, self.joined(node, range(1, len(node.arguments), 2), declared)))

    def message(self, node: Node, declared: Declared) -> Type:
        made = message_type(node.name) if self.patches else None
        if made is None or made.fields is None:
            raise CompileError(f"undeclared reference to '{node.name}' (in container '')", node.offset)
        for position in range(0, len(node.arguments), 2):
            key, value = node.arguments[position : position + 2]
            if key.value not in made.fields:
                raise CompileError(f"undefined field '{key.value}'", key.offset)
            self.types[key] = STRING
            found = self.unifier.resolved(self.type_of(value, declared))
            given = found.unwrapped if position in node.optionals else found
            if not self.unifier.assignable((made.fields[key.value], given)):
                message = f"expected type of field '{key.value}' is '{made.fields[key.value]}'"
                raise CompileError(f"{message} but provided type is '{given}'", value.offset)
        return made

    def call(self, node: Node, declared: Declared) -> Type:
        if node.target is None and node.name in ("_&&_", "_||_"):
            for argument in node.arguments:
                self.condition(argument, declared)
            return BOOL
        if node.target is None and node.name in OPERATORS:
            types = [self.type_of(argument, declared) for argument in node.arguments]
            return self.resolve(node, node.name, types)
        if expand(node) is not None:
            return self.macro(node, declared)
        return self.function(node, declared)

    def condition(self, node: Node, declared: Declared) -> None:
        found = self.type_of(node, declared)
        if not self.unifier.assignable((found, BOOL)):
            raise CompileError(
                f"expected type 'bool' but found '{self.unifier.resolved(found, final=True)}'", node.offset
            )

    def function(self, node: Node, declared: Declared) -> Type:
        types = [self.type_of(argument, declared) for argument in node.arguments]
        name, member = node.name, node.target is not None
        if node.target is not None:
            prefix = dotted(node.target)
            if self.patches and f"{prefix}.{name}" == ESCAPE_KEY:
                return self.chosen(node, ESCAPE_KEY, (((STRING,), STRING),), types)
            if prefix in library.NAMESPACES and (f"{prefix}.{name}", False) in library.functions():
                name, member = f"{prefix}.{name}", False
            else:
                types = [self.type_of(node.target, declared), *types]
        overloads = library.overloads(name, member)
        if overloads is None:
            raise CompileError(f"undeclared reference to '{node.name}' (in container '')", node.offset)
        return self.chosen(node, name, overloads, types)

    def resolve(self, node: Node, operator: str, types: list[Type]) -> Type:
        return self.chosen(node, operator, OPERATORS[operator], types)

    def chosen(self, node: Node, name: str, overloads: Iterable[Overload], types: list[Type]) -> Type:
        """The result of the matching overloads: `dyn` if they differ."""
        result: Type | None = None
        for parameters, outcome in overloads:
            if len(parameters) != len(types):
                continue
            *wanted, made = self.unifier.instance((*parameters, outcome))
            if not self.unifier.assignable(*zip(types, wanted, strict=True)):
                continue
            made = self.unifier.resolved(made)
            result = made if result is None or result == made else DYN
        if result is None:
            given = ", ".join(str(self.unifier.resolved(one, final=True)) for one in types)
            raise CompileError(f"found no matching overload for '{name}' applied to '({given})'", node.offset)
        return result

    def macro(self, node: Node, declared: Declared) -> Type:
        if node.name == "has":
            if node.arguments[0].kind != "select":
                raise CompileError("invalid argument to has() macro", node.offset)
            self.types[node.arguments[0]] = self.field(node.arguments[0], declared)
            return BOOL
        names = variables(node)
        assert node.target is not None  # noqa: S101 - macros but `has` are members
        holder = self.type_of(node.target, declared)
        if node.name.startswith("opt"):
            return self.optional_macro(node, names[0], holder, declared)
        bound = self.elements(holder, len(names), node)
        inner = {**declared, **dict(zip(names, bound, strict=True))}
        body = node.arguments[len(names) :]
        for condition in body if node.name in CONDITIONS else body[:-1]:
            self.condition(condition, inner)
        if node.name in CONDITIONS:
            return BOOL if node.name != "filter" else Type("list", (bound[0],))
        return self.made(node, holder, bound, self.type_of(body[-1], inner))

    def made(self, node: Node, holder: Type, bound: list[Type], result: Type) -> Type:
        """The type of a macro that makes a list or a map, from the type of what it makes of an item."""
        if node.name == "transformMap":
            return Type("map", (bound[0], result))
        if node.name == "transformMapEntry":
            return self.chosen(node, node.name, (_ENTRY,), [result])
        if node.name == "sortBy":
            return self.chosen(node, node.name, _SORT_BY, [holder, Type("list", (result,))])
        return Type("list", (result,))

    def optional_macro(self, node: Node, name: str, holder: Type, declared: Declared) -> Type:
        held = self.chosen(node, "value", _VALUE, [holder])
        result = self.type_of(node.arguments[1], {**declared, name: held})
        made = _optional(result) if node.name == "optMap" else result
        return self.resolve(node, "_?_:_", [BOOL, made, _optional(self.unifier.fresh())])

    def elements(self, holder: Type, count: int, node: Node) -> list[Type]:
        """The types of a comprehension's variables."""
        holder = self.unifier.resolved(holder)
        if holder.name == "list":
            return [*([INT] if count == 2 else []), holder.parameters[0]]
        if holder.name == "map":
            return [*holder.parameters][:count]
        if not holder.is_variable and holder.name != "dyn":
            message = f"expression of type '{holder}' cannot be range of a comprehension"
            raise CompileError(f"{message} (must be list, map, or dynamic)", node.offset)
        self.unifier.assignable((DYN, holder))
        return [DYN] * count


_VALUE: tuple[Overload, ...] = (((kind("optional(T)"),), kind("T")),)
_ENTRY: Overload = ((kind("map(K, V)"),), kind("map(K, V)"))
_SORT_BY: tuple[Overload, ...] = tuple(
    ((kind("list(T)"), kind(f"list({one})")), kind("list(T)"))
    for one in ("int", "uint", "double", "bool", "duration", "timestamp", "string", "bytes")
)

_NODES: dict[str, Callable[[_Checker, Node, Declared], Type]] = {
    "literal": _Checker.literal,
    "ident": _Checker.ident,
    "select": _Checker.select,
    "index": _Checker.index,
    "list": _Checker.list_literal,
    "map": _Checker.map_literal,
    "message": _Checker.message,
    "call": _Checker.call,
}
