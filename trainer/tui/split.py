"""The learner's own editor in a pane of tmux beside the app, where the app runs in tmux.

The app goes on and grades every save. Nothing depends on how the editor ends: what it saved is in the file,
and a pane that is closed or killed is only noticed. Where tmux refuses (too small, an old version, a server
that is gone), the caller runs the editor in another way.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from typing import TYPE_CHECKING

from trainer.session.editor import Edited
from trainer.tui.tmux import ask_tmux, in_tmux

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WIDE, TALL = 160, 36
"""Columns from which the editor is on the right, and rows from which it is below."""

LOOKS_EACH = 0.5
"""Seconds between two looks at whether the pane is still there."""


class Split:
    """The pane of one editor, if any is open."""

    def __init__(self) -> None:
        self._pane = ""

    async def run(
        self, command: Sequence[str], files: Sequence[Path], size: tuple[int, int]
    ) -> Edited | None:
        """Open the editor beside the app and wait for its end; an open one is only selected.

        `size` is that of the app's terminal, in columns and rows. None if there is no tmux, or it refuses.
        """
        where = os.environ.get("TMUX_PANE", "")
        if self._pane and await _tmux("select-pane", "-t", self._pane) is not None:
            return Edited("ended")
        width, height = size
        side = "-h" if width >= WIDE else "-v" if height >= TALL else ""
        if not (in_tmux() and side and shutil.which(command[0])):
            return None
        arguments = [*command, *map(str, files)]
        path = f"PATH={os.environ.get('PATH', '')}"  # the server's own may be another
        pane = await _tmux(
            "split-window", side, "-t", where, "-e", path, "-P", "-F", "#{pane_id}", *arguments
        )
        if not pane:
            return None
        self._pane = pane
        try:
            while self._pane in (await _tmux("list-panes", "-a", "-F", "#{pane_id}") or "").split():
                await asyncio.sleep(LOOKS_EACH)
        finally:
            self._pane = ""
        return Edited("ended")


async def _tmux(*arguments: str) -> str | None:
    """What tmux answers; None if it refuses or isn't there."""
    return await asyncio.to_thread(ask_tmux, *arguments)
