"""The terminal: whether it is still there, and given back as it was, however the app ends.

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
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
"""Signals that end a program, and at which the terminal is given back first."""

RESTORE = (
    "\x18"  # cancels a sequence that is half written
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # mouse
    "\x1b[?2004l\x1b[?1004l\x1b[?2048l\x1b[?2026l"  # paste, focus, size, synchronized output
    "\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m"  # line wrap, keyboard, screen, cursor, colors
)
"""What turns off everything that Textual's Linux driver turns on, the reports of the mouse among it."""

PATIENCE = 0.5
"""Seconds to wait for a terminal that takes no output at the moment."""

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


@contextmanager
def restored_on_signals() -> Iterator[None]:
    """In the block, a signal that ends the app gives the terminal back first: its screen, mouse and keyboard.

    The process still ends by the signal. A signal that whoever started the app ignores stays ignored. Call it
    in the main thread.
    """
    import termios

    modes = None
    with suppress(termios.error, OSError, ValueError):
        modes = termios.tcgetattr(sys.__stdin__.fileno() if sys.__stdin__ else -1)

    def end(number: int, _: FrameType | None) -> None:
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # in the background, too
        _write(sys.__stderr__)
        if modes is not None and sys.__stdin__:
            with suppress(termios.error, OSError, ValueError):
                termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, modes)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    before = {number: signal.getsignal(number) for number in ENDING}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _write(stream: TextIO | None) -> None:
    """Write what gives the terminal back; without waiting long, for it may take no more output."""
    import select

    with suppress(OSError, ValueError):
        if stream is None or not stream.isatty():
            return
        where, rest = stream.fileno(), RESTORE.encode()
        os.set_blocking(where, False)  # for a terminal that takes only a part
        try:
            while rest and select.select([], [where], [], PATIENCE)[1]:
                with suppress(BlockingIOError):  # the app's own writer, a thread, has filled it meanwhile
                    rest = rest[os.write(where, rest) :]
        finally:
            os.set_blocking(where, True)  # whoever started the app has the same terminal
