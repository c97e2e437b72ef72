"""The type check."""

from __future__ import annotations

import pytest

from trainer.simulate.cel.check import assignable, check, said, standard, without_authorizer
from trainer.simulate.cel.syntax import CompileError, parse_expression


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1 + 2", "int"), ("object.x", "dyn"), ("request.name", "string"), ("[1, 2]", "list:int"), ("[object.a, 'a']", "list:dyn"), ("[[], [1]]", "list:dyn"),
        ("{'a': 1}.a", "int"), ("object.l.map(i, i.x)", "list:dyn"), ("['a'].exists(x, x == 'b')", "bool"),
        ("request.userInfo.groups[0]", "string"), ("quantity('1').add(1)", "kubernetes.Quantity"),
        ("object.?a.orValue('x')", "dyn"), ("authorizer.group('').resource('pods').check('get').allowed()", "bool"),
        ("namespaceObject.metadata.labels['a']", "string"), ("type(1)", "type"), ("timestamp(object.a) - timestamp(object.b)", "duration"),
        ("namespaceObject.status.conditions[0].type", "string"), ("duration('1h') < duration('2h')", "bool"),
    ],
)  # fmt: skip
def test_types(text: str, kind: str) -> None:
    assert check(parse_expression(text), standard(params=True)) == kind


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 < 'a'", r"no matching overload for '_<_' applied to '\(int, string\)'"),
        ("1 == 'a'", "_==_"), ("params.x", "undeclared reference to 'params'"), ("request.foo", "undefined field 'foo'"),
        ("request.userInfo.foo", "undefined field"), ("namespaceObject.status.conditions[0].foo", "undefined field"),
        ("isIP(cidr('1.2.3.4/8'))", r"'isIP' applied to '\(net.CIDR\)'"), ("nothing(1)", "undeclared reference"),
        ("1 && true", "_&&_"), ("'a'.b", "does not support field selection"), ("1 in [true]", "_in_"),
        ("object.all(1, true)", "simple name"), ("[1].all(x, x)", "condition of 'all'"), ("has(object)", "has"),
        ("(1).all(x, true)", "cannot be range"), ("['a'][0] == 1", "_==_"), ("-'a'", "-_"), ("1 ? 2 : 3", "_\\?_:_"),
        ("[1]['a']", r"_\[_\]"), ("[1, 'a']", "expected type 'int' but found 'string'"), ("{'a': 1, 'b': 'c'}", "of one type"),
        ("[1, null]", "of one type"), ("true ? 1 : 'a'", "_\\?_:_"), ("duration('x')", "invalid duration"),
        ("timestamp('2024')", "invalid timestamp"), ("'a'.matches('(')", "invalid matches"), ("cel.bind(x, 1, x)", "undeclared reference"),
        ("int([])", "'int' applied"), ("object.a % 'x'", "_%_"), ("object.a - ['x']", "_-_"), ("math.greatest(1, 2)", "undeclared"), ("base64.encode(b'a')", "undeclared"), ("'a'.reverse()", "undeclared"),
    ],
)  # fmt: skip
def test_refusals(text: str, message: str) -> None:
    with pytest.raises(CompileError, match=message):
        check(parse_expression(text), standard())


def test_assignable() -> None:
    assert assignable("dyn", "int")
    assert assignable("list:dyn", "list:int")
    assert not assignable("list:string", "list:int")
    assert assignable("null", "timestamp")
    assert not assignable("null", "int")
    assert not assignable("int", "double")


def test_words_and_declarations() -> None:
    assert said("map:list:string") == "map(list(string))"
    assert said({"a": "int"}) == "object"
    assert not any(name.startswith("authorizer") for name in without_authorizer(standard()))
