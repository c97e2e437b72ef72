"""Values of custom resources: completed with defaults, and as rules read them.

Follows apiextensions-apiserver pkg/apiserver/schema/defaulting and schema/cel/values.go (v1.36).
"""

from __future__ import annotations

import base64
import binascii
import copy
from typing import Any

from trainer.manifests.values import mapping
from trainer.simulate.cel.standard import to_duration, to_timestamp
from trainer.simulate.cel.values import CelError
from trainer.simulate.custom.types import escape, type_of


def completed(schema: dict[str, Any], value: Any) -> Any:
    """A copy with the schema's defaults; null is dropped from fields that can't be null."""
    if isinstance(value, list):
        inner = mapping(schema.get("items"))
        return [completed(inner, one) for one in value]
    if not isinstance(value, dict):
        return value
    fields, others = mapping(schema.get("properties")), mapping(schema.get("additionalProperties"))
    found = {}
    for name, one in value.items():
        child = mapping(fields.get(name, others))
        if one is not None or child.get("nullable") is True or not child:
            found[name] = completed(child, one)
    for name, child in fields.items():
        if name not in found and mapping(child).get("default") is not None:
            found[name] = completed(child, copy.deepcopy(child["default"]))
    return found


def cel_value(schema: dict[str, Any], value: Any, *, resource: bool = False) -> Any:
    """What `self` is for the rules of a part of the schema.

    Raises `CelError` for a text of a wrong format.
    """
    if isinstance(value, list):
        inner = mapping(schema.get("items"))
        return [cel_value(inner, one, resource=_is_resource(inner)) for one in value]
    if isinstance(value, dict):
        return _structure(schema, value, resource=resource)
    if isinstance(value, str) and schema.get("type") == "string":
        return _text(str(schema.get("format")), value)
    whole = isinstance(value, int) and not isinstance(value, bool)
    return float(value) if whole and schema.get("type") == "number" else value


def _is_resource(schema: dict[str, Any]) -> bool:
    return schema.get("x-kubernetes-embedded-resource") is True


def _structure(schema: dict[str, Any], value: dict[str, Any], *, resource: bool) -> dict[str, Any]:
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        return {name: cel_value(others, one) for name, one in value.items()}
    known = type_of(schema, "self", resource=resource)
    names = mapping(known.fields if known is not None else None)
    fields = mapping(schema.get("properties"))
    found = {}
    for name, one in value.items():
        escaped = escape(name)
        if escaped in names:
            child = mapping(fields.get(name))
            found[escaped] = cel_value(child, one, resource=_is_resource(child))
    return found


def _text(form: str, value: str) -> Any:
    if form == "byte":
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise CelError("a text of the format byte isn't base64") from None
    if form == "duration":
        return to_duration(value)
    if form in ("date", "date-time"):
        return to_timestamp(f"{value}T00:00:00Z" if form == "date" else value)
    return value
