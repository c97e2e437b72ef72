"""Create what a card gives: labeled as ours, tried first with a dry run, rolled back if a step fails.

Existing objects stay unchanged, so that a second run does nothing. Namespaces come first.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from trainer.cluster.faults import Interrupted, Refused
from trainer.cluster.labels import RUN, is_ours, marked
from trainer.cluster.live_checks import poll
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

Fate = Literal["create", "there", "foreign"]


class Step(msgspec.Struct, frozen=True, eq=False):
    """What happens to one object. `there`: exists and is ours; `foreign`: exists and isn't ours."""

    data: dict[str, Any]
    fate: Fate

    @property
    def title(self) -> str:
        """`Pod sun/db`."""
        return title_of(self.data)


def title_of(data: dict[str, Any]) -> str:
    """An object in words: `Pod sun/db`, `Namespace sun`."""
    metadata = data.get("metadata") or {}
    space = f"{metadata['namespace']}/" if metadata.get("namespace") else ""
    return f"{data.get('kind')} {space}{metadata.get('name')}"


def plan(
    cluster: Cluster, card: str, given: Iterable[Manifest], kubernetes: Version, suffix: Suffix = NO_SUFFIX
) -> tuple[Step, ...]:
    """What preparing would do, object by object; changes nothing.

    Raises `UsageError` for a suffix with a card that gives cluster-scoped objects, and
    `ClusterError` if an object of that name isn't ours and is different.
    """
    steps = []
    for manifest in _ordered(given):
        _check_scope(manifest, kubernetes, suffix)
        data = suffix.forth(manifest.data)
        metadata = data["metadata"]
        live = cluster.get(
            manifest.api_version, manifest.kind, str(metadata["name"]), str(metadata.get("namespace") or "")
        )
        if live is None:
            steps.append(Step(data, "create"))
        elif (live.get("metadata") or {}).get("deletionTimestamp"):
            raise ClusterError(
                f"{title_of(data)} is being deleted", remedy="wait until it is gone, then try again"
            )
        elif is_ours(live, card, suffix.text):
            steps.append(Step(data, "there"))
        else:
            _check_foreign(live, data, kubernetes)
            steps.append(Step(data, "foreign"))
    return tuple(steps)


def prepare(
    cluster: Cluster,
    card: str,
    steps: Sequence[Step],
    *,
    suffix: Suffix = NO_SUFFIX,
    progress: Progress = lambda _: None,
) -> tuple[str, ...]:
    """Do what was planned; returns the titles of what was created.

    If a step fails, or is canceled, what this run created is deleted again and the error raised;
    it names what could not be deleted.
    """
    run = uuid.uuid4().hex
    todo = [marked(step.data, card, suffix.text, run) for step in steps if step.fate == "create"]
    spaces = [data for data in todo if data["kind"] == "Namespace"]
    rest = [data for data in todo if data["kind"] != "Namespace"]
    new = {str(data["metadata"]["name"]) for data in spaces}
    created: list[dict[str, Any]] = []
    try:
        # Objects in a namespace can be tried only once the namespace exists.
        early = [data for data in rest if str(data["metadata"].get("namespace") or "") not in new]
        for data in (*spaces, *early):
            if not _needs_account(data, cluster):
                _try(cluster, data, todo, progress)
        for data in spaces:
            _create(cluster, data, created, progress)
        spaces_of_pods = {
            str(one["metadata"].get("namespace") or "") for one in rest if one["kind"] in TEMPLATE_PATHS
        }
        patience = ACCOUNT_SECONDS
        for name in sorted(spaces_of_pods):
            if not _account(cluster, name, patience, progress):
                _create(cluster, marked(_default_account(name), card, suffix.text, run), created, progress)
                patience = 0.0  # a server without controllers doesn't create the others either
        for data in rest:
            if data not in early:
                _try(cluster, data, todo, progress)
        for data in rest:
            _create(cluster, data, created, progress)
    except BaseException as error:
        left = _undo(cluster, [*todo, *created], run, progress)
        if left and isinstance(error, ClusterError):
            raise ClusterError(
                f"{error.message}; could not delete again: {', '.join(left)}",
                remedy=f"run cks-trainer cluster reset {card}",
            ) from None
        raise
    return tuple(title_of(data) for data in created)


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


def _check_foreign(live: dict[str, Any], data: dict[str, Any], kubernetes: Version) -> None:
    """A Namespace of that name can have any content; another object must be what the card gives."""
    if data["kind"] == "Namespace":
        return
    wanted = live_manifest(data, kubernetes)
    if live_manifest(live, kubernetes, {_key(wanted): wanted}).data != wanted.data:
        raise ClusterError(
            f"{title_of(data)} exists, was not created by cks-trainer, and differs from what the card gives",
            remedy="use another cluster, or pass --suffix NAME",
        )


def _key(manifest: Manifest) -> tuple[str, str, str, str]:
    return manifest.group, manifest.kind, manifest.namespace, manifest.name


def _needs_account(data: dict[str, Any], cluster: Cluster) -> bool:
    """Whether a Pod's ServiceAccount may still appear: then a dry run would fail needlessly."""
    if data["kind"] != "Pod":
        return False
    return cluster.get("v1", "ServiceAccount", "default", str(data["metadata"].get("namespace"))) is None


def _try(
    cluster: Cluster, data: dict[str, Any], all_of_it: Sequence[dict[str, Any]], progress: Progress
) -> None:
    progress(f"trying {title_of(data)}")
    try:
        cluster.create(data, dry=True)
    except Refused as error:
        accounts = {one["metadata"]["name"] for one in all_of_it if one["kind"] == "ServiceAccount"}
        if error.status == 403 and any(
            f'serviceaccount "{name}" not found' in error.said for name in accounts
        ):
            return
        raise


def _create(
    cluster: Cluster, data: dict[str, Any], created: list[dict[str, Any]], progress: Progress
) -> None:
    progress(f"creating {title_of(data)}")
    answer = cluster.create(data)
    created.append(
        {**data, "metadata": {**data["metadata"], "uid": (answer.get("metadata") or {}).get("uid")}}
    )


def _account(cluster: Cluster, namespace: str, seconds: float, progress: Progress) -> bool:
    """Wait for a namespace's `default` ServiceAccount, without which no Pod is admitted there."""

    def look() -> bool | None:
        return cluster.get("v1", "ServiceAccount", "default", namespace) is not None or None

    return bool(poll(cluster, look, seconds, progress, f"waiting for ServiceAccount {namespace}/default"))


def _default_account(namespace: str) -> dict[str, Any]:
    metadata = {"name": "default", "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}


def _undo(cluster: Cluster, objects: Sequence[dict[str, Any]], run: str, progress: Progress) -> list[str]:
    """Delete what this run created, last first; also what a broken call may have created. Returns
    what is left."""
    left = []
    patient, cluster.cancelled = cluster.cancelled, lambda: False
    seen: set[str] = set()
    try:
        for data in reversed(objects):
            title = title_of(data)
            if title in seen:
                continue
            seen.add(title)
            metadata = data["metadata"]
            try:
                live = cluster.get(
                    str(data["apiVersion"]),
                    str(data["kind"]),
                    str(metadata["name"]),
                    str(metadata.get("namespace") or ""),
                )
                if live is None or ((live.get("metadata") or {}).get("annotations") or {}).get(RUN) != run:
                    continue
                progress(f"deleting {title} again")
                cluster.delete(live)
            except Interrupted:
                raise
            except ClusterError:
                left.append(title)
    finally:
        cluster.cancelled = patient
    return left
