"""Runs the real programs that are simulated, where the machine has them."""

# ruff: noqa: S602 - commands of these tests
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.simulate.node.sample import said
from trainer.simulate.containers.commands import Machine
from trainer.simulate.shell.filesystem import Files
from trainer.simulate.shell.interpreter import Shell
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


def assert_as_really(command: str, text: str, simulated: str = "") -> None:
    """A command line that reads this text ends as the real one, where the machine has it.

    `simulated` is the command line that reads the file `f` in place of its input, if it isn't the same behind a pipe.
    """
    ran = said(f"cat > /root/f <<'EOF'\n{text}EOF\n{simulated or f'cat f | {command}'}")
    assert ran.out is not None
    if (there := real(command, text)) is not None:
        assert (ran.code, ran.out) == (there.code, there.out)


def agreed(text: str, folder: Path, shell: str = "bash") -> tuple[int, str | None]:
    """The exit code and the output of a script, by which the real shell is compared. Raises `NotJudged`."""
    programs = [f"/usr/bin/{name}" for name in ("cat", "head", "touch", "grep")]
    machine = Machine(Files(programs, lambda _: "", {}, {}, empty=["/"]), folder="/")
    machine.whole_environment = True
    done = Shell(machine, ("script",), dash=shell == "dash", depth=0).run(text)
    if shutil.which(shell) is not None:
        (folder / "script").write_text(text)
        command = [shell, "script"]
        real = subprocess.run(
            command,
            capture_output=True,
            check=False,
            text=True,
            cwd=folder,
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        )
        assert (done.code, done.out) == (real.returncode, real.stdout)
    return done.code, done.out
