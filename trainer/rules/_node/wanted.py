"""What a check can require of a node, and where a state differs from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from trainer.rules._node.blame import Wrong
from trainer.simulate.node import apparmor, modules, profiles, sudoers
from trainer.simulate.node.accounts import groups_of
from trainer.simulate.node.listing import text_of
from trainer.simulate.node.sockets import listeners
from trainer.simulate.node.system import Host


class PackageWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a package must be."""

    installed: bool | None = None
    """Whether it must be installed."""
    version: str = ""
    """The version that must be installed."""
    held: bool | None = None
    """Whether it must be on hold."""


class UnitWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a systemd unit must be; one that doesn't exist is neither active nor enabled."""

    active: bool | None = None
    """Whether it must be active."""
    enabled: bool | None = None
    """Whether a boot must start it."""


class AccountWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an account must be."""

    exists: bool | None = None
    """Whether it must exist."""
    group: str = ""
    """Its primary group."""
    groups: tuple[str, ...] | None = None
    """Its groups besides the primary one, exactly."""
    not_in: tuple[str, ...] = ()
    """Groups that it must not have."""
    locked: bool | None = None
    """Whether its password must be locked."""
    shell: tuple[str, ...] = ()
    """The login shells that are right."""


class SudoWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an account may do with sudo."""

    allowed: tuple[str, ...] = ()
    """Command lines that it may run as root."""
    denied: tuple[str, ...] = ()
    """Command lines that it must not run as root."""
    without_password: tuple[str, ...] = ()
    """Command lines that it may run as root, for which sudo must ask for no password."""
    rest: Literal["", "denied"] = ""
    """`denied`: nothing else, whatever the files grant."""


class FileWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a file must be."""

    exists: bool | None = None
    """Whether it must exist."""
    mode: tuple[str, ...] = ()
    """The modes that are right, in octal digits."""
    owner: str = ""
    """Its owner."""
    group: str = ""
    """Its group."""
    content: str | None = None
    """What must be in it."""
    without: str = ""
    """With `content`: a text that doesn't count, wherever it is in the file."""


class ModuleWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a kernel module must be."""

    loaded: bool | None = None
    """Whether it must be loaded."""
    loadable: bool | None = None
    """Whether `modprobe` must be able to load it."""


def ports(host: Host, closed: tuple[str, ...], opened: tuple[str, ...]) -> Iterator[Wrong]:
    """Ports on which nothing, or something, must listen."""
    now = listeners(host)
    for title in (*closed, *opened):
        protocol, _, number = title.partition("/")
        found = [one for one in now if one.title == title]
        flag = "-tlnp" if protocol == "tcp" else "-ulnp"
        if found and title in closed:
            one = found[0]
            message = f"{one.process} listens on {protocol.upper()} {number}."
            units = [
                unit.name for unit in host.units.values() if title in {_title(text) for text in unit.listens}
            ]
            names = (one.process, number, *(name.rpartition(".")[0] for name in units))
            yield Wrong(message, (f"port {title}",), f"ss {flag}", f":{number} ", names)
        elif not found and title in opened:
            message = f"Nothing listens on {protocol.upper()} {number} any more."
            yield Wrong(message, (f"port {title}",), f"ss {flag}", f":{number} ")


def _title(text: str) -> str:
    protocol, place = text.split()
    return f"{protocol}/{place.rpartition(':')[2]}"


def packages(host: Host, wanted: dict[str, PackageWanted]) -> Iterator[Wrong]:
    """Packages that must be installed, absent, at a version or held."""
    for name, want in wanted.items():
        package = host.packages.get(name)
        version = package.version if package is not None else ""
        keys, words = (f"package {name}",), (name,)
        command = f"dpkg -l {name}"
        if want.installed is not None and want.installed is not bool(version):
            yield Wrong(
                f"Package {name} is {'still' if version else 'not'} installed.", keys, command, "", words
            )
        elif want.version and version != want.version:
            yield Wrong(
                f"Package {name} has version {version or 'none'}, not {want.version}.",
                keys,
                command,
                name,
                words,
            )
        if want.held is not None and (package is not None and package.held) is not want.held:
            state = "isn't on hold" if want.held else "is still on hold"
            yield Wrong(f"Package {name} {state}.", (f"hold {name}",), "apt-mark showhold", name, words)


def units(host: Host, wanted: dict[str, UnitWanted]) -> Iterator[Wrong]:
    """Units that must be active or enabled, or not."""
    for name, want in wanted.items():
        unit = host.units.get(name)
        active = unit is not None and unit.present and unit.active
        enabled = unit is not None and unit.present and unit.enabled == "enabled"
        words = (name.rpartition(".")[0],)
        if want.active is not None and active is not want.active:
            message = f"{name} is {'still active' if active else 'not active'}."
            yield Wrong(message, (f"unit {name} active",), f"systemctl status {name}", "", words)
        if want.enabled is not None and enabled is not want.enabled:
            message = f"{name} is {'still enabled' if enabled else 'not enabled'}."
            yield Wrong(message, (f"unit {name} enabled",), f"systemctl is-enabled {name}", "", words)


def accounts(host: Host, wanted: dict[str, AccountWanted]) -> Iterator[Wrong]:
    """Accounts: whether they exist, their groups, their shells, and whether they are locked."""
    for name, want in wanted.items():
        user = host.users.get(name)
        keys, words = (f"user {name}",), (name,)
        if want.exists is not None and (user is not None) is not want.exists:
            message = f"Account {name} {'still exists' if user is not None else 'no longer exists'}."
            yield Wrong(message, keys, f"id {name}", "", words)
        if user is None:
            if want.exists is None:
                yield Wrong(f"Account {name} no longer exists.", keys, f"id {name}", "", words)
            continue
        yield from _account(host, name, want)


def _account(host: Host, name: str, want: AccountWanted) -> Iterator[Wrong]:
    user, groups, words = host.users[name], groups_of(host, name), (name,)
    show = (f"groups {name}", f"user {name}")
    if want.group and user.group != want.group:
        message = f"The primary group of {name} is {user.group}, not {want.group}."
        yield Wrong(message, (f"user {name}",), f"id {name}", "", words)
    for group in want.not_in:
        if group in groups:
            yield Wrong(f"{name} is still a member of group {group}.", show, f"groups {name}", "", words)
    if want.groups is not None and set(want.groups) != set(user.groups) - {user.group}:
        shown = ", ".join(sorted(user.groups)) or "none"
        wanted = ", ".join(want.groups) or "none"
        yield Wrong(
            f"The further groups of {name} are {shown}, not {wanted}.", show, f"groups {name}", "", words
        )
    if want.shell and user.shell not in want.shell:
        message = f"The login shell of {name} is {user.shell}."
        yield Wrong(message, (f"user {name}",), f"getent passwd {name}", "", words)
    if want.locked is not None and user.locked is not want.locked:
        message = f"The password of {name} is {'locked' if user.locked else 'not locked'}."
        yield Wrong(message, (f"user {name}",), f"id {name}", "", words)


def sudo(host: Host, wanted: dict[str, SudoWanted]) -> Iterator[Wrong]:
    """What accounts may and must not run with sudo; no file may have a line that sudo can't read."""
    _, broken = sudoers.read(host)
    for one in broken:
        message = f"sudo can't read {one.path}, line {one.line}: {one.text}."
        yield Wrong(message, (f"file {one.path}",), "visudo -c", "", (one.path,))
    for name, want in wanted.items():
        keys = (f"sudo {name}", f"groups {name}", f"user {name}")
        command = f"sudo -l -U {name}" if name in host.users else f"id {name}"
        for text in want.allowed:
            if name not in host.users or sudoers.deciding(host, name, text) is None:
                yield Wrong(f"{name} may not run `{text}` with sudo.", keys, command, "", (name,))
        for text in want.without_password if name in host.users else ():
            grant = sudoers.deciding(host, name, text)
            if grant is not None and grant.password:
                yield Wrong(
                    f"sudo asks {name} for a password before `{text}`.",
                    keys,
                    command,
                    "",
                    (name,),
                    files="/etc/sudoers",
                )
        if name in host.users:
            for text in (*want.denied, *(_granted(host, name, want) if want.rest == "denied" else ())):
                if not _meant(text, want) and sudoers.deciding(host, name, text) is not None:
                    yield Wrong(f"{name} may run `{text}` with sudo.", keys, command, "", (name,))


def _meant(command: str, want: SudoWanted) -> bool:
    """Whether a command is one of the allowed ones; those without arguments allow any."""
    return command in want.allowed or command.partition(" ")[0] in want.allowed


