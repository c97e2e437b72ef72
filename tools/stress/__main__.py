"""`python -m tools.stress [--part PERCENT] [--only TRIAL]`: kills, signals, sizes, keys and full disks."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from tests.signals import hear_signals
from tools.stress import classes, disks, exams, hostile, kills, resumes, terminals
from tools.stress.model import Trial, table

Try = Callable[[Path, int, int], Trial]

TRIALS: dict[str, tuple[Try, int]] = {
    "store": (kills.store_kills, 700),
    "grade": (kills.grade_kills, 150),
    "watch": (kills.watch_kills, 75),
    "batch": (kills.batch_kills, 75),
    "class": (classes.class_kills, 20),
    "resume": (resumes.resume_kills, 50),
    "exams": (exams.exam_kills, 24),
    "signals": (terminals.signals, 100),
    "sizes": (terminals.resizes, 200),
    "keys": (terminals.keys, 10_000),
    "two-apps": (terminals.two_apps, 10),
    "full-disk": (disks.full_disk, 12),
    "read-only": (disks.read_only_home, 1),
    "hostile": (hostile.attacks, 1000),
}
"""What is tried, and how often in a whole run: 1,000 kills in four places."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trials; 1 if anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m tools.stress", description=__doc__)
    parser.add_argument("--part", type=float, default=100, metavar="PERCENT", help="of a whole run")
    parser.add_argument("--only", action="append", choices=TRIALS, help="only this trial; may be repeated")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="other moments and keys")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the result as JSON")
    options = parser.parse_args(arguments)
    hear_signals()
    trials = []
    for name in options.only or TRIALS:
        attempt, whole = TRIALS[name]
        with tempfile.TemporaryDirectory(prefix="stress-", ignore_cleanup_errors=True) as folder:
            trials.append(attempt(Path(folder), max(1, round(whole * options.part / 100)), options.seed))
        print(f"{name}: done", file=sys.stderr, flush=True)
    print(table(trials))
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(trials), indent=1))
    return int(any(trial.lost for trial in trials))


if __name__ == "__main__":
    sys.exit(main())
