"""The pages made from the program are up to date, and say what the program does."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from tests.table import each_row
from tools.docs.contracts import AskForm, ListForm, PackcheckForm, ResultForm, VerdictForm
from tools.docs.schemas import card_schema, results_schema
from tools.docs.source import ROOT, field_docs, not_judged, structs_below
from tools.generate_docs import PAGES
from trainer.ask import Reply
from trainer.ask.loading import Loaded
from trainer.batch import Row
from trainer.manifests.repository import LeftOut
from trainer.packcheck.report import CardReport, PackReport
from trainer.report.json import verdict_json
from trainer.rules import load_rule, rule_names
from trainer.verdict import CheckResult, Location, Problem, Reason, Status, Verdict

PLACE = Location("pod.yaml", 3, 5, "spec")
VERDICT = Verdict(
    "pod-ro",
    (
        CheckResult(
            "exists", "It exists", Status.FAIL, 0, 2, reasons=(Reason("No.", PLACE),), evidence=("Look.",)
        ),
        CheckResult("other", "It runs", Status.SKIPPED, 0, 3, reasons=(Reason("needs exists"),)),
    ),
    (Problem("unknown field", location=PLACE, remedy="Move it."), Problem("odd")),
)


@each_row("page", PAGES)
def test_pages_are_up_to_date(page: str) -> None:
    assert (ROOT / page).read_text(encoding="utf-8") == PAGES[page](), "run make docs"


def row(status: str, verdict: Any) -> dict[str, Any]:
    made = Row("ann", "pod-ro", status, False, 0, 5, None, msgspec.json.encode(verdict), "no")  # type: ignore[arg-type]
    return msgspec.json.decode(made.json_line())  # type: ignore[no-any-return]


ASKED = (
    Reply("may it?", "no", (Reason("no rule", PLACE),), data={"allowed": False}).json()
    | Loaded((), VERDICT.problems, left_out=(LeftOut("a.png", "not a manifest"),)).json()
)


@each_row(
    ("form", "output"),
    [
        (VerdictForm, verdict_json(VERDICT)),
        (PackcheckForm, PackReport((CardReport("pod-ro", "RT4", problems=VERDICT.problems),)).json()),
        (ResultForm, row("graded", verdict_json(VERDICT))),
        (ResultForm, row("missing", None)),
        (AskForm, ASKED),
    ],
)
def test_the_program_prints_the_documented_forms(form: type[Any], output: dict[str, Any]) -> None:
    assert msgspec.to_builtins(msgspec.convert(output, form))["schema"] == output["schema"]


def test_the_list_has_the_documented_form(capsys: pytest.CaptureFixture[str]) -> None:
    from trainer.cli.app import program

    with pytest.raises(SystemExit):
        program()(["list", "--json"])
    listed = msgspec.json.decode(capsys.readouterr().out, type=ListForm)
    assert "pod-ro" in [card.id for card in listed.cards]


def test_every_parameter_of_a_rule_is_documented() -> None:
    bare = [
        f"{name}: {struct.__name__}.{field}"
        for name in rule_names()
        for struct in structs_below(load_rule(name).Params)
        for field in struct.__struct_encode_fields__
        if field not in field_docs(struct)
    ]
    assert bare == []


def test_a_check_in_the_schema_has_the_fields_of_its_rule() -> None:
    schema = json.loads(card_schema())
    checks = schema["$defs"]["CardFile"]["properties"]["checks"]["items"]["oneOf"]
    assert [check["title"] for check in checks] == rule_names()
    fields = next(check for check in checks if check["title"] == "fields")
    assert set(fields["required"]) == {"id", "says", "points", "rule", "object", "expect"}
    assert fields["properties"]["which"]["description"].startswith("If the target names several")
    assert schema["$defs"]["CardFile"]["properties"]["minutes"]["description"]


@each_row("schema", [card_schema, results_schema])
def test_references_of_the_schemas_resolve(schema: Callable[[], str]) -> None:
    text = schema()
    names = json.loads(text)["$defs"].keys()
    used = {part.partition('"')[0] for part in text.split('"#/$defs/')[1:]}
    assert used <= names


def published_forms() -> list[str]:
    """Golden files, and one output of each kind: text as a program reads it."""
    golden = ROOT / "tests/report/golden"
    lines = (golden / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return [*lines, (golden / "verdict.json").read_text(encoding="utf-8"), json.dumps(ASKED)]


def test_the_published_schema_holds_for_what_is_written() -> None:
    """Another program's reading of the schema, not ours, decides."""
    schema = json.loads((ROOT / "docs/results.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    judge = Draft202012Validator(schema)
    for text in published_forms():
        judge.validate(json.loads(text))
        broken = json.loads(text) | {"schema": "cks-trainer.result/0"}
        assert not judge.is_valid(broken)
    for field, value in (("points", "5"), ("status", "late"), ("verdict", {}), ("unknown", 1)):
        assert not judge.is_valid(json.loads(published_forms()[0]) | {field: value}), field


def test_the_package_has_the_schema() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    shipped = build["targets"]["wheel"]["force-include"]
    assert shipped["docs/results.schema.json"] == "trainer/_content/results.schema.json"
    assert "/docs/results.schema.json" in build["targets"]["sdist"]["include"]


def test_what_is_not_judged_is_read_from_the_source() -> None:
    assert "the flag --… of …" in not_judged(ROOT / "trainer/simulate/components/command_line.py")
