"""How values of Secrets differ."""

from __future__ import annotations

import base64

from tests.table import each_row
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.match.compare import mismatches
from trainer.match.mismatch import Mismatch
from trainer.versions import DEFAULT


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@each_row(
    ("written", "message"),
    [
        (encoded("hunter\n"), "ends with a line break"),
        (encoded(encoded("hunter")), "is encoded in base64 twice"),
        (encoded('"hunter"'), "has blanks or quotes around"),
        (encoded("other"), "is not the required value"),
        ("***", "is not the required value"),
        ("", "is not the required value"),
    ],
)
def test_a_value_is_not_shown(written: str, message: str) -> None:
    for required in (encoded("hunter"), {"one-of": [encoded("hunter")]}):
        (found,) = told(f"data: {{a: '{written}'}}", required)
        assert message in found.message
        assert encoded("hunter")[:6] not in found.message


def test_a_line_break_that_is_missing() -> None:
    (found,) = told(f"data: {{a: {encoded('x')}}}", encoded("x\n"))
    assert "lacks the line break" in found.message


def told(data: str, required: object) -> list[Mismatch]:
    document = parse(f"kind: Secret\nmetadata: {{name: s}}\n{data}\n".encode(), "a.yaml").documents[0]
    return mismatches(Manifest(document.value, document), {"data": {"a": required}}, DEFAULT)
