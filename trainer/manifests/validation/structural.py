"""The schema of a CustomResourceDefinition: structural, and what its extensions need.

Follows apiextensions-apiserver pkg/apiserver/schema/validation.go (`ValidateStructural`) and
pkg/apis/apiextensions/validation/validation.go (`ValidateCustomResourceDefinitionOpenAPISchema`) (v1.36).
What rules cost is left out, and so is what they say of defaults.
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.collect import At, Map, listed, show
from trainer.manifests.validation.custom_values import misfit, unknown_fields
from trainer.manifests.values import indexed, mapping, text, texts
from trainer.patterns import regex

TYPES = ("array", "boolean", "integer", "number", "object", "string")
_META = ("metadata", "kind", "apiVersion")
_MAP_TYPES = ("atomic", "granular")
_LIST_TYPES = ("atomic", "set", "map")
_REASONS = ("FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "FieldValueDuplicate")
_UNSUPPORTED = ("id", "$schema", "patternProperties", "definitions")
_UNSUPPORTED_IF_SET = ("additionalItems", "dependencies", "$ref")
_STEP = regex(r"\.([^.\[\]]+)|\['((?:[^'\\]|\\.)*)'\]")
_JUNCTORS = ("allOf", "anyOf", "oneOf")
_INT_OR_STRING = [{"type": "integer"}, {"type": "string"}]
_NESTED = (
    "type",
    "additionalProperties",
    "default",
    "title",
    "description",
    "nullable",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type",
    "x-kubernetes-map-type",
    "x-kubernetes-validations",
)
"""What a schema below `allOf`, `anyOf`, `oneOf` or `not` may not say."""

_AT_ROOT = frozenset(
    """description type format title maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength
    pattern maxItems minItems uniqueItems multipleOf required items properties externalDocs example
    x-kubernetes-preserve-unknown-fields x-kubernetes-validations""".split()
)
"""What the root may say if there is a status subresource (`allowedFieldsAtRootSchema`)."""


def root_schema(at: At, schema: Map, *, status: bool) -> None:
    """The schema of a version; `status` says whether the version has the status subresource."""
    if schema.get("type") != "object":
        at.invalid("type", value=schema.get("type") or "", why="an object of the API is an `object`")
    if schema.get("nullable") is True:
        at.forbidden("nullable", why="an object of the API is never null")
    if schema.get("additionalProperties") is not None:
        at.forbidden("additionalProperties", why="the root has `properties`")
    for name, value in schema.items():
        if status and _is_set(value) and name not in _AT_ROOT:
            at.forbidden(name, why="with the status subresource the root can't say it")
    metadata = mapping(schema.get("properties")).get("metadata")
    if isinstance(metadata, dict):
        _root_metadata(at.to("properties", "metadata"), metadata)
    _schema(at, schema, root=True)


def _is_set(value: Any) -> bool:
    """Whether a field isn't the zero value of Go; an empty list and an empty structure are set."""
    return value is not None and value is not False and value != ""


def _root_metadata(at: At, schema: Map) -> None:
    """Metadata is known: only the two names can be restricted."""
    named = set(mapping(schema.get("properties")))
    rest = {name for name, value in schema.items() if _is_set(value)}
    if (
        schema.get("type") != "object"
        or not named <= {"name", "generateName"}
        or rest - {"type", "properties"}
    ):
        at.say("The root's `metadata` is `type: object`, and restricts only `name` and `generateName`.")


def _schema(at: At, schema: Map, *, root: bool = False) -> None:
    kind = text(schema.get("type"))
    _type(at, schema, kind, root=root)
    _unsupported(at, schema)
    if not root and schema.get("properties") and isinstance(schema.get("additionalProperties"), dict):
        at.forbidden("additionalProperties", why="there are `properties`: a map has one of them")
    others = schema.get("additionalProperties")
    if others is not None and not isinstance(others, bool | dict):
        at.invalid("additionalProperties", value=others, why="it is a schema, true or false")
    if isinstance(schema.get("items"), list):
        at.say("`items` is one schema for all items, not a list.", "items")
    elif kind == "array" and not isinstance(schema.get("items"), dict):
        at.missing("items", why="an array says what its items are")
    _extensions(at, schema, kind)
    _lists(at, schema, kind)
    _value_rules(at, schema, schema)
    _default(at, schema)
    for index, rule in indexed(schema.get("x-kubernetes-validations")):
        place = at.to("x-kubernetes-validations", index)
        _rule(place, rule)
        path = text(rule.get("fieldPath"))
        if path and not _field_path(schema, path):
            place.invalid("fieldPath", value=path, why="it is the path of a field in this part of the schema")
    for name, child in mapping(schema.get("properties")).items():
        if isinstance(child, dict):
            if root and name in _META and child.get("default") is not None:
                at.forbidden("properties", name, "default", why=f"`{name}` of the root has no default")
            _schema(at.to("properties", name), child)
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            _schema(at / name, schema[name])


