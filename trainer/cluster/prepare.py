"""Create what a card gives: labeled as ours, tried first with a dry run, rolled back if a step fails.

Existing objects stay unchanged, so that a second run does nothing; only what a cluster makes by itself is
updated. Namespaces come first. Everything is written as `kubectl apply` does, so that the learner's own
`kubectl apply` removes what the answer no longer says.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from trainer.cluster.adopt import adopt, is_adopted, is_made_by_cluster, restore
from trainer.cluster.apply import live_of
from trainer.cluster.faults import Interrupted, Refused
from trainer.cluster.finding import poll
from trainer.cluster.labels import RUN, is_ours, marked
from trainer.cluster.last_applied import sendable, with_last_applied
from trainer.cluster.read_live import live_manifest
from trainer.cluster.suffix import NO_SUFFIX, Suffix
from trainer.errors import ClusterError, UsageError
from trainer.manifests.model import Manifest
from trainer.manifests.schema.kinds import is_config, scope_of
from trainer.simulate.workloads import TEMPLATE_PATHS
from trainer.versions import Version

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster

Progress = Callable[[str], None]

ACCOUNT_SECONDS = 3.0
"""How long to wait for a new Namespace's `default` ServiceAccount, in seconds. A server without
controllers never creates it: then it is created like the rest."""

_ORDER = (
    "Namespace",
    "CustomResourceDefinition",
    "StorageClass",
    "PriorityClass",
    "RuntimeClass",
    "ServiceAccount",
    "Secret",
    "ConfigMap",
    "ClusterRole",
    "Role",
    "ClusterRoleBinding",
    "RoleBinding",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "Service",
)
"""Kinds that others depend on, first to last; all others follow."""

Fate = Literal["create", "update", "there", "foreign", "left out"]


class Step(msgspec.Struct, frozen=True, eq=False):
    """What happens to one object. `there`: exists and is ours; `foreign`: exists and isn't ours;
    `update`: the cluster itself made it; `left out`: a Node, which only a machine can make."""

    data: dict[str, Any]
    """As the card's author wrote it: that is what is applied."""
    full: dict[str, Any]
    """With the defaults: what the cluster should have then."""
    fate: Fate

    @property
    def title(self) -> str:
        """`Pod sun/db`."""
        return title_of(self.data)

    @property
    def is_work(self) -> bool:
        """Whether it changes the cluster."""
        return self.fate in ("create", "update")


def is_node(manifest: Manifest) -> bool:
    """Whether it's a Node: the cluster has its own, and one without a machine would attract Pods."""
    return manifest.kind == "Node" and not manifest.group


def title_of(data: dict[str, Any]) -> str:
    """An object in words: `Pod sun/db`, `Namespace sun`."""
    metadata = data.get("metadata") or {}
    space = f"{metadata['namespace']}/" if metadata.get("namespace") else ""
    return f"{data.get('kind')} {space}{metadata.get('name')}"


def plan(
    cluster: Cluster, card: str, given: Iterable[Manifest], kubernetes: Version, suffix: Suffix = NO_SUFFIX
) -> tuple[Step, ...]:
    """What preparing would do, object by object; changes nothing. Nodes are left out.

    Raises `UsageError` for a suffix with a card that gives cluster-scoped objects, and
    `ClusterError` if an object of that name isn't ours and is different.
    """
    steps = []
    for manifest in _ordered(given):
        if is_node(manifest):
            steps.append(Step(_written(manifest), manifest.data, "left out"))
            continue
        _check_scope(manifest, kubernetes, suffix)
        full = suffix.forth(manifest.data)
        live = live_of(cluster, full)
        fate: Fate = "create" if live is None else _fate(live, full, card, suffix, kubernetes)
        steps.append(Step(suffix.forth(_written(manifest)), full, fate))
    return tuple(steps)


