"""Parsing CEL."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.table import each_row
from trainer.errors import NotJudged
from trainer.simulate.cel.syntax import CompileError, Uint, dotted, parse_expression


@each_row(
    ("text", "expected"),
    [
        ("0x1F", 31), ("1.5e3", 1500.0), ("-3", -3), ("true", True), ("null", None), ("'a\\n\\u0041\\x42'", "a\nAB"),
        ('r"\\d"', "\\d"), ("b'ab'", b"ab"), ('"""a"b"""', 'a"b'), ("'\\101'", "A"), (".5", 0.5), ("-.5", -0.5), ("1e-2", 0.01), ("2.5E+1", 25.0),
    ],
)  # fmt: skip
def test_literals(text: str, expected: object) -> None:
    node = parse_expression(text)
    assert (node.kind, node.value) == ("literal", expected)


def test_unsigned_numbers_are_a_type_of_their_own() -> None:
    assert isinstance(parse_expression("7u").value, Uint)


@each_row(
    ("text", "offset"),
    [
        ("1 +", 3), ("fail to compile", 5), ("(1", 2), ("a.", 2), ("[1,", 3), ("{1}", 2), ("9223372036854775808", 0),
        ("for", 0), ("a b", 2), ("in", 0), ("a.true", 2), ("a.?null", 3), ("a.in", 2), ("a.false()", 2), ("a.`b`", 2), ("f(1,)", 3),
        ("f(?a)", 2), ("!-a", 1), ("-!a", 1), ("a.5", 1), ("12abc", 2), ("'\\q'", 0), ("f(1", 3),
    ],
)  # fmt: skip
def test_errors_say_where(text: str, offset: int) -> None:
    with pytest.raises(CompileError) as caught:
        parse_expression(text)
    assert caught.value.offset == offset


@each_row("word", ["for", "as", "namespace", "package", "return"])
def test_reserved_words_are_fields_but_no_variables(word: str) -> None:
    # https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax (v0.24): SELECTOR and IDENT
    assert parse_expression(f"object.{word}").name == word
    with pytest.raises(CompileError, match="reserved"):
        parse_expression(word)


@each_row("text", ["[1,]", "{'a': 1,}", "!-1", "--1", "!!a", "- 1", "a.b().c[0].?d[?'e']"])
def test_forms_of_the_grammar(text: str) -> None:
    assert parse_expression(text).kind


def test_precedence() -> None:
    node = parse_expression("a || b && c == d + e * f")
    assert (node.name, node.arguments[1].name) == ("_||_", "_&&_")
    assert parse_expression("a ? b : c ? d : e").arguments[2].name == "_?_:_"


@each_row(
    "text", ["(" * 500 + "1" + ")" * 500, "[" * 500, "1" * 70_000, "!" * 5000 + "true", "1" + " + 1" * 3000]
)
def test_what_is_too_deep_or_too_long_is_not_judged(text: str) -> None:
    with pytest.raises(NotJudged):
        parse_expression(text)


def test_and_and_or_take_any_number_of_operands() -> None:
    node = parse_expression(" || ".join(["a"] * 2000) + " && b")
    assert (node.name, len(node.arguments)) == ("_||_", 2000)
    assert node.arguments[-1].name == "_&&_"


def test_escapes_in_bytes_are_bytes() -> None:
    assert parse_expression("b'\\xff\\377\\u00e9'").value == b"\xff\xff\xc3\xa9"


@given(st.text(alphabet="ab1.()[]{}?:'\"+-!&|= ,", max_size=25))
def test_any_text_parses_or_is_refused(text: str) -> None:
    try:
        offset = parse_expression(text).offset
    except CompileError as error:
        offset = error.offset
    assert 0 <= offset <= len(text)


def test_dotted_names() -> None:
    assert dotted(parse_expression("a.b.c")) == "a.b.c"
    assert dotted(parse_expression("a[0].c")) == ""


def test_messages() -> None:
    node = parse_expression("Object{spec: Object.spec{?a: 1}, b: {'c': 2},}")
    assert (node.kind, node.name, [one.value for one in node.arguments[::2]]) == (
        "message",
        "Object",
        ["spec", "b"],
    )
    assert (node.arguments[1].name, node.arguments[1].optionals) == ("Object.spec", {0})
    for text in ("Object{'spec': 1}", "Object{in: 1}", "a[0]{b: 1}"):
        with pytest.raises(CompileError):
            parse_expression(text)
