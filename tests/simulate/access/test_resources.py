"""The table of the API's own resources."""

from __future__ import annotations

import re
from pathlib import Path

import kubernetes

from tests.table import each_row
from trainer.manifests.schema.data import schema_for
from trainer.simulate.access.resources import api_resources, find_resource, may_be_custom, split_resource
from trainer.versions import SUPPORTED, Version

PATH = re.compile(
    r"/(?:api/v1|apis/(?P<group>[^/]+)/v1)/(?P<space>namespaces/\{namespace\}/)?(?P<name>[a-z]+)"
    r"(?:/(?P<one>\{name\})(?:/(?P<sub>[a-z]+)(?:/\{path\})?)?)?"
)
ONE = {"GET": "get", "PUT": "update", "PATCH": "patch", "DELETE": "delete", "POST": "create"}
MANY = {"GET": "list", "DELETE": "deletecollection", "POST": "create"}


def client_resources() -> dict[tuple[str, str], tuple[bool, set[str]]]:
    """What the Kubernetes client can ask of version 1 of each group: whether in a namespace, and the verbs.

    The client is made from the OpenAPI of Kubernetes. It has no paths for `watch`.
    """
    found: dict[tuple[str, str], tuple[bool, set[str]]] = {}
    for file in (Path(kubernetes.__file__).parent / "client" / "api").glob("*_v1_api.py"):
        for method, path in re.findall(
            r"method='(\w+)',\s*resource_path='([^']+)'", file.read_text(encoding="utf-8")
        ):
            match = PATH.fullmatch(path)
            if match is None or method not in ONE:
                continue
            key = match["group"] or "", match["name"] + (f"/{match['sub']}" if match["sub"] else "")
            space, verbs = found.get(key, (False, set()))
            verbs.add((ONE if match["one"] else MANY)[method])
            found[key] = space or bool(match["space"]), verbs
    return found


def test_the_table_is_what_the_api_offers() -> None:
    ours = {(one.group, one.name): (one.namespaced, set(one.verbs) - {"watch"}) for one in api_resources()}
    assert ours == client_resources()


def test_everything_that_can_be_listed_can_be_watched() -> None:
    for resource in api_resources():
        listed = "list" in resource.verbs and resource.name != "componentstatuses"
        assert ("watch" in resource.verbs) is listed


def test_each_resource_stands_once() -> None:
    names = [(resource.group, resource.name) for resource in api_resources()]
    assert len(names) == len(set(names))
    assert len(names) > 90


@each_row(
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


@each_row(
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


@each_row(
    ("group", "custom"),
    [
        ("example.com", True),
        ("metrics.k8s.io", True),
        ("apps", False),
        ("extensions", False),
        ("rbac.authorization.k8s.io", False),
        ("example.com/v1", False),
        ("", False),
    ],
)
def test_groups_of_custom_resources_have_a_dot(group: str, custom: bool) -> None:
    assert may_be_custom(group) is custom


@each_row("kubernetes", SUPPORTED)
def test_the_table_has_every_kind_that_a_version_serves(kubernetes: Version) -> None:
    missing = []
    for key, (kept, scope) in schema_for(kubernetes).kinds.items():
        api_version, kind = key.split(" ")
        group = api_version.rpartition("/")[0]
        found = find_resource(kind, group)
        if kept and (found is None or found.namespaced != (scope == "Namespaced")):
            missing.append(key)
    assert missing == []