def _fate(
    live: dict[str, Any],
    full: dict[str, Any],
    card: str,
    suffix: Suffix,
    kubernetes: Version,
    *,
    new: bool = False,
) -> Fate:
    """What to do about an object that exists. `new`: in a Namespace that this run created, where only
    the cluster's controllers made anything yet. Raises `ClusterError` if it is somebody's, and different."""
    if (live.get("metadata") or {}).get("deletionTimestamp"):
        raise ClusterError(
            f"{title_of(full)} is being deleted", remedy="wait until it is gone, then try again"
        )
    if is_ours(live, card, suffix.text):
        return "there"
    if full["kind"] != "Namespace" and (new or is_made_by_cluster(live)):
        return "update"  # also if it is the same: what the learner makes of it is restored
    wanted = live_manifest(full, kubernetes)
    if live_manifest(live, kubernetes, {_key(wanted): wanted}).data == wanted.data:
        return "foreign"
    if full["kind"] == "Namespace":  # another one can have any content
        return "update" if is_made_by_cluster(live) else "foreign"
    raise ClusterError(
        f"{title_of(full)} exists, was not created by cks-trainer, and differs from what the card gives",
        remedy="use another cluster, or pass --suffix NAME",
    )


def prepare(
    cluster: Cluster,
    card: str,
    steps: Sequence[Step],
    kubernetes: Version,
    *,
    suffix: Suffix = NO_SUFFIX,
    progress: Progress = lambda _: None,
) -> tuple[Step, ...]:
    """Do what was planned; returns what was created and updated.

    What appears between the plan and its creation is looked at again: what a cluster makes by itself is
    updated. If a step fails, or is canceled, what this run created is deleted again, what it updated is
    restored, and the error is raised; it names what could not be undone.
    """
    work = _Work(cluster, card, suffix, kubernetes, progress)
    todo = [step for step in steps if step.is_work]
    try:
        work.do(todo)
    except BaseException as error:
        left = work.undo([step.data for step in todo])
        if left and isinstance(error, ClusterError):
            raise ClusterError(
                f"{error.message}; could not undo: {', '.join(left)}",
                remedy=f"run cks-trainer cluster reset {card}",
            ) from None
        raise
    return tuple(work.done)


class _Work:
    """One run of `prepare`."""

    def __init__(
        self, cluster: Cluster, card: str, suffix: Suffix, kubernetes: Version, progress: Progress
    ) -> None:
        self.cluster = cluster
        self.card = card
        self.suffix = suffix
        self.kubernetes = kubernetes
        self.progress = progress
        self.run = uuid.uuid4().hex
        self.done: list[Step] = []
        self.new: set[str] = set()
        """The Namespaces that this run creates."""

    def do(self, todo: Sequence[Step]) -> None:
        """Try and then write everything; raises what goes wrong."""
        spaces = [step for step in todo if step.data["kind"] == "Namespace"]
        rest = [step for step in todo if step.data["kind"] != "Namespace"]
        self.new = {str(step.data["metadata"]["name"]) for step in spaces if step.fate == "create"}
        accounts = {
            str(step.data["metadata"]["name"]) for step in rest if step.data["kind"] == "ServiceAccount"
        }
        # Objects in a namespace can be tried only once the namespace exists.
        early = [step for step in rest if _space(step.data) not in self.new]
        for step in (*spaces, *early):
            if not self._needs_account(step.data):
                self._try(step, accounts)
        for step in spaces:
            self._write(step)
        self._accounts(rest)
        for step in rest:
            if step not in early:
                self._try(step, accounts)
        for step in rest:
            self._write(step)

    def _marked(self, data: dict[str, Any]) -> dict[str, Any]:
        """The object as it is sent: our marks aren't part of what is applied, so that they stay."""
        return marked(with_last_applied(sendable(data)), self.card, self.suffix.text, self.run)

    def _try(self, step: Step, accounts: set[str]) -> None:
        self.progress(f"trying {title_of(step.data)}")
        try:
            if step.fate == "create":
                self.cluster.create(self._marked(step.data), dry=True)
            else:
                self._update(step, dry=True)
        except Refused as error:
            if error.exists:  # it appeared after the plan: looked at when it is written
                return
            if error.status == 403 and any(
                f'serviceaccount "{name}" not found' in error.said for name in accounts
            ):
                return
            raise

    def _write(self, step: Step) -> None:
        title = title_of(step.data)
        if step.fate == "create":
            self.progress(f"creating {title}")
            try:
                self.cluster.create(self._marked(step.data))
            except Refused as error:
                if not error.exists:
                    raise
            else:
                self.done.append(step)
                return
        self.progress(f"updating {title}")
        if self._update(step):
            self.done.append(Step(step.data, step.full, "update"))

    def _update(self, step: Step, *, dry: bool = False) -> bool:
        """Update an object that exists, unless it is what the card gives or ours. Returns whether it did."""
        live = live_of(self.cluster, step.data)
        if live is None:
            raise ClusterError(f"{step.title} comes and goes in the cluster", remedy="try again")
        new = _space(step.data) in self.new
        if _fate(live, step.full, self.card, self.suffix, self.kubernetes, new=new) != "update":
            return False
        adopt(self.cluster, live, self._marked(step.data), keep=not new, dry=dry)
        return True

    def _accounts(self, steps: Sequence[Step]) -> None:
        """Wait for the ServiceAccount `default` of each Namespace with Pods: none is admitted without it."""
        given = {_space(step.data) for step in steps if _is_default_account(step.data)}
        wanted = {_space(step.data) for step in steps if step.data["kind"] in TEMPLATE_PATHS}
        patience = ACCOUNT_SECONDS
        for name in sorted(wanted - given):
            if not _account(self.cluster, name, patience, self.progress):
                account = _default_account(name)
                self._write(Step(account, account, "create"))
                patience = 0.0  # a server without controllers doesn't create the others either

    def _needs_account(self, data: dict[str, Any]) -> bool:
        """Whether a Pod's ServiceAccount may still appear: then a dry run would fail needlessly."""
        if data["kind"] != "Pod":
            return False
        return self.cluster.get("v1", "ServiceAccount", "default", _space(data)) is None

    def undo(self, planned: Sequence[dict[str, Any]]) -> list[str]:
        """Delete what this run created and restore what it updated, last first; also what a broken call
        may have written. Returns what is left."""
        left = []
        cluster = self.cluster
        patient, cluster.cancelled = cluster.cancelled, lambda: False
        objects = {title_of(data): data for data in (*planned, *(step.data for step in self.done))}
        try:
            for title, data in reversed(objects.items()):
                try:
                    live = live_of(cluster, data)
                    if live is None or _run_of(live) != self.run:
                        continue
                    self.progress(f"undoing {title}")
                    if is_adopted(live):
                        restore(cluster, live)
                    else:
                        cluster.delete(live)
                except Interrupted:
                    raise
                except ClusterError:
                    left.append(title)
        finally:
            cluster.cancelled = patient
        return left


