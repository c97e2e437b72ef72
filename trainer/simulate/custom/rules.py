"""The rules of a CustomResourceDefinition, compiled as the API server does when it is created.

Follows apiextensions-apiserver pkg/apiserver/schema/cel/compilation.go, and for `oldSelf`
pkg/apis/apiextensions/validation/validation.go (v1.36). What a rule costs isn't judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import indexed, mapping, text
from trainer.simulate.cel.check import check
from trainer.simulate.cel.kinds import OPTIONAL, Type
from trainer.simulate.cel.syntax import CompileError, Node, parse_expression
from trainer.simulate.custom.types import type_of
from trainer.verdict import Problem

DEFINITION = "CustomResourceDefinition"
_RULES = "x-kubernetes-validations"


class Ruled(msgspec.Struct, frozen=True, eq=False):
    """A part of a schema with rules: its place, and whether old and new values of it can be paired."""

    schema: dict[str, Any]
    path: Path
    correlatable: bool
    resource: bool


def problems_of(manifest: Manifest) -> list[Problem]:
    """Rules that the API server refuses when a definition is created, each with its place.

    Raises `NotJudged` for one outside the subset.
    """
    problems: list[Problem] = []
    for index, version in indexed(manifest.get("spec", "versions")):
        schema = mapping(version.get("schema")).get("openAPIV3Schema")
        if isinstance(schema, dict):
            path: Path = ("spec", "versions", index, "schema", "openAPIV3Schema")
            for ruled in _ruled(Ruled(schema, path, True, True)):
                problems += _problems(manifest, ruled)
    return problems


def _ruled(part: Ruled) -> Iterator[Ruled]:
    """The parts of a schema that have rules, the outer ones first."""
    schema = part.schema
    if schema.get(_RULES):
        yield part
    inner: list[tuple[Path, Any, bool]] = []
    paired = part.correlatable and schema.get("x-kubernetes-map-type") != "atomic"
    for name, child in mapping(schema.get("properties")).items():
        inner.append((("properties", name), child, paired))
    inner.append((("additionalProperties",), schema.get("additionalProperties"), part.correlatable))
    keyed = part.correlatable and schema.get("x-kubernetes-list-type") == "map"
    inner.append((("items",), schema.get("items"), keyed))
    for steps, child, correlatable in inner:
        if isinstance(child, dict):
            resource = child.get("x-kubernetes-embedded-resource") is True
            yield from _ruled(Ruled(child, (*part.path, *steps), correlatable, resource))


def _problems(manifest: Manifest, ruled: Ruled) -> Iterator[Problem]:
    known = type_of(ruled.schema, "self", resource=ruled.resource)
    for index, rule in indexed(ruled.schema[_RULES]):
        place = (*ruled.path, _RULES, index)
        if known is None:
            message = "rules can't read a value without a type: give the schema one"
            yield Problem(message, location=manifest.where(*place, "rule"))
            continue
        optional = rule.get("optionalOldSelf") is True
        names = {"self": known, "oldSelf": Type(OPTIONAL, (known,)) if optional else known}
        tree, why = _compiled(manifest, (*place, "rule"), text(rule.get("rule")), names, "bool")
        if not why and tree is not None:
            why = _old_value(tree, rule, ruled)
        if why:
            yield Problem(f"the rule does not compile: {why}", location=manifest.where(*place, "rule"))
            continue
        message = text(rule.get("messageExpression"))
        if message.strip():
            _, why = _compiled(manifest, (*place, "messageExpression"), message, names, "string")
        if why:
            where = manifest.where(*place, "messageExpression")
            yield Problem(f"the expression does not compile: {why}", location=where)


def _compiled(
    manifest: Manifest, path: Path, written: str, names: dict[str, Type], wanted: str
) -> tuple[Node | None, str]:
    """The tree of an expression, or what is wrong with it."""
    try:
        tree = parse_expression(written)
        found = check(tree, names)
    except NotJudged as error:
        raise NotJudged(error.construct, manifest.where(*path)) from error
    except CompileError as error:
        return None, error.message
    return tree, "" if str(found) == wanted else f"must evaluate to {wanted}, not to {found}"


def _old_value(tree: Node, rule: dict[str, Any], ruled: Ruled) -> str:
    """What is wrong with the use of `oldSelf`."""
    if uses_old_value(tree):
        if ruled.correlatable:
            return ""
        return "`oldSelf` isn't known inside a list or map whose items can't be paired with the old ones"
    return "`optionalOldSelf` goes with a rule that uses `oldSelf`" if "optionalOldSelf" in rule else ""


def uses_old_value(node: Node) -> bool:
    """Whether a rule compares with the old value."""
    if node.kind == "ident" and node.name == "oldSelf":
        return True
    inner = (node.target, *node.arguments) if node.target is not None else node.arguments
    return any(map(uses_old_value, inner))
