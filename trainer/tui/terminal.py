"""Whether the terminal is still there.

A terminal that goes away sends SIGHUP only to its session's leader. Started by another program
(`make run`, a script), the app would keep running unseen and read the end of its input forever.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import time

LOOKS_EACH = 1.0
"""Seconds between two looks."""


def terminal_is_lost() -> bool:
    """Whether the app reads from a terminal that went away; what isn't a terminal can't go away."""
    import termios

    try:
        termios.tcgetattr(sys.__stdin__.fileno() if sys.__stdin__ else -1)
    except termios.error as error:
        return bool(error.args[0] != errno.ENOTTY)
    except (OSError, ValueError):  # stdin was closed: nothing tells
        return False
    return False


def end_with_terminal() -> None:
    """From now on, end when the terminal goes away, as a hung-up terminal ends any program.

    This holds for a terminal that went away earlier, too. Then nothing can be drawn; attempts are
    already in the store and drafts beside the answers. A thread watches, because the app itself may
    hang in a write to the lost terminal.
    """
    threading.Thread(target=_watch, daemon=True, name="terminal").start()


def _watch() -> None:
    while not terminal_is_lost():
        time.sleep(LOOKS_EACH)
    os.kill(os.getpid(), signal.SIGHUP)
    time.sleep(LOOKS_EACH)
    os._exit(128 + signal.SIGHUP)  # whoever started the app lets it ignore the signal
