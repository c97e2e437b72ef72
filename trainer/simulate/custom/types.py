"""The CEL type of a part of a custom resource, from its schema.

Follows apiserver pkg/cel/common/schemas.go (`SchemaDeclType`) and pkg/cel/escaping.go (v1.36).
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.values import mapping
from trainer.patterns import regex
from trainer.simulate.cel.kinds import DYN, STRING, Type, kind

_PLAIN = {"boolean": "bool", "number": "double", "integer": "int"}
_FORMATS = {"byte": "bytes", "duration": "duration", "date": "timestamp", "date-time": "timestamp"}
_KEYWORDS = frozenset(
    """true false null in as break const continue else for function if import let loop package namespace
    return var void while""".split()
)
_NAME = regex(r"[A-Za-z_./-][A-Za-z0-9_./-]*")
_SIGNS = {"__": "__underscores__", ".": "__dot__", "-": "__dash__", "/": "__slash__"}
_SIGN = regex(r"__|[./-]")
_OF_EVERY_RESOURCE = {
    "kind": {"type": "string"},
    "apiVersion": {"type": "string"},
    "metadata": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "generateName": {"type": "string"}},
    },
}
"""What rules of a whole resource may always read."""


def type_of(schema: dict[str, Any], name: str, *, resource: bool = False) -> Type | None:
    """The type of the values that a schema describes; None if rules can't read them.

    `name` is what the type is called if it is a structure: each has its own. `resource` says whether the
    schema is of a whole resource.
    """
    if schema.get("x-kubernetes-int-or-string") is True:
        return DYN
    shape = schema.get("type")
    if shape == "array":
        inner = _inner(schema.get("items"), f"{name}.@idx")
        return inner and Type("list", (inner,))
    if shape == "object" or resource:
        return _structure(schema, name, resource=resource)
    if shape == "string":
        return kind(_FORMATS.get(str(schema.get("format")), "string"))
    return kind(_PLAIN[shape]) if shape in _PLAIN else None


def _inner(schema: Any, name: str) -> Type | None:
    if not isinstance(schema, dict):
        return None
    return type_of(schema, name, resource=schema.get("x-kubernetes-embedded-resource") is True)


def _structure(schema: dict[str, Any], name: str, *, resource: bool) -> Type | None:
    values = schema.get("additionalProperties")
    if isinstance(values, dict):
        inner = _inner(values, f"{name}.@elem")
        return inner and Type("map", (STRING, inner))
    fields: dict[str, Type] = {}
    properties = mapping(schema.get("properties"))
    for field, child in (properties | _OF_EVERY_RESOURCE if resource else properties).items():
        escaped = escape(field)
        found = _inner(child, f"{name}.{escaped}") if escaped else None
        if found is not None:
            fields[escaped] = found
    return Type(name, fields=fields)


def escape(field: str) -> str:
    """How rules write the name of a field; empty if they can't.

    >>> escape("namespace"), escape("my-field"), escape("a b")
    ('__namespace__', 'my__dash__field', '')
    """
    if field in _KEYWORDS:
        return f"__{field}__"
    if not _NAME.fullmatch(field):
        return ""
    return _SIGN.sub(lambda found: _SIGNS[found[0]], field)
