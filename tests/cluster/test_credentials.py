"""Credentials: data becomes files in a private folder, and all of it goes away."""

from __future__ import annotations

import base64
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
    credentials.close()
    assert list(temporary.iterdir()) == []


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
    ],
)
def test_what_cannot_be_used_is_told_and_leaves_nothing(
    temporary: Path, user: dict[str, Any], cluster: dict[str, Any] | None, words: str
) -> None:
    with pytest.raises(ClusterError, match=words):
        made(user, cluster)
    assert list(temporary.iterdir()) == []
