"""How rarely the garbage collector looks: a short run makes many objects and no garbage."""

from __future__ import annotations

import gc


def look_rarely() -> None:
    """For the rest of the process; looking as often as Python does would take a fifth of a start."""
    gc.set_threshold(50_000, 20, 20)


def pause() -> None:
    """Until `resume`: for a start that makes more than that, and no garbage either."""
    gc.disable()


def resume() -> None:
    """After `pause`: look rarely again, and never again at what was made until now, which stays.

    Without a pause, nothing happens.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
