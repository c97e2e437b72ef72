"""The state of nodes as a card declares it, in its block `node`.

Every host also has what `base` adds: root, the usual system accounts, sshd, sudo, and the files of a fresh
installation. What runs at the start is what a boot starts; `now` in a unit or module says where it differs.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class PackageGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A package of the distribution."""

    version: str = ""
    """The installed version; empty: not installed."""
    available: tuple[str, ...] = ()
    """Further versions in the package lists, oldest first."""
    listed_later: tuple[str, ...] = ()
    """Versions that the lists have only after `apt-get update`, oldest first."""
    held: bool = False
    """Whether `apt-mark hold` holds it."""
    auto: bool = False
    """Whether it was installed as a dependency only: `autoremove` may remove it."""
    depends: tuple[str, ...] = ()
    """Packages that it needs."""
    files: tuple[str, ...] = ()
    """Files that it has installed, by path; those of `files` are conffiles."""


class UnitGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A systemd service or socket."""

    package: str = ""
    """The package that installs it; empty: the administrator wrote it."""
    description: str = ""
    """What `systemctl list-units` shows."""
    enabled: Literal["enabled", "disabled", "static", "masked"] = "enabled"
    """Whether a boot starts it."""
    now: bool | None = None
    """Whether it is active; omitted: if a boot starts it."""
    process: str = ""
    """The command line of its main process."""
    user: str = "root"
    """The user of its process."""
    listens: tuple[str, ...] = ()
    """Sockets that its process opens: `tcp 0.0.0.0:21`, `udp [::]:53`."""
    triggers: str = ""
    """The service that a socket starts when somebody connects."""
    also: tuple[str, ...] = ()
    """Units that are enabled and disabled with it (`Also=`)."""
    restart: Literal["no", "on-failure", "always"] = "no"
    """Whether systemd starts its process again when somebody kills it."""


class ProcessGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A process that no unit has started."""

    process: str
    """Its command line, with the path of the program."""
    user: str = "root"
    """Who runs it."""
    listens: tuple[str, ...] = ()
    """Sockets that it has opened."""


class UserGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account."""

    uid: int
    """The user ID."""
    group: str = ""
    """The primary group; empty: the group of the same name."""
    groups: tuple[str, ...] = ()
    """Further groups."""
    shell: str = "/bin/bash"
    """The login shell."""
    home: str = ""
    """The home directory; empty: below /home."""
    locked: bool = False
    """Whether the password is locked."""


class FileGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file."""

    content: str = ""
    """What is in it."""
    mode: str = "0644"
    """Its mode, in octal digits."""
    owner: str = "root"
    """Its owner."""
    group: str = "root"
    """Its group."""


class ModuleGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kernel module."""

    boots: bool = False
    """Whether the hardware loads it at boot, by its alias."""
    now: bool | None = None
    """Whether it is loaded; omitted: if a boot loads it."""
    depends: tuple[str, ...] = ()
    """Modules that it needs."""
    in_use: bool = False
    """Whether something uses it, so that it can't be removed."""


class UfwGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The firewall `ufw`."""

    enabled: bool = False
    """Whether it filters, now and after a boot."""
    incoming: Literal["allow", "deny", "reject"] = "deny"
    """The default for incoming packets."""
    rules: tuple[str, ...] = ()
    """The rules in their order, as arguments of `ufw`: `allow 22/tcp`."""


class HostGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One node."""

    address: str = "10.0.0.10"
    """Its IP address."""
    packages: dict[str, PackageGiven] = {}
    """Packages by name."""
    units: dict[str, UnitGiven] = {}
    """systemd units by their full names."""
    processes: tuple[ProcessGiven, ...] = ()
    """Processes that were started by hand."""
    users: dict[str, UserGiven] = {}
    """Accounts by name."""
    groups: dict[str, int] = {}
    """Group IDs by name; the groups of accounts need not be listed."""
    files: dict[str, str | FileGiven] = {}
    """Files by absolute path; a text is one of root with mode 0644."""
    modules: dict[str, ModuleGiven] = {}
    """Kernel modules by name."""
    sysctl: dict[str, str] = {}
    """Kernel settings and the kernel's own values; files in /etc/sysctl.d override them at boot."""
    sysctl_now: dict[str, str] = {}
    """Kernel settings that somebody has changed since the boot."""
    unloaded: tuple[str, ...] = ()
    """AppArmor profiles whose files are in /etc/apparmor.d, but which aren't loaded."""
    ufw: UfwGiven | None = None
    """The firewall; omitted: ufw isn't installed."""
    control_plane: bool = False
    """Whether the API server runs here."""
    cordoned: bool = False
    """Whether the scheduler places no Pods here."""


class PodGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A Pod."""

    name: str
    """Its name."""
    node: str
    """The node that runs it."""
    namespace: str = "default"
    """Its Namespace."""
    owner: Literal["ReplicaSet", "StatefulSet", "DaemonSet", "Node", ""] = "ReplicaSet"
    """The kind of its controller; `Node` for static Pods; empty: it has none."""
    empty_dir: bool = False
    """Whether it has an emptyDir volume."""


class NodeGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The nodes, and the script that changes them."""

    hosts: dict[str, HostGiven]
    """The nodes by name. The script runs on the first, as root; it reaches the others with `ssh`."""
    script: str = "node.sh"
    """The file with the script."""
    version: str = ""
    """The version of the control plane: `v1.35.1`; empty: no cluster."""
    pods: tuple[PodGiven, ...] = ()
    """The Pods of the cluster."""
    outputs: dict[str, str] = {}
    """Material by file name, each with the command whose output it is."""
