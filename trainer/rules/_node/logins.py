"""Who must be able to log in to a node with SSH, and that nobody else can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from trainer.rules._node.blame import Wrong
from trainer.simulate.node import sshd
from trainer.simulate.node.facts import OUTSIDE
from trainer.simulate.node.system import Host, User

_UNSEEN = "any other account"


class LoginWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to log in."""

    user: str
    """The account."""
    by: Literal["key", "password"]
    """By a key, or by the password."""


class SshWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ways to log in, from anywhere."""

    allow: tuple[LoginWanted, ...] = ()
    """Those that must work."""
    rest: Literal["", "denied"] = ""
    """`denied`: no others, for no account, from no address."""


def ssh(host: Host, wanted: SshWanted) -> Iterator[Wrong]:
    """Every way that doesn't work, and every one that isn't wanted."""
    places = list(dict.fromkeys((OUTSIDE, "10.0.0.99", *sshd.addresses(host.sshd))))
    stale = "" if sshd.read(host)[0] == host.sshd else " sshd hasn't read its files since they changed."
    for one in wanted.allow:
        user = host.users.get(one.user)
        for place in places:
            may, why = (
                sshd.decision(host, one.user, user, one.by, place) if user else (False, "it doesn't exist")
            )
            if not may:
                yield _wrong(host, one.user, one.by, place, f"can't log in|: {why}.{stale}")
                break
    if wanted.rest != "denied":
        return
    unseen = User(4242, _UNSEEN, [], "/bin/bash", "/home/other", locked=False)
    meant = {(one.user, one.by) for one in wanted.allow}
    for name, user in [*host.users.items(), (_UNSEEN, unseen)]:
        for by in sshd.METHODS:
            if (name, by) in meant:
                continue
            for place in places:
                may, why = sshd.decision(host, name, user, by, place)
                if may:
                    yield _wrong(host, name, by, place, f"may log in|: {why}.{stale}")
                    break


def _wrong(host: Host, name: str, by: str, place: str, what: str) -> Wrong:
    verb, _, why = what.partition("|")
    way = "with a key" if by == sshd.KEY else "with a password"
    where = "" if place == OUTSIDE else f" from {place}"
    who = "Any other account" if name == _UNSEEN else name
    keys = (f"ssh {name}", *(f"sshd {key}" for key in sshd.DEFAULTS))
    got = "opens a shell" if verb.startswith("may") else "Permission denied"
    proof = f"`ssh {'any-other' if name == _UNSEEN else name}@{host.name}` {way}{where}: {got}."
    message = f"{who} {verb} by SSH {way}{where}{why}"
    return Wrong(message, keys, "sshd -T", "", (name, "ssh"), proof=proof, files=sshd.FOLDER)
