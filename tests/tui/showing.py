"""What an app shows, as text; and waiting for it without counting seconds."""

from __future__ import annotations

import asyncio
import time
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console

from tests.patience import HANGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App


def shown(app: App[None]) -> str:
    """The whole screen as lines of text."""
    width, height = app.size
    console = Console(
        width=width, height=height, file=StringIO(), record=True, force_terminal=True, legacy_windows=False
    )
    console.print(app.screen._compositor.render_update(full=True, screen_stack=app._background_screens))
    return console.export_text(styles=False)


async def assert_soon(done: Callable[[], object], what: str = "") -> None:
    """Assert that something becomes so."""
    end = time.monotonic() + HANGS
    while not done():
        assert time.monotonic() < end, f"never came true: {what or done}"
        await asyncio.sleep(0.01)


async def assert_told(app: App[None], text: str) -> None:
    """Assert that a notice says a text."""
    await assert_soon(lambda: any(text in note.message for note in app._notifications), text)


async def assert_shows(app: App[None], text: str) -> None:
    """Assert that a text appears on the screen."""
    end = time.monotonic() + HANGS
    while text not in (screen := shown(app)):
        assert time.monotonic() < end, f"{text!r} is not shown:\n{screen}"
        await asyncio.sleep(0.02)
