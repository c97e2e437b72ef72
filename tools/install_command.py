"""Put the command `cks-trainer` on the user's PATH: `make install`, and back: `make uninstall`.

Uses `uv tool` or `pipx` where one of them is present: they give the trainer an environment of its own,
and the command works even without this checkout. Otherwise it writes a launcher into `~/.local/bin`
that runs the environment of the checkout. Standard library only.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from tools.install import ROOT, call, install, make_environment

NAME = "cks-trainer"
MARK = "# Written by `make install` of cks-trainer."
"""A line of our launcher. A file without it belongs to somebody else and is never replaced."""
CONSTRAINTS = ROOT / "constraints.txt"


def bin_folder() -> Path:
    """Where the user's own commands are: `~/.local/bin`, the default of uv and pipx too."""
    return Path.home() / ".local" / "bin"


def managers() -> list[str]:
    """The tools that are present and can install commands for a user, the preferred one first."""
    return [name for name in ("uv", "pipx") if shutil.which(name)]


def is_launcher(path: Path) -> bool:
    """Whether the file is a launcher that this module wrote."""
    return path.is_file() and not path.is_symlink() and MARK.encode() in path.read_bytes()[:1000]


def is_foreign(path: Path) -> bool:
    """Whether the file is neither our launcher nor a link into an environment that uv or pipx made for us."""
    if not os.path.lexists(path):
        return False
    return not is_launcher(path) and not (path.is_symlink() and NAME in path.resolve().parts)


def install_command(manager: str) -> list[str]:
    """The command line with which uv or pipx installs this checkout, or replaces an earlier installation."""
    if manager == "uv":
        line = ["uv", "tool", "install", "--quiet", "--reinstall", "--constraints", str(CONSTRAINTS)]
        return [*line, "--python", sys.executable, str(ROOT)]
    options = f"--constraint {shlex.quote(str(CONSTRAINTS))}"
    return [
        "pipx",
        "install",
        "--quiet",
        "--force",
        f"--pip-args={options}",
        "--python",
        sys.executable,
        str(ROOT),
    ]


def write_launcher(path: Path, venv: Path) -> None:
    """Write a script that runs the checkout's own environment; make that environment where it is missing."""
    program = venv / "bin" / NAME
    if not (program.exists() and call(program, "--version")):
        make_environment(venv)
        install(venv, [])
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{NAME}.new")
    beside.write_text(f'#!/bin/sh\n{MARK}\nexec {shlex.quote(str(program))} "$@"\n', encoding="utf-8")
    beside.chmod(0o755)
    beside.replace(path)


def put_on_path(venv: Path) -> str:
    """Install the command. Returns one sentence on what it runs; exits 1 where a file is in the way."""
    path = bin_folder() / NAME
    if is_foreign(path):
        sys.exit(f"{path} exists and isn't from this project: move it away, then run `make install` again")
    for manager in managers():
        if is_launcher(path):
            path.unlink()
        if subprocess.run(install_command(manager), check=False).returncode == 0:
            return f"{manager} installed {NAME}. Run `make install` again after each update of this folder."
        print(f"{manager} could not install {NAME}: see its message above", file=sys.stderr)
    write_launcher(path, venv)
    return f"{path} runs {NAME} from this folder. Keep the folder where it is."


def path_hint(shell: str) -> str:
    """The line to run once that adds the command's folder to PATH. `shell`: path of the user's shell."""
    folder = bin_folder()
    name = Path(shell).name
    if name == "fish":
        return f"fish_add_path {folder}"
    profile = "~/.zshrc" if name == "zsh" else "~/.bashrc"
    return f"echo 'export PATH=\"{folder}:$PATH\"' >> {profile}"


def remove() -> str:
    """Remove the command, whoever installed it; answers and progress stay. Returns what happened."""
    done = [name for name in managers() if call(*uninstall_command(name))]
    path = bin_folder() / NAME
    if is_launcher(path):
        path.unlink()
        done.append(str(path))
    return f"removed {NAME} ({', '.join(done)})" if done else f"{NAME} was not installed by `make install`"


def uninstall_command(manager: str) -> list[str]:
    """The command line with which uv or pipx removes the trainer."""
    return ["uv", "tool", "uninstall", NAME] if manager == "uv" else ["pipx", "uninstall", NAME]


def main() -> None:
    """Parse the Makefile's arguments and do it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--venv", type=Path, required=True)
    parser.add_argument("--remove", action="store_true")
    arguments = parser.parse_args()
    if arguments.remove:
        print(remove())
        return
    print(put_on_path(arguments.venv.resolve()))
    if str(bin_folder()) in os.environ.get("PATH", "").split(os.pathsep):
        print(f"Try it: {NAME} list")
    else:
        print(f"{bin_folder()} isn't on your PATH yet. Run this once, then open a new terminal:")
        print(f"  {path_hint(os.environ.get('SHELL', ''))}")


if __name__ == "__main__":
    main()
