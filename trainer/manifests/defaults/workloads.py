"""Defaults of the workload kinds (pkg/apis/apps/v1 and pkg/apis/batch/v1 defaults.go, v1.35)."""

from __future__ import annotations

from typing import Any

from trainer.manifests.defaults.plain import copied, fill, fill_empty, made_mapping
from trainer.manifests.defaults.pods import default_pod_spec
from trainer.manifests.values import mapping_at, mappings
from trainer.versions import Version


def default_deployment(data: dict[str, Any]) -> None:
    """A Deployment: one replica, a rolling update by 25 %."""
    spec = _template(data)
    fill(spec, replicas=1, revisionHistoryLimit=10, progressDeadlineSeconds=600)
    strategy = made_mapping(spec, "strategy")
    fill_empty(strategy, type="RollingUpdate")
    if strategy.get("type") == "RollingUpdate":
        fill(made_mapping(strategy, "rollingUpdate"), maxUnavailable="25%", maxSurge="25%")


def default_daemon_set(data: dict[str, Any]) -> None:
    """A DaemonSet: a rolling update one by one."""
    spec = _template(data)
    fill(spec, revisionHistoryLimit=10)
    strategy = made_mapping(spec, "updateStrategy")
    fill_empty(strategy, type="RollingUpdate")
    if strategy.get("type") == "RollingUpdate":
        fill(made_mapping(strategy, "rollingUpdate"), maxUnavailable=1, maxSurge=0)


def default_stateful_set(data: dict[str, Any], kubernetes: Version) -> None:
    """A StatefulSet: one replica, ordered, claims kept.

    `maxUnavailable` is dropped before v1.37 (feature MaxUnavailableStatefulSet, off since v1.35.4).
    """
    spec = _template(data)
    fill_empty(spec, podManagementPolicy="OrderedReady")
    fill(spec, replicas=1, revisionHistoryLimit=10)
    strategy = made_mapping(spec, "updateStrategy")
    if not strategy.get("type"):
        strategy["type"] = "RollingUpdate"
        made_mapping(strategy, "rollingUpdate")
    if strategy.get("type") == "RollingUpdate" and isinstance(strategy.get("rollingUpdate"), dict):
        fill(strategy["rollingUpdate"], partition=0)
        if kubernetes >= Version(1, 37):
            fill(strategy["rollingUpdate"], maxUnavailable=1)
        else:
            strategy["rollingUpdate"].pop("maxUnavailable", None)
    retention = made_mapping(spec, "persistentVolumeClaimRetentionPolicy")
    fill_empty(retention, whenDeleted="Retain", whenScaled="Retain")
    for claim in mappings(spec.get("volumeClaimTemplates")):
        fill(claim, apiVersion="v1", kind="PersistentVolumeClaim")
        fill(made_mapping(claim, "spec"), volumeMode="Filesystem")


def default_replica_set(data: dict[str, Any]) -> None:
    """A ReplicaSet: one replica."""
    fill(_template(data), replicas=1)


def default_replication_controller(data: dict[str, Any]) -> None:
    """A ReplicationController: one replica, its selector and labels from the template."""
    spec = _template(data)
    fill(spec, replicas=1)
    labels = mapping_at(mapping_at(mapping_at(spec, "template"), "metadata"), "labels")
    if labels:
        if not spec.get("selector"):
            spec["selector"] = copied(labels)
        _labels_from(data, labels)


def default_job(data: dict[str, Any]) -> None:
    """A Job: one completion, six retries; its labels from the template."""
    spec = _template(data)
    if spec.get("completions") is None and spec.get("parallelism") is None:
        spec["completions"] = 1
    per_index = spec.get("backoffLimitPerIndex") is not None
    replacement = "Failed" if isinstance(spec.get("podFailurePolicy"), dict) else "TerminatingOrFailed"
    fill(
        spec,
        parallelism=1,
        backoffLimit=2**31 - 1 if per_index else 6,
        completionMode="NonIndexed",
        manualSelector=False,
        suspend=False,
        podReplacementPolicy=replacement,
    )
    _failure_patterns(spec)
    labels = mapping_at(mapping_at(mapping_at(spec, "template"), "metadata"), "labels")
    if labels:
        _labels_from(data, labels)


def default_cron_job(data: dict[str, Any]) -> None:
    """A CronJob; its job gets no defaults before it is made, the pod template does."""
    spec = made_mapping(data, "spec")
    fill_empty(spec, concurrencyPolicy="Allow")
    fill(
        spec,
        suspend=False,
        successfulJobsHistoryLimit=3,
        failedJobsHistoryLimit=1,
    )
    job = mapping_at(mapping_at(spec, "jobTemplate"), "spec")
    _failure_patterns(job)
    default_pod_spec(mapping_at(mapping_at(job, "template"), "spec"))


def default_pod_template(data: dict[str, Any]) -> None:
    """A PodTemplate."""
    default_pod_spec(mapping_at(mapping_at(data, "template"), "spec"))


def _template(data: dict[str, Any]) -> dict[str, Any]:
    """The workload's spec, after its pod template was filled in."""
    spec = made_mapping(data, "spec")
    default_pod_spec(mapping_at(mapping_at(spec, "template"), "spec"))
    return spec


def _labels_from(data: dict[str, Any], labels: dict[str, Any]) -> None:
    metadata = made_mapping(data, "metadata")
    if not metadata.get("labels"):
        metadata["labels"] = copied(labels)


def _failure_patterns(spec: dict[str, Any]) -> None:
    for rule in mappings(mapping_at(spec, "podFailurePolicy").get("rules")):
        for pattern in mappings(rule.get("onPodConditions")):
            fill_empty(pattern, status="True")
