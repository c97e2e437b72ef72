"""Reset deletes only what carries our label for the card."""

from __future__ import annotations

from collections.abc import Callable

from tests.cluster.fake_api import Fake
from trainer.cluster.client import Cluster
from trainer.cluster.gate import Consent
from trainer.cluster.reset import find_ours, reset
from trainer.content.given import given_manifests
from trainer.versions import DEFAULT

Open = Callable[..., Cluster]
GIVEN, _ = given_manifests(
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: default}\n", DEFAULT
)


def put(fake: Fake, kind: str, name: str, namespace: str = "", **labels: str) -> None:
    metadata = {"name": name, "labels": {key.replace("_", "/"): value for key, value in labels.items()}}
    if namespace:
        metadata["namespace"] = namespace
    fake.store.apply({"apiVersion": "v1", "kind": kind, "metadata": metadata})


def test_only_ours_and_shown_before(fake: Fake, open_cluster: Open) -> None:
    mine = {"cks-trainer_card": "card"}
    put(fake, "Namespace", "sun", **mine)
    put(fake, "Namespace", "moon", **{"cks-trainer_card": "another"})
    put(fake, "Namespace", "mars")
    put(fake, "Namespace", "sun-bob", **mine, **{"cks-trainer_suffix": "bob"})
    put(fake, "ConfigMap", "learners", "sun")
    put(fake, "ConfigMap", "inside", "sun", **mine)
    put(fake, "ConfigMap", "alone", "default", **mine)
    put(fake, "ConfigMap", "others", "default")
    cluster = open_cluster(Consent(write=True))
    doomed = find_ours(cluster, "card", GIVEN)
    assert [one.title for one in doomed] == ["ConfigMap default/alone", "Namespace sun"]
    assert {"ConfigMap sun/learners", "ConfigMap sun/inside"} <= set(doomed[1].inside)
    assert fake.writes() == []
    assert tuple(one.title for one in reset(cluster, doomed)) == ("ConfigMap default/alone", "Namespace sun")
    left = {(key[1], key[3]) for key in fake.store.objects}
    assert {
        ("Namespace", "moon"),
        ("Namespace", "mars"),
        ("Namespace", "sun-bob"),
        ("ConfigMap", "others"),
    } <= left
    assert find_ours(cluster, "card", GIVEN) == ()
    assert len(fake.writes()) == 2


def test_everything_in_a_namespace_is_told(fake: Fake, open_cluster: Open) -> None:
    put(fake, "Namespace", "sun", **{"cks-trainer_card": "card"})
    for api_version, kind in (("v1", "ConfigMap"), ("v1", "Secret"), ("batch/v1", "Job")):
        fake.store._put(
            {"apiVersion": api_version, "kind": kind, "metadata": {"name": "a", "namespace": "sun"}}
        )
    (doomed,) = find_ours(open_cluster(), "card", GIVEN)
    assert sorted(doomed.inside) == [
        "2 objects that the cluster made",
        "ConfigMap sun/a",
        "Job sun/a",
        "Secret sun/a",
    ]
    fake.break_with("403", method="GET", path="/sun/secrets")
    (doomed,) = find_ours(open_cluster(), "card", GIVEN)
    assert doomed.inside[-1] == "objects that can't be listed (secrets)"
