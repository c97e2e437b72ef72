"""Whether the terminal is still there.

A terminal that goes away sends SIGHUP only to its session's leader. Started by another program
(`make run`, a script), the app would keep running unseen and read the end of its input forever.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

LOOKS_EACH = 1.0
"""Seconds between two looks."""


def at_terminal() -> bool:
    """Whether the app reads from a terminal that answers."""
    import termios

    try:
        termios.tcgetattr(sys.__stdin__.fileno() if sys.__stdin__ else -1)
    except (termios.error, OSError, ValueError):
        return False
    return True


def end_with_terminal() -> None:
    """From now on, end when the terminal goes away, as a hung-up terminal ends any program.

    Then nothing can be drawn; attempts are already in the store and drafts beside the answers. A
    thread watches, because the app itself may hang in a write to the lost terminal.
    """
    if at_terminal():
        threading.Thread(target=_watch, daemon=True, name="terminal").start()


def _watch() -> None:
    while at_terminal():
        time.sleep(LOOKS_EACH)
    os.kill(os.getpid(), signal.SIGHUP)
