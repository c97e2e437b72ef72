"""How rarely the garbage collector looks."""

from __future__ import annotations

import gc

from trainer.garbage import look_rarely, pause, resume


def test_the_collector_looks_rarely() -> None:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    try:
        look_rarely()
        assert gc.get_threshold()[0] > 10_000
    finally:
        gc.set_threshold(*before)


def test_what_a_start_made_is_never_looked_at_again() -> None:
    frozen = gc.get_freeze_count()
    resume()
    assert (gc.isenabled(), gc.get_freeze_count()) == (True, frozen)
    pause()
    try:
        assert not gc.isenabled()
        resume()
        assert gc.isenabled()
        assert gc.get_freeze_count() > frozen
    finally:
        gc.enable()  # what is frozen stays so: all objects of the tests are
