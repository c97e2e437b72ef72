"""Tests of `manifests.limits`: what one file may cost, and the way from its bytes to text."""

from __future__ import annotations

import pytest

from tests.table import each_row
from trainer.errors import AnswerUnreadable
from trainer.manifests.limits import MAX_ALIASES, MAX_BYTES, MAX_NODES, Budget, decode


def test_decode_reads_utf8_and_marked_utf16() -> None:
    assert decode("a\u00e9".encode(), "x") == "a\u00e9"
    assert decode(b"\xff\xfea\x00", "x") == "a"
    assert decode(b"\xfe\xff\x00a", "x") == "a"
    assert decode("\ufeffa".encode(), "x") == "a"


@each_row(
    ("data", "message"),
    [
        (b"a" * (MAX_BYTES + 1), "x is too large: 1.0 MiB, the limit is 1 MiB"),
        (b"a\nb\xe9", "x is not valid UTF-8: byte 0xe9 on line 2"),
        (b"\xff\xfea", "x is not valid UTF-16"),
    ],
)
def test_decode_says_what_is_wrong(data: bytes, message: str) -> None:
    with pytest.raises(AnswerUnreadable, match=message) as caught:
        decode(data, "x")
    assert caught.value.file == "x"
    assert caught.value.remedy


def test_the_budget_ends() -> None:
    budget = Budget("x")
    for _ in range(MAX_ALIASES):
        budget.alias(1)
    with pytest.raises(AnswerUnreadable, match="x uses more than 100 aliases at line 7"):
        budget.alias(7)
    budget.nodes = MAX_NODES
    with pytest.raises(AnswerUnreadable, match=r"more than 20,000 values at line 3"):
        budget.document(3)
    assert "nested more than 100 levels deep at line 2" in str(budget.too_deep(2))
