"""Regular expressions, URLs, formats."""

from __future__ import annotations

from typing import Any

import pytest

from tests.table import each_row
from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.syntax import parse_expression
from trainer.simulate.cel.values import CelError


@each_row(
    ("text", "expected"),
    [
        ("'a12b3'.find('[0-9]+')", "12"), ("'a12b3'.findAll('[0-9]+')", ["12", "3"]), ("'a12b3'.findAll('[0-9]+', 1)", ["12"]),
        ("url('https://a.example:8443/x?q=1').getHost()", "a.example:8443"), ("url('https://a.example:8443/x').getHostname()", "a.example"),
        ("url('/x/y').getEscapedPath()", "/x/y"), ("url('https://a/?q=1&q=2').getQuery()['q']", ["1", "2"]), ("isURL('no url')", False),
        ("format.dns1123Label().validate('web').hasValue()", False), ("format.dns1123Label().validate('Web_').hasValue()", True),
        ("format.named('dns1123Label').value().validate('web').hasValue()", False), ("format.named('x').hasValue()", False),
        ("format.uuid().validate('x').value().size()", 1),
    ],
)  # fmt: skip
def test_functions(text: str, expected: Any) -> None:
    assert evaluate(parse_expression(text), {}) == expected


@each_row("text", ["'a'.find('(')", "url('x y')"])
def test_errors(text: str) -> None:
    with pytest.raises(CelError):
        evaluate(parse_expression(text), {})
