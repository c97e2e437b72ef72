"""Custom resources of definitions: would the API server take them, and as what?

Follows apiextensions-apiserver pkg/registry/customresource/strategy.go and pkg/apiserver/schema
(v1.36): unknown fields are refused, defaults filled in, then the schema, unique items and rules are
checked. Formats aren't checked, and `==` on lists that are sets or maps counts the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from trainer.manifests.model import Manifest, Path, path_text
from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.decode import findings
from trainer.manifests.validation import validate
from trainer.manifests.validation.custom_values import misfit
from trainer.manifests.validation.names import dns_label_1035, path_segment
from trainer.manifests.values import indexed, items, mapping, text, texts
from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.syntax import parse_expression
from trainer.simulate.cel.values import NOTHING, CelError, Optional
from trainer.simulate.custom.rules import DEFINITION, uses_old_value
from trainer.simulate.custom.values import cel_value, completed
from trainer.verdict import Problem, Severity
from trainer.versions import Version

_RULES = "x-kubernetes-validations"
_META = ("apiVersion", "kind", "metadata")
_NONE = object()
"""No old value: the object, or this part of it, is new."""


class Resource(msgspec.Struct, frozen=True, eq=False):
    """A version of a custom resource that a definition serves."""

    schema: dict[str, Any]
    namespaced: bool
    status: bool
    """Whether `status` is a subresource, so that it is dropped from what is applied."""


def resources_of(definitions: Iterable[Manifest]) -> dict[str, Resource]:
    """What definitions serve, by `<group>/<version> <kind>`."""
    found = {}
    for definition in definitions:
        if definition.kind != DEFINITION:
            continue
        spec = mapping(definition.data.get("spec"))
        kind = mapping(spec.get("names")).get("kind")
        for _, version in indexed(spec.get("versions")):
            schema = mapping(version.get("schema")).get("openAPIV3Schema")
            if version.get("served") is True and isinstance(schema, dict):
                status = mapping(version.get("subresources")).get("status") is not None
                resource = Resource(schema, spec.get("scope") == "Namespaced", status)
                found[f"{spec.get('group')}/{version.get('name')} {kind}"] = resource
    return found


def resource_for(manifest: Manifest, resources: Mapping[str, Resource]) -> Resource | None:
    """The resource that an object is of, or None."""
    return resources.get(f"{manifest.api_version} {manifest.kind}")


def admit(
    manifest: Manifest, resource: Resource, kubernetes: Version
) -> tuple[Manifest | None, list[Problem]]:
    """The object as it would be stored on create, or None and why it is refused."""
    problems = [
        Problem(f"unknown field `{path_text(path)}`", location=manifest.where(*path))
        for path in _unknown(resource.schema, manifest.data, ())
    ]
    problems += [
        Problem(f"`{path_text(path)}` {why}", location=manifest.where(*path))
        for path, value, whole in _resources(resource.schema, manifest.data, ())
        for path, why in _meta_problems(value, path, kubernetes, whole=whole)
    ]
    if problems:
        return None, problems
    data = completed(resource.schema, manifest.data)
    meta = dict(mapping(data.get("metadata")))
    meta.pop("namespace", None)
    if resource.namespaced:
        meta["namespace"] = manifest.namespace or "default"
    data["metadata"] = meta
    if resource.status:
        data.pop("status", None)
    stored = manifest.with_data(data)
    problems = validate(stored, kubernetes)
    problems += [
        Problem(f"`{path_text(path)}` doesn't fit the definition: {why}.", location=manifest.where(*path))
        for path, why in _misfits(resource.schema, data, ())
    ]
    problems = problems or list(_broken_rules(stored, resource, _NONE))
    refused = any(problem.severity is Severity.ERROR for problem in problems)
    return None if refused else stored, problems


def update_problems(before: Manifest, after: Manifest, resource: Resource) -> list[Problem]:
    """The rules that an update breaks."""
    return list(_broken_rules(after, resource, before.data))


def _unknown(schema: dict[str, Any], value: Any, path: Path) -> Iterator[Path]:
    """Fields that the definition doesn't have; those of every resource are known."""
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from _unknown(mapping(schema.get("items")), one, (*path, index))
    if not isinstance(value, dict):
        return
    fields, others = mapping(schema.get("properties")), schema.get("additionalProperties")
    whole = not path or schema.get("x-kubernetes-embedded-resource") is True
    for name, one in value.items():
        if whole and name in _META:
            continue
        child = fields.get(name, others)
        if isinstance(child, dict):
            yield from _unknown(child, one, (*path, name))
        elif child is not True and schema.get("x-kubernetes-preserve-unknown-fields") is not True:
            yield (*path, name)


def _resources(schema: dict[str, Any], value: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any], bool]]:
    """The whole object, and resources that are embedded in it, each with its place."""
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from _resources(mapping(schema.get("items")), one, (*path, index))
    if not isinstance(value, dict):
        return
    if not path or schema.get("x-kubernetes-embedded-resource") is True:
        yield path, value, not path
    fields, others = mapping(schema.get("properties")), mapping(schema.get("additionalProperties"))
    for name, one in value.items():
        yield from _resources(mapping(fields.get(name, others)), one, (*path, name))


