"""Accounts and groups: `useradd`, `usermod`, `userdel`, `gpasswd`, `groupadd`, `passwd -l`, `chage`, `id`,
...

Follows the manual pages of shadow 4.13 with their exit codes, and deluser(8) of adduser 3.137.
"""

from __future__ import annotations

from collections.abc import Callable

from trainer.errors import NotJudged
from trainer.simulate.node.account_files import members_of, show
from trainer.simulate.node.system import Host, User
from trainer.simulate.shell.process import Call, Ran

_NEVER = "1970-01-01"


def groups_of(host: Host, name: str) -> list[str]:
    """All groups of an account: the primary one first, then the others by name."""
    user = host.users[name]
    return [user.group, *sorted(one for one in user.groups if one != user.group)]


class _Words:
    """The options of an account tool: letters with and without a value, and operands."""

    def __init__(self, call: Call, valued: str, plain: str, long: dict[str, str]) -> None:
        self.values: dict[str, str] = {}
        self.flags: set[str] = set()
        self.operands: list[str] = []
        rest = list(call.args)
        while rest:
            arg = rest.pop(0)
            name, equals, value = arg.partition("=")
            letters = long.get(name, "?") if arg.startswith("--") else arg[1:] if arg.startswith("-") else ""
            if not letters:
                self.operands.append(arg)
                continue
            for at, letter in enumerate(letters):
                if letter in valued:
                    rest_of = value if equals and arg.startswith("--") else letters[at + 1 :]
                    if not rest_of and not rest:
                        raise NotJudged(f"{call.name} {arg} without a value")
                    self.values[letter] = rest_of or rest.pop(0)
                    break
                if letter not in plain:
                    raise NotJudged(f"{call.name} {arg}")
                self.flags.add(letter)


_LONG = {"--groups": "G", "--gid": "g", "--shell": "s", "--home": "d", "--append": "a", "--lock": "L"}
_LONG |= {"--unlock": "U", "--create-home": "m", "--no-create-home": "M", "--system": "r", "--uid": "u"}
_LONG |= {"--expiredate": "e", "--comment": "c", "--remove": "r", "--force": "f", "--home-dir": "d"}
_LONG |= {"--add": "a", "--delete": "d", "--user-group": "U", "--no-user-group": "N"}


def _by_names(host: Host, groups: str) -> str:
    """A list of groups with the names of those that are given by their IDs."""
    names = {str(number): name for name, number in host.groups.items()}
    return ",".join(names.get(one, one) for one in groups.split(","))


def _unknown_group(host: Host, names: str) -> str:
    return next((name for name in names.split(",") if name and name not in host.groups), "")


def _id(text: str) -> int:
    if not text.isdecimal():
        raise NotJudged(f"the ID {text}")
    return int(text)


def useradd(host: Host, call: Call) -> Ran:
    """`useradd`."""
    words = _Words(call, "GgsdueckK", "mMrUN", _LONG)
    if len(words.operands) != 1:
        return Ran(2, "useradd takes one name")
    (name,) = words.operands
    values = words.values
    if name in host.users:
        return Ran(9, f"useradd: user '{name}' already exists")
    for letter in sorted({"g", "G"} & values.keys()):
        values[letter] = _by_names(host, values[letter])
        if unknown := _unknown_group(host, values[letter]):
            return Ran(6, f"useradd: group '{unknown}' does not exist")
    if "g" not in values and name in host.groups:
        return Ran(9, f"useradd: group {name} exists - if you want to add this user to that group, use -g.")
    first = 100 if "r" in words.flags else 1000
    taken = {one.uid for one in host.users.values()} | set(host.groups.values())
    free = next(number for number in range(first, 65000) if number not in taken)
    uid = _id(values.get("u", str(free)))
    group = values.get("g", "users" if "N" in words.flags else name)
    host.groups.setdefault(group, uid)
    home = values.get("d", f"/home/{name}")
    groups = [one for one in values.get("G", "").split(",") if one]
    host.users[name] = User(uid, group, groups, values.get("s", "/bin/sh"), home, locked=True)
    if "m" in words.flags:
        host.files.make_folder(home)
    return Ran(0)


