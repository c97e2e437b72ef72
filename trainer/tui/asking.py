"""Screens that ask before anything that cannot be undone, or that costs something."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import App
    from textual.screen import ModalScreen

T = TypeVar("T")


class AsksOnce:
    """For a screen that asks: one question at a time, so that a key pressed twice asks once.

    Call its methods in a worker (`@work`).
    """

    app: App[Any]
    _asking = False

    async def confirmed(self, question: str, yes: str) -> bool:
        """Ask a question with yes and no."""
        from trainer.tui.screens.confirm import Confirm  # no first frame asks

        return await self.asked(Confirm(question, yes=yes), otherwise=False)

    async def asked(self, question: ModalScreen[T], otherwise: T) -> T:
        """Ask; if a question is already open, or this screen is closed, the answer is `otherwise`.

        Not by `push_screen_wait`: it takes over what the app is about to do. If that is the removal of this
        screen, it cancels this worker, and with it the app's own work: the app ends without a word.
        """
        screens: Sequence[Any] = self.app.screen_stack
        if self._asking or self not in screens:
            return otherwise
        self._asking = True
        try:
            return await asyncio.shield(self.app.push_screen(question, wait_for_dismiss=True))
        finally:
            self._asking = False
