"""Tests of `tui.screens.solution`: the solution of a card."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.app import App

from tests.tui.fake_session import HOSTILE, FakeSession, card
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.session import Reveal
from trainer.tui.screens.solution import SolutionScreen, differences_text, files_text, kubectl_text
from trainer.verdict import Location


@pytest.fixture
def reveal(session: FakeSession) -> Reveal:
    return session.reveal(card())


def test_differences_in_words(reveal: Reveal) -> None:
    assert differences_text(reveal, 70).plain.split("\n") == [
        "How your answer differs",
        "1 difference. Another way can be right, too: the checks decide.",
        "",
        "≠ pod.yaml:3:5 spec.containers",
        "  A container is missing.",
        "  yours    missing",
        "  solution - name: main",
    ]
    same = differences_text(Reveal({}, "", ""), 70).plain
    assert same.endswith("Your answer doesn't differ from the solution.")
    nothing = differences_text(Reveal({}, "", "", (), "You have no answer yet."), 70).plain
    assert nothing.endswith("You have no answer yet.")


def test_values_of_several_lines_stand_under_each_other() -> None:
    difference = SimpleNamespace(
        location=None, path="spec", yours="", expected="a: 1\nb: 2", message="Missing."
    )
    text = differences_text(Reveal({}, "", "", (difference,)), 70).plain
    assert text.endswith("≠ spec\n  Missing.\n  solution a: 1\n           b: 2")


def test_files_and_the_kubectl_way() -> None:
    assert files_text(Reveal({"a.yaml": "a: 1\n", "b.yaml": "b: 1\n"}, "", "")).plain == (
        "The solution: a.yaml\na: 1\nThe solution: b.yaml\nb: 1"
    )
    assert kubectl_text(Reveal({}, "", "k run x\n")).plain == "With kubectl\nk run x"
    assert "no shortcut" in kubectl_text(Reveal({}, "", "")).plain


async def test_keys_go_to_the_sections(reveal: Reveal) -> None:
    long = Reveal({"pod.yaml": "a: 1\n" * 50}, reveal.explain + "\n\nend" * 60, "k run x", reveal.differences)
    app = App[None]()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(SolutionScreen(card(), long, "files"))
        scroller = lambda: app.screen.query_one("#solution")  # noqa: E731
        await assert_soon(lambda: app.screen.query("#solution") and scroller().scroll_offset.y > 0)
        for key, words in (
            ("d", "How your answer differs"),
            ("c", "With kubectl"),
            ("x", "Why"),
            ("s", "The solution: pod.yaml"),
        ):
            await pilot.press(key)
            await assert_soon(
                lambda wanted=words: shown(app).splitlines()[1].strip().startswith(wanted), words
            )
        await pilot.press("escape")
        await assert_soon(lambda: not isinstance(app.screen, SolutionScreen))


async def test_hostile_text_is_literal() -> None:
    where = Location("a.yaml", 1, 1)
    difference = SimpleNamespace(
        location=where, path=HOSTILE, yours=HOSTILE, expected=HOSTILE, message=HOSTILE
    )
    reveal = Reveal({HOSTILE: HOSTILE}, HOSTILE, HOSTILE, (difference,))
    app = App[None]()
    async with app.run_test(size=(120, 40)):
        app.push_screen(SolutionScreen(card(title=HOSTILE), reveal, "differences"))
        await assert_shows(app, "With kubectl")
        await assert_soon(lambda: shown(app).count("[@click=app.quit]x[/]") == 9)
        assert not set("\x1b\x9b\u202e") & set(shown(app))
