"""What an app shows, as text; and waiting for it without counting seconds."""

from __future__ import annotations

import asyncio
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console

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
    """Assert that something is so soon; fails after a time that no working machine needs."""
    for _ in range(2000):
        if done():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"never came true: {what or done}")


async def assert_shows(app: App[None], text: str) -> None:
    """Assert that a text stands on the screen soon."""
    for _ in range(400):
        if text in shown(app):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{text!r} is not shown:\n{shown(app)}")
