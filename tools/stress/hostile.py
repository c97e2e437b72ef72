"""Hostile answers and archives through the real `batch`, with every format of results.

Whatever a learner submits: the batch ends in words, each learner has a row for each card, nothing is
written outside of the folder of results, nothing is executed, no output has a raw control or bidi character
or a secret of an answer, and no answer takes more than a second of processor time.
"""

from __future__ import annotations

import base64
import json
import os
import random
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from tests.batch.hostile_archives import AWAY, archives
from tests.batch.hostile_archives import CANARY as OUTSIDE
from tests.batch.hostile_submissions import CANARY, TOUCHED, lay_out, submissions
from tests.patience import HANGS
from tools.stress.model import Trial
from tools.stress.programs import MAIN, POD, ROOT, environment
from trainer.report.rows import FORMATS

SECOND = 1.0
"""The most processor time of an answer, in seconds, beyond that of an empty one."""
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PLAIN = "\n\r\t"
_RIGHT = POD.format(mark=1).encode()


def attacks(home: Path, count: int, seed: int) -> Trial:
    """Grade `count` of the submissions and archives: all of them in a whole run, and then each alone."""
    trial, chance = Trial("hostile submissions and archives", unit="answers"), random.Random(seed)  # noqa: S311
    answers, packed = sorted(submissions()), sorted(archives(_RIGHT))
    whole = count >= len(answers) + len(packed)
    if not whole:
        answers = chance.sample(answers, max(1, count * len(answers) // (len(answers) + len(packed))))
        packed = chance.sample(packed, max(1, count - len(answers)))
    trial.tried = len(answers) + len(packed)
    room = home / "a" / "b" / "c"  # links and names that climb stay in the folder of the trial
    cards = lay_out(room / "answers", answers)
    for name in packed:
        one = archives(_RIGHT)[name]
        (room / "archives" / name).mkdir(parents=True)
        (room / "archives" / name / f"homework{one.ending}").write_bytes(one.data)
    builtin = ("--pack", str(ROOT), "--cards", ",".join(sorted(set(cards.values()))))
    _together(trial, home, room / "answers", builtin, len(answers) * len(set(cards.values())))
    _together(trial, home, room / "archives", ("--cards", "tiny-pod"), len(packed))
    if whole:
        _alone(
            trial,
            home,
            room / "answers",
            {name: ("--pack", str(ROOT), "--card", cards[name]) for name in answers},
        )
        _alone(trial, home, room / "archives", dict.fromkeys(packed, ("--card", "tiny-pod")))
    trial.expect(
        not any(path.name == TOUCHED for path in home.rglob("*")), "something of an answer was executed"
    )
    trial.expect(not Path(AWAY, OUTSIDE).exists(), f"an archive wrote to {AWAY}")
    return trial


def _together(trial: Trial, home: Path, folder: Path, chosen: tuple[str, ...], rows: int) -> None:
    """Grade all learners in one batch and look at all that it wrote and said."""
    out = home / f"results-{folder.name}"
    before = _files(home)
    code, said = _batch(home, folder, out, chosen)
    trial.expect(
        code in (0, 5) and b"Traceback" not in said, f"{folder.name}: exit code {code}: {said[-200:]!r}"
    )
    lines = (out / "results.jsonl").read_bytes().splitlines() if (out / "results.jsonl").exists() else []
    trial.expect(len(lines) == rows, f"{folder.name}: {len(lines)} rows of {rows}")
    for row in map(json.loads, lines):
        ours = "fault in cks-trainer" in row["message"] or "in two attempts" in row["message"]
        trial.expect(not ours, f"{row['learner']}: {row['message']}")
    new = {path for path in _files(home) - before if out not in path.parents and "cache" not in path.parts}
    trial.expect(not new, f"{folder.name}: written outside of the results: {sorted(map(str, new))[:5]}")
    for name, data in [("the terminal", said), *((path.name, path.read_bytes()) for path in _files(out))]:
        for fault in faults_of(data):
            trial.expect(False, f"{folder.name}: {name} has {fault}")
        trial.checked += 1


def _alone(trial: Trial, home: Path, folder: Path, chosen: dict[str, tuple[str, ...]]) -> None:
    """Grade each learner in a batch of their own, and compare its processor time with an empty answer's."""
    base: dict[tuple[str, ...], float] = {}
    for name, options in chosen.items():
        for learner in ("empty", name):
            single = home / "single" / folder.name / learner
            single.mkdir(parents=True, exist_ok=True)
            if learner != "empty" and not (single / name).exists():
                (folder / name).rename(single / name)
            if learner == "empty":
                (single / "empty").mkdir(exist_ok=True)
                if options in base:
                    continue
            start = _processor_seconds()
            _batch(home, single, home / "single-results" / folder.name / learner, options, formats="jsonl")
            spent = _processor_seconds() - start
            if learner == "empty":
                base[options] = spent
        took = spent - base[options]
        trial.expect(took <= SECOND, f"{name}: {took:.1f} s of processor time")


def faults_of(data: bytes) -> Iterator[str]:
    """What no output may have: raw control and bidi characters, half characters, a secret of an answer."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        yield f"bytes that UTF-8 doesn't have, at {error.start}"
        text = data.decode(errors="replace")
    for sign in sorted(set(text) - set(_PLAIN)):
        if unicodedata.category(sign) == "Cc" or sign in _BIDI:
            yield f"U+{ord(sign):04X}"
    if CANARY in text or base64.b64encode(CANARY.encode()).decode() in text:
        yield "a secret"


def _batch(
    home: Path, folder: Path, out: Path, options: tuple[str, ...], formats: str = ",".join(FORMATS)
) -> tuple[int, bytes]:
    """Run `batch`; its exit code and everything that it said, as bytes."""
    call = ["batch", str(folder), "--out", str(out), "--format", formats, "--jobs", "2", *options]
    (home / "tmp").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *call],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(home, TMPDIR=str(home / "tmp")),
        timeout=HANGS,
        check=False,
    )
    return done.returncode, done.stdout


def _processor_seconds() -> float:
    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _files(folder: Path) -> set[Path]:
    return {Path(place, name) for place, _, names in os.walk(folder) for name in names}
