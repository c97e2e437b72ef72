"""The expressions (CEL) of kube-apiserver's own configuration files, compiled as it does when it starts.

Follows `pkg/authentication/cel/compile.go` and `pkg/authorization/cel/compile.go` of k8s.io/apiserver v1.36:
`claims` are those of a token, `user` is who it makes, and `request` is a SubjectAccessReviewSpec.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.cel.check import check
from trainer.simulate.cel.kinds import Type, kind, structure
from trainer.simulate.cel.syntax import CompileError, Node, parse_expression
from trainer.verdict import Location

_EXTRA = "map(string, list(string))"
CLAIMS: Mapping[str, Type] = {"claims": kind("map(string, dyn)")}
"""What claim mappings and claim validation rules may name."""
USER: Mapping[str, Type] = {
    "user": structure(
        "kubernetes.UserInfo", username="string", uid="string", groups="list(string)", extra=_EXTRA
    )
}
"""What user validation rules may name."""
_SELECTOR = {
    name: structure(
        f"kubernetes.{name}",
        rawSelector="string",
        requirements=Type(
            "list",
            (
                structure(
                    "kubernetes.SelectorRequirement", key="string", operator="string", values="list(string)"
                ),
            ),
        ),
    )
    for name in ("FieldSelectorAttributes", "LabelSelectorAttributes")
}
_RESOURCE = structure(
    "kubernetes.ResourceAttributes",
    **dict.fromkeys(("namespace", "verb", "group", "version", "resource", "subresource", "name"), "string"),
    fieldSelector=_SELECTOR["FieldSelectorAttributes"],
    labelSelector=_SELECTOR["LabelSelectorAttributes"],
)
REQUEST: Mapping[str, Type] = {
    "request": structure(
        "kubernetes.SubjectAccessReviewSpec",
        resourceAttributes=_RESOURCE,
        nonResourceAttributes=structure("kubernetes.NonResourceAttributes", path="string", verb="string"),
        user="string",
        groups="list(string)",
        extra=_EXTRA,
        uid="string",
    )
}
"""What match conditions of an authorization webhook may name."""


class Expression(msgspec.Struct, frozen=True, eq=False):
    """An expression: its tree, or why kube-apiserver doesn't take it."""

    tree: Node | None
    error: str = ""


@lru_cache(maxsize=256)
def _compiled(written: str, subject: str, wanted: str) -> Expression:
    declared = {"claims": CLAIMS, "user": USER, "request": REQUEST}[subject]
    try:
        tree = parse_expression(written)
        found = check(tree, declared)
    except CompileError as error:
        return Expression(None, f"the expression does not compile: {error.message}")
    if wanted and str(found) != wanted:
        return Expression(None, f"the expression must evaluate to {wanted}, not to {found}")
    return Expression(tree)


def expression(written: str, subject: str, where: Location, wanted: str = "") -> Expression:
    """An expression about `claims`, `user` or `request`; with `wanted`, one that evaluates to that type.

    Raises `NotJudged` for what is outside the subset.
    """
    try:
        return _compiled(written, subject, wanted)
    except NotJudged as error:
        raise NotJudged(error.construct, where) from error


def selects(tree: Node, variable: str, field: str) -> bool:
    """Whether an expression selects `variable.field` anywhere (`hasSelectExp` of the validation)."""
    return any(
        node.kind == "select"
        and node.name == field
        and node.target is not None
        and node.target.kind == "ident"
        and node.target.name == variable
        for node in nodes(tree)
    )


def nodes(tree: Node) -> Iterator[Node]:
    """Every node of a tree."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [*node.arguments, *([node.target] if node.target is not None else [])]
