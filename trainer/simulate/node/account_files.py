"""/etc/passwd and /etc/group: how they show the accounts, and what an edit of them changes.

Follows passwd(5) and group(5). The C library reads these files: an account whose line is gone is gone, and
who is in a group is what its line says. Passwords are in files that aren't known; edits of these are outside.
"""

from __future__ import annotations

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.node.system import Host, User
from trainer.simulate.shell.filesystem import File

PASSWD, GROUP = "/etc/passwd", "/etc/group"
SHOWN = (PASSWD, GROUP, "/etc/shadow", "/etc/gshadow")
"""Files that show the accounts."""


def show(host: Host) -> None:
    """Write the accounts into the files that show them; their modes and owners stay."""
    users = sorted(host.users.items(), key=lambda item: item[1].uid)
    passwd = "".join(
        f"{name}:x:{one.uid}:{host.groups.get(one.group, 0)}::{one.home}:{one.shell}\n" for name, one in users
    )
    groups = "".join(
        f"{name}:x:{gid}:{','.join(members_of(host, name))}\n"
        for name, gid in sorted(host.groups.items(), key=lambda item: item[1])
    )
    shadow = host.groups.get("shadow", 0)
    for path, text in zip(SHOWN, (passwd, groups, None, None), strict=True):
        new = File(path, 0o640, group=shadow) if text is None else File(path, 0o644)
        before = host.files.known.get(path)
        host.files.put(path, msgspec.structs.replace(before or new, content=text))


def members_of(host: Host, group: str) -> list[str]:
    """Who has this group besides their primary one, sorted."""
    return sorted(name for name, one in host.users.items() if group in one.groups)


def edited(host: Host, path: str, file: File | None) -> None:
    """Take over what somebody writes into one of these files. Raises `NotJudged` for what isn't known."""
    before = host.files.known.get(path)
    if file is None or before is None or file.link:
        raise NotJudged(f"a script that removes {path}")
    if file.content != before.content or file == before:
        if file.content is None or path not in (PASSWD, GROUP):  # perhaps another text that isn't known
            raise NotJudged(f"a script that edits {path} itself")
        rows = _rows(path, file.content)
        if path == GROUP:
            _groups(host, rows, before.content or "")
        else:
            _users(host, rows)
    host.files.put(path, file)


def _rows(path: str, text: str) -> list[list[str]]:
    """The fields of each line. Raises `NotJudged` for a line that has others."""
    rows = [line.split(":") for line in text.splitlines() if line.strip()]
    for row in rows:
        ids = row[2:3] if path == GROUP else row[2:4]
        if len(row) != (4 if path == GROUP else 7) or not all(one.isdecimal() for one in ids) or not row[0]:
            raise NotJudged(f"the line {':'.join(row)} in {path}")
    if len({row[0] for row in rows}) < len(rows) or not any(row[0] == "root" for row in rows):
        raise NotJudged(f"{path} without root, or with a name on two lines")
    return rows


def _groups(host: Host, rows: list[list[str]], before: str) -> None:
    ids = {name: int(gid) for name, _, gid, _ in rows}
    names = {gid: name for name, gid in ids.items()}
    members = {name: [one for one in text.split(",") if one] for name, _, _, text in rows}
    gone = {one for line in before.splitlines() for one in line.rpartition(":")[2].split(",")}
    strangers = sorted({one for found in members.values() for one in found} - {*host.users} - gone)
    if strangers:
        raise NotJudged(f"a group with the member {strangers[0]}, an account that doesn't exist")
    for account, user in host.users.items():
        own = host.groups.get(user.group)
        if own not in names:
            raise NotJudged(f"the account {account}, whose primary group is gone")
        user.group = names[own]
        user.groups = [name for name, found in members.items() if account in found]
    host.groups = ids


def _users(host: Host, rows: list[list[str]]) -> None:
    names = {gid: name for name, gid in host.groups.items()}
    found: dict[str, User] = {}
    for name, password, uid, gid, _, home, shell in rows:
        if int(gid) not in names or password != "x":  # noqa: S105 - it is elsewhere
            raise NotJudged(f"the line of {name} in {PASSWD}")
        old = host.users.get(name) or User(0, "", [], "", "", locked=True)
        found[name] = msgspec.structs.replace(
            old, uid=int(uid), group=names[int(gid)], home=home, shell=shell or "/bin/sh"
        )
    host.users = found
