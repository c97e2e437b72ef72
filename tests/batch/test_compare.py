"""Two results of a batch, compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from trainer.batch.compare import RESULTS, Comparison, compare
from trainer.errors import AnswerUnreadable
from trainer.files import FileFault

PASSES = {"a": "pass", "b": "pass"}


def line(learner: str, checks: Mapping[str, str] | None = None, **fields: Any) -> dict[str, Any]:
    verdict = {"checks": [{"id": name, "says": f"{name} works", "status": is_} for name, is_ in checks.items()]} \
        if checks else None  # fmt: skip
    points = sum(is_ == "pass" for is_ in (checks or {}).values())
    usual = {"schema": "cks-trainer.result/1", "learner": learner, "card": "tiny", "status": "graded"}
    return {**usual, "points": points, "max_points": 2, "verdict": verdict, **fields}


def results(place: Path, *lines: dict[str, Any]) -> Path:
    place.mkdir()
    (place / RESULTS).write_text("".join(json.dumps(one) + "\n" for one in lines))
    return place


def compared(tmp_path: Path, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Comparison:
    return compare(results(tmp_path / "old", *old), results(tmp_path / "new", *new) / RESULTS)


def test_order_and_what_is_no_result_make_no_difference(tmp_path: Path) -> None:
    old = [line("ann", PASSES, message="old", more=1), line("bob", None, status="missing")]
    found = compared(tmp_path, old, [line("bob", None, status="missing"), line("ann", PASSES, answer="x")])
    assert found == Comparison((), 2, 2)


def test_each_difference_is_told_with_its_checks(tmp_path: Path) -> None:
    old = [
        line("ann", PASSES),
        line("bob", {"a": "fail", "gone": "pass"}, answer="1"),
        line("cy"),
        line("dan"),
    ]
    new = [line("ann", {"a": "fail", "b": "pass"}), line("bob", {"a": "skipped", "new": "pass"}, answer="2"),
           line("dan", seed=3), line("eve", PASSES)]  # fmt: skip
    found = compared(tmp_path, old, new)
    told = [
        (
            one.row.learner,
            [(check.id, check.before, check.after) for check in one.checks],
            one.is_other_answer,
        )
        for one in found.changes
    ]
    assert told == [
        ("ann", [("a", "pass", "fail")], False),
        ("bob", [("a", "fail", "skipped"), ("new", None, "pass"), ("gone", "pass", None)], True),
        ("dan", [], False),
        ("eve", [("a", None, "pass"), ("b", None, "pass")], False),
        ("cy", [], False),
    ]
    assert [(one.before is None, one.after is None) for one in found.changes[3:]] == [
        (True, False),
        (False, True),
    ]
    assert found.changes[0].checks[0].says == "a works"


def test_the_same_points_by_other_checks_are_a_difference(tmp_path: Path) -> None:
    old, new = {"a": "pass", "b": "fail"}, {"a": "fail", "b": "pass"}
    assert len(compared(tmp_path, [line("ann", old)], [line("ann", new)]).changes) == 1


def test_what_the_late_policy_says_is_a_difference(tmp_path: Path) -> None:
    found = compared(
        tmp_path, [line("ann", PASSES, late=False)], [line("ann", PASSES, late=True, penalty=0.5)]
    )
    assert [(one.before.final_points, one.row.final_points) for one in found.changes if one.before] == [
        (2, 1.5)
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (json.dumps(line("ann")) + "\n[", "results.jsonl:2: not a row of results: the line is incomplete"),
        ('\n\n{"schema": 1}\n', "results.jsonl:3: not a row of results: Expected `str`, got `int`"),
        (json.dumps(line("ann", schema="other/2")) + "\n", "the row has the schema other/2"),
        ((json.dumps(line("ann")) + "\n") * 2, "results.jsonl:2: a second row for ann and tiny"),
        ("\udcff\n", "not a row of results"),
    ],
)
def test_what_is_no_row_is_named_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    old = results(tmp_path / "old")
    (old / RESULTS).write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(AnswerUnreadable) as caught:
        compare(old, old)
    assert words in str(caught.value)


def test_results_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileFault, match="does not exist"):
        compare(tmp_path, tmp_path)
