"""Programs that need to know the node: `install`, `ls -l`, `mktemp`, `date`, `hostname`, `fuser`, `yes`.

Follows install(1), ls(1) and mktemp(1) of GNU coreutils 9.4.
"""

from __future__ import annotations

import operator
import posixpath
import re
import time
from collections.abc import Callable

from trainer.errors import NotJudged
from trainer.simulate.node.processes import end
from trainer.simulate.node.sockets import listeners
from trainer.simulate.node.system import Host
from trainer.simulate.shell.filesystem import File
from trainer.simulate.shell.process import Call, Ran, options_of, valued_options
from trainer.simulate.shell.process import Host as Machine
from trainer.simulate.shell.tools import reading
from trainer.simulate.shell.tools.modes import changed_mode, owner_ids
from trainer.simulate.shell.tools.reading import contents

_MOMENT = time.gmtime(1_768_469_400)
"""When every script runs: 2026-01-15 09:30 UTC."""


def install(machine: Machine, _host: Host, call: Call) -> Ran:
    """`install [-m MODE] [-o OWNER] [-g GROUP] SOURCE... TARGET`, and `install -d`."""
    values, rest = valued_options(call.args, {"m": "--mode", "o": "--owner", "g": "--group"})
    mode, owner, group = values.get("m", "0755"), values.get("o", ""), values.get("g", "")
    options, words = options_of("install", rest, set("dDvc"), {"--directory": "d"})
    if "d" in options:
        return machine.execute(("mkdir", "-p", *words), call.depth + 1)
    if len(words) != 2:
        raise NotJudged(f"install {' '.join(call.args)}")
    uid, gid, trouble = owner_ids(machine, f"{owner}:{group}" if group else owner)
    source = machine.path(words[0])
    content, missing = (call.stdin, "") if source == "/dev/stdin" else contents(machine, source)
    if trouble or missing:
        return Ran(1, trouble or missing)
    target = machine.path(words[1])
    if machine.files.is_folder(target):
        target = posixpath.join(target, posixpath.basename(source))
    if not machine.files.parent_exists(target):
        return Ran(1, f"there is no directory for {target}")
    real = machine.files.final(target)
    machine.put(real, File(real, changed_mode(0, mode), "", content, uid or 0, gid or 0))
    return Ran(0)


def yes(_machine: Machine, _host: Host, call: Call) -> Ran:
    """`yes`, as the input of another command: as many lines as one can ask for."""
    return Ran(0, "", f"{' '.join(call.args) or 'y'}\n" * 20)


def list_files(machine: Machine, host: Host, call: Call) -> Ran:
    """`ls`, with `-l` as well: mode, owner, group, size, a date that says nothing, and the name."""
    options = {letter for arg in call.args if arg.startswith("-") for letter in arg[1:]}
    if "l" not in options or not options <= set("la1dhA"):
        return reading.list_files(machine, call)
    words = [arg for arg in call.args if not arg.startswith("-")] or ["."]
    complaint = ""
    lines: list[str | None] = []
    for word in words:
        path = machine.path(word)
        if machine.files.is_folder(path) and "d" not in options:
            hidden = bool(options & {"a", "A"})
            names = [one for one in machine.files.entries(path) or () if hidden or not one.startswith(".")]
            lines += [_long(machine, host, posixpath.join(path, name), name) for name in names]
        elif machine.files.is_folder(path) or machine.files.at(path, follow=False) is not None:
            lines.append(_long(machine, host, path, word))
        else:
            complaint = complaint or f"ls: cannot access '{word}': No such file or directory"
    out = None if None in lines else "".join(f"{line}\n" for line in lines)
    return Ran(2 if complaint else 0, complaint, out)


def _long(machine: Machine, host: Host, path: str, name: str) -> str | None:
    """The line of a file; None if its size isn't known."""
    file = None if machine.files.is_folder(path) else machine.files.at(path, follow=False)
    if file is None:
        return f"drwxr-xr-x 2 root root 4096 Jan  1 00:00 {name}"
    owner = next((user for user, one in host.users.items() if one.uid == file.owner), str(file.owner))
    group = next((one for one, gid in host.groups.items() if gid == file.group), str(file.group))
    bits = ["rwx"[at % 3] if file.mode >> (8 - at) & 1 else "-" for at in range(9)]
    for at, letter in enumerate("sst"):
        if file.mode >> (11 - at) & 1:  # the bits that set an ID, and the sticky bit
            bits[3 * at + 2] = letter if bits[3 * at + 2] == "x" else letter.upper()
    if file.content is None and not file.link:
        return None
    size = len((file.content or "").encode())
    shown = f"{name} -> {file.link}" if file.link else name
    return f"{'l' if file.link else '-'}{''.join(bits)} 1 {owner} {group} {size:>4} Jan  1 00:00 {shown}"


def stat(machine: Machine, host: Host, call: Call) -> Ran:
    """`stat -c FORMAT FILE...`: mode, owner, group and name; other forms print what isn't known."""
    values, rest = valued_options(call.args, {"c": "--format"})
    form, words = values.get("c", ""), [arg for arg in rest if not arg.startswith("-")]
    paths = [machine.path(word) for word in words]
    files = [None if machine.files.is_folder(path) else machine.files.at(path) for path in paths]
    if not form or None in files or re.sub(r"%[aUuGgn%]", "", form).count("%") or "\\" in form:
        return reading.status(machine, call)
    owners = {one.uid: name for name, one in host.users.items()}
    groups = {gid: name for name, gid in host.groups.items()}
    lines = []
    for word, file in zip(words, files, strict=True):
        if file is not None:
            shown = {"a": f"{file.mode:o}", "u": str(file.owner), "g": str(file.group), "n": word, "%": "%"}
            shown |= {"U": owners.get(file.owner, "UNKNOWN"), "G": groups.get(file.group, "UNKNOWN")}
            lines.append(re.sub(r"%(.)", lambda match, shown=shown: shown[match[1]], form))  # type: ignore[misc]
    return Ran(0, "", "".join(f"{line}\n" for line in lines))


