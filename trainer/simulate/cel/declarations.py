"""What an admission policy's expressions may name, and the overloads of CEL's operators.

Follows k8s.io/apiserver v1.36 `pkg/admission/plugin/cel/compile.go` and cel-go v0.26
`common/stdlib/standard.go`.
"""

from __future__ import annotations

from collections.abc import Mapping

from trainer.simulate.cel.authorizer import AUTHORIZER, RESOURCE
from trainer.simulate.cel.kinds import DYN, OPTIONAL, Type, kind, structure

_KIND = structure("kubernetes.GroupVersionKind", group="string", version="string", kind="string")
_RESOURCE = structure("kubernetes.GroupVersionResource", group="string", version="string", resource="string")
_USER = structure(
    "kubernetes.UserInfo",
    username="string",
    uid="string",
    groups="list(string)",
    extra="map(string, list(string))",
)
REQUEST = structure(
    "kubernetes.AdmissionRequest",
    kind=_KIND,
    resource=_RESOURCE,
    subResource="string",
    requestKind=_KIND,
    requestResource=_RESOURCE,
    requestSubResource="string",
    name="string",
    namespace="string",
    operation="string",
    userInfo=_USER,
    dryRun="bool",
    options="dyn",
)
"""The type of `request` (BuildRequestType)."""

_CONDITION = structure(
    "kubernetes.NamespaceCondition",
    status="string",
    type="string",
    lastTransitionTime="timestamp",
    message="string",
    reason="string",
)
_METADATA = structure(
    "kubernetes.NamespaceMetadata",
    name="string",
    generateName="string",
    namespace="string",
    labels="map(string, string)",
    annotations="map(string, string)",
    UID="string",
    creationTimestamp="timestamp",
    deletionGracePeriodSeconds="int",
    deletionTimestamp="timestamp",
    generation="int",
    resourceVersion="string",
    finalizers="list(string)",
)
NAMESPACE = structure(
    "kubernetes.Namespace",
    metadata=_METADATA,
    spec=structure("kubernetes.NamespaceSpec", finalizers="list(string)"),
    status=structure("kubernetes.NamespaceStatus", phase="string", conditions=Type("list", (_CONDITION,))),
)
"""The type of `namespaceObject` (BuildNamespaceType)."""


def standard(*, params: bool = False, authorizer: bool = True) -> dict[str, Type]:
    """The variables of a policy's expressions and their types."""
    found = {"object": DYN, "oldObject": DYN, "request": REQUEST, "namespaceObject": NAMESPACE}
    if params:
        found["params"] = DYN
    if authorizer:
        found |= {"authorizer": kind(AUTHORIZER), "authorizer.requestResource": kind(RESOURCE)}
    return found


def without_authorizer(declared: Mapping[str, Type]) -> dict[str, Type]:
    """The variables of a messageExpression (`validating/plugin.go`, compilePolicy)."""
    return {name: one for name, one in declared.items() if not name.startswith("authorizer")}


def variables_type(fields: Mapping[str, Type]) -> Type:
    """The type of `variables`: of each what `composition.go` (convertCelTypeToDeclType) makes of it."""
    return Type("kubernetes.variables", fields={name: _declared(one) for name, one in fields.items()})


def _declared(one: Type) -> Type:
    if one.name in ("list", "map"):
        return Type(one.name, tuple(map(_declared, one.parameters)))
    known = ("bool", "bytes", "double", "duration", "int", "null", "string", "timestamp", "uint")
    return one if one.name in known else DYN


ESCAPE_KEY = "jsonpatch.escapeKey"
"""The function that only mutations have (`pkg/cel/library/jsonpatch.go`)."""


class _AnyField(dict[str, Type]):
    """The fields of a part of an object whose schema isn't known."""

    def __contains__(self, _: object) -> bool:
        return True

    def __missing__(self, _: str) -> Type:
        return DYN


def message_type(name: str) -> Type | None:
    """The type of `Object{...}`, `Object.spec{...}`, `JSONPatch{...}` (`pkg/cel/mutation`)."""
    if name == "JSONPatch":
        text = {"op": "string", "path": "string", "from": "string", "value": "dyn"}
        return structure(name, **text)
    return Type(name, fields=_AnyField()) if name.partition(".")[0] == "Object" else None


Overload = tuple[tuple[Type, ...], Type]
"""Types of the arguments, and of the result."""


def _overload(*types: str) -> Overload:
    *arguments, result = map(kind, types)
    return tuple(arguments), result


_NUMBERS = ("int", "uint", "double")
_ORDER = (
    *(_overload(one, one, "bool") for one in ("bool", "string", "bytes", "timestamp", "duration")),
    *(_overload(left, right, "bool") for left in _NUMBERS for right in _NUMBERS),
)
_EQUALITY = (_overload("T", "T", "bool"),)

OPERATORS: dict[str, tuple[Overload, ...]] = {
    "_==_": _EQUALITY,
    "_!=_": _EQUALITY,
    **dict.fromkeys(("_<_", "_<=_", "_>_", "_>=_"), _ORDER),
    "_+_": (
        *(_overload(one, one, one) for one in ("bytes", "double", "duration")),
        _overload("duration", "timestamp", "timestamp"),
        _overload("timestamp", "duration", "timestamp"),
        *(_overload(one, one, one) for one in ("int", "list(T)", "string", "uint")),
    ),
    "_-_": (
        *(_overload(one, one, one) for one in ("double", "duration", "int")),
        _overload("timestamp", "duration", "timestamp"),
        _overload("timestamp", "timestamp", "duration"),
        _overload("uint", "uint", "uint"),
    ),
    **dict.fromkeys(("_*_", "_/_"), tuple(_overload(one, one, one) for one in ("double", "int", "uint"))),
    "_%_": (_overload("int", "int", "int"), _overload("uint", "uint", "uint")),
    "-_": (_overload("double", "double"), _overload("int", "int")),
    "!_": (_overload("bool", "bool"),),
    "_in_": (_overload("T", "list(T)", "bool"), _overload("K", "map(K, V)", "bool")),
    "_?_:_": (_overload("bool", "T", "T", "T"),),
    "_[_]": (
        _overload("list(T)", "int", "T"),
        _overload("map(K, V)", "K", "V"),
        _overload(f"{OPTIONAL}(list(T))", "int", f"{OPTIONAL}(T)"),
        _overload(f"{OPTIONAL}(map(K, V))", "K", f"{OPTIONAL}(V)"),
    ),
    "_[?_]": tuple(
        _overload(holder, key, f"{OPTIONAL}(V)")
        for inner, key in (("list(V)", "int"), ("map(K, V)", "K"))
        for holder in (inner, f"{OPTIONAL}({inner})")
    ),
}
"""The overloads of each operator, by the name that its node has. `&&` and `||` take any number of bools."""
