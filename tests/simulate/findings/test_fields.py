"""Tests of `findings.fields`: what a row says at a field."""

from __future__ import annotations

from tests.table import each_row
from trainer.simulate.findings.fields import values_at
from trainer.simulate.findings.material import Row

INNER = {
    "user": {"name": "jane"},
    "code": 200,
    "ok": True,
    "nothing": None,
    "output_fields": {"k8s.pod.name": "web-1", "k8s": {"other": 1}},
    "items": [{"v": "1"}, {"v": "2"}, {}],
    "words": ["a", "b"],
}
ROW = Row("a", 1, (INNER, {"Target": "os"}, {"Image": "nginx"}))


@each_row(
    ("expression", "values"),
    [
        ("user.name", ["jane"]),
        ("user", []),
        ("user.name.first", []),
        ("code", ["200"]),
        ("ok", ["true"]),
        ("nothing", []),
        ("output_fields.k8s.pod.name", []),
        ("items[].v", ["1", "2"]),
        ("words[]", ["a", "b"]),
        ("words", []),
        ("user[]", []),
        ("../Target", ["os"]),
        ("../../Image", ["nginx"]),
        ("../../../Image", []),
        ("/Image", ["nginx"]),
        ("{user.name}@{items[].v}", ["jane@1", "jane@2"]),
        ("{user.name}/{nothing}", []),
        ("{words[]}{words[]}", ["aa", "ab", "ba", "bb"]),
    ],
)
def test_values(expression: str, values: list[str]) -> None:
    assert values_at(ROW, expression) == values


def test_a_key_with_dots_is_found() -> None:
    row = Row("a", 1, ({"output_fields": {"k8s.pod.name": "web-1"}},))
    assert values_at(row, "output_fields.k8s.pod.name") == ["web-1"]


def test_each_value_is_given_once() -> None:
    assert values_at(Row("a", 1, ({"x": ["b", "a", "b"]},)), "x[]") == ["b", "a"]