def seq(_machine: Machine, _host: Host, call: Call) -> Ran:
    """`seq [-w] [-s TEXT] [FIRST [STEP]] LAST`, of whole numbers."""
    words, mark = list(call.args), "\n"
    if words[:1] == ["-s"] and len(words) > 1:
        mark, words = words[1], words[2:]
    elif words and words[0].startswith("-s"):
        mark = words.pop(0)[2:]
    wide = words[:1] == ["-w"]
    words = words[wide:]
    if not all(re.fullmatch(r"-?[0-9]{1,6}", arg) for arg in words) or len(words) not in (1, 2, 3):
        raise NotJudged(f"seq {' '.join(call.args)}")
    numbers = [int(word) for word in words]
    step = numbers[1] if len(numbers) == 3 else 1
    first, last = (numbers[0] if len(numbers) > 1 else 1), numbers[-1]
    if not step or abs(last - first) // abs(step) > _MOST_NUMBERS:
        raise NotJudged(f"seq {' '.join(call.args)}")
    found = [str(one) for one in range(first, last + (1 if step > 0 else -1), step)]
    width = max((len(one) for one in (str(first), str(last))), default=0) if wide else 0
    text = mark.join(one.zfill(width) for one in found)
    return Ran(0, "", f"{text}\n" if found else "")


_MOST_NUMBERS = 10_000


def expr(_machine: Machine, _host: Host, call: Call) -> Ran:
    """`expr ONE SIGN OTHER`, of whole numbers: code 1 for 0."""
    match call.args:
        case [one, sign, other] if all(re.fullmatch(r"-?[0-9]{1,15}", word) for word in (one, other)):
            left, right = int(one), int(other)
            if sign in _SIGNS and (right or sign not in "/%"):
                value = int(_SIGNS[sign](left, right))
                return Ran(int(not value), "" if value else "expr: the value is 0", f"{value}\n")
    raise NotJudged(f"expr {' '.join(call.args)}")


_SIGNS: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda one, other: abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1),
    "%": lambda one, other: abs(one) % abs(other) * (1 if one >= 0 else -1),
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def hostname(_machine: Machine, host: Host, call: Call) -> Ran:
    """`hostname`, and `uname -n`."""
    if call.args != (("-n",) if call.name == "uname" else ()):
        return Ran(0, "", None)
    return Ran(0, "", f"{host.name}\n")


def fuser(_machine: Machine, host: Host, call: Call) -> Ran:
    """`fuser PORT/PROTOCOL`, with `-k` to kill the processes."""
    words = [arg for arg in call.args if not arg.startswith("-")]
    options = "".join(arg[1:] for arg in call.args if arg.startswith("-"))
    if len(words) != 1 or not re.fullmatch(r"\d+/(tcp|udp)", words[0]) or not set(options) <= set("ksv"):
        raise NotJudged(f"fuser {' '.join(call.args)}")
    port, protocol = words[0].split("/")
    pids = {one.pid for one in listeners(host) if one.title == f"{protocol}/{port}"}
    if "k" in options:
        for process in [one for one in host.processes if one.pid in pids]:
            end(host, process, "KILL")
    complaint = "" if pids else f"fuser: nobody uses {words[0]}"
    return Ran(int(not pids), complaint, "".join(f" {pid}" for pid in sorted(pids)))


def mktemp(machine: Machine, _host: Host, call: Call) -> Ran:
    """`mktemp`, with `-d` for a directory, in /tmp or after a template; a number stands for the letters."""
    words = [arg for arg in call.args if arg != "-d"]
    template = words[0] if words else "/tmp/tmp.XXXXXXXXXX"  # noqa: S108 - a path of the node
    head = template.rstrip("X")
    if len(words) > 1 or template.startswith("-") or len(template) - len(head) < 3:
        raise NotJudged(f"mktemp {' '.join(call.args)}")
    number = 1
    while machine.files.known.get(path := machine.path(f"{head}{number:0{len(template) - len(head)}}")) or (
        machine.files.is_folder(path)
    ):
        number += 1
    if not machine.files.parent_exists(path):
        return Ran(
            1, f"mktemp: failed to create a file from template '{template}': No such file or directory"
        )
    if "-d" in call.args:
        machine.files.make_folder(path)
    else:
        machine.put(path, File(path, 0o600, content=""))
    return Ran(0, "", f"{path}\n")


def date(_machine: Machine, _host: Host, call: Call) -> Ran:
    """`date` and `date +FORMAT`: always the same moment, because a verdict mustn't depend on the day."""
    words = [arg for arg in call.args if arg not in ("-u", "--utc")]
    form = words[0] if words else "+%a %b %e %H:%M:%S UTC %Y"
    if len(words) > 1 or not re.fullmatch(r"\+([^%]|%[YymdeHMSFTsabjZ%])*", form):
        return Ran(0, "", None)
    return Ran(
        0, "", time.strftime(form[1:].replace("%s", "1768469400").replace("%Z", "UTC"), _MOMENT) + "\n"
    )


COMMANDS: dict[str, Callable[[Machine, Host, Call], Ran]] = {
    "install": install,
    "yes": yes,
    "ls": list_files,
    **dict.fromkeys(("hostname", "uname"), hostname),
    "fuser": fuser,
    "stat": stat,
    "seq": seq,
    "expr": expr,
    **dict.fromkeys(("clear", "reset"), lambda _machine, _host, _call: Ran(0, "", None)),
    "mktemp": mktemp,
    "date": date,
}
