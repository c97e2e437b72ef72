"""What is true of a node after the script of the answer, and after a restart of the node.

The script is interpreted, not executed; its text doesn't count, only the state that it leaves. Each
requirement must hold right after the script and after a restart, unless `when` says otherwise. `rest:
unchanged` requires that everything else that is known of all nodes is as before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Literal

import msgspec

from trainer.errors import NotJudged, UsageError
from trainer.picture import Picture, nothing_to_see
from trainer.rules import Live, Reads
from trainer.rules._node import wanted
from trainer.rules._node.blame import BOOT, NOW, Wrong, outcome
from trainer.rules._node.firewall import FirewallWanted, firewall
from trainer.rules._node.logins import SshWanted, ssh
from trainer.rules._node.picture import node_picture
from trainer.rules._node.script import Script, script_of
from trainer.simulate.node.boot import rebooted
from trainer.simulate.node.facts import facts
from trainer.simulate.node.kubectl import control_plane
from trainer.simulate.node.system import Host
from trainer.simulate.world import World
from trainer.verdict import Outcome

READS = Reads(Live.NEVER)


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be true of the node."""

    host: str = ""
    """The node; omitted: the one on which the script runs."""
    when: tuple[Literal["now", "boot"], ...] = ("now", "boot")
    """Right after the script, after a restart, or both."""
    closed: tuple[str, ...] = ()
    """Ports on which nothing may listen: `tcp/21`."""
    open: tuple[str, ...] = ()
    """Ports on which something must listen."""
    packages: dict[str, wanted.PackageWanted] = {}
    """Packages by name."""
    units: dict[str, wanted.UnitWanted] = {}
    """systemd units by their full names."""
    accounts: dict[str, wanted.AccountWanted] = {}
    """Accounts by name."""
    sudo: dict[str, wanted.SudoWanted] = {}
    """What accounts may do with sudo."""
    ssh: SshWanted | None = None
    """Who may log in with SSH."""
    files: dict[str, wanted.FileWanted] = {}
    """Files by path; a file must exist unless `exists` is false."""
    sysctl: dict[str, str] = {}
    """Values of kernel settings."""
    modules: dict[str, wanted.ModuleWanted] = {}
    """Kernel modules by name."""
    apparmor: dict[str, Literal["enforce", "complain", "absent"]] = {}
    """AppArmor profiles by name, with their modes."""
    rules_from: dict[str, str] = {}
    """Loaded AppArmor profiles by name, with the files whose rules they must have: as they are before the
    script runs."""
    firewall: FirewallWanted | None = None
    """What the firewall lets in."""
    rest: Literal["", "unchanged"] = ""
    """`unchanged`: everything else on all nodes is as before."""
    free: tuple[str, ...] = ()
    """What may change despite `rest`: patterns for names such as `package vsftpd`, `unit vsftpd.service *`,
    `file /etc/sysctl.d/*`, `port tcp/21`, with or without the node in front."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with the line of the script that decides, or where something is missing."""
    script = script_of(world)
    if isinstance(script, Outcome):
        return script
    if params.host and params.host not in script.given.hosts:
        raise UsageError(f"the card declares no node {params.host}")
    with _at_its_line(script):
        return outcome(script, _wrongs(script, params))


def picture(world: World, params: Params) -> Picture:
    """What is true of the nodes before the script, right after it, and after a restart."""
    script = script_of(world)
    if isinstance(script, Outcome):
        return nothing_to_see("The node", script, "not run")
    with _at_its_line(script):
        return node_picture(script, params, _wrongs(script, params))


@contextmanager
def _at_its_line(script: Script) -> Iterator[None]:
    """What isn't judged, without a place, is placed at the line that wrote the file in question."""
    try:
        yield
    except NotJudged as error:
        if error.location is not None:
            raise
        written = script.run().written
        line = next((line for path, line in written.items() if path in error.construct), 1)
        raise NotJudged(error.construct, script.at(line)) from None


def _wrongs(script: Script, params: Params) -> list[Wrong]:
    """All that isn't as the check requires."""
    run = script.run()
    name = params.host or next(iter(script.given.hosts))
    wrongs: list[Wrong] = []
    for when in params.when:
        host = (run.after if when == NOW else run.booted).hosts[name]
        found = (*_wrong(host, params), *wanted.rules(host, run.before.hosts[name], params.rules_from))
        wrongs += [msgspec.structs.replace(one, host=name, when=when) for one in found]
    if params.rest == "unchanged" and not wrongs:
        wrongs += _changed(script, params, name)
    return wrongs