def usermod(host: Host, call: Call) -> Ran:
    """`usermod`: groups, shell, home directory, lock, expiry."""
    words = _Words(call, "GgsdeucR", "aLUmr", _LONG)
    values = words.values
    if len(words.operands) != 1 or set(values) - set("Ggsdec") or "m" in words.flags:
        raise NotJudged(f"usermod {' '.join(call.args)}")
    (name,) = words.operands
    if name not in host.users:
        return Ran(6, f"usermod: user '{name}' does not exist")
    for letter in sorted({"g", "G"} & values.keys()):
        values[letter] = _by_names(host, values[letter])
        if unknown := _unknown_group(host, values[letter]):
            return Ran(6, f"usermod: group '{unknown}' does not exist")
    user = host.users[name]
    if "G" in values:
        named = [one for one in values["G"].split(",") if one]
        if "r" in words.flags:
            user.groups = [one for one in user.groups if one not in named]
        else:
            user.groups = list(dict.fromkeys([*(user.groups if "a" in words.flags else []), *named]))
    user.group = values.get("g", user.group)
    user.shell = values.get("s", user.shell)
    user.home = values.get("d", user.home)
    if "e" in values:
        user.expired = _expired(values["e"])
    if words.flags & {"L", "U"}:
        user.locked = "L" in words.flags
    return Ran(0)


def _expired(date: str) -> bool:
    """Whether an account has expired: only days in the past and none at all are known."""
    if date in ("", "-1"):
        return False
    if date in ("0", "1", _NEVER, "1970-01-02"):
        return True
    raise NotJudged(f"the date {date}, on which an account expires")


def userdel(host: Host, call: Call) -> Ran:
    """`userdel` and `deluser NAME`: with the group of the same name, if nobody else has it."""
    long = {"--remove": "r", "--force": "f", "--remove-home": "r"}
    words = _Words(call, "", "rf", long)
    if len(words.operands) == 2 and call.name == "deluser":
        return _leave(host, words.operands[0], words.operands[1], code=6)
    if len(words.operands) != 1:
        return Ran(2, f"{call.name} takes one name")
    (name,) = words.operands
    if name not in host.users:
        return Ran(6 if call.name == "userdel" else 2, f"{call.name}: user '{name}' does not exist")
    running = next((one for one in host.processes if one.user == name), None)
    if running is not None and "f" not in words.flags:
        return Ran(8, f"{call.name}: user {name} is currently used by process {running.pid}")
    user = host.users.pop(name)
    if not members_of(host, name) and all(one.group != name for one in host.users.values()):
        host.groups.pop(name, None)
    if "r" in words.flags and host.files.is_folder(user.home):
        for path in list(host.files.tree(user.home)):
            host.files.made.discard(path)
            host.files.known.pop(path, None)
        host.files.drop_folder(user.home)
    return Ran(0)


def _leave(host: Host, name: str, group: str, code: int) -> Ran:
    if name not in host.users:
        return Ran(2 if code == 6 else 3, f"user '{name}' does not exist")
    if group not in host.groups or group not in host.users[name].groups:
        return Ran(code, f"user '{name}' is not a member of '{group}'")
    host.users[name].groups.remove(group)
    return Ran(0)


def gpasswd(host: Host, call: Call) -> Ran:
    """`gpasswd -d USER GROUP`, `-a`, `-M`."""
    words = _Words(call, "daM", "", {"--delete": "d", "--add": "a", "--members": "M"})
    if len(words.operands) != 1:
        return Ran(2, "gpasswd takes one group")
    if len(words.values) != 1:
        raise NotJudged(f"gpasswd {' '.join(call.args)}")
    (group,), ((letter, value),) = words.operands, words.values.items()
    if group not in host.groups:
        return Ran(3, f"gpasswd: group '{group}' does not exist in /etc/group")
    if letter == "d":
        return _leave(host, value, group, code=3)
    names = [one for one in value.split(",") if one]
    if any(name not in host.users for name in names):
        return Ran(3, f"gpasswd: user '{value}' does not exist")
    if letter == "M":
        for user in host.users.values():
            user.groups = [one for one in user.groups if one != group]
    for name in names:
        if group not in host.users[name].groups:
            host.users[name].groups.append(group)
    return Ran(0)


