"""Does a value fit the schema of a CustomResourceDefinition?

Follows kube-openapi pkg/validation/validate, as apiextensions-apiserver pkg/apiserver/validation uses it, and
pkg/apiserver/schema/pruning for unknown fields (v1.36). Formats aren't checked.
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.collect import Map, listed, show
from trainer.manifests.values import items, mapping, texts

_PYTHON: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
}


def misfit(schema: Map, value: Any) -> str:
    """What is wrong with the value, in words that follow "it is ...: "; empty if it fits."""
    if value is None:
        return "" if schema.get("nullable") is True else "null doesn't fit"
    kind = schema.get("type")
    if schema.get("x-kubernetes-int-or-string") is True:
        wrong = isinstance(value, bool) or not isinstance(value, int | str)
    else:
        wrong = isinstance(kind, str) and not _is(value, kind)
    if wrong:
        return f"the schema has the type `{kind or 'integer or string'}`"
    allowed = items(schema.get("enum"))
    if allowed and not any(type(one) is type(value) and one == value for one in allowed):
        return f"it is one of {listed([str(one) for one in allowed])}"
    if isinstance(value, str):
        broken = _text(schema, value)
    elif isinstance(value, list):
        broken = _list(schema, value)
    elif isinstance(value, dict):
        broken = _object(schema, value)
    else:
        broken = "" if isinstance(value, bool) else _number(schema, value)
    return broken or _junctors(schema, value)


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _PYTHON.get(kind, (object,)))


def _between(schema: Map, least: str, most: str, size: int, what: str) -> str:
    low, high = schema.get(least), schema.get(most)
    if isinstance(low, int) and size < low:
        return f"it has {low} {what} or more"
    return f"it has {high} {what} at most" if isinstance(high, int) and size > high else ""


def _text(schema: Map, value: str) -> str:
    broken = _between(schema, "minLength", "maxLength", len(value), "characters")
    pattern = schema.get("pattern")
    if not broken and isinstance(pattern, str) and pattern and not _matches(pattern, value):
        broken = f"it matches {show(pattern)}"
    return broken


def _matches(pattern: str, value: str) -> bool:
    # Imported here: only a CustomResourceDefinition needs it.
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options).search(value) is not None
    except re2.error:
        return True  # the pattern is reported on its own


def _number(schema: Map, value: float) -> str:
    low, high, step = schema.get("minimum"), schema.get("maximum"), schema.get("multipleOf")
    if isinstance(low, int | float) and (value <= low if schema.get("exclusiveMinimum") else value < low):
        return f"it is more than {low}" if schema.get("exclusiveMinimum") else f"it is {low} or more"
    if isinstance(high, int | float) and (value >= high if schema.get("exclusiveMaximum") else value > high):
        return f"it is less than {high}" if schema.get("exclusiveMaximum") else f"it is {high} or less"
    if isinstance(step, int | float) and step > 0 and (value / step) % 1:
        return f"it is a multiple of {step}"
    return ""


def _list(schema: Map, value: list[Any]) -> str:
    broken = _between(schema, "minItems", "maxItems", len(value), "items")
    inner = schema.get("items")
    if broken or not isinstance(inner, dict):
        return broken
    return next((found for one in value if (found := misfit(inner, one))), "")


def _object(schema: Map, value: Map) -> str:
    broken = _between(schema, "minProperties", "maxProperties", len(value), "fields")
    lacking = [name for name in texts(schema.get("required")) if name not in value]
    if broken or lacking:
        return broken or f"it has no {listed(lacking)}"
    fields, others = mapping(schema.get("properties")), schema.get("additionalProperties")
    for name, one in value.items():
        inner = fields.get(name, others)
        if isinstance(inner, dict):
            found = misfit(inner, one)
            if found:
                return f"{show(name)} in it doesn't fit: {found}"
    return ""


def _junctors(schema: Map, value: Any) -> str:
    def fits(name: str) -> list[bool]:
        return [not misfit(one, value) for one in items(schema.get(name)) if isinstance(one, dict)]

    if not all(fits("allOf")):
        return "it fits `allOf`"
    for name, wrong in (("anyOf", not any(fits("anyOf"))), ("oneOf", sum(fits("oneOf")) != 1)):
        if schema.get(name) and wrong:
            return f"it fits `{name}`"
    inner = schema.get("not")
    return "it doesn't fit `not`" if isinstance(inner, dict) and not misfit(inner, value) else ""


def unknown_fields(schema: Map, value: Any) -> list[str]:
    """Names of fields that the schema doesn't have: the API server would drop them."""
    if isinstance(value, list):
        inner = mapping(schema.get("items"))
        return [name for one in value for name in unknown_fields(inner, one)]
    if not isinstance(value, dict) or schema.get("x-kubernetes-preserve-unknown-fields") is True:
        return []
    fields, others = mapping(schema.get("properties")), schema.get("additionalProperties")
    found: list[str] = []
    for name, one in value.items():
        if name in fields:
            found += unknown_fields(mapping(fields[name]), one)
        elif isinstance(others, dict):
            found += unknown_fields(others, one)
        elif others is not True:
            found.append(name)
    return found