def _wrong(host: Host, params: Params) -> Iterator[Wrong]:
    yield from wanted.ports(host, params.closed, params.open)
    yield from wanted.packages(host, params.packages)
    yield from wanted.units(host, params.units)
    yield from wanted.accounts(host, params.accounts)
    if params.sudo:
        yield from wanted.sudo(host, params.sudo)
    if params.ssh is not None:
        yield from ssh(host, params.ssh)
    yield from wanted.files(host, params.files)
    yield from wanted.kernel(host, params.sysctl, params.modules)
    yield from wanted.modes(host, dict(params.apparmor))
    if params.firewall is not None:
        yield from firewall(host, params.firewall)


def _changed(script: Script, params: Params, first: str) -> Iterator[Wrong]:
    """What differs from the state before the script, now or after a restart."""
    run = script.run()
    told: set[str] = set()
    for when in params.when:
        before, after = (run.before, run.after) if when == NOW else (rebooted(run.before), run.booted)
        old, new = facts(before), facts(after)
        for key in sorted({*old, *new}):
            if old.get(key) == new.get(key) or _is_free(key, params.free):
                continue
            host, _, name = key.partition(" ")
            host, name = (host, name) if host in run.after.hosts else (first, key)
            what = f"{_title(name)} on {host}" if host != first else _title(name)
            message = f"{what} has changed: {_short(old.get(key))} before, now {_short(new.get(key))}."
            command, needle = _shown_by(name)
            own = f"*{'boot ' if when == BOOT else ''}{key}"
            if key in told or _is_of_nobody(key, old, new):
                continue
            told.add(key)
            shown_by = control_plane(run.after) if command.startswith("kubectl") else ""
            needle = needle or (host if shown_by else "")
            yield Wrong(message, (own,), command, needle, host=host, when=when, shown_by=shown_by)


def _is_of_nobody(key: str, old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Whether a fact is about an account that is gone: that alone is told."""
    host, _, name = key.partition(" ")
    kind, _, account = name.partition(" ")
    user = f"{host} user {account}"
    return kind in ("groups", "sudo", "ssh") and user in old and user not in new


def _is_free(key: str, free: tuple[str, ...]) -> bool:
    name = key.partition(" ")[2]
    return any(fnmatchcase(one, pattern) for pattern in free for one in (key, name))


def _title(name: str) -> str:
    kind, _, rest = name.partition(" ")
    words = {"unit": "Unit", "file": "The file", "port": "Port", "sysctl": "Setting", "pod": "Pod"}
    words |= {
        "apparmor": "AppArmor profile",
        "rules": "The list of rules of AppArmor profile",
        "groups": "The list of groups of",
        "ssh": "How SSH lets in",
        "sshd": "Setting of sshd",
    }
    words |= {"hold": "The hold of package", "sudo": "What sudo allows"}
    return f"{words.get(kind, kind.capitalize())} {rest}".strip()


def _short(value: str | None) -> str:
    if value is None:
        return "none"
    line = " ".join(value.split())
    return f"{line[:60]}..." if len(line) > 60 else line or "empty"


def _shown_by(name: str) -> tuple[str, str]:
    """The command that shows a fact, and the text to look for in its output."""
    kind, _, rest = name.partition(" ")
    first = rest.partition(" ")[0]
    commands = {
        "port": ("ss -tulnp", f":{rest.rpartition('/')[2]} "),
        "package": (f"dpkg -l {first}", first),
        "hold": ("apt-mark showhold", first),
        "unit": (f"systemctl status {first}", ""),
        "user": (f"getent passwd {first}", ""),
        "groups": (f"groups {first}", ""),
        "sudo": (f"sudo -l -U {first}", ""),
        "ssh": ("sshd -T", ""),
        "sshd": ("sshd -T", first),
        "group": (f"getent group {first}", ""),
        "file": (f"cat {first}", ""),
        "sysctl": (f"sysctl {first}", ""),
        "module": ("lsmod", first),
        "apparmor": ("aa-status", first),
        "rules": ("aa-status", first),
        "firewall": ("ufw status verbose", ""),
        "process": ("ps aux", first),
        "pod": ("kubectl get pods -A", first.rpartition("/")[2]),
    }
    return commands.get(kind, ("kubectl get nodes", ""))
