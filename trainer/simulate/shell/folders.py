"""The built-in commands of a shell that change its directory: `cd`, `pushd`, `popd`, `dirs`.

Follows POSIX.1-2024, XCU `cd`, and the section "Directory Stack Builtins" of bash(1), 5.2.
"""

from __future__ import annotations

from typing import Protocol

from trainer.errors import NotJudged
from trainer.simulate.shell.assignments import Value, as_text
from trainer.simulate.shell.paths import normalise
from trainer.simulate.shell.process import Call, Host, Ran


class Running(Protocol):
    """The shell that runs the command."""

    host: Host
    variables: dict[str, Value | None]
    dash: bool
    folders: list[str]
    """Where `popd` goes back to, the next one last."""


def change(shell: Running, call: Call) -> Ran:
    """`cd FOLDER`, `cd` and `cd -`, which says where it goes."""
    words = [arg for arg in call.args if arg not in ("-P", "-L", "--")]
    target = words[0] if words else as_text(shell.variables.get("HOME"))
    if target == "-":
        target = as_text(shell.variables.get("OLDPWD"))
    if len(words) > 1 or not target:
        raise NotJudged(f"cd {' '.join(call.args)}".strip())
    ran = _go(shell, target)
    return Ran(0, "", f"{target}\n") if words == ["-"] and not ran.code else ran


def _go(shell: Running, target: str) -> Ran:
    path = shell.host.path(target)
    if shell.host.files.is_folder(path):
        if shell.host.folder:
            shell.variables["OLDPWD"] = normalise(shell.host.folder)
        shell.host.folder = path
        return Ran(0)
    if not shell.host.files.is_known(path):
        raise NotJudged(f"whether the image has {path}")
    return Ran(2 if shell.dash else 1, f"{target} is not a directory")


def stack(shell: Running, call: Call) -> Ran:
    """`pushd FOLDER`, `popd` and `dirs`, which print the directories."""
    before = shell.host.folder
    if shell.dash:
        return Ran(127, f"{call.name}: not found")
    if len(call.args) != (call.name == "pushd") or call.args[:1] in (("-",), ("+",)) or not before:
        raise NotJudged(f"{call.name} {' '.join(call.args)}".strip())
    if call.name == "popd" and not shell.folders:
        return Ran(1, "popd: directory stack empty")
    if call.name != "dirs":
        ran = _go(shell, call.args[0] if call.args else shell.folders[-1])
        if ran.code:
            return ran
        if call.args:
            shell.folders.append(before)
        else:
            shell.folders.pop()
    home = as_text(shell.variables.get("HOME")) or "/"
    shown = [normalise(one) for one in (shell.host.folder, *shell.folders[::-1])]
    names = [
        "~" + one.removeprefix(home) if f"{one}/".startswith(f"{home}/") and home != "/" else one
        for one in shown
    ]
    return Ran(0, "", " ".join(names) + "\n")
