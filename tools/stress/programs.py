"""Starts the program on folders of its own, in a process that can be killed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.patience import HANGS

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "tests" / "fixtures" / "pack-mini"
MAIN = "from trainer.__main__ import main; main()"

POD = """apiVersion: v1
kind: Pod
metadata: {{name: tiny, namespace: sun, labels: {{try: "{mark}"}}}}
spec:
  containers:
  - {{name: c, image: "busybox:1.32.0", securityContext: {{readOnlyRootFilesystem: true}}}}
"""
"""An answer to the card `tiny-pod` that passes; `mark` tells one from the other."""


def environment(home: Path, **others: str) -> dict[str, str]:
    """The environment of a program whose files are all below `home`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CKS_TRAINER_")}
    return kept | {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "PYTHONPATH": str(ROOT),
        "CKS_TRAINER_PACK": str(PACK),
        "CKS_TRAINER_WORKSPACE": str(home / "answers"),
        "CKS_TRAINER_DATABASE": str(home / "progress.db"),
        "EDITOR": "true",
        **others,
    }


def start(home: Path, *arguments: str, program: str = MAIN) -> subprocess.Popen[str]:
    """A process of the program, its output in a pipe."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(home),
    )


def finished(home: Path, *arguments: str) -> tuple[int, str, str]:
    """Run the program to its end: exit code, output, messages."""
    process = start(home, *arguments)
    out, err = process.communicate(timeout=HANGS)
    return process.returncode, out, err


def complaint(code: int, err: str, allowed: Sequence[int]) -> str:
    """What is wrong with how a program ended; empty if it said in words what happened."""
    if "Traceback" in err or "unexpected error" in err:
        return f"a trace: {err.strip().splitlines()[-1]}"
    return "" if code in allowed else f"exit code {code}: {err.strip()[:200]}"


def rest(chance: random.Random, most: float) -> None:
    """Wait for a random time up to `most` seconds: the kill hits another point of the work each time."""
    time.sleep(chance.random() * most)