def _unsupported(at: At, schema: Map) -> None:
    """What no part of a schema may say, wherever it is."""
    for name in (*_UNSUPPORTED, *_UNSUPPORTED_IF_SET):
        if schema.get(name) or (name in _UNSUPPORTED_IF_SET and schema.get(name) is not None):
            at.forbidden(name, why="a structural schema doesn't know it")
    if schema.get("uniqueItems") is True:
        fix = "Use `x-kubernetes-list-type: set`."
        at.forbidden("uniqueItems", why="it takes too long to check", fix=fix)


def _default(at: At, schema: Map) -> None:
    """The default of a part fits the part (`ValidateDefaults`)."""
    value = schema.get("default")
    if value is None:
        return
    broken = misfit(schema, value)
    if broken:
        at.invalid("default", value=value, why=broken)
    for name in unknown_fields(schema, value)[:1]:
        at.say(f"The default has the field {show(name)}, which the schema doesn't have.", "default")


def _field_path(schema: Map, path: str) -> bool:
    """Whether a path such as `.spec['a.b']` leads to a field of the schema (`ValidFieldPath`)."""
    found: Any = schema
    place = 0
    while place < len(path):
        step = _STEP.match(path, place)
        if step is None or not isinstance(found, dict):
            return False
        name = step[1] if step[1] is not None else step[2]
        fields = mapping(found.get("properties"))
        found = fields.get(name) if fields else found.get("additionalProperties")
        place = step.end()
    return isinstance(found, dict) and place > 0


def _type(at: At, schema: Map, kind: str, *, root: bool) -> None:
    free = schema.get("x-kubernetes-int-or-string") is True or (
        schema.get("x-kubernetes-preserve-unknown-fields") is True
    )
    if kind:
        at.choice("type", value=kind, allowed=TYPES)
    elif not root and not free and schema.get("x-kubernetes-embedded-resource") is not True:
        at.missing("type", why="every part of the schema has a type")


def _extensions(at: At, schema: Map, kind: str) -> None:
    either = schema.get("x-kubernetes-int-or-string") is True
    unknown = schema.get("x-kubernetes-preserve-unknown-fields")
    if unknown is False:
        at.invalid("x-kubernetes-preserve-unknown-fields", value=False, why="it is true, or left out")
    if either and unknown is True:
        at.forbidden("x-kubernetes-preserve-unknown-fields", why="it is a number or a text")
    if schema.get("x-kubernetes-embedded-resource") is True:
        _embedded(at, schema, kind, either=either)
    form = schema.get("x-kubernetes-map-type")
    if form is not None:
        at.choice("x-kubernetes-map-type", value=form, allowed=_MAP_TYPES)
        if kind != "object":
            at.invalid("type", value=kind, why="`x-kubernetes-map-type` goes with `object`")


def _embedded(at: At, schema: Map, kind: str, *, either: bool) -> None:
    if either:
        at.forbidden("x-kubernetes-embedded-resource", why="it is a number or a text")
    if kind != "object":
        at.invalid("type", value=kind, why="an embedded resource is an `object`")
    if schema.get("additionalProperties") is not None:
        at.forbidden("additionalProperties", why="an embedded resource has `properties`")
    if not schema.get("properties") and schema.get("x-kubernetes-preserve-unknown-fields") is not True:
        at.missing("properties", why="an embedded resource has fields")
    for name in ("kind", "apiVersion", "metadata"):
        child = mapping(schema.get("properties")).get(name)
        wanted = "object" if name == "metadata" else "string"
        if isinstance(child, dict) and child.get("type") != wanted:
            at.invalid("properties", name, "type", value=child.get("type") or "", why=f"it is `{wanted}`")


