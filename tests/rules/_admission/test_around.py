"""What surrounds the requests that a policy is tried with."""

from __future__ import annotations

from trainer.rules._admission.around import Around, labeled
from trainer.rules._admission.meant import Place, Scope, Words
from trainer.versions import DEFAULT

SCOPE = Scope(namespace_labels={"env": "prod"})


def around(words: Words) -> Around:
    return Around(SCOPE, words, [Place("dev", {}), Place("prod", {"env": "prod"})], "a/app", DEFAULT)


def test_requests_are_in_a_namespace_of_the_policy() -> None:
    assert around(Words()).maker.home.name == "prod"
    assert Around(SCOPE, Words(), [], "a/app", DEFAULT).maker.home == Place("probe", {"env": "prod"})


def test_namespaces_inside_and_outside() -> None:
    selector = {
        "namespaceSelector": {"matchExpressions": [{"key": "team", "operator": "In", "values": ["a"]}]}
    }
    found = around(Words(holders=[selector]))
    inside, outside = found.places(inside=True), found.places(inside=False)
    assert all(SCOPE.covers(place) for place in inside)
    assert not any(SCOPE.covers(place) for place in outside)
    assert Place("unseen", {"env": "prod", "team": "a"}) in inside
    assert {"env": "prodx"} in [place.labels for place in outside]
    assert labeled(Place("a", {"b": "c"})) == "Namespace a with b=c"


def test_an_update_is_tried_once_of_a_sort_if_nothing_tells_it_apart() -> None:
    for words, updates in ((Words(), 1), (Words(expressions="request.operation"), 2)):
        found = around(words)
        pod = found.maker.pod("containers", ["b/app"])
        probes = [*found.both("sort", pod, ""), *found.both("sort", pod, "")]
        assert [probe.request.operation for probe in probes].count("UPDATE") == updates
