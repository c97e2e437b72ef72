"""SARIF 2.1.0: what the standard requires of each object that is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.report.answers import GOLDEN, ROWS
from trainer import __version__
from trainer.report.rows import FORMATS, result_files


def written(folder: Path, rows: list[Any] = ROWS) -> str:
    with result_files(folder, ["sarif"]) as write:
        for row in rows:
            write(row)
    return (folder / FORMATS["sarif"]).read_text()


def test_it_is_the_golden_file(tmp_path: Path) -> None:
    golden = (GOLDEN / "results.sarif").read_text()
    assert written(tmp_path).replace(f'"{__version__}"', '"VERSION"') == golden


def test_it_has_what_the_standard_requires(tmp_path: Path) -> None:
    log = json.loads(written(tmp_path))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "cks-trainer"
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert result["message"]["text"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["kind"] == "fail" or result["level"] == "none", "3.27.10"
        for location in result.get("locations", ()):
            physical = location["physicalLocation"]
            uri = physical["artifactLocation"]["uri"]
            assert uri.isascii()
            assert not uri.startswith("/"), "relative to the submissions"
            region = physical.get("region", {"startLine": 1, "startColumn": 1})
            assert min(region["startLine"], region["startColumn"]) >= 1
    assert len({str(one["partialFingerprints"]) for one in run["results"]}) == len(run["results"])


def test_each_failure_has_its_line_in_the_submissions(tmp_path: Path) -> None:
    results = json.loads(written(tmp_path))["runs"][0]["results"]
    places = [
        (result["ruleId"], unquote(one["artifactLocation"]["uri"]), one.get("region", {}).get("startLine"))
        for result in results
        for one in [
            result.get("locations", [{"physicalLocation": {"artifactLocation": {"uri": ""}}}])[0][
                "physicalLocation"
            ]
        ]
    ]
    assert places == [
        ("pod-ro/read-only", "bo/pod-ro/pod.yaml", 9),
        ("np-deny/missing", "", None),
        ("pod-ro/exists", "é t/pod.yaml", 3),
        ("pod-ro/x", "é t/pod.yaml", None),
        ("pod-ro/unreadable", "zoe/pod-ro", None),
    ]


def test_a_batch_in_which_all_pass_is_a_whole_file(tmp_path: Path) -> None:
    assert json.loads(written(tmp_path, ROWS[:1]))["runs"][0]["results"] == []
