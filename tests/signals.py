"""Signals that whoever started this process ignores: `nohup` does, and so does a shell for its background jobs.

Processes inherit that, and then a program under test never hears what a test sends it.
"""

from __future__ import annotations

import signal

_SENT = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


def hear_signals() -> None:
    """Give the signals that tests send their usual effect again, here and in processes started from here."""
    for one in _SENT:
        if signal.getsignal(one) is signal.SIG_IGN:
            signal.signal(one, signal.default_int_handler if one is signal.SIGINT else signal.SIG_DFL)
