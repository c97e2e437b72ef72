"""Accounts of an image: /etc/passwd and /etc/group, and who `USER name` is.

Follows passwd(5), group(5) and https://docs.docker.com/reference/dockerfile/#user (2026).
"""

from __future__ import annotations

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.images.files import ImageFiles

PASSWD, GROUP = "/etc/passwd", "/etc/group"


class Account(msgspec.Struct, frozen=True):
    """A line of /etc/passwd."""

    name: str
    uid: int
    gid: int
    home: str


def accounts(files: ImageFiles) -> dict[str, Account]:
    """The accounts by name; of two with one name, the first counts."""
    found: dict[str, Account] = {}
    for line in lines(files, PASSWD):
        parts = line.split(":")
        if len(parts) >= 6 and parts[2].isdecimal() and parts[3].isdecimal():
            found.setdefault(parts[0], Account(parts[0], int(parts[2]), int(parts[3]), parts[5]))
    return found


def groups(files: ImageFiles) -> dict[str, int]:
    """The IDs of groups by name."""
    found: dict[str, int] = {}
    for line in lines(files, GROUP):
        parts = line.split(":")
        if len(parts) >= 3 and parts[2].isdecimal():
            found.setdefault(parts[0], int(parts[2]))
    return found


def members(files: ImageFiles, name: str) -> frozenset[int]:
    """The IDs of the groups that list an account."""
    found = set()
    for line in lines(files, GROUP):
        parts = line.split(":")
        if len(parts) == 4 and parts[2].isdecimal() and name in parts[3].split(","):
            found.add(int(parts[2]))
    return frozenset(found)


def lines(files: ImageFiles, path: str) -> list[str]:
    """The lines of a file; none without it. Raises `NotJudged` if its content isn't known."""
    file = files.at(path)
    if file is None:
        return []
    if file.content is None:
        raise NotJudged(f"what is in {path}")
    return file.content.splitlines()


class NoUser(Exception):
    """The image has no such user: why, as the container runtime says."""


class Identity(msgspec.Struct, frozen=True):
    """Who a process is."""

    uid: int
    gid: int
    groups: frozenset[int]
    home: str


def identity(files: ImageFiles, text: str) -> Identity:
    """Who `USER text` is: a name or an ID, with `:` and a group. Raises `NoUser`."""
    name, mark, group = text.partition(":")
    known = accounts(files)
    if name.isdecimal():
        account = next((one for one in known.values() if one.uid == int(name)), None)
        uid, gid = int(name), account.gid if account else 0
    elif not name:
        account, uid, gid = known.get("root"), 0, 0
    else:
        account = known.get(name)
        if account is None:
            raise NoUser(f"unable to find user {name}: no matching entries in passwd file")
        uid, gid = account.uid, account.gid
    more = members(files, account.name) if account is not None else frozenset()
    if mark and group:
        gid = int(group) if group.isdecimal() else groups(files).get(group, -1)
        more = frozenset()
        if gid < 0:
            raise NoUser(f"unable to find group {group}: no matching entries in group file")
    return Identity(uid, gid, frozenset({gid, *more}), account.home if account else "/")
