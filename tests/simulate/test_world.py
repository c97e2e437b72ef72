"""Tests of `simulate.world`: the world that rules and engines look at."""

from __future__ import annotations

from trainer.manifests.model import Document, Manifest
from trainer.simulate.world import Refused, World
from trainer.verdict import Problem
from trainer.versions import SUPPORTED


def thing(kind: str, name: str, namespace: str = "", api_version: str = "v1") -> Manifest:
    data = {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": namespace}}
    return Manifest(data, Document(data, "a.yaml", 1, 1, {}))


WEB = thing("Pod", "web", "sun")
POLICY = thing("NetworkPolicy", "web", "sun", "networking.k8s.io/v1")
CILIUM = thing("NetworkPolicy", "web", "moon", "cilium.io/v2")
WORLD = World(
    (WEB, POLICY, CILIUM), given=(WEB,), refused=(Refused(None, (Problem("x"),)),), kubernetes=SUPPORTED[-1]
)


def test_find_narrows() -> None:
    assert WORLD.find("NetworkPolicy") == [POLICY, CILIUM]
    assert WORLD.find("NetworkPolicy", namespace="sun") == [POLICY]
    assert WORLD.find("NetworkPolicy", group="cilium.io") == [CILIUM]
    assert WORLD.find("Pod", "db") == []


def test_before_is_the_given_world() -> None:
    before = WORLD.before()
    assert before.objects == before.given == (WEB,)
    assert (before.answer, before.refused, before.kubernetes) == ((), (), SUPPORTED[-1])
