"""Kills (signal 9) while attempts are stored and results are written."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.progress.test_store import WRITER
from tools.stress.model import Trial
from tools.stress.programs import POD, finished, rest, start
from trainer.progress.store import Store

GRADER = """
import sys
from pathlib import Path
from trainer.__main__ import main
file, mark = Path(sys.argv[1]), sys.argv[2]
text = file.read_text()
for number in range(10_000):
    file.write_text(text.replace("MARK", f"{mark}-{number}"))
    code = main(["grade", "--record", "--json", str(file)])
    print(f"ACK {mark}-{number} {code}", flush=True)
"""


def _killed(process: subprocess.Popen[str], lines: int, pause: Callable[[], None]) -> list[str]:
    """The lines that a process wrote before it was killed: at least so many, and only whole ones."""
    assert process.stdout is not None  # noqa: S101 - `start` makes the pipe
    seen = [process.stdout.readline() for _ in range(lines)]
    pause()
    process.kill()
    seen += list(process.stdout)
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    return [line.strip() for line in seen if line.endswith("\n")]


def store_kills(home: Path, count: int, seed: int) -> Trial:
    """Kill a process that records attempts directly."""
    trial, chance = Trial("store, killed"), random.Random(seed)  # noqa: S311 - the same kills each time
    file, acknowledged = home / "store.db", set()
    for number in range(count):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(file), f"r{number}", "10000"],
            stdout=subprocess.PIPE,
            text=True,
        )
        acknowledged.update(_killed(process, chance.randrange(1, 20), lambda: rest(chance, 0.004)))
        trial.tried += 1
    store = Store.open(file)
    kept = {one.digest: one.answer for one in store.attempts("pod-ro")}
    numbers = [one.number for one in store.attempts("pod-ro")]
    for digest in acknowledged:
        trial.expect(kept.get(digest) == digest * 400, f"the attempt {digest}")
    trial.expect(
        store.check() == [] and numbers == list(range(1, len(numbers) + 1)), "the database is damaged"
    )
    store.close()
    return trial


def grade_kills(home: Path, count: int, seed: int) -> Trial:
    """Kill `grade --record` while it grades one answer after the other."""
    trial, chance = Trial("grade --record, killed"), random.Random(seed)  # noqa: S311
    folder = home / "answers" / "tiny-pod"
    folder.mkdir(parents=True)
    acknowledged: set[str] = set()
    for number in range(count):
        (folder / "pod.yaml").write_text(POD.format(mark="MARK"), encoding="utf-8")
        process = start(home, str(folder / "pod.yaml"), f"k{number}", program=GRADER)
        lines = _killed(process, chance.randrange(1, 60), lambda: rest(chance, 0.02))
        marks = [line.split()[1:] for line in lines if line.startswith("ACK ")]
        trial.lost += [f"{mark} ended with exit code {code}" for mark, code in marks if code != "0"]
        acknowledged.update(mark for mark, _ in marks)
        trial.tried += 1
    _look_for(trial, home, acknowledged)
    return trial


def watch_kills(home: Path, count: int, seed: int) -> Trial:
    """Kill `watch` after it has shown a verdict; the answer's file is as it was saved."""
    trial, chance = Trial("watch, killed"), random.Random(seed)  # noqa: S311
    folder = home / "answers" / "tiny-pod"
    folder.mkdir(parents=True)
    acknowledged: set[str] = set()
    for number in range(count):
        text = POD.format(mark=f"w{number}")
        (folder / "pod.yaml").write_text(text, encoding="utf-8")
        process = start(home, "--json", "watch", str(folder))
        shown = _killed(process, chance.randrange(0, 2), lambda: rest(chance, 0.3))
        if any('"passed":true' in line.replace(" ", "") for line in shown):
            acknowledged.add(f"w{number}")
        trial.expect((folder / "pod.yaml").read_text("utf-8") == text, f"the answer w{number}")
        trial.tried += 1
    _look_for(trial, home, acknowledged)
    return trial


def batch_kills(home: Path, count: int, seed: int) -> Trial:
    """Kill `batch`; the results are those of a whole run, or missing, and the next run is whole."""
    trial, chance = Trial("batch, killed"), random.Random(seed)  # noqa: S311
    learners = [f"learner-{number:02}" for number in range(30)]
    for name in learners:
        folder = home / "submissions" / name / "tiny-pod"
        folder.mkdir(parents=True)
        (folder / "pod.yaml").write_text(POD.format(mark=name), encoding="utf-8")
    arguments = (
        "batch",
        str(home / "submissions"),
        "--cards",
        "tiny-pod",
        "--out",
        str(home / "out"),
        "--jobs",
        "2",
    )
    for number in range(count):
        process = start(home, *arguments)
        _killed(process, 0, lambda: rest(chance, 1.2))
        trial.tried += 1
        trial.expect(_whole(home / "out", learners), f"results that aren't whole, after kill {number}")
    code, _, err = finished(home, *arguments)
    trial.expect(
        code == 0 and _whole(home / "out", learners, required=True), f"the last run: {code} {err[:200]}"
    )
    return trial


def _whole(out: Path, learners: list[str], *, required: bool = False) -> bool:
    lines, table = out / "results.jsonl", out / "results.csv"
    if not lines.exists():
        return not required
    try:
        rows = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    except ValueError:
        return False
    named = [row["learner"] for row in rows]
    counted = not table.exists() or len(table.read_text("utf-8").splitlines()) == len(learners) + 1
    return sorted(named) == learners and all(row["passed"] for row in rows) and counted


def _look_for(trial: Trial, home: Path, acknowledged: set[str]) -> None:
    store = Store.open(home / "progress.db")
    stored = [one.answer for one in store.attempts("tiny-pod")]
    marks = {answer.partition('try: \\"')[2].partition('\\"')[0] for answer in stored}
    for mark in sorted(acknowledged):
        trial.expect(mark in marks, f"the attempt {mark}")
    trial.expect(store.check() == [], "the database is damaged")
    store.close()