def adduser(host: Host, call: Call) -> Ran:
    """`adduser USER GROUP`; with one name it asks questions, which aren't answered here."""
    words = [arg for arg in call.args if not arg.startswith("-")]
    if len(words) != 2 or len(call.args) != 2:
        raise NotJudged(f"adduser {' '.join(call.args)}")
    return gpasswd(host, Call("gpasswd", ("-a", *words)))


def groupmems(host: Host, call: Call) -> Ran:
    """`groupmems -g GROUP`, with `-a USER`, `-d USER`, `-p` for nobody, or `-l`."""
    words = _Words(
        call, "gad", "pl", {"--group": "g", "--add": "a", "--delete": "d", "--purge": "p", "--list": "l"}
    )
    group = words.values.pop("g", "")
    if words.operands or len(words.values) + len(words.flags) != 1:
        raise NotJudged(f"groupmems {' '.join(call.args)}")
    if group not in host.groups:
        return Ran(9, f"groupmems: group '{group}' does not exist in /etc/group")
    if "l" in words.flags:
        return Ran(0, "", "  ".join(members_of(host, group)) + "\n")
    if "p" in words.flags:
        return gpasswd(host, Call("gpasswd", ("-M", "", group)))
    ((letter, name),) = words.values.items()
    return gpasswd(host, Call("gpasswd", (f"-{letter}", name, group)))


def groupadd(host: Host, call: Call) -> Ran:
    """`groupadd` and `groupdel`."""
    words = _Words(
        call, "g" if call.name == "groupadd" else "", "rf", {"--gid": "g", "--system": "r", "--force": "f"}
    )
    if len(words.operands) != 1:
        return Ran(2, f"{call.name} takes one name")
    (name,) = words.operands
    if call.name == "groupadd":
        if name in host.groups:
            return Ran(
                0 if "f" in words.flags else 9,
                "" if "f" in words.flags else f"groupadd: group '{name}' already exists",
            )
        free = next(number for number in range(1000, 65000) if number not in host.groups.values())
        host.groups[name] = _id(words.values.get("g", str(free)))
        return Ran(0)
    if name not in host.groups:
        return Ran(6, f"{call.name}: group '{name}' does not exist")
    owner = next((user for user, one in host.users.items() if one.group == name), None)
    if owner is not None:
        return Ran(8, f"{call.name}: cannot remove the primary group of user '{owner}'")
    del host.groups[name]
    for user in host.users.values():
        user.groups = [one for one in user.groups if one != name]
    return Ran(0)


def groupmod(host: Host, call: Call) -> Ran:
    """`groupmod`: name, ID, members (`-U`, with `-a` besides those that it has)."""
    long = {"--new-name": "n", "--gid": "g", "--users": "U", "--append": "a"}
    words = _Words(call, "ngU", "a", long)
    if len(words.operands) != 1:
        return Ran(2, "groupmod takes one group")
    (name,), values = words.operands, words.values
    if name not in host.groups:
        return Ran(6, f"groupmod: group '{name}' does not exist")
    if "g" in values:
        raise NotJudged(f"groupmod {' '.join(call.args)}")
    new = values.get("n", name)
    if new != name and new in host.groups:
        return Ran(9, f"groupmod: group '{new}' already exists")
    members = [one for one in values.get("U", "").split(",") if one]
    unknown = next((one for one in members if one not in host.users), "")
    if unknown:
        return Ran(3, f"groupmod: user '{unknown}' does not exist")
    host.groups = {new if one == name else one: gid for one, gid in host.groups.items()}
    for account, user in host.users.items():
        stays = name in user.groups and ("U" not in values or "a" in words.flags)
        user.groups = [one for one in user.groups if one != name]
        if stays or account in members:
            user.groups.append(new)
        user.group = new if user.group == name else user.group
    return Ran(0)


