"""The state of nodes while a script changes them."""

from __future__ import annotations

import posixpath

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.node.base import FILES, FOLDERS, GROUPS, MODES, PACKAGES, UFW, UFW_UNIT, UNITS, USERS
from trainer.simulate.node.firewall_rules import rule_of
from trainer.simulate.node.given import FileGiven, HostGiven, NodeGiven, PodGiven, UfwGiven, UnitGiven
from trainer.simulate.shell import filesystem
from trainer.simulate.shell.filesystem import File, Files


class NodeFiles(Files):
    """The files of a node: what isn't there doesn't exist, except those that the kernel makes."""

    host: Host

    def at(self, path: str, *, follow: bool = True) -> File | None:
        """The file at a path. Raises `NotJudged` for one in /proc or /sys that isn't simulated."""
        real = self.real(path)
        if not real.startswith(("/proc/", "/sys/")):
            return super().at(path, follow=follow)
        file = self.of_kernel(real)
        if file is None and _folder_of_kernel(real):
            return None
        if file is None:
            raise NotJudged(f"what is in {path}")
        return super().at(file.link) if follow and file.link else file

    def final(self, path: str) -> str:
        """The path that a link leads to: that of `/proc/PID/exe` is the program of the process."""
        file = self.of_kernel(self.real(path))
        return super().final(file.link if file is not None and file.link else path)

    def is_folder(self, path: str) -> bool:
        """Whether there is a directory; `/sys/module/NAME` is one while the module is loaded."""
        real = self.real(path)
        if not _folder_of_kernel(real):
            return super().is_folder(path)
        name = real.rpartition("/")[2]
        if real.startswith("/proc/"):
            return name == "1" or any(str(one.pid) == name for one in self.host.processes)
        module = self.host.modules.get(name.replace("-", "_"))
        if module is None:
            raise NotJudged(f"whether the kernel has {path}")
        return module.loaded

    def of_kernel(self, _path: str) -> File | None:
        """A kernel setting below /proc/sys, the program of a process, or the list of AppArmor profiles."""
        path, host = _path, self.host
        if path.startswith("/proc/sys/"):
            value = host.sysctl.get(path.removeprefix("/proc/sys/").replace("/", "."))
            return None if value is None else File(path, 0o644, content=f"{value}\n")
        if path == "/sys/kernel/security/apparmor/profiles":
            lines = [f"{name} ({mode})\n" for name, mode in host.apparmor.items()]
            return File(path, 0o444, content="".join(lines))
        folder, _, name = path.rpartition("/")
        process = next((one for one in host.processes if folder == f"/proc/{one.pid}"), None)
        return File(path, 0o777, process.command.split()[0]) if process and name == "exe" else None


def _folder_of_kernel(path: str) -> bool:
    """Whether a path is that of a module or a process, which is a directory while there is one."""
    folder, _, name = path.rpartition("/")
    return folder == "/sys/module" or (folder == "/proc" and name.isdecimal())


class Package(msgspec.Struct):
    """A package; `version` is empty if it isn't installed."""

    name: str
    version: str
    listed: list[str]
    """The versions that can be installed, oldest first."""
    later: list[str]
    held: bool
    auto: bool
    depends: tuple[str, ...]
    files: tuple[str, ...]
    conffiles: bool = False
    """Whether its configuration files are left after it was removed."""


class Process(msgspec.Struct):
    """A running process."""

    pid: int
    command: str
    user: str
    listens: tuple[str, ...] = ()
    unit: str = ""
    """The unit that started it; empty: somebody did by hand."""

    @property
    def name(self) -> str:
        """The name that `ss` and `pkill` know it by: at most 15 characters."""
        return posixpath.basename(self.command.split()[0])[:15]


class Unit(msgspec.Struct):
    """A systemd unit."""

    name: str
    package: str
    description: str
    enabled: str
    active: bool
    command: str
    user: str
    listens: tuple[str, ...]
    triggers: str
    also: tuple[str, ...]
    restart: str
    present: bool
    """Whether systemd finds its file: its package is installed."""


class User(msgspec.Struct):
    """An account."""

    uid: int
    group: str
    groups: list[str]
    shell: str
    home: str
    locked: bool
    expired: bool = False


class Directive(msgspec.Struct, frozen=True):
    """One line of the configuration of sshd."""

    keyword: str
    """In lower case."""
    args: tuple[str, ...]
    path: str
    line: int
    match: tuple[tuple[str, str], ...] = ()
    """The criteria of its Match block: `("user", "jane")`."""


class Ufw(msgspec.Struct):
    """The firewall: rules as tuples of words in canonical form, first match wins."""

    enabled: bool
    """Whether its service makes it filter."""
    incoming: str
    rules: list[tuple[str, ...]]
    outgoing: str = "allow"
    running: bool = False


class Module(msgspec.Struct):
    """A kernel module."""

    boots: bool
    loaded: bool
    depends: tuple[str, ...]
    in_use: bool


class Host(msgspec.Struct):
    """One node."""

    name: str
    address: str
    files: Files
    packages: dict[str, Package]
    units: dict[str, Unit]
    processes: list[Process]
    users: dict[str, User]
    groups: dict[str, int]
    modules: dict[str, Module]
    defaults: dict[str, str]
    """The kernel's own values of its settings."""
    sysctl: dict[str, str]
    apparmor: dict[str, str]
    """Loaded profiles: `enforce` or `complain`."""
    apparmor_rules: dict[str, str]
    """Their rules, as one comparable text."""
    ufw: Ufw | None
    control_plane: bool
    cordoned: bool
    kubelet: str = ""
    """The version of the running kubelet."""
    configured: str = ""
    """The version of the kubelet's configuration that kubeadm wrote."""
    drained: bool = False
    """Whether `kubectl drain` ended well since the last time that Pods could be placed here."""
    sshd: list[Directive] = []
    """The configuration that sshd has read."""
    next_pid: int = 400
    folder: str = "/root"
    """The current directory of the command that runs."""


