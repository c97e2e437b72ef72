"""What the API server looks at beyond types."""

from __future__ import annotations

import pytest

from trainer.simulate.cel.literals import ROOTS, anything, check_arguments
from trainer.simulate.cel.syntax import CompileError, parse_expression


def refusal(text: str) -> str:
    """Why an expression's arguments are refused; empty where they are not."""
    try:
        check_arguments(parse_expression(text))
    except CompileError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "text", ["duration('1 hour')", "timestamp('now')", "'a'.matches('[')", "matches('a', '[')"]
)
def test_written_out_arguments_are_read_at_once(text: str) -> None:
    # ASTValidators of k8s.io/apiserver v1.35 pkg/cel/environment/base.go
    assert "invalid" in refusal(text)


@pytest.mark.parametrize(
    "text", ["duration(x)", "duration('1h')", "'a'.matches('a+')", "x.contains('[')", "x.duration('a')"]
)
def test_others_are_left_alone(text: str) -> None:
    assert refusal(text) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("object.spec.flag", True), ("object.?a.orValue(false)", True), ("object.items[0].a", True), ("variables.x", True),
        ("true ? object.a : false", True), ("!object.a", False), ("object.a == 1", False), ("variables.y", False),
        ("object.items.all(i, i.a)", False), ("optional.of(true).orValue(false)", False), ("object.?a.hasValue()", False),
    ],
)  # fmt: skip
def test_what_could_be_anything(text: str, expected: bool) -> None:
    # compile.go, CompileCELExpression: `ast.OutputType().IsExactType(returnType)`
    assert anything(parse_expression(text), {*ROOTS, "variables.x"}) is expected
