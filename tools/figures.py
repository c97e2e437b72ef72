"""What the benchmarks share: a figure with its budget, and the CPU time of a child process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = [sys.executable, "-c", "import sys; from trainer.__main__ import main; sys.exit(main())"]
"""The command `cks-trainer` as an installed script runs it."""
BARE = [sys.executable, "-I", "-c", "pass"]
"""An interpreter that does nothing: what no program in Python can be faster than."""
REFERENCE = 75 / 7
"""Milliseconds of a bare interpreter on the machine of the budgets: 75 ms are seven times as much."""


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


def run(command: Sequence[str], environ: dict[str, str], cwd: Path | None = None) -> Spent:
    """Run a child to its end, in the folder `cwd` if one is given; returns what it used."""
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environ, cwd=cwd
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - begin
        out.seek(0)
        said = out.read()
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Spent(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / unit, process.returncode, said)


def cpu_milliseconds(spent: Spent) -> float:
    """CPU time of the whole process."""
    return spent.cpu * 1000


def milliseconds(spent: Spent) -> float:
    """The figure that the child printed (`first_frame_ms`), or the CPU time of the whole process."""
    if spent.out.startswith(b'{"first_frame_ms"'):
        return float(json.loads(spent.out)["first_frame_ms"])
    return cpu_milliseconds(spent)


def over_bare(name: str, value: float, bare: float, budget: float) -> Figure:
    """How many times a bare interpreter that is; the budget is in milliseconds.

    Milliseconds vary with the machine, and this much less.
    """
    return Figure(f"{name}, over bare", value / bare, "x", round(budget / REFERENCE, 2))


class Child(msgspec.Struct, frozen=True):
    """A command to measure: where it runs, its environment, and the exit codes that are right."""

    command: Sequence[str]
    environ: dict[str, str]
    codes: tuple[int, ...] = (0,)
    cwd: Path | None = None


def in_turn(
    children: Sequence[Child], value: Callable[[Spent], float] = cpu_milliseconds, runs: int = 11
) -> list[float]:
    """What each child costs: the least of several runs, after one that writes the byte code.

    What else the machine does can only add to a run. They run in turn, so that a machine that is busy for
    a while slows all of them: ratios hold.
    Raises `RuntimeError` if an exit code isn't right: then something else was measured.
    """
    found: list[list[float]] = [[] for _ in children]
    for number in range(runs + 1):
        for child, values in zip(children, found, strict=True):
            spent = run(child.command, child.environ, child.cwd)
            if spent.code not in child.codes:
                said = spent.out.decode(errors="replace")[-400:]
                raise RuntimeError(f"exit code {spent.code}: {said}")
            if number:
                values.append(value(spent))
    return [min(values) for values in found]
