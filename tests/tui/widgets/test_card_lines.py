"""Tests of `tui.widgets.card_lines`: the single lines of the card screen: head, tabs, status."""

from __future__ import annotations

import msgspec

from tests.tui.fake_session import HOSTILE, NOON, RIGHT, WRONG, card, judge
from trainer.content.wording import Wording
from trainer.tui.widgets.card_lines import head_line, status_line, tabs_line


def test_the_head_fits_and_has_the_facts() -> None:
    line = head_line(card(title="A Pod"), 151, 78)
    assert line.cell_length == 78
    assert line.plain.startswith("A Pod  pod-ro · RT4 · easy  ")
    assert line.plain.endswith("  02:31 of 4 min")
    long = head_line(card(title=HOSTILE * 2), 151, 78)
    assert long.cell_length == 78
    assert long.plain.startswith("[red]evil[/] [@click=app")
    assert long.plain.endswith("…  02:31 of 4 min")


def test_the_head_tells_that_the_time_is_paused() -> None:
    assert "paused 00:05 of 4 min  p resumes" in head_line(card(), 5, 78, paused=True).plain


def test_the_head_tells_the_seed_of_a_variant() -> None:
    varied = msgspec.structs.replace(card(title="A Pod"), wording=Wording(482913))
    assert head_line(varied, 0, 78).plain.startswith("A Pod  pod-ro · seed 482913 · RT4")
    long = msgspec.structs.replace(card(title="A Pod " * 20), wording=Wording(482913))
    assert "…  seed 482913  00:00" in head_line(long, 0, 78).plain
    assert "seed" not in head_line(card(title="A Pod"), 0, 78).plain


def test_tabs_say_how_many_checks_passed_and_the_score() -> None:
    plain = tabs_line("task", None, unsaved=False, width=79).plain
    assert plain == " 1 Task   2 Answer   3 Checks   4 Effect "
    line = tabs_line("checks", judge(card(), WRONG), unsaved=True, width=79)
    assert line.cell_length == 79
    assert line.plain.startswith(" 1 Task   2 Answer ●   3 Checks 0/2 ")
    assert line.plain.endswith("✗ NOT YET  0 of 5 points")
    assert tabs_line("task", judge(card(), RIGHT), unsaved=False, width=79).plain.endswith(
        "✓ PASSED  5 of 5 points"
    )


def test_the_status_has_time_duration_attempt_and_context() -> None:
    line = status_line(
        saved=NOON, milliseconds=12.4, attempt=3, unsaved=[], trouble="", context=None, width=78
    )
    assert line.plain.split("  ")[0] == "saved 12:00:00 · graded 12 ms · attempt 3"
    assert line.plain.endswith("context: none (offline)")
    assert line.cell_length == 78


def test_before_anything_and_with_unsaved_text() -> None:
    line = status_line(
        saved=None, milliseconds=None, attempt=0, unsaved=["a"], trouble="", context="[red]kind", width=78
    )
    assert line.plain.startswith("● not saved · no attempt yet")
    assert line.plain.endswith("context: [red]kind")


def test_trouble_takes_the_line() -> None:
    line = status_line(
        saved=NOON,
        milliseconds=1,
        attempt=1,
        unsaved=[],
        trouble=f"no {HOSTILE}",
        context=None,
        width=78,
    )
    assert line.plain.startswith("! no [red]evil[/]")
