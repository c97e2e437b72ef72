"""The runtime handlers of a node: what its containerd is configured for, or what its kubelet reports.

Follows containerd docs/cri/config.md and internal/cri/config/config.go (`GetSandboxRuntime`), v2.3: a handler
is a table below `containerd.runtimes` of the CRI plugin, whose name depends on the version of the file. The
kubelet reports handlers in the Node's `status.runtimeHandlers`
(https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/, v1.35).
"""

from __future__ import annotations

from typing import Any

from trainer.errors import NotJudged, UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.values import mapping, mappings, number, text

_PLUGINS = {1: "cri", 2: "io.containerd.grpc.v1.cri", 3: "io.containerd.cri.v1.runtime"}
"""The CRI plugin that has the runtimes, by the version of the file."""


def configured_handlers(config: str) -> list[str]:
    """The handlers in the text of a `config.toml`, in its order.

    Raises `UsageError` for a text that isn't TOML, and `NotJudged` for one that includes other files.
    """
    import tomllib

    try:
        data: dict[str, Any] = tomllib.loads(config)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"config.toml of containerd isn't TOML: {error}") from None
    if data.get("imports"):
        raise NotJudged("`imports` in config.toml of containerd")
    version = data.get("version", 1)
    name = _PLUGINS.get(number(version) or 0)
    if name is None:
        raise UsageError(f"config.toml of containerd has the unknown version {version!r}")
    plugin = mapping(mapping(data.get("plugins")).get(name))
    return list(mapping(mapping(plugin.get("containerd")).get("runtimes")))


def reported_handlers(node: Manifest) -> list[str]:
    """The handlers that the Node's status lists, without the default one, whose name is empty."""
    names = (text(one.get("name")) for one in mappings(node.get("status", "runtimeHandlers")))
    return [name for name in names if name]
