"""The app: first frame, key to paint, save to painted verdict, in a fresh process without a terminal."""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path

from tools.figures import BARE, Child, Figure, in_turn, milliseconds, over_bare, own_place, run

MEASURE = [sys.executable, "-m", "trainer.tui.measure"]
_BUDGETS = {
    "key_to_paint_median_ms": ("key to paint, median", 16),
    "key_to_paint_p95_ms": ("key to paint, 95th percentile", 50),
    "save_to_verdict_ms": ("save to painted verdict", 200),
}
FRAME = 250
"""Milliseconds for the first frame."""
RUNS = 3


def figures() -> list[Figure]:
    """CPU milliseconds, and how many times a bare interpreter a first frame is.

    The first frame is that of every day, with attempts in the store. The very first start, which welcomes,
    is measured by itself.
    """
    with own_place() as environ:
        return [*_of_work(environ), *_of_starts(environ)]


def _of_work(environ: dict[str, str]) -> list[Figure]:
    found = []
    for number in range(RUNS + 1):
        place = {"CKS_TRAINER_WORKSPACE": f"{environ['CKS_TRAINER_WORKSPACE']}-{number}"}
        spent = run(MEASURE, environ | place)
        if spent.code:
            raise RuntimeError(spent.out.decode(errors="replace")[-400:])
        if number:  # the first run writes the byte code
            found.append(json.loads(spent.out.splitlines()[-1]))
    return [
        Figure(name, statistics.median(run[key] for run in found), "ms", budget)
        for key, (name, budget) in _BUDGETS.items()
    ]


def _of_starts(environ: dict[str, str]) -> list[Figure]:
    new = environ | {"CKS_TRAINER_DATABASE": str(Path(environ["CKS_TRAINER_DATABASE"]).with_name("new.db"))}
    children = [
        Child(BARE, environ),
        Child([*MEASURE, "--first-frame"], environ),
        Child([*MEASURE, "--first-start"], new),
    ]
    bare, *starts = in_turn(children, milliseconds)
    names = ("first frame of the app", "first frame of the very first start")
    return [
        *(Figure(name, value, "ms", FRAME) for name, value in zip(names, starts, strict=True)),
        *(over_bare(name, value, bare, FRAME) for name, value in zip(names, starts, strict=True)),
    ]
