"""A small cluster for tests of the node engine: a control plane node and a worker."""

from __future__ import annotations

from typing import Any

import msgspec

from trainer.simulate.node.given import NodeGiven
from trainer.simulate.node.machine import Machine
from trainer.simulate.node.run import Run, _prepared, _Watcher, run_script
from trainer.simulate.node.system import Host
from trainer.simulate.shell.interpreter import Shell
from trainer.simulate.shell.process import Ran

OLD, NEW = "1.34.3-1.1", "1.35.1-1.1"
KUBERNETES = {
    name: {"version": OLD, "held": True, "listed_later": ["1.35.0-1.1", NEW, "1.36.0-1.1"]}
    for name in ("kubeadm", "kubelet", "kubectl")
}
KUBELET = {
    "package": "kubelet",
    "process": "/usr/bin/kubelet",
    "listens": ["tcp [::]:10250"],
    "restart": "always",
}

HOSTS: dict[str, Any] = {
    "cp": {
        "address": "10.0.0.10",
        "control_plane": True,
        "packages": {
            **KUBERNETES,
            "vsftpd": {
                "version": "3.0.5",
                "available": ["3.0.6"],
                "files": ["/usr/sbin/vsftpd", "/etc/vsftpd.conf"],
            },
            "cups": {"version": "2.4", "depends": ["libcups"]},
            "libcups": {"version": "2.4", "auto": True},
            "nmap": {"available": ["7.1", "7.2"], "depends": ["liblua"]},
            "liblua": {"available": ["5.4"]},
        },
        "units": {
            "kubelet.service": KUBELET,
            "vsftpd.service": {
                "package": "vsftpd",
                "process": "/usr/sbin/vsftpd /etc/vsftpd.conf",
                "listens": ["tcp 0.0.0.0:21"],
                "restart": "on-failure",
            },
            "cups.service": {
                "package": "cups",
                "process": "/usr/sbin/cupsd",
                "listens": ["tcp 127.0.0.1:631"],
                "also": ["cups.socket"],
            },
            "cups.socket": {"package": "cups", "listens": ["tcp 127.0.0.1:631"], "triggers": "cups.service"},
            "own.service": {"process": "/opt/own", "enabled": "disabled"},
        },
        "processes": [{"process": "/opt/miner --fast", "user": "nobody", "listens": ["udp 0.0.0.0:4444"]}],
        "users": {"jane": {"uid": 1001, "groups": ["sudo", "docker"]}, "bob": {"uid": 1002}},
        "groups": {"docker": 998},
        "files": {
            "/etc/sudoers.d/ops": {
                "content": "jane ALL=(root) NOPASSWD: /usr/bin/systemctl restart nginx\n",
                "mode": "0440",
            },
            "/opt/miner": {"content": "miner\n", "mode": "0755"},
            "/etc/sysctl.d/10-net.conf": "net.ipv4.ip_forward = 1\n",
            "/etc/apparmor.d/deny": "profile deny flags=(attach_disconnected) {\n  file,\n}\n",
            "/root/new": "#include <tunables/global>\nprofile new {\n  deny /** w,\n}\n",
        },
        "sysctl": {"net.ipv4.ip_forward": "0", "kernel.dmesg_restrict": "0"},
        "sysctl_now": {"kernel.dmesg_restrict": "1"},
        "modules": {
            "dccp": {"boots": True, "depends": ["dccp_core"]},
            "dccp_core": {},
            "sctp": {"now": True},
            "overlay": {"now": True, "in_use": True},
        },
        "ufw": {"enabled": True, "rules": ["allow 22/tcp", "deny from 10.9.0.0/16"]},
    },
    "w1": {
        "address": "10.0.0.11",
        "packages": KUBERNETES,
        "units": {"kubelet.service": KUBELET},
    },
    "w2": {
        "address": "10.0.0.12",
        "packages": KUBERNETES,
        "units": {"kubelet.service": KUBELET},
    },
}
PODS = [
    {"name": "web-1", "node": "w1"},
    {"name": "proxy-1", "node": "w1", "namespace": "kube-system", "owner": "DaemonSet"},
    {"name": "etcd-cp", "node": "cp", "namespace": "kube-system", "owner": "Node"},
    {"name": "dns-1", "node": "cp", "namespace": "kube-system"},
]


def given(**changes: Any) -> NodeGiven:
    """The declared cluster."""
    return msgspec.convert({"hosts": HOSTS, "version": "v1.34.3", "pods": PODS, **changes}, NodeGiven)


def run(text: str, **changes: Any) -> Run:
    """A script's run on it."""
    return run_script(given(**changes), text, "node.sh")


def after(text: str, host: str = "cp", **changes: Any) -> Host:
    """A node after a script."""
    return run(text, **changes).after.hosts[host]


def booted(text: str, host: str = "cp") -> Host:
    """A node after a script and a restart."""
    return run(text).booted.hosts[host]


def said(text: str, host: str = "cp") -> Ran:
    """How a command line on a node ends, with its error."""
    cluster = _prepared(given())
    machine = Machine(cluster, cluster.hosts[host], _Watcher(cluster, deep=False))
    shell = Shell(machine, ("bash",), dash=False, depth=0)
    ran = shell.run(text)
    return Ran(ran.code, shell.complaint, ran.out)
