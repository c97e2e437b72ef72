"""Does a context look like production? Then its name must be typed before anything is done there."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.errors import UsageError

if TYPE_CHECKING:
    from trainer.cluster.kubeconfig import Context

PATTERNS = ("*prod*", "*prd*")
"""Names that look like production, in letters of any case: of the context, its cluster, its server."""
MAX_NODES = 5
MAX_NAMESPACES = 15

_SYSTEM = (
    "default",
    "kube-*",
    "local-path-storage",
    "calico-*",
    "tigera-operator",
    "cilium*",
    "ingress-nginx",
)
"""Namespaces that practice clusters come with."""


class Limits(msgspec.Struct, frozen=True):
    """The limits of a practice cluster."""

    patterns: tuple[str, ...] = PATTERNS
    nodes: int = MAX_NODES
    """More nodes than this look like production."""
    namespaces: int = MAX_NAMESPACES
    """More namespaces than this, besides those of the system and ours, look like production."""


class LooksLikeProduction(UsageError):
    """The context must be confirmed by typing its name; `context` is that name."""

    def __init__(self, context: str, why: str) -> None:
        super().__init__(
            f"context {context} looks like production: {why}",
            remedy=f"to confirm it, repeat its name: --confirm-context {context}",
        )
        self.context = context
        self.why = why


def check_names(context: Context, typed: str, limits: Limits) -> None:
    """Before any contact: raise `LooksLikeProduction` for a production-like name that was not typed."""
    if typed == context.name:
        return
    for what, name in (("name", context.name), ("cluster", context.cluster), ("server", context.server)):
        for pattern in limits.patterns:
            if fnmatchcase(name.casefold(), pattern.casefold()):
                raise LooksLikeProduction(context.name, f"its {what} {name} matches {pattern}")


def check_size(
    context: str,
    typed: str,
    limits: Limits,
    *,
    nodes: int | None,
    namespaces: Sequence[dict[str, Any]] | None,
) -> None:
    """Raise `LooksLikeProduction` for a cluster that is too big for practice. None means unknown."""
    if typed == context:
        return
    if nodes is not None and nodes > limits.nodes:
        raise LooksLikeProduction(context, f"it has {nodes} nodes, more than {limits.nodes}")
    foreign = [one for one in namespaces or () if _is_foreign(one)]
    if len(foreign) > limits.namespaces:
        raise LooksLikeProduction(
            context, f"it has {len(foreign)} unrelated namespaces, more than {limits.namespaces}"
        )


def _is_foreign(namespace: dict[str, Any]) -> bool:
    from trainer.cluster.labels import CARD

    metadata = namespace.get("metadata") or {}
    name = str(metadata.get("name") or "")
    return CARD not in (metadata.get("labels") or {}) and not any(fnmatchcase(name, one) for one in _SYSTEM)
