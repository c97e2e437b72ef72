"""The requests and the ClusterRoleBindings of card `csr-review`."""

from __future__ import annotations

import json
import uuid
from typing import Any

from tools.material import pki

_CLIENT = "kubernetes.io/kube-apiserver-client"
_KUBELET, _SERVING = f"{_CLIENT}-kubelet", "kubernetes.io/kubelet-serving"
_NODES, _BOOT = "system:nodes", "system:bootstrap:k4f9sw"
_BASE = ("digital signature", "key encipherment")


def files() -> dict[str, str]:
    """The material by name."""
    return {"requests.json": _list(_requests()), "bindings.json": _list(_bindings())}


def _list(items: list[dict[str, Any]]) -> str:
    whole = {"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}}
    return json.dumps(whole, indent=4) + "\n"


def _requests() -> list[dict[str, Any]]:
    return [
        _request("anna-dev", "anna", "anna", ["dev"]),
        # what binds to cluster-admin
        _request("ben-laptop", "ben", "ben", ["dev", "platform-admins"]),
        _request("carla", "carla", "carla", ["kubeadm:cluster-admins"]),
        # the name of the role, not of a group that has it; the group of a RoleBinding-like name
        _request("dora", "dora", "dora", ["cluster-admin"]),
        _request("gina", "gina", "gina", ["auditors"]),
        # the sender is in the group, the certificate isn't
        _request("ida-tests", "ida", "ida", ["dev"], sender=["platform-admins"]),
        # a user of the name, not a group
        _request("olaf", "olaf", "olaf", ["break-glass"]),
        # another user
        _request("emil-laptop", "emil", "anna", ["dev"]),
        _request("build-7", "system:serviceaccount:ci:builder", "build", ["ci"]),
        # the controller refuses these
        _request("fred-web", "fred", "fred", ["dev"], usages=(*_BASE, "client auth", "server auth")),
        _request("node-8", _BOOT, "node-8", [_NODES], signer=_KUBELET),
        _request("node-5-serving", "system:node:node-5", "system:node:node-5", [_NODES], signer=_SERVING),
        # and signs these
        _request("node-7", _BOOT, "system:node:node-7", [_NODES], signer=_KUBELET),
        _request(
            "node-9-serving",
            "system:node:node-9",
            "system:node:node-9",
            [_NODES],
            signer=_SERVING,
            names=(["node-9"], ["10.0.0.9"]),
        ),
        # another signer: nobody is a client of kube-apiserver with its certificates
        _request("hugo-vpn", "hugo", "vpn-hugo", ["platform-admins"], signer="example.com/vpn"),
        # decided already
        _request("ben-old", "ben", "root", ["platform-admins"], denied=True),
    ]


def _request(
    name: str,
    sender_name: str,
    user: str,
    groups: list[str],
    *,
    signer: str = _CLIENT,
    usages: tuple[str, ...] = (),
    sender: list[str] | None = None,
    names: tuple[list[str], list[str]] = ([], []),
    denied: bool = False,
) -> dict[str, Any]:
    """A request as the API server stores it; `sender` are groups of who sent it."""
    last = "server auth" if signer == _SERVING else "client auth"
    subject = pki.name(user, groups)
    minute = len(name) * 3 % 60
    condition = {
        "lastTransitionTime": "2026-11-20T09:14:02Z",
        "lastUpdateTime": "2026-11-20T09:14:02Z",
        "message": "This CSR was denied by kubectl certificate deny.",
        "reason": "KubectlDeny",
        "status": "True",
        "type": "Denied",
    }
    return {
        "apiVersion": "certificates.k8s.io/v1",
        "kind": "CertificateSigningRequest",
        "metadata": {
            "creationTimestamp": f"2026-11-{20 if denied else 24}T08:{minute:02}:41Z",
            "name": name,
            "resourceVersion": str(48000 + minute),
            "uid": str(uuid.uuid5(uuid.NAMESPACE_DNS, name)),
        },
        "spec": {
            "groups": [*(sender or []), "system:authenticated"],
            "request": pki.encoded(pki.request_file(f"csr-review {name}", subject, *names)),
            "signerName": signer,
            "usages": list(usages or (*_BASE, last)),
            "username": sender_name,
        },
        "status": {"conditions": [condition]} if denied else {},
    }


def _bindings() -> list[dict[str, Any]]:
    return [
        _binding("cluster-admin", "cluster-admin", ("Group", "system:masters")),
        _binding("kubeadm:cluster-admins", "cluster-admin", ("Group", "kubeadm:cluster-admins")),
        _binding("auditors", "view", ("Group", "auditors")),
        _binding("developers", "edit", ("Group", "dev")),
        _binding("on-call", "cluster-admin", ("User", "break-glass"), ("Group", "platform-admins")),
        _binding("ci-admin", "admin", ("Group", "ci")),
    ]


def _binding(name: str, role: str, *subjects: tuple[str, str]) -> dict[str, Any]:
    group = "rbac.authorization.k8s.io"
    return {
        "apiVersion": f"{group}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": name, "uid": str(uuid.uuid5(uuid.NAMESPACE_DNS, f"binding {name}"))},
        "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": group, "kind": kind, "name": subject} for kind, subject in subjects],
    }
