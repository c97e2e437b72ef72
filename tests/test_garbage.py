"""How rarely the garbage collector looks."""

from __future__ import annotations

import gc

from trainer.garbage import look_rarely


def test_the_collector_looks_rarely() -> None:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    try:
        look_rarely()
        assert gc.get_threshold()[0] > 10_000
    finally:
        gc.set_threshold(*before)
