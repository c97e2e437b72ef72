"""What the API server looks at beyond types."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.simulate.cel.check import check
from trainer.simulate.cel.declarations import standard
from trainer.simulate.cel.syntax import CompileError, parse_expression
from trainer.simulate.cel.validators import validate


def refusal(text: str) -> str:
    """Why an expression is refused beyond its types; empty where it isn't."""
    try:
        validate(parse_expression(text), {})
    except CompileError as error:
        return str(error)
    return ""


@each_row(
    "text",
    [
        "duration('1 hour')", "timestamp('now')", "timestamp('2024')", "'a'.matches('[')", "matches('[', 'a')", "duration(5)",
        "timestamp('2025-01-01T00:00:00')", "timestamp('2025-01-01 00:00:00Z')", "timestamp('2025-13-01T00:00:00Z')",
    ],
)  # fmt: skip
def test_written_out_arguments_are_read_at_once(text: str) -> None:
    assert refusal(text).startswith("invalid ")


@each_row(
    "text",
    [
        "duration(x)", "duration('1h')", "'a'.matches('a+')", "x.contains('[')", "timestamp('2025-01-01T0:00:00Z')",
        "timestamp('2025-01-01T00:00:00,5+01:30')", "timestamp(5)",
    ],
)  # fmt: skip
def test_others_are_left_alone(text: str) -> None:
    assert refusal(text) == ""


@each_row(
    "text",
    ["[1, 'a']", "{'a': 1, 'b': 'c'}", "{'a': 1, 2: 1}", "[1, null]", "[object.a, 'a']", "[[1], ['a']]", "[?object.?a, 1]", "[1, dyn(1)]"],
)  # fmt: skip
def test_the_elements_of_a_literal_are_of_one_type(text: str) -> None:
    with pytest.raises(CompileError, match=r"expected type .* of one type"):
        check(parse_expression(text), standard())


@each_row(
    "text",
    [
        "[object.a, object.b]", "[[], [1]]", "'%s %d'.format(['a', 1])", "'%s'.format([[1, 'a']])", "[?optional.of(1), 2]",
        "'%s %.2f %e %x %X %b %o %%'.format([object.a, 1.5, 'NaN', b'a', 'a', true, 1u])", "object.f.format([1, 2])", "'%d'.format(object.l)",
        "'%ss-%d'.format(['a', object.n])", "'%s'.format([null])",
    ],
)  # fmt: skip
def test_formats_and_literals_that_the_server_takes(text: str) -> None:
    assert str(check(parse_expression(text), standard()))


@each_row(
    ("text", "message"),
    [
        ("'%d'.format(['a'])", "%d can't show a string"), ("'%s'.format([])", "index 0 out of range"), ("'a'.format([1])", r"expected 0, got 1"),
        ("'%z'.format([1])", "unrecognized"), ("'%'.format([1])", "unrecognized"), ("'%.d'.format([1])", "unrecognized"), ("'%f'.format([1])", "%f can't show a int"),
        ("'%s'.format([ip('1.2.3.4')])", "can't show a net.IP"), ("'%s'.format([[ip('1.2.3.4')]])", "can't show"), ("'%o'.format([true])", "%o can't show"),
    ],
)  # fmt: skip
def test_a_written_out_format_is_checked_with_its_arguments(text: str, message: str) -> None:
    # cel-go v0.26 ext/formatting.go, stringFormatValidator
    with pytest.raises(CompileError, match=message):
        check(parse_expression(text), standard())
