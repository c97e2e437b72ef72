"""Small worlds for tests of quotas."""

from __future__ import annotations

from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.simulate.world import World
from trainer.versions import DEFAULT


def objects(text: str) -> tuple[Manifest, ...]:
    """The objects of a YAML text as the API server stores them, one after the other."""
    found = []
    for one in manifests_of(parse(text.encode(), "a.yaml").documents)[0]:
        admitted = admit(one, DEFAULT)
        assert admitted.manifest is not None, admitted.problems
        found.append(admitted.manifest)
    return tuple(found)


def world(text: str) -> World:
    """A world of these objects."""
    found = objects(text)
    return World(found, (), found)


def one(kind: str, spec: str, name: str = "a", more: str = "", version: str = "v1") -> str:
    """An object in Namespace sun, in flow style."""
    return f"{{apiVersion: {version}, kind: {kind}, metadata: {{name: {name}, namespace: sun{more}}}, spec: {spec}}}\n---\n"


def pod(resources: str = "{}", name: str = "p", more: str = "") -> str:
    """A Pod with one container."""
    return one("Pod", f"{{containers: [{{name: c, image: a, resources: {resources}}}]{more}}}", name)


SUN = "{apiVersion: v1, kind: Namespace, metadata: {name: sun}}\n---\n"