def _granted(host: Host, name: str, want: SudoWanted) -> Iterator[str]:
    """Commands to try besides the allowed ones: what the files name, and what nobody has named."""
    yield from ("/bin/bash", "/usr/bin/id", "/usr/sbin/unseen --flag")
    for text in want.allowed:
        path, _, arguments = text.partition(" ")
        yield from (one for one in (f"{path} unseen", f"{text} unseen", path) if one != text and arguments)
    for grant in sudoers.grants_of(host, name):
        text = grant.command.lstrip("!").replace("*", "unseen").replace("?", "u")
        if text.startswith("/") and text not in want.allowed:
            yield f"{text}unseen" if text.endswith("/") else text.removesuffix(' ""')


def files(host: Host, wanted: dict[str, FileWanted]) -> Iterator[Wrong]:
    """Files: whether they exist, their modes, owners and contents."""
    owners = {user.uid: name for name, user in host.users.items()}
    names = {gid: name for name, gid in host.groups.items()}
    for path, want in wanted.items():
        file = None if host.files.is_folder(path) else host.files.at(path)
        keys, words, show = (f"file {path}",), (path,), f"ls -l {path}"
        exists = want.exists is not False
        if (file is not None) is not exists:
            message = f"{path} {'still exists' if file is not None else 'does not exist'}."
            yield Wrong(message, keys, f"ls {path}", "", words)
        if file is None or not exists:
            continue
        mode = f"{file.mode:04o}"
        if want.mode and mode not in want.mode:
            yield Wrong(f"{path} has mode {mode}.", keys, show, "", words)
        for asked, name, says, letter in (
            (want.owner, owners.get(file.owner, file.owner), "belongs to", "U"),
            (want.group, names.get(file.group, file.group), "has group", "G"),
        ):
            if asked and name != asked:
                yield Wrong(f"{path} {says} {name}.", keys, f"stat -c '%a %{letter}' {path}", "", words)
        text = text_of(host, path)
        if (
            want.content is not None
            and (text.replace(want.without, "") if want.without else text) != want.content
        ):
            yield Wrong(f"{path} has another content than required.", keys, f"cat {path}", "", words)


def kernel(host: Host, settings: dict[str, str], wanted: dict[str, ModuleWanted]) -> Iterator[Wrong]:
    """Kernel settings and modules."""
    for key, value in settings.items():
        if host.sysctl.get(key) != value:
            message = f"{key} is {host.sysctl.get(key)}, not {value}."
            yield Wrong(
                message, (f"sysctl {key}",), f"sysctl {key}", "", (key, "sysctl"), files="/etc/sysctl"
            )
    for name, want in wanted.items():
        module = host.modules[name]
        if want.loaded is not None and module.loaded is not want.loaded:
            message = f"Module {name} is {'loaded' if module.loaded else 'not loaded'}."
            yield Wrong(message, (f"module {name} loaded",), "lsmod", name, (name,), files="/etc/mod")
        if want.loadable is not None and modules.loadable(host, name) is not want.loadable:
            verb = "does not load" if want.loadable else "loads"
            message = f"`modprobe {name}` {verb} the module."
            yield Wrong(
                message,
                (f"module {name} loadable",),
                f"modprobe {name} && lsmod",
                name,
                (name,),
                files="/etc/mod",
            )


def rules(host: Host, before: Host, wanted: dict[str, str]) -> Iterator[Wrong]:
    """Loaded profiles: they must have the rules that are in a file before the script runs."""
    for name, path in wanted.items():
        found, _ = profiles.profiles_of(text_of(before, path), path)
        meant = next((one.rules for one in found if one.name == name), None)
        now = host.apparmor_rules.get(name)
        if now is not None and now != meant:
            message = f"The loaded profile {name} has other rules than {path}."
            yield Wrong(message, (f"rules {name}",), f"cat {path}", "", (name,))


def modes(host: Host, wanted: dict[str, str]) -> Iterator[Wrong]:
    """AppArmor profiles: enforce, complain, or not loaded."""
    for name, mode in wanted.items():
        now = host.apparmor.get(name, "absent")
        if now != mode:
            state = "not loaded" if now == "absent" else f"loaded in {now} mode"
            message = f"AppArmor profile {name} is {state}."
            yield Wrong(
                message, (f"apparmor {name}",), "aa-status", name, (name, "apparmor"), files=apparmor.FOLDER
            )
