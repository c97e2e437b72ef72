"""Tests of `tui.widgets.effect`: pictures of what the answer does."""

from __future__ import annotations

import threading
from types import SimpleNamespace

from textual.app import App, ComposeResult

from tests.tui.fake_session import HOSTILE, card
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.errors import StoreError
from trainer.picture import Cell, Effect, Picture, Row, State, asked
from trainer.tui.widgets.effect import NOT_GRADED, EffectList, EffectPane
from trainer.verdict import CheckResult, Location, Status, Verdict

PLACE = Location("policy.yaml", 16, 9)
FLOWS = Picture(
    "Who reaches api",
    ("TCP 8443",),
    (
        Row("checkout", (asked(True, "allowed", "denied"),)),
        Row("bare", (asked(False, "allowed", "denied", PLACE),)),
        Row("lab", (Cell("denied"),)),
    ),
    left_out="2 more rows aren't shown.",
)
FILES = Picture("Files", ("",), (Row("/", ()), Row("etc", (asked(True, "read-only"),), 1)), "tree")
EFFECTS = (Effect("nobody", FLOWS), Effect("files", FILES))
CHECKS = (
    CheckResult("nobody", "Nobody else reaches the API", Status.FAIL, 0, 2),
    CheckResult("files", "Nothing is writable", Status.PASS, 1, 1),
)


def graded(name: str = "x") -> SimpleNamespace:
    return SimpleNamespace(verdict=Verdict(name, CHECKS))


class Session:
    """Draws what it is told, when it is told."""

    def __init__(self) -> None:
        self.drawn: list[str] = []
        self.go = threading.Event()
        self.go.set()
        self.trouble: Exception | None = None

    def effects(self, whose: object, what: SimpleNamespace) -> tuple[Effect, ...]:
        self.drawn.append(what.verdict.card)
        self.go.wait(10)
        if self.trouble:
            raise self.trouble
        return EFFECTS if what.verdict.card != "none" else ()


class Host(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.session = Session()
        self.chosen: list[tuple[Location, bool]] = []

    def compose(self) -> ComposeResult:
        yield EffectPane(self.session, card())  # type: ignore[arg-type]

    def on_effect_list_chosen(self, event: EffectList.Chosen) -> None:
        self.chosen.append((event.location, event.entered))

    @property
    def pane(self) -> EffectPane:
        return self.query_one(EffectPane)


def lines(app: App[None]) -> list[str]:
    return [line.rstrip() for line in shown(app).splitlines() if line.strip()]


async def test_pictures_are_drawn_only_if_somebody_looks_and_wrong_rows_lead_to_their_place() -> None:
    app = Host()
    async with app.run_test(size=(60, 16)) as pilot:
        await assert_shows(app, NOT_GRADED[:40])
        app.pane.show(graded())  # type: ignore[arg-type]
        await pilot.pause()
        assert app.session.drawn == []
        app.pane.want(True)
        await assert_shows(app, "Nothing is writable")
        assert lines(app) == [
            "✗ Nobody else reaches the API",
            "  Who reaches api",
            "            TCP 8443",
            "  checkout  ✓ allowed (was denied)",
            "✗ bare      ✗ allowed (was denied)",
            "  lab       · denied",
            "  2 more rows aren't shown.",
            "✓ Nothing is writable",
            "  Files",
            "  /",
            "    etc  ✓ read-only",
        ]
        found = app.query_one(EffectList)
        assert found.highlighted_option is not None
        assert found.highlighted_option.id == "nobody 1 1"
        found.focus()
        await pilot.press("enter")
        await pilot.press("j", "k")
        await pilot.pause()
        assert app.chosen == [(PLACE, True), (PLACE, False)]
        app.pane.want(False)
        app.pane.want(True)
        await pilot.pause()
        assert app.session.drawn == ["x"]


async def test_a_newer_verdict_overtakes_and_trouble_is_said() -> None:
    app = Host()
    async with app.run_test(size=(60, 16)) as pilot:
        app.pane.want(True)
        app.session.go.clear()
        app.pane.show(graded("old"))  # type: ignore[arg-type]
        await assert_soon(lambda: app.session.drawn == ["old"])
        app.pane.show(graded("none"))  # type: ignore[arg-type]
        app.session.go.set()
        await assert_shows(app, "No check that was judged")
        assert app.session.drawn == ["old", "none"]
        app.session.trouble = StoreError("no room")
        app.pane.show(graded())  # type: ignore[arg-type]
        await assert_shows(app, "no room")
        app.session.trouble = ZeroDivisionError("oops")
        app.pane.show(graded())  # type: ignore[arg-type]
        await assert_shows(app, "drawing failed unexpectedly")
        app.pane.show(None)
        await pilot.pause()
        assert NOT_GRADED[:40] in shown(app)


async def test_hostile_words_are_literal_and_every_width_works() -> None:
    bad = Picture(HOSTILE, (HOSTILE,), (Row(HOSTILE, (Cell(HOSTILE, State.WRONG, HOSTILE, PLACE),)),))
    for width in (20, 60, 200):
        app = Host()
        async with app.run_test(size=(width, 20)) as pilot:
            app.query_one(EffectList).show((Effect("nobody", bad),), CHECKS)
            await pilot.pause()
            text = shown(app)
            assert "\x1b" not in text.replace("\x1b[0m", "")
            assert "\u202e" not in text
            assert width < 60 or "[red]evil[/]" in text
