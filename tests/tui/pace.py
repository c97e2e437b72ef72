"""Apps that do and paint at once what they can do now: no test waits for a clock, or depends on its speed.

Textual paints 60 times a second, resizes a moment after the terminal, and lets a test wait until the process
looks idle. How much an app has done by then depends on the machine.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import textual.app
import textual.pilot
from textual.app import App
from textual.screen import Screen

from tests.patience import HANGS
from tests.tui import showing

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from textual.message_pump import MessagePump


ROUNDS = 50
"""Many more layouts and paints than one key needs."""


class Turn:
    """In place of a timer of Textual: what is to do once the app has nothing else to do."""

    def __init__(self, due: list[Turn], pump: MessagePump, act: Callable[[], None]) -> None:
        self._due, self._pump, self._act = due, pump, act

    def resume(self) -> None:
        """There is something to do."""
        if self not in self._due:
            self._due.append(self)

    def pause(self) -> None:
        """It is done already."""
        if self in self._due:
            self._due.remove(self)

    stop = pause

    def take(self) -> None:
        """Do it, unless the app ends."""
        with self._pump._context():
            if not self._pump.app._exit:
                self._act()


class Pace:
    """Lays out and paints what has changed when the app has nothing else to do."""

    def __init__(self) -> None:
        self._layouts: list[Turn] = []
        self._paints: list[Turn] = []
        self._by_themselves = True

    async def settle(self, *_: float) -> bool:
        """Let all apps do all that they can do now, and then paint it once; whether anything may look different.

        A clock that has moved on whenever the app is painted doesn't keep it from being settled.
        """
        await _nothing_to_do()
        changed = self._by_themselves
        for _ in range(ROUNDS):
            if not (turns := self._layouts or self._paints):
                break
            turns.pop(0).take()
            await _nothing_to_do()
            changed = True
        return changed

    def keep(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let tests wait for the app, in place of Textual's wait for a process that gets little processor time."""
        monkeypatch.setattr(showing, "settle", self.settle)
        monkeypatch.setattr(textual.app, "wait_for_idle", self.settle)
        monkeypatch.setattr(textual.pilot, "wait_for_idle", self.settle)
        wait = textual.pilot.Pilot._wait_for_screen

        async def wait_for_screen(pilot: Any, timeout: float = HANGS) -> bool:
            await self.settle()
            return not _handling(pilot.app) or await wait(pilot, timeout)

        monkeypatch.setattr(textual.pilot.Pilot, "_wait_for_screen", wait_for_screen)

    def paint(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Paint while a test waits, in place of Textual's timers."""
        self._by_themselves = False
        set_timer, paint = App.set_timer, Screen._compositor_refresh

        def layout(screen: Any) -> Turn:
            if not hasattr(screen, "_layout_turn"):
                screen._layout_turn = Turn(self._layouts, screen, screen._on_timer_update)
            return screen._layout_turn  # type: ignore[no-any-return]

        def paint_later(screen: Any) -> None:
            if not hasattr(screen, "_paint_turn"):
                screen._paint_turn = Turn(self._paints, screen, lambda: paint(screen))
            screen._paint_turn.resume()

        def resize(app: App[Any], delay: float, callback: Callable[[], None], **rest: Any) -> object:
            if callback != app._check_resize:
                return set_timer(app, delay, callback, **rest)
            turn = Turn(self._layouts, app, callback)
            turn.resume()
            return turn

        monkeypatch.setattr(Screen, "_update_timer", property(layout))
        monkeypatch.setattr(Screen, "_compositor_refresh", paint_later)
        monkeypatch.setattr(App, "set_timer", resize)


def _handling(app: App[Any]) -> bool:
    """Whether a widget is in the middle of a message, and waits for a thread or for another widget."""
    screens = app._screen_stacks[app._current_mode][-1:]
    pumps = [app, *(one for screen in screens for one in screen.walk_children(with_self=True))]
    return not all(one._message_queue.ready_event._waiters for one in pumps)


async def _nothing_to_do() -> None:
    loop = asyncio.get_running_loop()
    await asyncio.sleep(0)
    while loop._ready:  # type: ignore[attr-defined]
        await asyncio.sleep(0)