def _meta_problems(
    value: dict[str, Any], path: Path, kubernetes: Version, *, whole: bool
) -> Iterator[tuple[Path, str]]:
    """What is wrong with what every resource has (pkg/apiserver/schema/objectmeta)."""
    schema, meta = schema_for(kubernetes), value.get("metadata")
    found = findings(schema, schema.node("meta.v1.ObjectMeta"), meta) if meta is not None else []
    for steps, _, _, unknown in found:
        yield (*path, "metadata", *steps), "is an unknown field" if unknown else "has a wrong type"
    if whole:
        return
    version, kind = value.get("apiVersion"), value.get("kind")
    if not isinstance(version, str) or not version or version.count("/") > 1:
        yield (*path, "apiVersion"), "must be `version` or `group/version`"
    if not isinstance(kind, str) or dns_label_1035(kind.lower()):
        yield (*path, "kind"), "must be the name of a kind"
    name = mapping(value.get("metadata")).get("name")
    if isinstance(name, str) and path_segment(name):
        yield (*path, "metadata", "name"), f"can't be a name: {path_segment(name)}"


def _misfits(schema: dict[str, Any], value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """What doesn't fit the schema, each with its place."""
    own = schema
    if isinstance(value, dict):
        own = {key: one for key, one in schema.items() if key not in ("properties", "additionalProperties")}
        fields, others = mapping(schema.get("properties")), schema.get("additionalProperties")
        for name, one in value.items():
            child = fields.get(name, others)
            if isinstance(child, dict):
                yield from _misfits(child, one, (*path, name))
    elif isinstance(value, list):
        own = {key: one for key, one in schema.items() if key != "items"}
        for index, one in enumerate(value):
            yield from _misfits(mapping(schema.get("items")), one, (*path, index))
        yield from _twice(schema, value, path)
    broken = misfit(own, value)
    if broken:
        yield path, broken


def _twice(schema: dict[str, Any], value: list[Any], path: Path) -> Iterator[tuple[Path, str]]:
    """Items that must be unique (pkg/apiserver/schema/listtype)."""
    form, keys = schema.get("x-kubernetes-list-type"), texts(schema.get("x-kubernetes-list-map-keys"))
    if form not in ("set", "map"):
        return
    seen: list[Any] = []
    for index, one in enumerate(value):
        key = one if form == "set" else [mapping(one).get(name) for name in keys]
        if key in seen:
            yield (*path, index), "it is there for the second time"
        seen.append(key)


def _broken_rules(manifest: Manifest, resource: Resource, old: Any) -> Iterator[Problem]:
    for schema, value, before, path, whole in _ruled(resource.schema, manifest.data, old, (), whole=True):
        for _, rule in indexed(schema.get(_RULES)):
            why = _broken(schema, rule, value, before, whole=whole)
            if why:
                yield Problem(f"{manifest.title} breaks a rule: {why}", location=manifest.where(*path))


def _ruled(
    schema: dict[str, Any], value: Any, old: Any, path: Path, *, whole: bool
) -> Iterator[tuple[dict[str, Any], Any, Any, Path, bool]]:
    """The parts with rules: schema, value, old value, place, and whether it is a whole resource."""
    if schema.get(_RULES) and value is not None:
        yield schema, value, old, path, whole
    inner: list[tuple[Any, Any, Any, Path]] = []
    if isinstance(value, dict):
        fields, others = mapping(schema.get("properties")), schema.get("additionalProperties")
        paired = schema.get("x-kubernetes-map-type") != "atomic" and isinstance(old, dict)
        for name, one in value.items():
            before = old.get(name, _NONE) if paired else _NONE
            inner.append((fields.get(name, others), one, before, (*path, name)))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            inner.append((schema.get("items"), one, _partner(schema, one, old), (*path, index)))
    for child, one, before, place in inner:
        if isinstance(child, dict):
            embedded = child.get("x-kubernetes-embedded-resource") is True
            yield from _ruled(child, one, before, place, whole=embedded)


def _partner(schema: dict[str, Any], item: Any, old: Any) -> Any:
    """The old item with the same keys, in a list that is a map."""
    keys = texts(schema.get("x-kubernetes-list-map-keys"))
    if schema.get("x-kubernetes-list-type") != "map":
        return _NONE
    wanted = [mapping(item).get(key) for key in keys]
    return next((one for one in items(old) if [mapping(one).get(key) for key in keys] == wanted), _NONE)


def _broken(schema: dict[str, Any], rule: dict[str, Any], value: Any, old: Any, *, whole: bool) -> str:
    """Why a rule is broken; empty if it holds, or if it compares with an old value that isn't there."""
    written = text(rule.get("rule"))
    tree = parse_expression(written)
    optional = rule.get("optionalOldSelf") is True
    if uses_old_value(tree) and old is _NONE and not optional:
        return ""
    try:
        names = {"self": cel_value(schema, value, resource=whole)}
        if old is not _NONE:
            before = cel_value(schema, old, resource=whole)
            names["oldSelf"] = Optional(True, before) if optional else before
        elif optional:
            names["oldSelf"] = NOTHING
        if evaluate(tree, names) is True:
            return ""
    except CelError as error:
        return f"`{written}` can't be evaluated: {error.message}"
    return _message(rule, names) or f"failed rule: {written}"


def _message(rule: dict[str, Any], names: Mapping[str, Any]) -> str:
    expression = text(rule.get("messageExpression")).strip()
    if expression:
        try:
            said = evaluate(parse_expression(expression), names)
        except CelError:
            said = None
        if isinstance(said, str) and said.strip() and "\n" not in said.strip():
            return said.strip()
    return text(rule.get("message")).strip()
