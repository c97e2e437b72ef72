"""Tests of `tui.themes`: the dark and the light look."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content
from textual.widgets import Static

from tests.tui.showing import assert_soon
from trainer.tui.app import TrainerApp
from trainer.tui.text import CARD_SIGNS, CHECK_SIGNS, MUTED
from trainer.tui.themes import CONTRAST, DARK, LIGHT, THEMES, TITLES, syntax_theme
from trainer.tui.widgets.markdown import CODE

STYLES = sorted(
    {colour for signs in (CHECK_SIGNS, CARD_SIGNS) for _, _, colour in signs.values()} | {MUTED, CODE}
)


GROUNDS = ("background", "surface", "panel")
"""What text is on."""


class Host(App[None]):
    def compose(self) -> ComposeResult:
        for ground in GROUNDS:
            for style in STYLES:
                static = Static(Content.styled("X", style))
                static.styles.background = self.theme_variables[ground]
                yield static


def luminance(colour: Color) -> float:
    def part(value: float) -> float:
        value /= 255
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * part(colour.r) + 0.7152 * part(colour.g) + 0.0722 * part(colour.b)


def contrast(one: Color, other: Color) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_each_theme_has_its_title() -> None:
    assert [theme.name for theme in THEMES] == list(TITLES)


async def test_without_color_everything_is_gray(session, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("NO_COLOR", "1")
    app = TrainerApp(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        found = app.screen._compositor.render_strips()
        colors = {
            color.get_truecolor()
            for strip in found
            for segment in strip.apply_filter(
                app._filters[0], app.current_theme and app.screen.background_colors[1]
            )
            if segment.style is not None
            for color in (segment.style.color, segment.style.bgcolor)
            if color is not None
        }
        assert colors
        assert all(red == green == blue for red, green, blue in colors)


@pytest.mark.parametrize("name", list(TITLES))
async def test_every_style_of_text_can_be_read(name: str) -> None:
    app = Host()
    for theme in THEMES:
        app.register_theme(theme)
    app.theme = name
    async with app.run_test() as pilot:
        await pilot.pause()
        rows = [(ground, style) for ground in GROUNDS for style in STYLES]
        for static, style in zip(app.query(Static), rows, strict=True):
            segment = next(segment for segment in static.render_line(0) if "X" in segment.text)
            assert segment.style is not None
            assert segment.style.color is not None
            assert segment.style.bgcolor is not None
            colours = [Color.from_rich_color(c) for c in (segment.style.color, segment.style.bgcolor)]
            assert contrast(*colours) >= (7 if name == CONTRAST else 4.5), (style, contrast(*colours))


async def test_frames_can_be_seen_in_every_theme(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        for name in TITLES:
            app.theme = name
            await pilot.pause()
            strip = app.screen._compositor.render_strips()[1]  # the upper edge of the first pane
            segment = next(segment for segment in strip if "╭" in segment.text)
            assert segment.style is not None
            assert segment.style.color is not None
            assert segment.style.bgcolor is not None
            edge, ground = (Color.from_rich_color(c) for c in (segment.style.color, segment.style.bgcolor))
            assert contrast(edge, ground) >= 1.5, (name, contrast(edge, ground))


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_colour_of_yaml_can_be_read(theme: object) -> None:
    background = Color.parse(theme.background)  # type: ignore[attr-defined]
    styles = syntax_theme(theme.name).syntax_styles  # type: ignore[attr-defined]
    for name, style in styles.items():
        least = 7 if theme.name == CONTRAST else 4.5  # type: ignore[attr-defined]
        assert contrast(Color.from_rich_color(style.color), background) >= least, name


def test_an_unknown_theme_takes_the_dark_colours() -> None:
    assert syntax_theme("nord").syntax_styles == syntax_theme(DARK).syntax_styles


async def test_the_answer_changes_its_colours_with_the_theme(app, session) -> None:  # type: ignore[no-untyped-def]
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await assert_soon(lambda: app.screen.query("AnswerView"))
        view = app.screen.query_one("AnswerView")
        assert view.theme == f"yaml-{DARK}"
        app.action_theme(LIGHT)
        await assert_soon(lambda: view.theme == f"yaml-{LIGHT}")
