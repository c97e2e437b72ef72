"""The use cases with a cluster that the app and the command line share: check, prepare, reset.

Nothing here contacts a cluster implicitly: a context must be named, and changing a cluster or
running commands in it needs its own consent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from trainer.errors import TrainerError, UsageError

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster
    from trainer.cluster.guard import Limits
    from trainer.cluster.kubeconfig import Context
    from trainer.cluster.prepare import Step
    from trainer.cluster.reset import Doomed
    from trainer.config import Settings
    from trainer.content.card import Card
    from trainer.manifests.answer import Answer
    from trainer.verdict import Verdict

Progress = Callable[[str], None]
SECONDS = 10.0
"""The default timeout of one call, in seconds."""


def _nobody(_: str) -> None:
    """Progress that is not shown."""


def _never() -> bool:
    return False


class LiveOptions(msgspec.Struct, frozen=True, eq=False):
    """Which cluster, and what the person at the keyboard has allowed."""

    context: str
    allow_exec: bool = False
    allow_write: bool = False
    allow_plugins: bool = False
    typed: str = ""
    """The context's name, typed to confirm one that looks like production."""
    seconds: float = SECONDS
    suffix: str = ""
    progress: Progress = _nobody
    cancelled: Callable[[], bool] = _never


class Live(msgspec.Struct, frozen=True, eq=False):
    """The result of a live check: always a verdict, and why it stopped early, if it did."""

    verdict: Verdict
    error: TrainerError | None = None


def limits_of(settings: Settings) -> Limits:
    """What looks like production, by the settings."""
    from trainer.cluster.guard import Limits

    return Limits(settings.production, settings.max_nodes, settings.max_namespaces)


def connect(settings: Settings, options: LiveOptions) -> Cluster:
    """Connect to the named context.

    Raises `UsageError` (none named, unknown, not confirmed) and `ClusterError`.
    """
    if not options.context:
        raise UsageError(
            "no context is named: the current context is never used implicitly",
            remedy="pass --context NAME; `cks-trainer cluster contexts` lists the contexts",
        )
    from trainer.cluster.client import Cluster
    from trainer.cluster.gate import Consent

    return Cluster.open(
        options.context,
        Consent(options.allow_exec, options.allow_write, options.allow_plugins, options.typed),
        limits=limits_of(settings),
        seconds=options.seconds,
        cancelled=options.cancelled,
    )


def check_live(settings: Settings, card: Card, answer: Answer, filed: Verdict, options: LiveOptions) -> Live:
    """Check a cluster for a card. The verdict on the files (`filed`) is always in the result."""
    from trainer.grading.live import grade_live, suffix_of, without_cluster

    try:
        suffix = suffix_of(card, options.suffix)
        options.progress(f"connecting to context {options.context}")
        with connect(settings, options) as cluster:
            result = grade_live(card, answer, filed, cluster, suffix=suffix, progress=options.progress)
    except TrainerError as error:
        return Live(without_cluster(card, filed, error.message), error)
    return Live(result.verdict, result.error)


def plan_prepare(cluster: Cluster, card: Card, suffix: str) -> tuple[Step, ...]:
    """What preparing the cluster for a card would do; nothing is changed."""
    from trainer.cluster.prepare import plan
    from trainer.content.given import given_manifests
    from trainer.grading.live import suffix_of

    given, _ = given_manifests(card.all_given, card.kubernetes)
    return plan(cluster, card.id, given, card.kubernetes, suffix_of(card, suffix))


def do_prepare(
    cluster: Cluster, card: Card, steps: Sequence[Step], suffix: str, progress: Progress = _nobody
) -> tuple[Step, ...]:
    """Create and update what was planned; returns what was done. Rolls back if a step fails."""
    from trainer.cluster.prepare import prepare
    from trainer.grading.live import suffix_of

    return prepare(
        cluster, card.id, steps, card.kubernetes, suffix=suffix_of(card, suffix), progress=progress
    )


def plan_reset(cluster: Cluster, card: Card, suffix: str) -> tuple[Doomed, ...]:
    """What resetting would delete or restore; nothing is changed."""
    from trainer.cluster.reset import find_ours
    from trainer.content.given import given_manifests
    from trainer.grading.live import suffix_of

    given, _ = given_manifests(card.all_given, card.kubernetes)
    return find_ours(cluster, card.id, given, suffix_of(card, suffix))


def do_reset(cluster: Cluster, doomed: Sequence[Doomed], progress: Progress = _nobody) -> tuple[Doomed, ...]:
    """Delete or restore what was shown; returns what was done."""
    from trainer.cluster.reset import reset

    return reset(cluster, doomed, progress=progress)


def contexts_of() -> tuple[Context, ...]:
    """The contexts of the kubeconfig; nothing is contacted. Raises `ClusterError`."""
    from trainer.cluster.kubeconfig import read_kubeconfig

    return read_kubeconfig().contexts


def status_of(cluster: Cluster) -> dict[str, Any]:
    """What a cluster says about itself; None for what is forbidden."""
    nodes, namespaces = cluster.try_list("v1", "Node"), cluster.try_list("v1", "Namespace")
    return {
        "context": cluster.context.name,
        "server": cluster.context.server,
        "version": cluster.version(),
        "nodes": None if nodes is None else len(nodes),
        "namespaces": None if namespaces is None else len(namespaces),
    }
