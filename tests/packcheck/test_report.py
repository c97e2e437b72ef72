"""Tests of `packcheck.report`: what the check of a pack found."""

from __future__ import annotations

from pathlib import Path

from trainer.content.locate import Pack
from trainer.packcheck.report import CardReport, PackReport, problem, shown

PACK = Pack(Path("/p/tasks"), Path("/p/solutions"))
WRONG = problem(Path("/p/tasks/d/a.yaml"), PACK, "is wrong", "fix it", 3)
REPORT = PackReport(
    (
        CardReport("a", "RT4", 1, 2, 3, 10, 8, 1, 1, (WRONG,), variants=2),
        CardReport("b", "RT4", 1, 1, 1, 5, 5, 0, 0),
        CardReport("c", "CS1"),
    )
)


def test_json_has_the_public_form() -> None:
    assert REPORT.json() == {
        "schema": "cks-trainer.packcheck/1",
        "cards": 3,
        "answers": {"reference": 2, "also": 3, "wrong": 4},
        "variants": 2,
        "mutants": {"made": 15, "killed": 13, "harmless": 1, "survived": 1},
        "problems": [
            {
                "message": "is wrong",
                "severity": "error",
                "remedy": "fix it",
                "file": "tasks/d/a.yaml",
                "line": 3,
                "column": 1,
                "path": "",
            }
        ],
        "competencies": {"CS1": 1, "RT4": 2},
    }


def test_lines_for_people() -> None:
    assert REPORT.lines() == [
        "tasks/d/a.yaml:3:1: is wrong (fix it)",
        "3 cards; answers: 2 reference, 3 also, 4 wrong; 2 variants",
        "mutants: 15 made, 13 killed, 1 harmless, 1 survived",
        "1 problems",
    ]
    assert PackReport(()).lines()[-1] == "no problems found"


def test_unchanged_cards_are_counted_where_only_changed_ones_were_tested() -> None:
    assert "unchanged" not in REPORT.json()
    some = PackReport(REPORT.cards, (), 36)
    assert some.json() == {**REPORT.json(), "unchanged": 36}
    assert some.lines()[1] == "3 cards, 36 unchanged; answers: 2 reference, 3 also, 4 wrong; 2 variants"


def test_files_are_named_inside_the_pack() -> None:
    assert shown(Path("/p/solutions/d/a/reference.yaml"), PACK) == "solutions/d/a/reference.yaml"
    assert shown(Path("/elsewhere/x.yaml"), PACK) == "x.yaml"


def test_a_whole_pack_tells_its_domains_and_what_it_lacks() -> None:
    whole = PackReport(REPORT.cards, whole=True)
    assert whole.by_domain() == [
        ("Domain", "Cards", "Reference", "Also", "Wrong", "Made", "Killed", "Harmless", "Survived"),
        ("Cluster Setup", "1", "0", "0", "0", "0", "0", "0", "0"),
        ("Monitoring, Logging and Runtime Security", "2", "2", "3", "4", "15", "13", "1", "1"),
    ]
    [trained] = [line for line in whole.lines() if "competencies" in line]
    assert trained.startswith("25 of 26 competencies without two cards: CS1, CS2, ")
    assert "RT4" not in trained
    assert not any("competencies" in line for line in REPORT.lines())
