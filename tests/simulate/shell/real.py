"""Runs the real programs that are simulated, where the machine has them."""

# ruff: noqa: S602 - commands of these tests
from __future__ import annotations

import shutil
import subprocess

from trainer.simulate.shell.process import Ran


def real(command: str, stdin: str) -> Ran | None:
    """How a command line ends in the C locale; None if the machine doesn't have its first program."""
    if shutil.which(command.split(maxsplit=1)[0]) is None:
        return None
    ended = subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        shell=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    return Ran(ended.returncode, ended.stderr, ended.stdout)
