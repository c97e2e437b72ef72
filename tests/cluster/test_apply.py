"""Applying as kubectl does: create, update, remove what is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cluster.fake_api import Fake
from trainer.cluster.apply import apply
from trainer.cluster.client import Cluster
from trainer.cluster.faults import Refused
from trainer.cluster.gate import Consent, NotConfirmed
from trainer.cluster.last_applied import LAST_APPLIED

Open = Callable[..., Cluster]


def config(**data: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "c", "namespace": "default"},
        "data": data,
    }


def stored(fake: Fake) -> dict[str, Any]:
    return fake.store.get("v1", "ConfigMap", "default", "c")


def test_what_is_no_longer_said_goes_and_what_others_wrote_stays(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster(Consent(write=True))
    apply(cluster, config(a="1", b="2"))
    stored(fake)["data"]["theirs"] = "3"
    assert apply(cluster, config(a="1"))["data"] == {"a": "1", "theirs": "3"}
    assert '"b"' not in stored(fake)["metadata"]["annotations"][LAST_APPLIED]


def test_trying_changes_nothing(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster()
    apply(cluster, config(a="1"), dry=True)
    fake.apply([config(a="1")])
    assert apply(cluster, config(a="2"), dry=True)["data"] == {"a": "2"}
    assert stored(fake)["data"] == {"a": "1"}
    assert fake.writes() == []
    with pytest.raises(NotConfirmed):
        apply(cluster, config(a="2"))


def test_what_was_applied_before_is_not_tried_again(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster(Consent(write=True))
    apply(cluster, config(a="1"))
    stored(fake)["data"]["a"] = "changed by the server"
    assert apply(cluster, config(a="1"), dry=True)["data"] == {"a": "changed by the server"}
    assert apply(cluster, config(a="2"), dry=True)["data"] == {"a": "2"}
    assert apply(cluster, config(a="1"))["data"] == {"a": "1"}


def test_an_object_that_was_fetched_elsewhere(fake: Fake, open_cluster: Open) -> None:
    cluster = open_cluster(Consent(write=True))
    fetched = config(a="1")
    fetched["metadata"] |= {"uid": "elsewhere", "resourceVersion": "77", "managedFields": [{"manager": "x"}]}
    apply(cluster, fetched | {"status": {}})
    fetched["data"] = {"a": "2"}
    assert apply(cluster, fetched)["data"] == {"a": "2"}


def test_an_object_that_was_replaced_meanwhile_is_not_changed(fake: Fake, open_cluster: Open) -> None:
    fake.apply([config(a="1")])
    cluster = open_cluster(Consent(write=True))
    old = {**stored(fake), "metadata": {**stored(fake)["metadata"], "uid": "old"}}
    with pytest.raises(Refused) as caught:
        cluster.patch(old, {"data": {"a": "2"}}, "application/strategic-merge-patch+json")
    assert (caught.value.status, caught.value.exists) == (409, False)
    assert stored(fake)["data"] == {"a": "1"}
