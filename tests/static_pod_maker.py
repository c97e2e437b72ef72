"""Static Pods as kubeadm writes them, with flags changed, and the node's files beside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.simulate.components.static_pods import NodeFiles, StaticPod, static_pod
from trainer.versions import DEFAULT

APISERVER = (Path(__file__).parent / "fixtures" / "kube-apiserver.yaml").read_text()

ETCD = """\
apiVersion: v1
kind: Pod
metadata: {name: etcd, namespace: kube-system}
spec:
  hostNetwork: true
  containers:
  - name: etcd
    image: registry.k8s.io/etcd:3.6.5-0
    command:
    - etcd
    - --advertise-client-urls=https://10.0.0.1:2379
    - --cert-file=/etc/kubernetes/pki/etcd/server.crt
    - --client-cert-auth=true
    - --data-dir=/var/lib/etcd
    - --key-file=/etc/kubernetes/pki/etcd/server.key
    - --listen-client-urls=https://127.0.0.1:2379,https://10.0.0.1:2379
    - --listen-metrics-urls=http://127.0.0.1:2381
    - --listen-peer-urls=https://10.0.0.1:2380
    - --peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt
    - --peer-client-cert-auth=true
    - --peer-key-file=/etc/kubernetes/pki/etcd/peer.key
    - --peer-trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
    - --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
    livenessProbe: {httpGet: {host: 127.0.0.1, path: /livez, port: 2381, scheme: HTTP}}
    volumeMounts:
    - {name: data, mountPath: /var/lib/etcd}
    - {name: certs, mountPath: /etc/kubernetes/pki/etcd}
  volumes:
  - {name: data, hostPath: {path: /var/lib/etcd, type: DirectoryOrCreate}}
  - {name: certs, hostPath: {path: /etc/kubernetes/pki/etcd, type: DirectoryOrCreate}}
"""

SCHEDULER = """\
apiVersion: v1
kind: Pod
metadata: {name: kube-scheduler, namespace: kube-system}
spec:
  hostNetwork: true
  containers:
  - name: kube-scheduler
    image: registry.k8s.io/kube-scheduler:v1.35.0
    command:
    - kube-scheduler
    - --bind-address=127.0.0.1
    - --kubeconfig=/etc/kubernetes/scheduler.conf
    livenessProbe: {httpGet: {host: 127.0.0.1, path: /livez, port: 10259, scheme: HTTPS}}
    volumeMounts:
    - {name: kubeconfig, mountPath: /etc/kubernetes/scheduler.conf, readOnly: true}
  volumes:
  - {name: kubeconfig, hostPath: {path: /etc/kubernetes/scheduler.conf, type: FileOrCreate}}
"""

CONTROLLER_MANAGER = SCHEDULER.replace("kube-scheduler", "kube-controller-manager").replace("10259", "10257")


def manifest(text: str, file: str = "pod.yaml") -> Manifest:
    """The one object of a text, as the API server would hold it."""
    found, problems = manifests_of(parse(text.encode(), file).documents)
    assert not problems
    admitted = admit(found[0], DEFAULT)
    assert admitted.manifest is not None, admitted.problems
    return admitted.manifest


def with_flags(text: str, *flags: str, without: tuple[str, ...] = ()) -> str:
    """The Pod with flags added at the end of its command, and without those that start so."""
    lines = text.splitlines(keepends=True)
    command = [line for line in lines if line.strip().startswith("- --")]
    kept = [line for line in command if not line.strip()[2:].startswith(without)] if without else command
    indent = command[0][: command[0].index("-")]
    added = [f"{indent}- {flag}\n" for flag in flags]
    start, end = lines.index(command[0]), lines.index(command[-1]) + 1
    return "".join([*lines[:start], *kept, *added, *lines[end:]])


def with_mount(text: str, path: str, host: str = "", kind: str = "", *, read_only: bool = True) -> str:
    """The Pod with one more hostPath mount."""
    name = path.strip("/").replace("/", "-").replace(".", "-").lower()
    mount = f"{{name: {name}, mountPath: {path}, readOnly: {str(read_only).lower()}}}"
    volume = f"{{name: {name}, hostPath: {{path: {host or path}, type: '{kind}'}}}}"
    lines = []
    for line in text.splitlines():
        lines.append(line)
        indent = line[: len(line) - len(line.lstrip())]
        if line.strip() == "volumeMounts:":
            lines.append(f"{indent}- {mount}")
        elif line.strip() == "volumes:":
            lines.append(f"{indent}- {volume}")
    return "\n".join(lines) + "\n"


def pod(text: str, component: str = "kube-apiserver") -> StaticPod:
    """The component's static Pod."""
    found = static_pod(manifest(text), component)
    assert found is not None
    return found


def apiserver(*flags: str, without: tuple[str, ...] = ()) -> StaticPod:
    """kubeadm's kube-apiserver with flags added and taken away."""
    return pod(with_flags(APISERVER, *flags, without=without))


def node(files: Mapping[str, str] | None = None) -> NodeFiles:
    """A node with these files, and others that aren't known."""
    return NodeFiles(files or {})
