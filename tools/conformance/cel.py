"""Family `cel`: single expressions: do they compile, and what is their value?"""

from __future__ import annotations

from typing import Any

from trainer.errors import TrainerError
from trainer.simulate.cel.addresses import text_of
from trainer.simulate.cel.check import check
from trainer.simulate.cel.declarations import standard, variables_type
from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.functions import tag_of
from trainer.simulate.cel.kinds import BOOL, Type
from trainer.simulate.cel.numbers import QUANTITY
from trainer.simulate.cel.syntax import CompileError, parse_expression
from trainer.simulate.cel.values import CelError, equal


def judge(case: dict[str, Any]) -> str | None:
    """None where we agree with the case, else what we say instead."""
    said, value = _outcome(case)
    expected = case["expected"]
    if expected in ("compiles", "compile-error", "runtime-error", "error"):
        wanted = {
            "error": ("compile-error", "runtime-error"),
            "compiles": ("compiles", "value", "runtime-error"),
        }
        return None if said in wanted.get(expected, (expected,)) else f"{said} {value}"
    if said != "value":
        return f"{said} {value}"
    return None if _same(value, expected) else str(value)


def _outcome(case: dict[str, Any]) -> tuple[str, Any]:
    env = {**_mapping(case.get("env")), **_mapping(case.get("variables"))}
    with_authorizer = bool(case.get("needs_authorizer"))
    declared = standard(
        params=bool(case.get("has_param_kind") or env.get("params")) or "params" in env,
        authorizer=with_authorizer,
    )
    bindings: dict[str, Any] = {
        "object": None,
        "oldObject": None,
        "request": {},
        "namespaceObject": None,
    } | env
    try:
        fields: dict[str, Type] = {}
        values: dict[str, Any] = {}
        for variable in case.get("composed_variables") or ():
            tree = parse_expression(variable["expression"])
            fields[variable["name"]] = check(tree, declared | {"variables": variables_type(fields)})
            values[variable["name"]] = lambda tree=tree: evaluate(tree, bindings)
        bindings["variables"] = values
        tree = parse_expression(case["expression"])
        kind = check(tree, declared | {"variables": variables_type(fields)})
    except CompileError as error:
        return "compile-error", error.message
    if case["group"] == "compile":
        return (
            ("compiles", "") if kind == BOOL else ("compile-error", f"must evaluate to bool, not to {kind}")
        )
    try:
        return "value", evaluate(tree, bindings)
    except CelError as error:
        return "runtime-error", error.message
    except TrainerError as error:
        return "other", str(error)


def _same(value: Any, expected: Any) -> bool:
    """The cases write numbers, addresses and quantities as texts."""
    if tag_of(value) == QUANTITY:
        other = evaluate(parse_expression(f"quantity('{expected}')"), {})
        return equal(value, other)
    text = text_of(value) if isinstance(value, dict) else None
    if text is not None:
        return bool(text == expected)
    if isinstance(value, bool) or isinstance(expected, bool):
        return value is expected
    return str(value) == str(expected) or (isinstance(value, float) and str(expected) == f"{value:g}")


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
