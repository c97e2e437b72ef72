"""Kills (signal 9) of `batch --resume` at any row: the results are byte by byte those of an unbroken run."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path

from tools.stress.kills import _killed
from tools.stress.model import Trial
from tools.stress.programs import POD, finished, start

LEARNERS = 60
FORMATS = "jsonl,csv,checks,junit,sarif,markdown"


def resume_kills(home: Path, count: int, seed: int) -> Trial:
    """Kill a batch and whoever resumes it, at any size of what is stored; the run after that is whole.

    Every third time, some bytes at the end of what is stored are lost or wrong, as after a power failure.
    """
    trial, chance = Trial("batch --resume, killed"), random.Random(seed)  # noqa: S311
    for number in range(LEARNERS):
        folder = home / "submissions" / f"learner-{number:03}" / "tiny-pod"
        folder.mkdir(parents=True)
        wrong = number % 7 == 3
        text = POD.format(mark=number).replace("true", "false") if wrong else POD.format(mark=number)
        (folder / "pod.yaml").write_text(text, encoding="utf-8")
    call = ("batch", str(home / "submissions"), "--cards", "tiny-pod", "--format", FORMATS, "--jobs", "2")
    code, _, err = finished(home, *call, "--out", str(home / "whole"))
    trial.expect(code == 0, f"the unbroken run: {code} {err[:200]}")
    whole = contents(home / "whole")
    for number in range(count):
        out = home / f"out-{number}"
        for _ in range(chance.randrange(1, 4)):
            process = start(home, *call, "--out", str(out), "--resume")
            until = chance.randrange(0, LEARNERS * 1000)
            _killed(process, 0, lambda: _grown(out, until, process))  # noqa: B023 - called at once
            trial.tried += 1
        if number % 3 == 0:
            _hurt(out / "results.partial", chance)
        code, _, err = finished(home, *call, "--out", str(out), "--resume")
        trial.expect(code == 0, f"the last run {number}: {code} {err[:200]}")
        trial.expect(
            contents(out) == whole, f"results that differ from those of an unbroken run, in {number}"
        )
    return trial


def contents(folder: Path) -> dict[str, bytes]:
    """What is in a folder of results; what a killed program was writing is hidden, and isn't a result."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def _grown(out: Path, size: int, process: subprocess.Popen[str]) -> None:
    """Wait until so many bytes of rows are stored, or the program has ended."""
    partial = out / "results.partial"
    while process.poll() is None:
        if partial.exists() and partial.stat().st_size >= size:
            return
        time.sleep(0.002)


def _hurt(partial: Path, chance: random.Random) -> None:
    if not partial.exists():
        return
    data = partial.read_bytes()
    lost = chance.randrange(0, min(len(data), 5000) + 1)
    partial.write_bytes(data[: len(data) - lost] + bytes(chance.randrange(0, 3) * lost))
