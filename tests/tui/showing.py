"""What an app shows, as text; and waiting for it without counting seconds."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from textual._context import visible_screen_stack

from tests.patience import HANGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App


POLL = 0.005
"""Seconds between two looks."""


def shown(app: App[None]) -> str:
    """The whole screen as lines of text."""
    visible_screen_stack.set(app._background_screens)
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def settle() -> bool:
    """Let the app do and paint all that it can do now: whether anything may look different. `Pace` replaces it."""
    return True


async def assert_soon(done: Callable[[], object], what: str = "") -> None:
    """Assert that something becomes so."""
    end = time.monotonic() + HANGS
    await settle()
    while not done():
        assert time.monotonic() < end, f"never came true: {what or done}"
        await asyncio.sleep(POLL)
        await settle()


async def assert_told(app: App[None], text: str) -> None:
    """Assert that a notice says a text."""
    await assert_soon(lambda: any(text in note.message for note in app._notifications), text)


async def assert_shows(app: App[None], text: str) -> None:
    """Assert that a text appears on the screen."""
    end = time.monotonic() + HANGS
    await settle()
    while text not in (screen := shown(app)):
        while True:
            assert time.monotonic() < end, f"{text!r} is not shown:\n{screen}"
            await asyncio.sleep(POLL)
            if await settle():
                break
