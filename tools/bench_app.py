"""The app: first frame, key to paint, save to painted verdict, in a fresh process without a terminal."""

from __future__ import annotations

import json
import statistics
import sys

from tools.figures import Figure, own_place, run

_BUDGETS = {
    "first_frame_ms": ("first frame of the app", 250),
    "key_to_paint_median_ms": ("key to paint, median", 16),
    "key_to_paint_p95_ms": ("key to paint, 95th percentile", 50),
    "save_to_verdict_ms": ("save to painted verdict", 200),
}
RUNS = 3


def figures() -> list[Figure]:
    """CPU milliseconds, the medians of some runs."""
    found = []
    with own_place() as environ:
        for number in range(RUNS + 1):
            place = {"CKS_TRAINER_WORKSPACE": f"{environ['CKS_TRAINER_WORKSPACE']}-{number}"}
            spent = run([sys.executable, "-m", "trainer.tui.measure"], environ | place)
            if spent.code:
                raise RuntimeError(spent.out.decode(errors="replace")[-400:])
            if number:  # the first run writes the byte code
                found.append(json.loads(spent.out.splitlines()[-1]))
    return [
        Figure(name, statistics.median(run[key] for run in found), "ms", budget)
        for key, (name, budget) in _BUDGETS.items()
    ]
