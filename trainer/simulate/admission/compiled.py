"""The expressions of admission objects, compiled as the API server does when the objects are created.

Follows k8s.io/apiserver v1.36 `pkg/admission/plugin/policy/validating/plugin.go` (compilePolicy) and the
validation of admissionregistration.k8s.io in kubernetes/kubernetes v1.36
(`pkg/apis/admissionregistration/validation/validation.go`): policies, and the match conditions of webhooks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.values import indexed, mapping
from trainer.simulate.cel.check import check
from trainer.simulate.cel.declarations import standard, variables_type, without_authorizer
from trainer.simulate.cel.kinds import DYN, Type
from trainer.simulate.cel.syntax import CompileError, Node, parse_expression
from trainer.verdict import Problem

POLICY, BINDING = "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"
MUTATING = "MutatingAdmissionPolicy"
WEBHOOKS = ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
WITH_EXPRESSIONS = (POLICY, MUTATING, *WEBHOOKS)
"""Kinds whose expressions are compiled here."""

Path = tuple[str | int, ...]


class Compiled(msgspec.Struct, frozen=True, eq=False):
    """One expression: its tree and type, or why it doesn't compile."""

    tree: Node | None = None
    kind: Type = DYN
    error: str = ""
    not_judged: str = ""
    """The construct that is outside the subset, if any."""


@lru_cache(maxsize=64)
def compiled(manifest: Manifest) -> Mapping[Path, Compiled]:
    """Every expression of a policy or of webhooks, by its path in the object."""
    params = bool(manifest.get("spec", "paramKind"))
    return _compiled(tuple(_expressions(manifest)), manifest.kind not in WEBHOOKS, params)


@lru_cache(maxsize=64)
def _compiled(
    expressions: tuple[tuple[Path, str, str | None], ...], is_policy: bool, params: bool
) -> Mapping[Path, Compiled]:
    """The same for all objects with these expressions: most of a policy stays from one save to the next."""
    found: dict[Path, Compiled] = {}
    fields: dict[str, Type] = {}
    declared = standard(params=params)
    if is_policy:
        declared["variables"] = variables_type(fields)
    for path, text, name in expressions:
        names = without_authorizer(declared) if path[-1] == "messageExpression" else declared
        found[path] = one = _compile(text, names, patches="mutations" in path)
        if name is not None:
            fields[name] = one.kind
            declared["variables"] = variables_type(fields)
    return found


def _expressions(manifest: Manifest) -> Iterator[tuple[Path, str, str | None]]:
    """Path and text of each expression, and the name of variables; variables come first."""
    if manifest.kind in WEBHOOKS:
        for number, webhook in indexed(manifest.data.get("webhooks")):
            yield from _of_list(webhook, ("webhooks", number), "matchConditions", "expression")
        return
    spec = mapping(manifest.data.get("spec"))
    for index, variable in indexed(spec.get("variables")):
        path = ("spec", "variables", index, "expression")
        yield path, str(variable.get("expression", "")), str(variable.get("name", ""))
    yield from _of_list(spec, ("spec",), "matchConditions", "expression")
    yield from _of_list(spec, ("spec",), "validations", "expression")
    yield from _of_list(spec, ("spec",), "validations", "messageExpression")
    yield from _of_list(spec, ("spec",), "auditAnnotations", "valueExpression")
    for index, mutation in indexed(spec.get("mutations")):
        for field in ("applyConfiguration", "jsonPatch"):
            if isinstance(mutation.get(field), dict):
                text = str(mutation[field].get("expression", ""))
                yield ("spec", "mutations", index, field, "expression"), text, None


def _of_list(
    holder: Mapping[str, Any], base: Path, field: str, name: str
) -> Iterator[tuple[Path, str, str | None]]:
    for index, one in indexed(holder.get(field)):
        if name != "messageExpression" or one.get(name):
            yield (*base, field, index, name), str(one.get(name, "")), None


def _compile(text: str, declared: Mapping[str, Type], *, patches: bool) -> Compiled:
    try:
        tree = parse_expression(text)
        return Compiled(tree, check(tree, declared, patches=patches))
    except NotJudged as error:
        return Compiled(error=error.message, not_judged=error.construct)
    except CompileError as error:
        return Compiled(error=error.message)


_WANTED = {
    "variables": (),
    "applyConfiguration": ("Object",),
    "jsonPatch": ("list(JSONPatch)",),
    "messageExpression": ("string",),
    "valueExpression": ("string", "null"),
}
"""What an expression must evaluate to, by a field on its path; by default a bool."""


def problems_of(manifest: Manifest) -> list[Problem]:
    """Expressions that the API server refuses when the object is created, each with its place.

    Raises `NotJudged` for one outside the subset.
    """
    problems = []
    for path, one in compiled(manifest).items():
        if one.not_judged:
            raise NotJudged(one.not_judged, manifest.where(*path))
        wanted = next((_WANTED[step] for step in path if step in _WANTED), ("bool",))
        error = one.error or _wrong_type(one.kind, wanted)
        if error:
            message = f"the expression does not compile: {error}"
            problems.append(Problem(message, location=manifest.where(*path)))
    return problems


def _wrong_type(found: Type, wanted: tuple[str, ...]) -> str:
    if not wanted or str(found) in wanted:
        return ""
    if found == DYN:
        return (
            f"must evaluate to {wanted[0]}, but the value could be of any type:"
            f" compare it, as with `== ...`, or convert it with `{wanted[0]}(...)`"
        )
    return f"must evaluate to {wanted[0]}, not to {found}"
