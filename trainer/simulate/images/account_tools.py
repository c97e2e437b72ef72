"""Commands that add accounts: `useradd`, `groupadd`, `adduser`, `addgroup`.

Follows useradd(8) and groupadd(8) of shadow 4.13, adduser(8) of Debian 12, and adduser and addgroup of
BusyBox 1.36.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.images.accounts import GROUP, PASSWD, accounts, groups
from trainer.simulate.images.accounts import lines as lines_of
from trainer.simulate.images.files import ImageFiles
from trainer.simulate.shell.filesystem import File
from trainer.simulate.shell.process import Call, Ran

_FIRST, _FIRST_SYSTEM = 1000, 100


def _append(files: ImageFiles, path: str, line: str) -> None:
    before = files.at(path) or File(path, 0o644, content="")
    files.put(path, msgspec.structs.replace(before, content=f"{before.content or ''}{line}\n"))


class _Words:
    """Options with and without values, and operands."""

    def __init__(self, call: Call, valued: str, plain: str, long: dict[str, str]) -> None:
        self.values: dict[str, str] = {}
        self.flags: set[str] = set()
        self.operands: list[str] = []
        rest = list(call.args)
        while rest:
            arg = rest.pop(0)
            if not arg.startswith("-") or arg == "-":
                self.operands.append(arg)
                continue
            name, equals, value = arg.partition("=")
            letters = long.get(name, "?") if arg.startswith("--") else arg[1:]
            for at, letter in enumerate(letters):
                if letter in valued:
                    text = value if equals and arg.startswith("--") else letters[at + 1 :]
                    if not text and not rest:
                        raise NotJudged(f"{call.name} {arg} without a value")
                    self.values[letter] = text or rest.pop(0)
                    break
                if letter not in plain:
                    raise NotJudged(f"{call.name} {arg}")
                self.flags.add(letter)


def _free(taken: set[int], first: int) -> int:
    return next(number for number in range(first, 65_000) if number not in taken)


def _id(text: str) -> int:
    if not text.isdecimal():
        raise NotJudged(f"the ID {text}")
    return int(text)


def _add_user(
    files: ImageFiles, name: str, uid: int | None, gid: int, home: str, shell: str, first: int
) -> str:
    known = accounts(files)
    if name in known:
        return f"user '{name}' already exists"
    taken = {one.uid for one in known.values()}
    if uid is not None and uid in taken:
        return f"UID {uid} is not unique"
    number = uid if uid is not None else _free(taken, first)
    _append(files, PASSWD, f"{name}:x:{number}:{gid}::{home}:{shell}")
    return ""


def _add_group(files: ImageFiles, name: str, gid: int | None, first: int) -> tuple[int, str]:
    known = groups(files)
    if name in known:
        return known[name], f"group '{name}' already exists"
    if gid is not None and gid in known.values():
        return gid, f"GID '{gid}' already exists"
    number = gid if gid is not None else _free(set(known.values()), first)
    _append(files, GROUP, f"{name}:x:{number}:")
    return number, ""


_LONG = {"--groups": "G", "--gid": "g", "--shell": "s", "--home-dir": "d", "--home": "d", "--uid": "u"}
_LONG |= {
    "--create-home": "m",
    "--no-create-home": "M",
    "--system": "r",
    "--comment": "c",
    "--no-log-init": "l",
}
_LONG |= {"--user-group": "U", "--no-user-group": "N", "--non-unique": "o"}


def useradd(files: ImageFiles, call: Call) -> Ran:
    """`useradd` of shadow."""
    words = _Words(call, "Ggsducke", "mMrUNl", _LONG)
    if len(words.operands) != 1:
        return Ran(2, "useradd takes one name")
    (name,) = words.operands
    values = words.values
    first = _FIRST_SYSTEM if "r" in words.flags else _FIRST
    uid = _id(values["u"]) if "u" in values else None
    known = groups(files)
    if name in accounts(files):
        return Ran(9, f"useradd: user '{name}' already exists")
    if "g" in values:
        gid = int(values["g"]) if values["g"].isdecimal() else known.get(values["g"], -1)
        if gid not in known.values():
            return Ran(6, f"useradd: group '{values['g']}' does not exist")
    elif "N" in words.flags:
        gid = known.get("users", 100)
    else:
        wanted = uid if uid is not None and uid not in known.values() else None
        gid, trouble = _add_group(files, name, wanted, first)
        if trouble:
            return Ran(
                9, f"useradd: group {name} exists - if you want to add this user to that group, use -g."
            )
    home = values.get("d", f"/home/{name}")
    trouble = _add_user(files, name, uid, gid, home, values.get("s", "/bin/sh"), first)
    if trouble:
        return Ran(4, f"useradd: {trouble}")
    _join(files, name, values.get("G", ""))
    if "m" in words.flags:
        files.make_folders(home, (accounts(files)[name].uid, gid, 0o755))
    return Ran(0)


def _join(files: ImageFiles, name: str, wanted: str) -> None:
    for group in filter(None, wanted.split(",")):
        file = files.at(GROUP)
        found = lines_of(files, GROUP)
        if file is None or group not in groups(files):
            raise NotJudged(f"the group {group}, which the image doesn't have")
        for at, line in enumerate(found):
            parts = line.split(":")
            if parts[0] == group and len(parts) == 4:
                found[at] = ":".join([*parts[:3], ",".join(filter(None, [parts[3], name]))])
        files.put(GROUP, msgspec.structs.replace(file, content="".join(f"{one}\n" for one in found)))


def groupadd(files: ImageFiles, call: Call) -> Ran:
    """`groupadd` of shadow."""
    words = _Words(call, "g", "rf", {**_LONG, "--force": "f"})
    if len(words.operands) != 1:
        return Ran(2, "groupadd takes one name")
    gid = _id(words.values["g"]) if "g" in words.values else None
    _, trouble = _add_group(files, words.operands[0], gid, _FIRST_SYSTEM if "r" in words.flags else _FIRST)
    return Ran(0) if not trouble or "f" in words.flags else Ran(9, f"groupadd: {trouble}")


_ALPINE_LONG = {
    "--uid": "u",
    "--ingroup": "G",
    "--home": "h",
    "--shell": "s",
    "--gecos": "g",
    "--system": "S",
}
_ALPINE_LONG |= {"--disabled-password": "D", "--no-create-home": "H", "--gid": "g"}


def busybox_adduser(files: ImageFiles, call: Call) -> Ran:
    """`adduser` of BusyBox, also `adduser USER GROUP`."""
    words = _Words(call, "uGhsgk", "SDH", _ALPINE_LONG)
    if len(words.operands) == 2 and not words.values and not words.flags:
        if words.operands[0] not in accounts(files):
            return Ran(1, f"adduser: unknown user {words.operands[0]}")
        _join(files, words.operands[0], words.operands[1])
        return Ran(0)
    if len(words.operands) != 1:
        return Ran(1, "adduser takes one name")
    (name,) = words.operands
    system = "S" in words.flags
    if not system and "D" not in words.flags and not call.stdin:
        return Ran(1, "adduser asks for a password, and nobody answers: use -D")
    values, known = words.values, groups(files)
    uid = _id(values["u"]) if "u" in values else None
    first = _FIRST_SYSTEM if system else _FIRST
    if name in accounts(files):
        return Ran(1, f"adduser: user '{name}' in use")
    if "G" in values:
        if values["G"] not in known:
            return Ran(1, f"adduser: unknown group {values['G']}")
        gid = known[values["G"]]
    elif system:
        gid = known.get("nogroup", 65533)
    else:
        wanted = uid if uid is not None and uid not in known.values() else None
        gid, trouble = _add_group(files, name, wanted, first)
        if trouble:
            return Ran(1, f"addgroup: {trouble}")
    home = values.get("h", f"/home/{name}")
    trouble = _add_user(files, name, uid, gid, home, values.get("s", "/bin/sh"), first)
    if trouble:
        return Ran(1, f"adduser: {trouble}")
    if "H" not in words.flags:
        files.make_folders(home, (accounts(files)[name].uid, gid, 0o755))
    return Ran(0)


def busybox_addgroup(files: ImageFiles, call: Call) -> Ran:
    """`addgroup` of BusyBox, also `addgroup USER GROUP`."""
    words = _Words(call, "g", "S", _ALPINE_LONG)
    if len(words.operands) == 2:
        _join(files, *words.operands)
        return Ran(0)
    if len(words.operands) != 1:
        return Ran(1, "addgroup takes one name")
    gid = _id(words.values["g"]) if "g" in words.values else None
    first = _FIRST_SYSTEM if "S" in words.flags else _FIRST
    _, trouble = _add_group(files, words.operands[0], gid, first)
    return Ran(1, f"addgroup: {trouble}") if trouble else Ran(0)


_DEBIAN_LONG = {"--uid": "u", "--gid": "g", "--home": "h", "--shell": "s", "--gecos": "c", "--ingroup": "G"}
_DEBIAN_LONG |= {
    "--system": "S",
    "--disabled-password": "D",
    "--disabled-login": "D",
    "--no-create-home": "H",
}
_DEBIAN_LONG |= {"--group": "P", "--quiet": "q", "--comment": "c"}


def debian_adduser(files: ImageFiles, call: Call) -> Ran:
    """`adduser` and `addgroup` of Debian; without `--disabled-password` and a comment it asks questions."""
    words = _Words(call, "ughscG", "SDHPq", _DEBIAN_LONG)
    values, flags = words.values, words.flags
    if call.name == "addgroup" or (flags >= {"P"} and "S" not in flags):
        args = [*(["-r"] if "S" in flags else []), *(["-g", values["g"]] if "g" in values else [])]
        return groupadd(files, Call("groupadd", (*args, *words.operands)))
    if len(words.operands) == 2:
        _join(files, *words.operands)
        return Ran(0)
    if len(words.operands) != 1:
        return Ran(1, "adduser takes one name")
    (name,) = words.operands
    system = "S" in flags
    if not system and ("D" not in flags or "c" not in values) and not call.stdin:
        return Ran(1, "adduser asks for a password and a name, and nobody answers: use --disabled-password")
    args = ["-r"] if system else ["-m"]
    if system and "H" not in flags:
        args.append("-m")
    if "H" in flags:
        args = [one for one in args if one != "-m"]
    for letter, option in (("u", "-u"), ("h", "-d"), ("s", "-s"), ("g", "-g"), ("G", "-g")):
        if letter in values:
            args += [option, values[letter]]
    if system and "P" not in flags and not {"g", "G"} & set(values):
        args += ["-g", "nogroup"]
    return useradd(files, Call("useradd", (*args, name), call.stdin))


COMMANDS: dict[str, dict[str, Callable[[ImageFiles, Call], Ran]]] = {
    "debian": {
        "useradd": useradd,
        "groupadd": groupadd,
        "adduser": debian_adduser,
        "addgroup": debian_adduser,
    },
    "alpine": {"adduser": busybox_adduser, "addgroup": busybox_addgroup},
}
"""By family; a package such as `shadow` brings those of Debian to Alpine."""