def _ordered(given: Iterable[Manifest]) -> list[Manifest]:
    known = {kind: place for place, kind in enumerate(_ORDER)}
    found = [one for one in given if not is_config(one.api_version, one.kind)]
    return sorted(found, key=lambda one: known.get(one.kind, len(known)))


def _check_scope(manifest: Manifest, kubernetes: Version, suffix: Suffix) -> None:
    version = manifest.api_version.rpartition("/")[2]
    scope = scope_of(manifest.group, version, manifest.kind, kubernetes)
    if suffix.text and scope == "Cluster" and manifest.kind != "Namespace":
        raise UsageError(
            f"this card gives {manifest.title}, which is cluster-scoped: learners can't have their own",
            remedy="prepare it without --suffix",
        )


def _key(manifest: Manifest) -> tuple[str, str, str, str]:
    return manifest.group, manifest.kind, manifest.namespace, manifest.name


def _written(manifest: Manifest) -> dict[str, Any]:
    """The object as its author wrote it, with its namespace: kubectl adds the default one."""
    value: Any = manifest.document.value
    for step in manifest.base:
        value = value[step]
    metadata = {**(value.get("metadata") or {}), "name": manifest.name}
    if manifest.namespace:
        metadata["namespace"] = manifest.namespace
    return {**value, "apiVersion": manifest.api_version, "kind": manifest.kind, "metadata": metadata}


def _space(data: dict[str, Any]) -> str:
    return str(data["metadata"].get("namespace") or "")


def _run_of(live: dict[str, Any]) -> str:
    return str(((live.get("metadata") or {}).get("annotations") or {}).get(RUN) or "")


def _is_default_account(data: dict[str, Any]) -> bool:
    return (data["kind"], data["metadata"]["name"]) == ("ServiceAccount", "default")


def _account(cluster: Cluster, namespace: str, seconds: float, progress: Progress) -> bool:
    """Wait for a namespace's `default` ServiceAccount, without which no Pod is admitted there."""

    def look() -> bool | None:
        return cluster.get("v1", "ServiceAccount", "default", namespace) is not None or None

    return bool(poll(cluster, look, seconds, progress, f"waiting for ServiceAccount {namespace}/default"))


def _default_account(namespace: str) -> dict[str, Any]:
    metadata = {"name": "default", "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}
