"""Everything in a Namespace, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cluster.fake_api import Fake
from trainer.cluster.client import Cluster
from trainer.cluster.contents import contents_of
from trainer.cluster.faults import Refused

Open = Callable[..., Cluster]


def put(fake: Fake, kind: str, name: str, api_version: str = "v1", **more: Any) -> None:
    fake.store._put(
        {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": "sun", **more}}
    )


def prepared(fake: Fake) -> None:
    fake.apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "sun"}}])
    put(fake, "ConfigMap", "settings")
    put(fake, "NetworkPolicy", "deny", "networking.k8s.io/v1")
    put(fake, "Event", "e")
    put(fake, "Pod", "web-1", ownerReferences=[{"controller": True, "uid": "x"}])


def test_every_kind_and_a_number_for_the_rest(fake: Fake, open_cluster: Open) -> None:
    prepared(fake)
    found = contents_of(open_cluster(), "sun")
    assert sorted(one["metadata"]["name"] for one in found.objects) == ["deny", "settings"]
    assert (found.made, found.unseen) == (4, ())  # ServiceAccount, ConfigMap, Event, Pod


@pytest.mark.parametrize("fault", ["403"])
def test_what_cannot_be_listed_is_named(fake: Fake, open_cluster: Open, fault: str) -> None:
    prepared(fake)
    fake.break_with(fault, method="GET", path="/sun/networkpolicies")
    found = contents_of(open_cluster(), "sun")
    assert [one["metadata"]["name"] for one in found.objects] == ["settings"]
    assert found.unseen == ("networkpolicies.networking.k8s.io",)


def test_a_broken_server_is_no_empty_namespace(fake: Fake, open_cluster: Open) -> None:
    prepared(fake)
    fake.break_with("500", method="GET", path="/sun/networkpolicies")
    with pytest.raises(Refused):
        contents_of(open_cluster(), "sun")
