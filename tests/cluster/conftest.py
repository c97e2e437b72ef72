"""Fixtures of the cluster's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.fake_api import Fake
from tests.cluster.fake_store import Store
from tests.patience import HANGS
from trainer.cluster import finding
from trainer.cluster.client import Cluster
from trainer.cluster.gate import Consent

Open = Callable[..., Cluster]


@pytest.fixture(autouse=True)
def quick_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes time in a cluster is there at once here, or after some looks: the pauses between them are short."""
    monkeypatch.setattr(finding, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(finding, "LONGEST_PAUSE", 0.01)


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[Fake]:
    """A running server; its kubeconfig's current context leads elsewhere."""
    with Fake() as server:
        server.kubeconfig(tmp_path)
        yield server


@pytest.fixture
def open_cluster(tmp_path: Path) -> Iterator[Open]:
    """Opens the context `practice` of the kubeconfig in `tmp_path`; closed at the end."""
    opened: list[Cluster] = []

    def make(consent: Consent | None = None, **options: Any) -> Cluster:
        options.setdefault("seconds", HANGS)
        cluster = Cluster.open(
            "practice", consent, environ={"KUBECONFIG": str(tmp_path / "kubeconfig")}, **options
        )
        opened.append(cluster)
        return cluster

    yield make
    for cluster in opened:
        cluster.close()


@pytest.fixture
def bare() -> Iterator[Fake]:
    """A server without nodes and controllers: only the API."""
    with Fake(Store(nodes=0, runs=False, controllers=False)) as server:
        yield server
