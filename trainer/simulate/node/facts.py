"""What is true of nodes, as pairs of a name and a value: what a check compares, and what must stay."""

from __future__ import annotations

from trainer.simulate.node import modules, sshd, sudoers
from trainer.simulate.node.account_files import SHOWN
from trainer.simulate.node.firewall import fact_of, status
from trainer.simulate.node.kubectl import evictable
from trainer.simulate.node.sockets import listeners
from trainer.simulate.node.system import Cluster, Host

Facts = dict[str, str]
"""Name -> value; a name starts with the node: `node01 port tcp/21`."""

_TEMPORARY = ("/tmp/", "/var/tmp/", "/root/", "/run/", "/var/cache/", "/var/log/")  # noqa: S108 - paths of a node
"""Where a script may leave what it likes."""
OUTSIDE = "198.51.100.77"
"""An address that no network of a card has."""
BACKUPS = (".bak", ".orig", ".old", ".backup", ".save", "~")
"""Endings of copies that nothing reads."""


def facts(cluster: Cluster) -> Facts:
    """Everything that is kept about the nodes."""
    found: Facts = {}
    for host in cluster.hosts.values():
        found |= facts_of(cluster, host)
    return found | common(cluster)


def facts_of(cluster: Cluster, host: Host) -> Facts:
    """What is kept about one node of the cluster."""
    found = {f"{host.name} {key}": value for key, value in _host(host).items()}
    if cluster.version:
        found[f"{host.name} kubelet"] = host.kubelet
        found[f"{host.name} kubelet-configuration"] = host.configured
        found[f"{host.name} scheduling"] = "disabled" if host.cordoned else "enabled"
    return found


def common(cluster: Cluster) -> Facts:
    """What is kept about the cluster itself: its version and its Pods."""
    if not cluster.version:
        return {}
    pods = {f"pod {pod.namespace}/{pod.name}": "Running" if pod.node else "Pending" for pod in cluster.pods}
    return {"cluster version": cluster.version, **pods}


def _host(host: Host) -> Facts:
    found: Facts = {}
    for one in listeners(host):
        place = f"{one.address} {one.process}"
        found[f"port {one.title}"] = ", ".join(filter(None, (found.get(f"port {one.title}"), place)))
    for process in host.processes:
        if not process.unit:
            found[f"process {process.command}"] = process.user
    for package in host.packages.values():
        if package.version:
            found[f"package {package.name}"] = package.version
        if package.held:
            found[f"hold {package.name}"] = "held"
    for unit in host.units.values():
        if unit.present:
            found[f"unit {unit.name} active"] = "active" if unit.active else "inactive"
            found[f"unit {unit.name} enabled"] = unit.enabled
    found |= _accounts(host)
    found |= {f"sshd {name}": value for name, value in sshd.settings(host.sshd).items()}
    found |= _files(host)
    found |= {f"sysctl {key}": value for key, value in host.sysctl.items()}
    loadable = modules.all_loadable(host)
    for name, module in host.modules.items():
        found[f"module {name} loaded"] = "yes" if module.loaded else "no"
        found[f"module {name} loadable"] = "yes" if name in loadable else "no"
    found |= {f"apparmor {name}": mode for name, mode in host.apparmor.items()}
    found |= {f"rules {name}": rules for name, rules in host.apparmor_rules.items()}
    if host.ufw is not None:
        found["firewall"] = status(host.ufw)
        found["firewall incoming"] = host.ufw.incoming
        found["firewall outgoing"] = host.ufw.outgoing
        found |= {fact_of(rule): "there" for rule in host.ufw.rules}
    return found


def _accounts(host: Host) -> Facts:
    found = {f"sudo {name}": granted for name, granted in sudoers.powers(host).items()}
    for name, user in host.users.items():
        locked = " locked" if user.locked else ""
        expired = " expired" if user.expired else ""
        found[f"user {name}"] = f"{user.uid} {user.group} {user.home} {user.shell}{locked}{expired}"
        found[f"groups {name}"] = " ".join(sorted(user.groups))
        ways = [by for by in sshd.METHODS if sshd.may_log_in(host, name, user, by, OUTSIDE)]
        found[f"ssh {name}"] = " ".join(ways)
    found |= {f"group {name}": str(gid) for name, gid in host.groups.items()}
    return found


def _files(host: Host) -> Facts:
    found: Facts = {}
    for path, file in host.files.known.items():
        free = path.startswith(_TEMPORARY) and not path.startswith("/root/.")
        if file is None or free or path.endswith(BACKUPS):
            continue
        if file.link:
            found[f"file {path}"] = f"-> {file.link}"
            continue
        who = f"{file.mode:04o} {file.owner}:{file.group}"
        # A text that isn't known is another one than any that is.
        text = "" if path in SHOWN else "\0" if file.content is None else file.content
        found[f"file {path}"] = f"{who}\n{text}"
    return found


def crowded(cluster: Cluster, name: str) -> list[str]:
    """The Pods that a drain would have removed from a node."""
    return [f"{pod.namespace}/{pod.name}" for pod in evictable(cluster, name)]
