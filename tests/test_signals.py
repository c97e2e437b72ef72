"""A test hears signals also if whoever started it ignores them."""

from __future__ import annotations

import signal

from tests.signals import hear_signals


def test_ignored_signals_are_heard_again() -> None:
    before = {one: signal.getsignal(one) for one in (signal.SIGHUP, signal.SIGINT)}
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        hear_signals()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
