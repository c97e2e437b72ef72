"""Defaults of the workload kinds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.table import each_row
from trainer.manifests.defaults import with_defaults
from trainer.manifests.model import Manifest
from trainer.versions import Version

Default = Callable[[str], dict[str, Any]]


def spec_of(data: dict[str, Any]) -> dict[str, Any]:
    """The spec without its template."""
    return {key: value for key, value in data["spec"].items() if key != "template"}


@each_row(
    ("kind", "spec"),
    [
        (
            "apps/v1 Deployment",
            {
                "replicas": 1,
                "revisionHistoryLimit": 10,
                "progressDeadlineSeconds": 600,
                "strategy": {
                    "type": "RollingUpdate",
                    "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"},
                },
            },
        ),
        (
            "apps/v1 DaemonSet",
            {
                "revisionHistoryLimit": 10,
                "updateStrategy": {
                    "type": "RollingUpdate",
                    "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0},
                },
            },
        ),
        (
            "apps/v1 StatefulSet",
            {
                "podManagementPolicy": "OrderedReady",
                "replicas": 1,
                "revisionHistoryLimit": 10,
                "updateStrategy": {
                    "type": "RollingUpdate",
                    "rollingUpdate": {"partition": 0},
                },
                "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
            },
        ),
        ("apps/v1 ReplicaSet", {"replicas": 1}),
        (
            "batch/v1 Job",
            {
                "completions": 1,
                "parallelism": 1,
                "backoffLimit": 6,
                "completionMode": "NonIndexed",
                "manualSelector": False,
                "suspend": False,
                "podReplacementPolicy": "TerminatingOrFailed",
            },
        ),
    ],
)
def test_a_workload_without_settings(kind: str, spec: dict[str, Any], defaulted: Default) -> None:
    api_version, name = kind.split(" ")
    text = f"{{apiVersion: {api_version}, kind: {name}, spec: {{template: {{spec: {{}}}}}}}}"
    data = defaulted(text)
    assert spec_of(data) == spec
    assert data["spec"]["template"]["spec"]["dnsPolicy"] == "ClusterFirst"


def test_other_strategies_get_no_rolling_update(defaulted: Default) -> None:
    deployment = defaulted("{apiVersion: apps/v1, kind: Deployment, spec: {strategy: {type: Recreate}}}")
    daemon = defaulted("{apiVersion: apps/v1, kind: DaemonSet, spec: {updateStrategy: {type: OnDelete}}}")
    assert deployment["spec"]["strategy"] == {"type": "Recreate"}
    assert daemon["spec"]["updateStrategy"] == {"type": "OnDelete"}


def test_a_replication_controller_selects_its_template(defaulted: Default) -> None:
    data = defaulted(
        "{apiVersion: v1, kind: ReplicationController, spec: {template: {metadata: {labels: {a: b}}}}}"
    )
    assert data["spec"]["selector"] == {"a": "b"}
    assert data["metadata"]["labels"] == {"a": "b"}
    assert data["spec"]["replicas"] == 1


def test_a_job_with_parallelism_has_no_completions(defaulted: Default) -> None:
    spec = defaulted("{apiVersion: batch/v1, kind: Job, spec: {parallelism: 2, backoffLimitPerIndex: 1}}")[
        "spec"
    ]
    assert "completions" not in spec
    assert (spec["parallelism"], spec["backoffLimit"]) == (2, 2**31 - 1)


def test_a_failure_policy_replaces_failed_pods_only(defaulted: Default) -> None:
    spec = defaulted(
        "{apiVersion: batch/v1, kind: Job, spec: {podFailurePolicy: {rules: [{onPodConditions: [{type: A}]}]}}}"
    )["spec"]
    assert spec["podReplacementPolicy"] == "Failed"
    assert spec["podFailurePolicy"]["rules"][0]["onPodConditions"] == [{"type": "A", "status": "True"}]


def test_a_cron_jobs_template_is_filled_in_but_not_its_job(defaulted: Default) -> None:
    spec = defaulted(
        "{apiVersion: batch/v1, kind: CronJob, spec: {jobTemplate: {spec: {template: {spec: {containers: []}}}}}}"
    )["spec"]
    assert spec["concurrencyPolicy"] == "Allow"
    assert (spec["successfulJobsHistoryLimit"], spec["failedJobsHistoryLimit"]) == (3, 1)
    assert set(spec["jobTemplate"]["spec"]) == {"template"}
    assert spec["jobTemplate"]["spec"]["template"]["spec"]["schedulerName"] == "default-scheduler"


def test_claim_templates_and_pod_templates(defaulted: Default) -> None:
    spec = defaulted("{apiVersion: apps/v1, kind: StatefulSet, spec: {volumeClaimTemplates: [{}]}}")["spec"]
    assert spec["volumeClaimTemplates"] == [
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "spec": {"volumeMode": "Filesystem"}}
    ]
    template = defaulted("{apiVersion: v1, kind: PodTemplate, template: {spec: {containers: []}}}")[
        "template"
    ]
    assert template["spec"]["restartPolicy"] == "Always"


@each_row(
    ("minor", "written", "held"), [(35, 2, None), (36, 2, None), (37, 2, 2), (36, None, None), (37, None, 1)]
)
def test_a_stateful_set_holds_max_unavailable_from_1_37_on(
    manifest_of: Callable[[str], Manifest], minor: int, written: int | None, held: int | None
) -> None:
    rolling = f"rollingUpdate: {{maxUnavailable: {written}}}" if written else "rollingUpdate: {}"
    text = f"{{apiVersion: apps/v1, kind: StatefulSet, spec: {{updateStrategy: {{{rolling}, type: RollingUpdate}}}}}}"
    found = with_defaults(manifest_of(text), Version(1, minor))
    assert found.get("spec", "updateStrategy", "rollingUpdate", "maxUnavailable") == held
