"""Commands that change directories as a whole: `chown -R`, `chmod`, `cp -r`, `mv`, `mkdir`, `install`.

Follows GNU coreutils 9.1. Other than in the tools of `trainer.simulate.shell`, owners and modes of
directories are kept.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.images.files import ROOTS
from trainer.simulate.shell.process import Call, Ran, options_of, valued_options
from trainer.simulate.shell.programs import TOOLS
from trainer.simulate.shell.tools.changing import MKDIR
from trainer.simulate.shell.tools.modes import changed_mode, owner_ids

if TYPE_CHECKING:
    from trainer.simulate.images.machine import Machine


def change(machine: Machine, call: Call) -> Ran:
    """`chown`, `chgrp` and `chmod`, with the directories that they name."""
    flags = [arg for arg in call.args if arg.startswith("-") and len(arg) > 1 and arg[1] in "Rfvch-"]
    if unknown := [one for one in flags if not set(one[1:]) <= set("Rfvch") and one != "--recursive"]:
        raise NotJudged(f"{call.name} {unknown[0]}")
    words = [arg for arg in call.args if arg not in flags]
    folders = [one for one in words[1:] if machine.files.is_folder(machine.path(one))]
    others = [one for one in words[1:] if one not in folders]
    if len(words) < 2:
        raise NotJudged(f"{call.name} {' '.join(call.args)}")
    recursive = any(flag == "--recursive" or "R" in flag for flag in flags)
    if others or not folders:
        ran = TOOLS[call.name](machine, msgspec.structs.replace(call, args=(*flags, words[0], *others)))
        if ran.code:
            return ran
    for folder in folders:
        real = machine.files.real(machine.path(folder))
        trouble = _change(machine, call.name, words[0], real)
        for inner in list(machine.files.tree(real)) if recursive and not trouble else ():
            trouble = trouble or _change(machine, call.name, words[0], inner)
        if trouble:
            return Ran(1, f"{call.name}: {trouble}")
    return Ran(0)


def _change(machine: Machine, name: str, value: str, path: str) -> str:
    """Change a directory or a file below one; why that isn't possible."""
    file = machine.files.known.get(path)
    owner, group, mode = machine.disk.owners.get(path, ROOTS)
    if file is not None:
        owner, group, mode = file.owner, file.group, file.mode
    if machine.user and (name != "chmod" or owner != machine.user):
        return f"{path}: Operation not permitted"
    if name == "chmod":
        mode = changed_mode(mode, value) if file is not None else _folder_mode(mode, value)
    else:
        uid, gid, trouble = owner_ids(machine, f":{value}" if name == "chgrp" else value)
        if trouble:
            return trouble
        owner, group = owner if uid is None else uid, group if gid is None else gid
    if file is None:
        machine.disk.owners[path] = (owner, group, mode)
    elif not file.link:
        machine.files.put(path, msgspec.structs.replace(file, owner=owner, group=group, mode=mode))
    return ""


def copy(machine: Machine, call: Call) -> Ran | None:
    """`cp -r` and `mv` of one directory; None for anything else."""
    flags = "".join(arg[1:] for arg in call.args if arg.startswith("-"))
    words = [arg for arg in call.args if not arg.startswith("-")]
    if len(words) != 2 or not machine.files.is_folder(machine.path(words[0].removesuffix("/."))):
        return None
    if call.name == "cp" and not set(flags) & set("rRa"):
        return None
    if set(flags) - set("rRavfpT"):
        raise NotJudged(f"{call.name} {' '.join(call.args)}")
    source = machine.files.real(machine.path(words[0].removesuffix("/.")))
    target = machine.files.real(machine.path(words[1]))
    if machine.files.is_folder(target) and "T" not in flags and not words[0].endswith("/."):
        target = posixpath.join(target, posixpath.basename(source))
    if target == source or target.startswith(f"{source}/"):
        return Ran(1, f"{call.name}: cannot copy a directory into itself")
    if refusal := machine.refusal(target):
        return Ran(1, f"{call.name}: {target}: {refusal}")
    machine.disk.make_folders(target)
    for path in list(machine.files.tree(source)):
        new = target + path[len(source) :]
        file = machine.files.known.get(path)
        if file is None:
            machine.disk.make_folders(new, machine.disk.owners.get(path, ROOTS))
        else:
            owner = file.owner if set(flags) & set("ap") or call.name == "mv" else machine.user
            machine.disk.place(new, msgspec.structs.replace(file, owner=owner))
        if call.name == "mv":
            machine.files.put(path, None) if file is not None else machine.files.drop_folder(path)
    if call.name == "mv":
        machine.files.drop_folder(source)
    return Ran(0)


def make(machine: Machine, call: Call) -> Ran:
    """`mkdir [-p] [-m MODE] DIRECTORY...`: a directory that exists already keeps its mode."""
    values, rest = valued_options(call.args, MKDIR)
    new = [one for one in rest if one[:1] != "-" and not machine.files.is_folder(machine.path(one))]
    ran = TOOLS["mkdir"](machine, call)
    if ran.code or "m" not in values or not new:
        return ran
    return machine.execute(("chmod", values["m"], *new), call.depth + 1)


def install(machine: Machine, call: Call) -> Ran:
    """`install [-d] [-m MODE] [-o OWNER] [-g GROUP] ...`."""
    values, rest = valued_options(call.args, {"m": "--mode", "o": "--owner", "g": "--group"})
    options, words = options_of("install", rest, set("dDcv"), {"--directory": "d"})
    if "d" in options:
        steps = [("mkdir", "-p", *words)]
        named = words
    else:
        if len(words) < 2:
            raise NotJudged(f"install {' '.join(call.args)}")
        *sources, target = words
        into = len(sources) > 1 or target.endswith("/") or machine.files.is_folder(machine.path(target))
        named = [posixpath.join(target, posixpath.basename(one)) if into else target for one in sources]
        steps = [("mkdir", "-p", posixpath.dirname(machine.path(named[0])))] if "D" in options else []
        steps += [("cp", *pair) for pair in zip(sources, named, strict=True)]
    steps += [("chmod", values.get("m", "0755"), *named)]
    if "o" in values or "g" in values:
        steps += [("chown", f"{values.get('o', '')}:{values['g']}" if "g" in values else values["o"], *named)]
    for step in steps:
        ran = machine.execute(step, call.depth + 1)
        if ran.code:
            return ran
    return Ran(0)


def _folder_mode(mode: int, value: str) -> int:
    """A directory's mode after chmod: `X` counts as `x`."""
    return changed_mode(mode, value.replace("X", "x"))
