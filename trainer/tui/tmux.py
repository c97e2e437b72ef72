"""What the app asks of the tmux in which it runs, if it runs in one."""

from __future__ import annotations

import os
import subprocess

PATIENCE = 5
"""Seconds for an answer of tmux."""


def in_tmux() -> bool:
    """Whether the app runs in a pane of tmux."""
    return bool(os.environ.get("TMUX") and os.environ.get("TMUX_PANE"))


def ask_tmux(*arguments: str, text: str = "") -> str | None:
    """What tmux answers, given a text on stdin; None if it refuses or isn't there."""
    try:
        ran = subprocess.run(  # noqa: S603 no shell is between
            ["tmux", *arguments],  # noqa: S607 the one in which the app runs
            input=text,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return ran.stdout.strip() if ran.returncode == 0 else None


def copy_in_tmux(text: str) -> bool:
    """Put a text into tmux's buffer, which tmux also sends to the clipboard of its terminal (from 3.2 on).

    tmux ignores what programs in it send there themselves, unless `set-clipboard` is `on`.
    """
    return any(ask_tmux("load-buffer", *option, "-", text=text) is not None for option in (("-w",), ()))
