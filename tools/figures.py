"""What the benchmarks share: a figure with its budget, and the CPU time of a child process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = [sys.executable, "-c", "import sys; from trainer.__main__ import main; sys.exit(main())"]
"""The command `cks-trainer` as an installed script runs it."""


class Figure(msgspec.Struct, frozen=True):
    """One measured value and its budget, both in `unit`."""

    name: str
    value: float
    unit: str
    budget: float


class Spent(msgspec.Struct, frozen=True):
    """What a child process used, including the children that it waited for."""

    cpu: float
    """Seconds, user and system."""
    wall: float
    """Seconds."""
    megabytes: float
    """Largest resident size of one process."""
    code: int
    out: bytes


@contextmanager
def own_place() -> Iterator[dict[str, str]]:
    """The environment for a child that must not touch the user's settings, answers and progress.

    Byte code is written there too, so that after a first run imports cost what they cost once
    installed.
    """
    with tempfile.TemporaryDirectory(prefix="cks-bench-") as name:
        environ = {key: value for key, value in os.environ.items() if not key.startswith("CKS_TRAINER_")}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        yield environ | {
            "CKS_TRAINER_WORKSPACE": f"{name}/workspace",
            "CKS_TRAINER_DATABASE": f"{name}/progress.db",
            "PYTHONPYCACHEPREFIX": f"{name}/bytecode",
            "PYTHONPATH": str(ROOT),
            "XDG_CONFIG_HOME": f"{name}/config",
        }


def run(command: Sequence[str], environ: dict[str, str]) -> Spent:
    """Run a child to its end; returns what it used."""
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environ)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - begin
        out.seek(0)
        said = out.read()
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Spent(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / unit, process.returncode, said)


def median_cpu(
    command: Sequence[str], environ: dict[str, str], *, codes: Sequence[int], runs: int = 11
) -> float:
    """CPU milliseconds of a child, the median of several runs after one that writes the byte code.

    Raises `RuntimeError` if an exit code isn't one of `codes`: then something else was measured.
    """
    found = []
    for number in range(runs + 1):
        spent = run(command, environ)
        if spent.code not in codes:
            raise RuntimeError(f"exit code {spent.code}: {spent.out.decode(errors='replace')[-400:]}")
        if number:
            found.append(spent.cpu * 1000)
    return statistics.median(found)