def passwd(host: Host, call: Call) -> Ran:
    """`passwd -l`, `-u`, `-d`; without them it asks for a password."""
    if call.args[:1] in (("-S",), ("--status",)):
        return Ran(0, "", None)
    words = _Words(call, "", "lud", {"--lock": "l", "--unlock": "u", "--delete": "d"})
    if len(words.operands) != 1 or len(words.flags) != 1:
        raise NotJudged(f"passwd {' '.join(call.args)}".strip())
    (name,) = words.operands
    if name not in host.users:
        return Ran(1, f"passwd: user '{name}' does not exist")
    if "d" in words.flags:
        raise NotJudged("passwd -d")
    host.users[name].locked = "l" in words.flags
    return Ran(0)


def chage(host: Host, call: Call) -> Ran:
    """`chage -E`, and `chage -l`, whose dates aren't known."""
    if call.args[:1] in (("-l",), ("--list",)):
        return Ran(0, "", None)
    words = _Words(call, "E", "", {"--expiredate": "E"})
    if len(words.operands) != 1 or "E" not in words.values:
        raise NotJudged(f"chage {' '.join(call.args)}")
    (name,) = words.operands
    if name not in host.users:
        return Ran(1, f"chage: user '{name}' does not exist in /etc/passwd")
    host.users[name].expired = _expired(words.values["E"])
    return Ran(0)


def chsh(host: Host, call: Call) -> Ran:
    """`chsh -s SHELL USER`."""
    words = _Words(call, "s", "", {"--shell": "s"})
    if len(words.operands) != 1 or "s" not in words.values:
        raise NotJudged(f"chsh {' '.join(call.args)}")
    return usermod(host, Call("usermod", ("-s", words.values["s"], *words.operands)))


def identity(host: Host, call: Call) -> Ran:
    """`id` and `groups` of an account."""
    long = {"--user": "-u", "--group": "-g", "--groups": "-G", "--name": "-n"}
    options = {arg for arg in call.args if arg.startswith("-")}
    letters = {letter for arg in options for letter in long.get(arg, arg)[1:]}
    words = [arg for arg in call.args if arg not in options] or ["root"]
    if len(words) != 1 or not letters <= set("ugGn") or len(letters - {"n"}) > 1:
        raise NotJudged(f"{call.name} {' '.join(call.args)}")
    name = words[0]
    if name not in host.users:
        return Ran(1, f"{call.name}: '{name}': no such user")
    user, groups = host.users[name], groups_of(host, name)
    if call.name == "groups":
        return Ran(0, "", f"{name} : {' '.join(groups)}\n")
    if letters == {"n"}:
        return Ran(1, "id: cannot print only names in the default format")
    if letters:
        ids = {"u": [name], "g": [user.group], "G": groups}[next(iter(letters - {"n"}))]
        if "n" not in letters:
            ids = [str(user.uid)] if "u" in letters else [str(host.groups.get(one, 0)) for one in ids]
        return Ran(0, "", " ".join(ids) + "\n")
    shown = ",".join(f"{host.groups.get(one, 0)}({one})" for one in groups)
    return Ran(
        0, "", f"uid={user.uid}({name}) gid={host.groups.get(user.group, 0)}({user.group}) groups={shown}\n"
    )


def getent(host: Host, call: Call) -> Ran:
    """`getent passwd` and `getent group`, with or without names."""
    if not call.args or call.args[0] not in ("passwd", "group"):
        raise NotJudged(f"getent {' '.join(call.args)}")
    show(host)
    text = host.files.known[f"/etc/{call.args[0]}"]
    lines = ((text.content if text is not None else None) or "").splitlines(keepends=True)
    if len(call.args) == 1:
        return Ran(0, "", "".join(lines))
    found = [line for name in call.args[1:] for line in lines if line.split(":")[0] == name]
    return Ran(0 if len(found) == len(call.args) - 1 else 2, "", "".join(found))


COMMANDS: dict[str, Callable[[Host, Call], Ran]] = {
    "useradd": useradd,
    "usermod": usermod,
    "userdel": userdel,
    "deluser": userdel,
    "gpasswd": gpasswd,
    "adduser": adduser,
    "groupmems": groupmems,
    "groupadd": groupadd,
    "groupdel": groupadd,
    "groupmod": groupmod,
    "delgroup": groupadd,
    "passwd": passwd,
    "chage": chage,
    "chsh": chsh,
    "id": identity,
    "groups": identity,
    "getent": getent,
}
