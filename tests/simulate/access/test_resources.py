"""The table of the API's own resources."""

from __future__ import annotations

import pytest

from trainer.manifests.schema.data import schema_for
from trainer.simulate.access.resources import api_resources, find_resource, split_resource
from trainer.versions import SUPPORTED, Version


def test_each_resource_stands_once() -> None:
    names = [(resource.group, resource.name) for resource in api_resources()]
    assert len(names) == len(set(names))
    assert len(names) > 90


@pytest.mark.parametrize(
    ("name", "group", "found"),
    [
        ("deploy", None, "apps deployments"),
        ("Deployment", None, "apps deployments"),
        ("events", None, " events"),
        ("events", "events.k8s.io", "events.k8s.io events"),
        ("pods/log", None, " pods/log"),
        ("deployments/scale", None, "apps deployments/scale"),
    ],
)
def test_names_resolve_as_with_kubectl(name: str, group: str | None, found: str) -> None:
    resource = find_resource(name, group)
    assert resource is not None
    assert f"{resource.group} {resource.name}" == found


def test_scope_and_verbs() -> None:
    assert find_resource("widgets") is None
    nodes = find_resource("no")
    assert nodes is not None
    assert not nodes.namespaced
    log = find_resource("pods/log")
    assert log is not None
    assert log.verbs == ("get",)
    namespaces = find_resource("namespaces")
    assert namespaces is not None
    assert "deletecollection" not in namespaces.verbs


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("deployments.apps/scale", ("apps", "deployments", "scale")),
        ("deployments", ("apps", "deployments", "")),
        ("pods/log", ("", "pods", "log")),
        ("widgets.example.com", ("example.com", "widgets", "")),
        ("widgets", ("", "widgets", "")),
    ],
)
def test_split(text: str, parts: tuple[str, str, str]) -> None:
    assert split_resource(text) == parts


@pytest.mark.parametrize("kubernetes", SUPPORTED)
def test_the_table_has_every_kind_that_a_version_serves(kubernetes: Version) -> None:
    missing = []
    for key, (kept, scope) in schema_for(kubernetes).kinds.items():
        api_version, kind = key.split(" ")
        group = api_version.rpartition("/")[0]
        found = find_resource(kind, group)
        if kept and (found is None or found.namespaced != (scope == "Namespaced")):
            missing.append(key)
    assert missing == []
