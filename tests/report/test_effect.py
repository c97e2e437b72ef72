"""Tests of `report.effect`: pictures as text that lines up, and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from trainer.picture import Cell, Effect, Picture, Row, State, asked
from trainer.report.effect import cell_words, effect_json, effect_lines, picture_lines
from trainer.verdict import CheckResult, Location, Status, Verdict

GOLDEN = Path(__file__).parent / "golden"
PLACE = Location("policy.yaml", 16, 9, "spec.ingress[0]")
VERDICT = Verdict("np", (CheckResult("nobody", "Nobody else reaches the API", Status.FAIL, 0, 2),))
TABLE = Picture(
    "Who reaches payments/api-1",
    ("TCP 8443", "any other port"),
    (
        Row("shop-eu/checkout", (asked(True, "allowed", "denied"), asked(True, "denied"))),
        Row("shop-eu/bare", (asked(False, "allowed", "denied", PLACE), Cell("denied"))),
        Row("A new Pod with app=api, role=checkout in Namespace payments", (asked(True, "denied"),)),
    ),
    left_out="2 more rows aren't shown.",
)
TREE = Picture(
    "Files of sun/web",
    ("web",),
    (
        Row("/", (asked(True, "read-only", "writable"),)),
        Row("var", (), 1),
        Row("log", (asked(False, "read-only", "", PLACE),), 2),
    ),
    "tree",
)
EFFECTS = (Effect("nobody", TABLE), Effect("writable", TREE))


def test_golden_text() -> None:
    assert "\n".join(effect_lines(EFFECTS, VERDICT)) + "\n" == (GOLDEN / "effect.txt").read_text("utf-8")


def test_golden_json() -> None:
    text = json.dumps(effect_json(EFFECTS), indent=2) + "\n"
    assert text == (GOLDEN / "effect.json").read_text("utf-8")


def test_every_line_fits() -> None:
    wide = Picture(
        "t" * 90,
        tuple(f"column {n} with a long head" for n in range(12)),
        (Row("h" * 100, tuple(asked(n % 2 == 0, "w" * 90, "b", PLACE) for n in range(12))), Row("", (), 60)),
        "tree",
    )
    for width in (40, 80, 200):
        assert max(map(len, picture_lines(wide, width=width))) <= width, width


def test_a_word_for_each_state() -> None:
    assert [cell_words(Cell("x", state)) for state in State] == ["✓ x", "✗ x", "· x"]
    assert cell_words(Cell("allowed", State.RIGHT, "denied")) == "✓ allowed (was denied)"
    assert cell_words(Cell("")) == ""


def test_no_picture_is_said() -> None:
    assert effect_lines((), VERDICT)[1:] == [
        "No check of this card that was judged can show the effect of the answer."
    ]


def test_nothing_in_a_picture_acts() -> None:
    bad = Picture("a\x1b[2J", ("b\n",), (Row("c\u202e", (Cell("d\x07"),)),))
    assert not any(sign in line for line in picture_lines(bad) for sign in "\x1b\n\u202e\x07")
