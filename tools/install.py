"""Make the virtual environment and install the trainer into it, with the pip that is available.

Used by the Makefile; standard library only. Debian's Python may lack `ensurepip`, so that a plain
`python -m venv` fails: then the environment is made without pip and the outer pip fills it.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def make_environment(venv: Path) -> None:
    """Create the environment unless a working one exists."""
    if (venv / "bin" / "python").exists() and call(venv / "bin" / "python", "-c", ""):
        return
    print(f"creating {venv} with {sys.executable}", flush=True)
    shutil.rmtree(venv, ignore_errors=True)
    if not call(sys.executable, "-m", "venv", venv):
        shutil.rmtree(venv, ignore_errors=True)
        if not call(sys.executable, "-m", "venv", "--without-pip", venv):
            sys.exit("cannot create a virtual environment: is Python's venv module installed?")


def call(*command: str | Path) -> bool:
    """Run a command quietly; true when it succeeded."""
    return subprocess.run([str(word) for word in command], capture_output=True, check=False).returncode == 0


def pip(venv: Path) -> list[str]:
    """The environment's own pip, or the outer one pointed at it (pip 22.3 or newer)."""
    python = venv / "bin" / "python"
    if call(python, "-m", "pip", "--version"):
        return [str(python), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", str(python)]


def install(venv: Path, extras: list[str]) -> None:
    """Install the checkout, editable, with the pinned versions of its dependencies."""
    target = f"{ROOT}[{','.join(extras)}]" if extras else str(ROOT)
    print("installing cks-trainer (once; takes a minute)", flush=True)
    command = [*pip(venv), "install", "--quiet", "--disable-pip-version-check"]
    command += ["--constraint", str(ROOT / "constraints.txt"), "--editable", target]
    if subprocess.run(command, check=False).returncode:
        sys.exit("pip could not install the trainer: see the messages above")


def main() -> None:
    """Parse the Makefile's arguments and install."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venv", type=Path, required=True)
    parser.add_argument("--extra", action="append", default=[])
    arguments = parser.parse_args()
    venv = arguments.venv.resolve()
    make_environment(venv)
    install(venv, arguments.extra)


if __name__ == "__main__":
    main()
