"""A signal that ends the program lets it tidy up first: half files and credentials go, then it ends by it.

`signal` is imported on use: most runs have nothing to tidy up.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

ENDING = ("SIGTERM", "SIGHUP", "SIGQUIT")
"""Signals that end a program at once; SIGINT raises `KeyboardInterrupt` anyway."""


class Ended(BaseException):
    """A signal ends the program: `finally` and `with` run on the way out, then `end_by` does it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def end_by(number: int) -> NoReturn:
    """End this process by a signal, so that whoever started the program sees which one it was."""
    import signal

    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)  # whoever started the program blocks it


@contextmanager
def tidied_on_signals() -> Iterator[None]:
    """In the block, the signals raise `Ended` in the main thread; those that the caller ignores stay so."""
    import signal
    import threading

    numbers = [getattr(signal, name) for name in ENDING]
    if threading.current_thread() is not threading.main_thread():
        numbers = []
    numbers = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, _raise)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def _raise(number: int, _: FrameType | None) -> NoReturn:
    import signal

    for name in ENDING:  # a second signal ends it at once
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    raise Ended(number)
