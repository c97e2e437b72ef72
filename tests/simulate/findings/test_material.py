"""Tests of `findings.material`: logs and reports as rows, each with its line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.table import each_row
from tests.work import growth
from tools.material import pki
from trainer.errors import NotJudged
from trainer.simulate.findings.material import compiled, rows_of

REPORT: dict[str, Any] = {
    "Image": 'a "quoted" [name] {here}',
    "Results": [{"Target": "os", "Found": [{"ID": "A"}, {"ID": "B"}]}, {"Target": "app"}, {"Found": None}],
}


def test_each_line_of_json_is_a_row() -> None:
    rows = rows_of("a.log", '{"a": 1}\n\n{"a": 2}\n', "json-lines")
    assert [(row.line, row.chain) for row in rows] == [(1, ({"a": 1},)), (3, ({"a": 2},))]


def test_items_of_a_document_know_what_they_are_part_of_and_their_line() -> None:
    text = json.dumps(REPORT, indent=1)
    rows = rows_of("a.json", text, "json", path="Results[].Found[]")
    assert [row.chain[0]["ID"] for row in rows] == ["A", "B"]
    assert [text.split("\n")[row.line].strip() for row in rows] == ['"ID": "A"', '"ID": "B"']
    assert rows[0].chain[1]["Target"] == "os"
    assert rows[0].chain[-1]["Image"].startswith("a ")


@each_row(("path", "count"), [("", 1), ("Results[]", 3), ("Results[].Target", 2), ("No[].Such", 0)])
def test_paths(path: str, count: int) -> None:
    assert len(rows_of("a.json", json.dumps(REPORT), "json", path=path)) == count


def test_a_document_that_is_a_list_has_its_items_as_rows() -> None:
    rows = rows_of("a.json", '[\n{"x": [{"y": 1}]},\n{"x": []},\n3\n]', "json", path="[]")
    assert [(row.line, row.chain[0]) for row in rows] == [(2, {"x": [{"y": 1}]}), (3, {"x": []}), (0, 3)]
    assert len(rows_of("a.json", '[{"x": [{"y": 1}, {}]}]', "json", path="[].x[]")) == 2
    assert rows_of("a.json", '{"x": 1}', "json", path="[]") == ()


def test_lines_without_a_known_place_have_none() -> None:
    twice = '{"a": [{"x": 1}], "a": [{"x": 2}]}'
    assert [row.line for row in rows_of("a.json", twice, "json", path="a[]")] == [0]


def test_lines_with_the_pattern_are_rows() -> None:
    rows = rows_of("a.log", "12 open\nno\n13 mount\n", "lines", r"^(?P<pid>\d+) (?P<call>\w+)")
    assert [(row.line, row.chain[0]) for row in rows] == [
        (1, {"file": "a.log", "pid": "12", "call": "open"}),
        (3, {"file": "a.log", "pid": "13", "call": "mount"}),
    ]


@each_row("form", ["json", "json-lines"])
def test_material_that_is_broken_is_not_judged(form: Any) -> None:
    with pytest.raises(NotJudged, match=r"a\.log"):
        rows_of("a.log", "{oops", form)


def test_a_pattern_that_is_invalid_is_not_judged() -> None:
    with pytest.raises(NotJudged, match="pattern"):
        compiled("(")


def test_a_long_document_is_read_in_linear_time() -> None:
    def work(size: int) -> Any:
        text = json.dumps({"items": [{"a": [1]}] * size})
        return lambda: rows_of.__wrapped__("a.json", text, "json", path="items[]")

    assert growth(work, 200) < 5


def test_signing_requests_and_files_are_rows() -> None:
    request = pki.encoded(pki.request_file("jane", pki.name("jane", ["dev"])))
    items = [{"spec": {"request": request, "signerName": "example.com/x", "username": "jane"}}]
    (row,) = rows_of("csr.json", json.dumps({"items": items}, indent=1), "signing-requests", path="items[]")
    assert (row.line, row.chain[0]["subject"]["user"], row.chain[-1]["items"]) == (3, "jane", items)
    (row,) = rows_of("bin/kubectl", "text", "digests")
    assert (row.line, row.chain[0]["name"]) == (0, "kubectl")