def _lists(at: At, schema: Map, kind: str) -> None:
    """`x-kubernetes-list-type` and its keys."""
    form, keys = schema.get("x-kubernetes-list-type"), texts(schema.get("x-kubernetes-list-map-keys"))
    inner = mapping(schema.get("items"))
    if form is not None:
        at.choice("x-kubernetes-list-type", value=form, allowed=_LIST_TYPES)
        if kind != "array":
            at.invalid("type", value=kind, why="`x-kubernetes-list-type` goes with `array`")
    if keys and form != "map":
        at.invalid("x-kubernetes-list-type", value=form or "", why="with keys it is `map`")
    if form in ("set", "map") and inner.get("nullable") is True:
        at.forbidden("items", "nullable", why=f"an item of a {form} is never null")
    if form == "set" and inner.get("x-kubernetes-list-type", "atomic") != "atomic":
        at.invalid(
            "items",
            "x-kubernetes-list-type",
            value=inner["x-kubernetes-list-type"],
            why="an item of a set is `atomic`",
        )
    if form == "set" and inner.get("type") == "object" and inner.get("x-kubernetes-map-type") != "atomic":
        at.missing("items", "x-kubernetes-map-type", why="an item of a set is `atomic`")
    if form == "map":
        _keys(at, keys, inner)


def _keys(at: At, keys: list[str], inner: Map) -> None:
    if not keys:
        at.missing("x-kubernetes-list-map-keys", why="it names the fields that tell items apart")
    if inner.get("type") != "object":
        at.invalid("items", "type", value=inner.get("type") or "", why="an item of a map is an `object`")
        return
    fields = mapping(inner.get("properties"))
    for index, key in enumerate(keys):
        field = fields.get(key)
        if key in keys[:index]:
            at.duplicate("x-kubernetes-list-map-keys", index, value=key, why="a key is listed once")
        if not isinstance(field, dict):
            at.invalid("x-kubernetes-list-map-keys", index, value=key, why="items have no such field")
            continue
        place = at.to("items", "properties", key)
        if field.get("type") in ("array", "object"):
            place.invalid("type", value=field["type"], why="a key is a single value")
        if field.get("nullable") is True:
            place.forbidden("nullable", why="a key is never null")
        if key not in texts(inner.get("required")) and field.get("default") is None:
            place.missing("default", why="a key is required, or has a default")


def _value_rules(at: At, schema: Map, structure: Any) -> None:
    """Patterns and junctors: they only restrict what the structure has (`validateValueValidation`)."""
    pattern = text(schema.get("pattern"))
    if pattern and not _compiles(pattern):
        at.invalid("pattern", value=pattern, why="it isn't a regular expression of RE2")
    skipped = schema.get("anyOf") == _INT_OR_STRING
    for name in _JUNCTORS:
        for index, nested in indexed(schema.get(name)):
            if name == "anyOf" and skipped:
                continue
            first = name == "allOf" and index == 0 and nested.get("anyOf") == _INT_OR_STRING
            _nested(at.to(name, index), nested, structure, skip=first)
    if isinstance(schema.get("not"), dict):
        _nested(at / "not", schema["not"], structure)


def _compiles(pattern: str) -> bool:
    # Imported here: only a CustomResourceDefinition needs it.
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error:
        return False
    return True


def _nested(at: At, schema: Map, structure: Any, *, skip: bool = False) -> None:
    """A schema below a junctor, and the part of the structure that it restricts."""
    if not isinstance(structure, dict):
        at.say("The structure of the schema, outside of `allOf` and the like, has no such part.")
        return
    for name in _NESTED:
        if schema.get(name) not in (None, "", False, [], {}):
            at.forbidden(name, why=f"below {listed((*_JUNCTORS, 'not'))} a schema only restricts values")
    _unsupported(at, schema)
    if "" in (schema.get("x-kubernetes-map-type"), schema.get("x-kubernetes-list-type")):
        at.say("The types of lists and maps can't be empty.")
    if "metadata" in mapping(schema.get("properties")):
        at.forbidden("properties", "metadata", why="metadata can't be restricted here")
    _value_rules(at, {**schema, "anyOf": None} if skip else schema, structure)
    if isinstance(schema.get("items"), dict):
        _nested(at / "items", schema["items"], structure.get("items"))
    fields = mapping(structure.get("properties"))
    for name, child in mapping(schema.get("properties")).items():
        if isinstance(child, dict):
            _nested(at.to("properties", name), child, fields.get(name))


def _rule(at: At, rule: Map) -> None:
    """The texts of a rule; whether its expressions compile is a question for CEL."""
    written = text(rule.get("rule")).strip()
    message, by_expression = text(rule.get("message")), text(rule.get("messageExpression"))
    if not written:
        at.missing("rule", why="it says what must hold")
    elif message and not message.strip():
        at.say("`message` is blank.", "message", fix="Write a text, or remove `message`.")
    elif "\n" in message.strip():
        at.say("`message` has a line break: it is one line.", "message")
    elif "\n" in written and not message.strip():
        at.missing("message", why="a rule of several lines needs one")
    if by_expression and not by_expression.strip():
        at.say("`messageExpression` is blank.", "messageExpression")
    at.choice("reason", value=rule.get("reason"), allowed=_REASONS)
