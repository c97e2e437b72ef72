"""`kubeadm version` and `kubeadm upgrade` on nodes.

Follows https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-upgrade/ and
https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/upgrading-linux-nodes/, v1.35, and
`EnforceVersionPolicies` (cmd/kubeadm/app/phases/upgrade/policy.go): one minor version at a time, never to a
newer minor version than kubeadm's own, to a newer patch or with a newer kubeadm only with `--force`. What
`kubeadm upgrade node` writes is the configuration of the kubelet, for the version of kubeadm at most.
"""

from __future__ import annotations

from trainer.errors import NotJudged
from trainer.simulate.node.packages import answers_yes
from trainer.simulate.node.system import Cluster, Host
from trainer.simulate.node.versions import Release, release, version_of
from trainer.simulate.shell.process import Call, Ran

_FREE = (
    "--certificate-renewal",
    "--ignore-preflight-errors",
    "--etcd-upgrade",
    "--patches",
    "--v",
    "-v",
    "--print-config",
    "--allow-missing-template-keys",
)
"""Options that change nothing that is simulated."""


def kubeadm(cluster: Cluster, host: Host, call: Call) -> Ran:
    """`kubeadm`."""
    own = _own(host)
    if own is None:
        return Ran(127, "kubeadm: command not found")
    flags = {arg.removesuffix("=true") for arg in call.args if arg.startswith("-")}
    words = [arg for arg in call.args if not arg.startswith("-")]
    if words[:1] == ["version"]:
        short = "short" in words or "--output=short" in flags or "-oshort" in flags
        return Ran(0, "", f"{own}\n" if short else f'kubeadm version: &version.Info{{GitVersion:"{own}"}}\n')
    if words[:2] == ["upgrade", "plan"]:
        return _plan(cluster, host, own)
    if words[:2] == ["upgrade", "apply"]:
        return _apply(cluster, host, words[2:], flags, call.stdin)
    if words == ["upgrade", "node"]:
        return _node(cluster, host, own, flags)
    if words[:3] in (["config", "images", "list"], ["config", "images", "pull"]):
        return Ran(0, "", None)
    raise NotJudged(f"kubeadm {' '.join(call.args)}".strip())


def kubelet(_cluster: Cluster, host: Host, call: Call) -> Ran:
    """`kubelet --version`: that of the installed program, whichever runs."""
    package = host.packages.get("kubelet")
    if package is None or not package.version:
        return Ran(127, "kubelet: command not found")
    if call.args != ("--version",):
        raise NotJudged(f"kubelet {' '.join(call.args)}".strip())
    return Ran(0, "", f"Kubernetes {version_of(package.version)}\n")


def _own(host: Host) -> Release | None:
    package = host.packages.get("kubeadm")
    return release(version_of(package.version)) if package is not None and package.version else None


def _no_client(host: Host) -> Ran | None:
    if host.control_plane:
        return None
    return Ran(
        1, "couldn't create a Kubernetes client from file /etc/kubernetes/admin.conf: this node is a worker"
    )


def _plan(cluster: Cluster, host: Host, own: Release) -> Ran:
    if (trouble := _no_client(host)) is not None:
        return trouble
    current = release(cluster.version)
    lines = [
        f"[upgrade/versions] Cluster version: {cluster.version}",
        f"[upgrade/versions] kubeadm version: {own}",
    ]
    if current is not None and own > current:
        lines += [
            "You can now apply the upgrade by executing the following command:",
            "",
            f"\tkubeadm upgrade apply {own}",
        ]
    return Ran(0, "", "".join(f"{line}\n" for line in lines))


def _apply(cluster: Cluster, host: Host, words: list[str], flags: set[str], stdin: str | None) -> Ran:
    known = {"-y", "--yes", "-f", "--force", "--dry-run"}
    unknown = [flag for flag in flags if flag not in known and not flag.startswith(_FREE)]
    if unknown:
        raise NotJudged(f"kubeadm upgrade apply {unknown[0]}")
    if (trouble := _no_client(host)) is not None:
        return trouble
    if len(words) != 1:
        return Ran(
            1, "kubeadm upgrade apply: missing one or more required arguments. Required arguments: [version]"
        )
    wanted, own, current = release(words[0]), _own(host), release(cluster.version)
    if wanted is None or own is None or current is None:
        raise NotJudged(f"the version {words[0]}")
    forced = bool(flags & {"-f", "--force"})
    refusal = _mandatory(wanted, own, current) or ("" if forced else _skippable(wanted, own, cluster))
    if refusal:
        return Ran(1, f"[upgrade/version] FATAL: {refusal}")
    if not forced and not flags & {"-y", "--yes"} and not answers_yes(stdin, default=False):
        return Ran(1, 'kubeadm asks "Are you sure you want to proceed? [y/N]", and nobody answers. Use -y.')
    if "--dry-run" not in flags:
        cluster.version = str(wanted)
        host.configured = str(wanted)
    return Ran(
        0, "", f'[upgrade] SUCCESS! A control plane node of your cluster was upgraded to "{wanted}".\n'
    )


def _mandatory(wanted: Release, own: Release, current: Release) -> str:
    title = f'Specified version to upgrade to "{wanted}"'
    if wanted.minor > current.minor + 1:
        return f"{title} is too high; kubeadm can upgrade only 1 minor version at a time"
    if wanted.minor < current.minor - 1:
        return f"{title} is too low; kubeadm can downgrade only 1 minor version at a time"
    if wanted > own and wanted.minor > own.minor:
        return (
            f"{title} is at least one minor release higher than the kubeadm minor release "
            f"({wanted.minor} > {own.minor}). Such an upgrade is not supported"
        )
    return ""


def _skippable(wanted: Release, own: Release, cluster: Cluster) -> str:
    if wanted > own:
        return f'Specified version to upgrade to "{wanted}" is higher than the kubeadm version "{own}"'
    if own.minor > wanted.minor:
        return (
            f"Kubeadm version {own} can only be used to upgrade to Kubernetes version {own.major}.{own.minor}"
        )
    for host in cluster.hosts.values():
        kubelet = release(host.kubelet) if host.kubelet else None
        if kubelet is not None and wanted.minor > kubelet.minor + 1:
            return f"There are kubelets in this cluster that are too old that have these versions [{kubelet}]"
    return ""


def _node(cluster: Cluster, host: Host, own: Release, flags: set[str]) -> Ran:
    unknown = [flag for flag in flags if flag != "--dry-run" and not flag.startswith(_FREE)]
    if unknown:
        raise NotJudged(f"kubeadm upgrade node {unknown[0]}")
    current = release(cluster.version)
    if current is not None and "--dry-run" not in flags:
        host.configured = str(min(own, current)) if own.minor < current.minor else str(current)
    return Ran(0, "", "[upgrade] The configuration for this node was successfully updated!\n")
