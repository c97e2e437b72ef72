"""Tests of `tui.palette`: the command palette."""

from __future__ import annotations

from pathlib import Path

from textual import events
from textual.command import CommandList, CommandPalette

from tests.tui.fake_session import HOSTILE, FakeSession, card
from tests.tui.showing import assert_shows, assert_soon, shown
from trainer.tui.app import TrainerApp
from trainer.tui.palette import Commands
from trainer.tui.screens.card import CardScreen
from trainer.tui.screens.progress import Progress


async def test_every_action_of_the_screen_is_offered_in_plain_english(app: TrainerApp) -> None:
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.press("enter", "ctrl+p")
        await assert_shows(app, "Show the next hint")
        text = shown(app)
        for words in (
            "Open the answer in my editor",
            "Reset this card: start over",
            "Save and grade the answer",
        ):
            assert words in text
        assert "Search the cards" not in text


async def test_a_command_runs(app: TrainerApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.press(*"my progress")
        await assert_shows(app, "Show my progress")
        await pilot.press("down", "enter")
        await assert_soon(lambda: isinstance(app.screen, Progress))


async def test_cards_are_found_and_shown_literally(tmp_path: Path) -> None:
    session = FakeSession(tmp_path, (card("pod-ro", title=HOSTILE), card("other")))
    app = TrainerApp(session)  # type: ignore[arg-type]
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.press(*"pod-ro")
        await assert_shows(app, "Card pod-ro: [red]evil[/] [@click=app.quit]x[/]")
        await pilot.press("down", "enter")
        await assert_soon(lambda: isinstance(app.screen, CardScreen) and app.screen.card.id == "pod-ro")


async def test_page_keys_in_the_same_read_do_no_harm_and_the_word_theme_finds_the_theme_first(
    app: TrainerApp,
) -> None:
    async with app.run_test(size=(120, 50)) as pilot:
        for key in ("ctrl+p", "pagedown", "pageup", "pagedown"):
            app.post_message(events.Key(key, None))
        await pilot.pause()
        await assert_soon(lambda: isinstance(app.screen, CommandPalette))
        assert app.is_running
        await pilot.press(*"theme")
        await assert_shows(app, "Choose the theme")
        await assert_soon(
            lambda: "heme: " in str(app.screen.query_one(CommandList).get_option_at_index(0).prompt)
        )
    assert not app.return_code


async def test_usual_words_find_their_command(app: TrainerApp) -> None:
    rows = [
        ("dark", "Theme: dark"),
        ("colors", "Choose the theme"),
        ("restart", "Reset this card"),
        ("exit", "Quit cks-trainer"),
        ("clue", "Show the next hint"),
        ("answer", "Open the answer in my editor"),
        ("reveal", "Show the solution"),
        ("open", "Open the answer in my editor"),
        ("submit", "Grade the answer"),
        ("clipboard", "Copy the whole answer"),
    ]
    async with app.run_test(size=(120, 40)) as pilot:
        app.open_card("pod-ro")
        await pilot.pause()
        provider = Commands(app.screen)
        for typed, found in rows:
            hits = sorted([hit async for hit in provider.search(typed)], key=lambda hit: -hit.score)
            assert any(str(hit.text).startswith(found) for hit in hits[:6]), [
                typed,
                *(hit.text for hit in hits),
            ]


async def test_a_word_finds_no_card_that_only_has_its_letters(tmp_path: Path) -> None:
    """The word `reset` doesn't find "Restrict ingress to a database", and the palette isn't full of such cards."""
    titles = ("Restrict ingress to a database", "Reset a lease")
    app = TrainerApp(FakeSession(tmp_path, tuple(card(f"c{n}", title=one) for n, one in enumerate(titles))))  # type: ignore[arg-type]
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.press(*"reset")
        await assert_shows(app, "Card c1: Reset a lease")
        assert "Card c0" not in shown(app)
