"""Credentials: data becomes files in a private folder, and all of it goes away."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trainer.cluster.credentials import credentials_of
from trainer.cluster.kubeconfig import Kubeconfig
from trainer.errors import ClusterError


def kubeconfig(user: dict[str, Any], cluster: dict[str, Any] | None = None) -> Kubeconfig:
    server = {"server": "https://127.0.0.1:6443"} if cluster is None else cluster
    return Kubeconfig(
        (),
        {
            "contexts": [{"name": "lab", "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": server}],
            "users": [{"name": "u", "user": user}],
        },
    )


def at_once(work: Callable[[], Any]) -> Any:
    return work()


def made(user: dict[str, Any], cluster: dict[str, Any] | None = None) -> Any:
    found = kubeconfig(user, cluster)
    return credentials_of(found, found.context("lab"), plugins=False, bounded=at_once)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_inline_data_lies_in_private_files_until_it_is_closed(temporary: Path) -> None:
    data = {
        f"client-{what}-data": base64.b64encode(what.encode()).decode() for what in ("certificate", "key")
    }
    credentials = made(data)
    key = Path(credentials.configuration.key_file)
    assert key.read_bytes() == b"key"
    assert key.stat().st_mode & 0o077 == 0
    assert credentials.configuration.retries is False
    assert not any(b"key" in path.read_bytes() for path in temporary.rglob("*") if path.is_file())
    credentials.close()
    assert not key.exists()
    assert list(temporary.iterdir()) == []


def plugin(folder: Path) -> dict[str, Any]:
    """A user whose program answers with a certificate and its key."""
    status = {"clientCertificateData": "certificate", "clientKeyData": "key"}
    answer = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status}
    (folder / "answer.json").write_text(json.dumps(answer))
    run = {"command": "cat", "args": [str(folder / "answer.json")], "interactiveMode": "Never"}
    return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", **run}}


def test_what_a_program_answers_is_on_no_disk_either(
    temporary: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = kubeconfig(plugin(tmp_path_factory.mktemp("plugin")))
    for _ in range(2):  # the loader remembers the files of the first connection
        credentials = credentials_of(found, found.context("lab"), plugins=True, bounded=at_once)
        assert Path(credentials.configuration.key_file).read_bytes() == b"key"
        assert list(temporary.iterdir()) == []
        credentials.close()


def test_a_client_that_cannot_be_made_is_told(temporary: Path) -> None:
    credentials = made({"token": "x"})
    credentials.configuration.proxy = "javascript:1"
    with pytest.raises(ClusterError, match="cannot use your kubeconfig: "):
        credentials.client()
    credentials.close()


def test_a_token() -> None:
    credentials = made({"token": "abc"})
    assert credentials.configuration.get_api_key_with_prefix("BearerToken") == "Bearer abc"
    credentials.close()


@pytest.mark.parametrize(
    ("user", "cluster", "words"),
    [
        ({"client-key-data": "no base64!"}, None, "client-key-data is not base64"),
        ({"client-certificate": "/nowhere/x"}, None, "client-certificate is missing"),
        ({"token": "x"}, {}, "names no cluster with a server"),
        ({}, {"server": "https://x", "proxy-url": "socks5://127.0.0.1:1"}, "cannot use the proxy socks5://"),
        ({}, {"server": "https://x", "proxy-url": "javascript:1"}, "cannot use the proxy"),
        ({}, {"server": "https://x", "proxy-url": "http://[::1"}, "cannot use the proxy"),
    ],
)
def test_what_cannot_be_used_is_told_and_leaves_nothing(
    temporary: Path, user: dict[str, Any], cluster: dict[str, Any] | None, words: str
) -> None:
    with pytest.raises(ClusterError, match=words):
        made(user, cluster)
    assert list(temporary.iterdir()) == []
