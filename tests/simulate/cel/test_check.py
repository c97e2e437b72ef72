"""The type check."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.simulate.cel.check import check
from trainer.simulate.cel.declarations import standard
from trainer.simulate.cel.syntax import CompileError, parse_expression


@each_row(
    ("text", "kind"),
    [
        ("1 + 2", "int"), ("object.x", "dyn"), ("request.name", "string"), ("[1, 2]", "list(int)"), ("[[], [1]]", "list(list(int))"),
        ("{'a': 1}.a", "int"), ("object.l.map(i, i.x)", "list(dyn)"), ("['a'].exists(x, x == 'b')", "bool"),
        ("request.userInfo.groups[0]", "string"), ("quantity('1').add(1)", "kubernetes.Quantity"),
        ("authorizer.group('').resource('pods').check('get').allowed()", "bool"),
        ("namespaceObject.metadata.labels['a']", "string"), ("type(1)", "type(int)"), ("timestamp(object.a) - timestamp(object.b)", "duration"),
        ("namespaceObject.status.conditions[0].type", "string"), ("duration('1h') < duration('2h')", "bool"), ("dyn(1)", "dyn"),
        ("request.userInfo.extra['a']", "list(string)"), ("{5: 1}.map(k, k)", "list(int)"), ("{5: 'a'}.transformMap(k, v, v.size())", "map(int, int)"),
        ("[1].transformMapEntry(i, v, {'a': v})", "map(string, int)"), ("['a'].transformList(i, v, i)", "list(int)"), ("[1].filter(i, i > 0)", "list(int)"),
        ("['b', 'a'].sort()", "list(string)"), ("object.l.sortBy(e, e.name)", "dyn"), ("[[1], [2]].flatten()", "list(int)"), ("lists.range(3)", "list(int)"),
        ("object.x.lowerAscii() + object.y", "string"), ("object.a + null", "dyn"), ("{?'a': object.?b}", "map(string, dyn)"),
        ("[1, 2].first()", "optional_type(int)"), ("url('https://a/b').getQuery()['q'][0]", "string"),
        ("format.dns1123Label().validate('a').orValue([])", "list(string)"), ("true ? object.a : 1", "dyn"),
    ],
)  # fmt: skip
def test_types(text: str, kind: str) -> None:
    assert str(check(parse_expression(text), standard(params=True))) == kind


@each_row(
    ("text", "kind"),
    [
        ("object.?a.orValue('x')", "dyn"), ("object.a.orValue(true)", "bool"), ("object.?a.optMap(v, v > 1).orValue(true)", "bool"),
        ("object.?a.optMap(v, v.b)", "optional_type(dyn)"), ("optional.of(1).optFlatMap(v, optional.of(string(v)))", "optional_type(string)"),
        ("request.?name.orValue('')", "string"), ("{'a': 1}[?'b'].or(optional.of(2)).value()", "int"), ("[1][?0].hasValue()", "bool"),
        ("optional.none().orValue('a')", "string"), ("request.?userInfo.groups[0]", "optional_type(string)"), ("object.a.value()", "dyn"),
        ("[optional.of(1)].unwrapOpt()", "list(int)"),
    ],
)  # fmt: skip
def test_an_optional_carries_its_type(text: str, kind: str) -> None:
    assert str(check(parse_expression(text), standard())) == kind


@each_row(
    ("text", "message"),
    [
        ("1 < 'a'", r"no matching overload for '_<_' applied to '\(int, string\)'"),
        ("1 == 'a'", "_==_"), ("params.x", "undeclared reference to 'params'"), ("request.foo", "undefined field 'foo'"),
        ("request.userInfo.foo", "undefined field"), ("namespaceObject.status.conditions[0].foo", "undefined field"), ("has(request.foo)", "undefined field"),
        ("isIP(cidr('1.2.3.4/8'))", r"'isIP' applied to '\(net.CIDR\)'"), ("nothing(1)", "undeclared reference"),
        ("1 && true", "expected type 'bool' but found 'int'"), ("'a'.b", "does not support field selection"), ("1 in [true]", "_in_"), ("null.?a", "'null' does not support"),
        ("object.all(1, true)", "simple name"), ("[1].all(x, x)", "expected type 'bool' but found 'int'"), ("has(object)", "has"),
        ("[1].all(i, x, x + 1)", "expected type 'bool'"), ("[1].all(x, x, true)", "duplicate variable name"), ("[1].map(x, x, x)", "expected type 'bool'"),
        ("(1).all(x, true)", "cannot be range"), ("['a'][0] == 1", "_==_"), ("-'a'", "-_"), ("1 ? 2 : 3", r"_\?_:_"),
        ("[1]['a']", r"_\[_\]"), ("{5: 1}['a']", r"applied to '\(map\(int, int\), string\)'"), ("true ? 1 : 'a'", r"_\?_:_"),
        ("cel.bind(x, 1, x)", "undeclared reference"), ("object.?a.optMap(v, v > 1).orValue(true) == 1", r"'\(bool, int\)'"),
        ("int([])", "'int' applied"), ("object.a % 'x'", "_%_"), ("object.a - ['x']", "_-_"), ("math.greatest(1, 2)", "undeclared"), ("base64.encode(b'a')", "undeclared"), ("'a'.reverse()", "'reverse' applied"),
        ("'a'.orValue('b')", "'orValue' applied"), ("[1].orValue([])", "'orValue' applied"), ("request.name.orValue('')", "'orValue' applied"), ("request.name.or(optional.of(''))", "'or' applied"),
        ("[?1]", "expected type 'optional_type"), ("{?'a': request.name}", "expected type 'optional_type"), ("'a'.hasValue()", "'hasValue' applied"), ("'a'.optMap(v, v)", "'value' applied"),
        ("[1].flatten()", "'flatten' applied"), ("object.l.sortBy(e, [e])", "'sortBy' applied"), ("['a'].join(1)", "'join' applied"), ("[1].join()", "'join' applied"),
    ],
)  # fmt: skip
def test_refusals(text: str, message: str) -> None:
    with pytest.raises(CompileError, match=message):
        check(parse_expression(text), standard())
