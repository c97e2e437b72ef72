"""What several tests of the cluster share."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from trainer.cluster.client import Cluster
from trainer.cluster.finding import Finding
from trainer.cluster.live_checks import run_check
from trainer.cluster.live_spec import live_checks_of
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse


def objects_in(data: bytes) -> list[dict[str, Any]]:
    """The objects of a file."""
    return [one.data for one in manifests_of(parse(data, "file.yaml").documents)[0]]


def certificate(*, expired: bool = False) -> tuple[bytes, bytes]:
    """A self-signed certificate for 127.0.0.1 and its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "fake")])
    now = datetime.now(UTC)
    first, last = (
        (now - timedelta(days=9), now - timedelta(days=2))
        if expired
        else (now - timedelta(days=1), now + timedelta(days=2))
    )
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 1000, first, last)
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signed.public_bytes(serialization.Encoding.PEM), private


def pod(name: str = "a", *, read_only: bool = True) -> dict[str, Any]:
    """A Pod with one container."""
    container = {"name": "c", "image": "busybox", "securityContext": {"readOnlyRootFilesystem": read_only}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "default"},
            "spec": {"containers": [container]}}  # fmt: skip


def ran(cluster: Cluster, **fields: Any) -> Finding:
    """What a live check with these fields finds."""
    fields = {"id": "one", "says": "It holds", "within": 1, **fields}
    return run_check(cluster, live_checks_of([fields], "card")[0])


def said(finding: Finding) -> str:
    """The reasons of a finding, in one text."""
    return " ".join(reason.message for reason in finding.outcome.reasons)