class Cluster(msgspec.Struct):
    """All nodes, and what the API server knows."""

    hosts: dict[str, Host]
    version: str
    pods: list[PodGiven]
    lost: list[str] = []
    """Pods that were deleted and that no controller makes again."""


def cluster_of(given: NodeGiven) -> Cluster:
    """The state as declared, before a boot has started anything."""
    hosts = {name: _host(name, host) for name, host in given.hosts.items()}
    return Cluster(hosts, given.version, list(given.pods))


def _host(name: str, given: HostGiven) -> Host:
    packages = {**PACKAGES, **given.packages}
    units = {**UNITS, **given.units}
    if given.ufw is not None:
        packages.setdefault("ufw", UFW)
        units["ufw.service"] = UFW_UNIT
    users = {**USERS, **given.users}
    groups = dict(GROUPS)
    for user, account in users.items():
        groups.setdefault(account.group or user, account.uid)
    groups |= given.groups
    found = {
        key: Package(
            key,
            one.version,
            [*dict.fromkeys([*([one.version] if one.version else []), *one.available])],
            list(one.listed_later),
            one.held,
            one.auto,
            one.depends,
            one.files,
        )
        for key, one in packages.items()
    }
    files = _files(name, given, users_ids={key: one.uid for key, one in users.items()}, groups=groups)
    files.host = Host(
        name,
        given.address,
        files,
        found,
        {
            key: _unit(key, one, not one.package or bool(found[one.package].version))
            for key, one in units.items()
        },
        [],
        {
            key: User(u.uid, u.group or key, list(u.groups), u.shell, u.home or f"/home/{key}", u.locked)
            for key, u in users.items()
        },
        groups,
        {key: Module(m.boots, False, m.depends, m.in_use) for key, m in given.modules.items()},
        dict(given.sysctl),
        dict(given.sysctl),
        {},
        {},
        _ufw(given.ufw),
        given.control_plane,
        given.cordoned,
    )
    return files.host


def _unit(name: str, given: UnitGiven, present: bool) -> Unit:
    return Unit(
        name,
        given.package,
        given.description,
        given.enabled,
        False,
        given.process,
        given.user,
        given.listens,
        given.triggers,
        given.also,
        given.restart,
        present,
    )


def _ufw(given: UfwGiven | None) -> Ufw | None:
    if given is None:
        return None
    return Ufw(given.enabled, given.incoming, [rule_of(tuple(text.split())) for text in given.rules])


def _files(name: str, given: HostGiven, users_ids: dict[str, int], groups: dict[str, int]) -> NodeFiles:
    """A file system of which everything is known: what isn't there doesn't exist."""
    found = NodeFiles((), lambda _path: "", {}, {}, empty=["/"])
    for folder in (*filesystem.FOLDERS, *FOLDERS):
        _make(found, folder)
    for package in {**PACKAGES, **given.packages}.values():
        for path in package.files if package.version else ():
            _put(found, path, FileGiven("", MODES.get(path, "0755")), users_ids, groups)
    for path, content in {**FILES, "/etc/hostname": f"{name}\n", **given.files}.items():
        file = FileGiven(content) if isinstance(content, str) else content
        _put(found, path, file, users_ids, groups)
    for user, account in {**USERS, **given.users}.items():
        _make(found, account.home or f"/home/{user}")
    return found


def _make(files: Files, folder: str) -> None:
    while folder != "/" and folder not in files.made:
        files.make_folder(folder)
        folder = posixpath.dirname(folder)


def _put(files: Files, path: str, file: FileGiven, users: dict[str, int], groups: dict[str, int]) -> None:
    _make(files, posixpath.dirname(path))
    made = File(path, int(file.mode, 8), "", file.content, users[file.owner], groups[file.group])
    files.put(path, made)


def copy_of(cluster: Cluster) -> Cluster:
    """A copy, for separate changes."""
    hosts = {name: twin_of(host) for name, host in cluster.hosts.items()}
    return Cluster(hosts, cluster.version, list(cluster.pods), list(cluster.lost))


def twin_of(host: Host) -> Host:
    """A copy of one node, for separate changes; equal to it as long as neither changes."""
    replace = msgspec.structs.replace
    twin = replace(
        host,
        files=host.files.copy(),
        packages={
            key: replace(one, listed=list(one.listed), later=list(one.later))
            for key, one in host.packages.items()
        },
        units={key: replace(one) for key, one in host.units.items()},
        processes=[replace(one) for one in host.processes],
        users={key: replace(one, groups=list(one.groups)) for key, one in host.users.items()},
        groups=dict(host.groups),
        modules={key: replace(one) for key, one in host.modules.items()},
        defaults=dict(host.defaults),
        sysctl=dict(host.sysctl),
        apparmor=dict(host.apparmor),
        apparmor_rules=dict(host.apparmor_rules),
        ufw=None if host.ufw is None else replace(host.ufw, rules=list(host.ufw.rules)),
        sshd=list(host.sshd),
    )
    if isinstance(twin.files, NodeFiles):
        twin.files.host = twin
    return twin
