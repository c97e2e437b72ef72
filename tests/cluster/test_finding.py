"""Waiting for a result."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cluster.clock import stop_the_clock
from tests.cluster.fake_api import Fake
from trainer.cluster.client import Cluster
from trainer.cluster.faults import Refused
from trainer.cluster.finding import poll

Open = Callable[..., Cluster]


def test_polling_bears_a_busy_server_until_the_time_is_over(
    fake: Fake, open_cluster: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_the_clock(monkeypatch, fake)
    cluster = open_cluster()
    looks: list[int] = []

    def look() -> str | None:
        looks.append(1)
        if len(looks) < 3:
            raise Refused("busy", status=429)
        return "there"

    assert poll(cluster, look, 60, lambda _: None, "waiting") == "there"

    def busy() -> str | None:
        raise Refused("busy", status=500)

    with pytest.raises(Refused, match="busy"):
        poll(cluster, busy, 0, lambda _: None, "waiting")
