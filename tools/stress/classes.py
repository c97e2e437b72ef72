"""A class whose programs add results to one file and are killed meanwhile, while a board reads it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

from tools.stress.model import Trial
from tools.stress.programs import ROOT, rest
from trainer.errors import StoreError
from trainer.progress.classroom import create, results_after

LEARNERS = 50
CLASS = """
import os, sys
from pathlib import Path
from trainer.progress.classroom import Result, add
file, learners, first, times = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
gate, opens = os.pipe()
for learner in range(learners):
    if not os.fork():
        os.close(opens)
        os.read(gate, 1)
        for number in range(first, first + times):
            add(file, Result(f"learner-{learner}", "pod-ro", number, "graded", checks={"a": "fail"}))
            os.write(1, f"{learner} {number}\\n".encode())
        os._exit(0)
os.close(opens)
sys.exit(sum(os.wait()[1] != 0 for _ in range(learners)))
"""
"""Fifty writers that begin at once; each says which result is stored once `add` has returned."""


def class_kills(home: Path, count: int, seed: int) -> Trial:
    """Kill fifty writers at once, again and again; a last round ends by itself."""
    trial, chance = Trial("class of 50, killed"), random.Random(seed)  # noqa: S311 - the same kills each time
    file, told = home / "class" / "results.db", set()
    create(file)
    board = _Board(file)
    for number in range(count + 1):
        last = number == count
        lines, errors = _round(file, number * 1000, 2 if last else 1000, chance, killed=not last)
        told.update(lines)
        trial.tried += LEARNERS
        if last:
            trial.expect(len(lines) == 2 * LEARNERS and not errors, f"a writer, not killed: {errors[-300:]}")
    seen, faults = board.end()
    trial.lost += sorted(set(faults))
    results, newest = results_after(file, 0)
    kept = [f"{one.learner.removeprefix('learner-')} {one.at:.0f}" for one in results]
    for line in told:
        trial.expect(kept.count(line) == 1, f"the result {line}")
    trial.expect(newest == len(results), "a row that can't be read")
    trial.expect(seen == results[: len(seen)], "the order in which the board saw the results")
    return trial


def _round(
    file: Path, first: int, times: int, chance: random.Random, *, killed: bool
) -> tuple[list[str], str]:
    """What the writers of one round said was stored, and their errors."""
    process = subprocess.Popen(
        [sys.executable, "-c", CLASS, str(file), str(LEARNERS), str(first), str(times)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        text=True,
        start_new_session=True,
    )
    if killed and process.stdout is not None:
        begun = [process.stdout.readline() for _ in range(chance.randrange(1, 120))]
        rest(chance, 0.02)
        os.killpg(process.pid, signal.SIGKILL)
        out, errors = process.communicate()
        return [
            line.strip() for line in (*begun, *out.splitlines(keepends=True)) if line[-1:] == "\n"
        ], errors
    out, errors = process.communicate()
    return out.splitlines(), errors


class _Board:
    """Reads the results in a thread, as the board of a lab does."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ended = threading.Event()
        self._seen: list[object] = []
        self._faults: list[str] = []
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        newest = 0
        while not self._ended.wait(0.01):
            try:
                found, newest = results_after(self._file, newest)
            except StoreError as error:
                self._faults.append(f"the board: {error.message}")
            else:
                self._seen += found

    def end(self) -> tuple[list[object], list[str]]:
        """What was seen, and what went wrong."""
        self._ended.set()
        self._thread.join()
        return self._seen, self._faults
