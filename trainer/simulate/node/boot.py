"""What a boot makes of a node: it starts what is enabled, and applies what is in files.

Processes that were started by hand are gone, kernel settings come from sysctl.d, modules from modules-load.d
and from the hardware, AppArmor profiles from /etc/apparmor.d if its service is enabled, and /tmp is empty
(tmpfiles.d(5) of Ubuntu 24.04).
"""

from __future__ import annotations

from trainer.simulate.node import modules
from trainer.simulate.node.given import HostGiven, NodeGiven
from trainer.simulate.node.services import start, stop
from trainer.simulate.node.system import Cluster, Host, Process, cluster_of, copy_of

_EMPTIED = ("/tmp", "/run")  # noqa: S108 - directories of a node, no files of ours


def boot(host: Host) -> None:
    """Restart a node."""
    host.processes = []
    for module in host.modules.values():
        module.loaded = False
    for folder in _EMPTIED:
        for path in list(host.files.tree(folder)):
            if path in host.files.made:
                host.files.made.discard(path)
            else:
                host.files.known.pop(path, None)
    for unit in host.units.values():
        unit.active = False
    host.sysctl = dict(host.defaults)
    host.apparmor, host.apparmor_rules = {}, {}
    if host.ufw is not None:
        host.ufw.running = False
    modules.at_boot(host)
    for unit in host.units.values():
        if unit.present and (unit.enabled == "enabled" or _is_system(unit.name, unit.enabled)):
            start(host, unit)


def _is_system(name: str, enabled: str) -> bool:
    return enabled == "static" and name.startswith("systemd-")


def rebooted(cluster: Cluster) -> Cluster:
    """The nodes after all of them were restarted."""
    after = copy_of(cluster)
    for host in after.hosts.values():
        boot(host)
    return after


def started(given: NodeGiven) -> Cluster:
    """The nodes as the card declares them: booted, and changed since where the card says so."""
    cluster = cluster_of(given)
    for name, host in cluster.hosts.items():
        boot(host)
        _changed_since(host, given.hosts[name])
        host.configured = host.kubelet
    return cluster


def _changed_since(host: Host, given: HostGiven) -> None:
    host.sysctl |= given.sysctl_now
    for name, module in given.modules.items():
        if module.now is not None:
            host.modules[name].loaded = module.now
    for name, unit in given.units.items():
        if unit.now is not None and host.units[name].present:
            (start if unit.now else stop)(host, host.units[name])
    for process in given.processes:
        host.next_pid += 7
        host.processes.append(Process(host.next_pid, process.process, process.user, process.listens))
    for profile in given.unloaded:
        host.apparmor.pop(profile, None)
        host.apparmor_rules.pop(profile, None)
