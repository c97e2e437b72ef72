"""Worlds for tests of the rules about nodes: the cluster of the engine's tests, with a script as the answer."""

from __future__ import annotations

from typing import Any

from tests.simulate.node.sample import HOSTS, PODS
from trainer.simulate.world import World

NODE: dict[str, Any] = {"hosts": HOSTS, "version": "v1.34.3", "pods": PODS}


def world(text: str, file: str = "node.sh") -> World:
    """A world whose answer is this script."""
    return World((), texts={file: text}, node=NODE)
