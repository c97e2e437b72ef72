"""Installs the trainer in every way that the README names, each into a home folder of its own: `make smoke`.

Brings `uv` and `pipx` from the package registry into an environment of its own where they are missing.
A way works when its command says its version, lists the cards and grades a reference. Exits 1 otherwise.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.install import ROOT

ANSWER = ROOT / "solutions" / "runtime-security" / "pod-ro" / "reference.yaml"
GRADE = ["grade", "--card", "pod-ro", str(ANSWER)]


def environment(home: Path, *folders: Path) -> dict[str, str]:
    """Variables of a user with this home, and these folders in front of a plain system's PATH."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "UV_TOOL", "PIPX_"))
    }
    path = os.pathsep.join([str(home / ".local" / "bin"), *map(str, folders), "/usr/bin", "/bin"])
    kept.pop("VIRTUAL_ENV", None)
    return kept | {"HOME": str(home), "PATH": path}


def succeed(command: list[str], environ: dict[str, str]) -> str:
    """What a command prints. Exits 1 with its output where it fails."""
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def works(program: list[str], environ: dict[str, str]) -> None:
    """Exit 1 unless the program lists the cards and passes a reference."""
    succeed([*program, "--version"], environ)
    if "pod-ro" not in succeed([*program, "list"], environ):
        sys.exit(f"{' '.join(program)} list doesn't show the cards")
    if "PASS" not in succeed([*program, *GRADE], environ):
        sys.exit(f"{' '.join(program)} doesn't grade")


def main() -> None:
    """Try every way, and print a line for each."""
    with tempfile.TemporaryDirectory(prefix="cks-smoke-") as name:
        folder = Path(name)
        tools = folder / "tools"
        plain = environment(folder / "setup")
        succeed([sys.executable, "-m", "venv", str(tools)], plain)
        succeed([str(tools / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv", "pipx"], plain)
        only = {word: folder / f"only-{word}" for word in ("uv", "uvx", "pipx")}
        for word, place in only.items():
            place.mkdir()
            (place / word).symlink_to(tools / "bin" / word)
        install = [sys.executable, "-m", "tools.install_command", "--venv", str(Path(sys.prefix))]
        pipx = ["pipx", "install", "--python", sys.executable, "."]
        uvx = ["uvx", "--python", sys.executable, "--from", ".", "cks-trainer"]
        ways = {
            "make install with uv": ([only["uv"]], install, ["cks-trainer"]),
            "make install with pipx": ([only["pipx"]], install, ["cks-trainer"]),
            "make install with neither": ([], install, ["cks-trainer"]),
            "pipx install .": ([only["pipx"]], pipx, ["cks-trainer"]),
            "uvx --from .": ([only["uvx"]], [], uvx),
        }
        for number, (title, (folders, setup, program)) in enumerate(ways.items()):
            home = folder / f"home-{number}"
            home.mkdir()
            environ = environment(home, *folders)
            if setup:
                succeed(setup, environ)
            works(program, environ)
            if setup is install:
                succeed([*setup, "--remove"], environ)
                if (home / ".local" / "bin" / "cks-trainer").exists():
                    sys.exit(f"{title}: the command is still there after make uninstall")
            print(f"works: {title}", flush=True)


if __name__ == "__main__":
    main()
