"""Tests of `manifests.validation.batch`: job and CronJob."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from tests.table import each_row

Paths = Callable[..., list[str]]
LABELS = {"matchLabels": {"a": "b"}}
Make = Callable[..., dict[str, Any]]

POD = {"restartPolicy": "Never", "containers": [{"name": "main", "image": "busybox"}]}


def job_spec(**change: Any) -> dict[str, Any]:
    return {"template": {"spec": copy.deepcopy(POD)}, **change}


RULE = {"action": "FailJob", "onExitCodes": {"operator": "In", "values": [1, 42]}}


@each_row(
    ("change", "paths"),
    [
        ({}, []),
        ({"parallelism": -1}, ["parallelism"]),
        ({"completions": -1, "backoffLimit": -1}, ["completions", "backoffLimit"]),
        ({"activeDeadlineSeconds": -1}, ["activeDeadlineSeconds"]),
        ({"ttlSecondsAfterFinished": -1}, ["ttlSecondsAfterFinished"]),
        ({"completionMode": "indexed"}, ["completionMode"]),
        ({"completionMode": "Indexed"}, ["completions"]),
        ({"completionMode": "Indexed", "completions": 3}, []),
        ({"completionMode": "Indexed", "completions": 3, "parallelism": 100_001}, ["parallelism"]),
        ({"backoffLimitPerIndex": 1}, ["backoffLimitPerIndex"]),
        ({"completionMode": "Indexed", "completions": 3, "maxFailedIndexes": 1}, ["backoffLimitPerIndex"]),
        (
            {"completionMode": "Indexed", "completions": 3, "backoffLimitPerIndex": 1, "maxFailedIndexes": 4},
            ["maxFailedIndexes"],
        ),
        ({"podReplacementPolicy": "Never"}, ["podReplacementPolicy"]),
        ({"managedBy": "example.com/mine"}, []),
        ({"managedBy": "mine"}, ["managedBy"]),
        ({"podFailurePolicy": {"rules": [RULE]}}, []),
        (
            {"podFailurePolicy": {"rules": [RULE]}, "podReplacementPolicy": "TerminatingOrFailed"},
            ["podReplacementPolicy"],
        ),
        (
            {"podFailurePolicy": {"rules": [{"action": "FailIndex", "onExitCodes": RULE["onExitCodes"]}]}},
            ["podFailurePolicy.rules[0].action"],
        ),
        ({"podFailurePolicy": {"rules": [{"action": "Ignore"}]}}, ["podFailurePolicy.rules[0]"]),
        (
            {
                "podFailurePolicy": {
                    "rules": [
                        {
                            "action": "Ignore",
                            "onPodConditions": [{"type": "DisruptionTarget", "status": "yes"}],
                        }
                    ]
                }
            },
            ["podFailurePolicy.rules[0].onPodConditions[0].status"],
        ),
        (
            {
                "podFailurePolicy": {
                    "rules": [{"action": "Count", "onExitCodes": {"operator": "In", "values": [0, 2, 1, 1]}}]
                }
            },
            [
                "podFailurePolicy.rules[0].onExitCodes.values[0]",
                "podFailurePolicy.rules[0].onExitCodes.values[3]",
                "podFailurePolicy.rules[0].onExitCodes.values",
            ],
        ),
        (
            {
                "podFailurePolicy": {
                    "rules": [
                        {"action": "Count", "onExitCodes": {**RULE["onExitCodes"], "containerName": "x"}}
                    ]
                }
            },
            ["podFailurePolicy.rules[0].onExitCodes.containerName"],
        ),
        ({"successPolicy": {"rules": [{"succeededCount": 1}]}}, ["successPolicy"]),
        (
            {
                "completionMode": "Indexed",
                "completions": 2,
                "successPolicy": {"rules": [{"succeededCount": 3}]},
            },
            ["successPolicy.rules[0].succeededCount"],
        ),
        ({"selector": {"matchLabels": {"a": "b"}}}, ["selector"]),
        ({"manualSelector": True}, ["selector"]),
        ({"manualSelector": True, "selector": {"matchLabels": {"a": "b"}}}, ["template.metadata.labels"]),
    ],
)
def test_jobs(paths_of: Paths, api_object: Make, change: dict[str, Any], paths: list[str]) -> None:
    found = paths_of(api_object("Job", "batch/v1", spec=job_spec(**change)))
    assert found == [f"spec.{path}" for path in paths]


@each_row(
    ("policy", "good"),
    [("Never", True), ("OnFailure", True), ("Always", False), (None, False), ("never", False)],
)
def test_pods_of_jobs_end(paths_of: Paths, api_object: Make, policy: str | None, good: bool) -> None:
    spec = job_spec()
    spec["template"]["spec"]["restartPolicy"] = policy
    found = paths_of(api_object("Job", "batch/v1", spec=spec))
    assert found == ([] if good else ["spec.template.spec.restartPolicy"])


def test_a_failure_policy_needs_never(paths_of: Paths, api_object: Make) -> None:
    spec = job_spec(podFailurePolicy={"rules": [RULE]})
    spec["template"]["spec"]["restartPolicy"] = "OnFailure"
    assert paths_of(api_object("Job", "batch/v1", spec=spec)) == ["spec.template.spec.restartPolicy"]


@each_row(
    ("labels", "good"),
    [({"job-name": "web"}, True), ({"job-name": "api"}, False), ({"controller-uid": "1"}, False)],
)
def test_labels_that_a_job_sets_itself(paths_of: Paths, api_object: Make, labels: Any, good: bool) -> None:
    spec = job_spec()
    spec["template"]["metadata"] = {"labels": labels}
    assert (paths_of(api_object("Job", "batch/v1", spec=spec)) == []) is good


@each_row(
    ("rule", "field"),
    [
        ({"succeededIndexes": "0,2-4"}, ""),
        ({"succeededIndexes": "0,2-4", "succeededCount": 4}, ""),
        ({"succeededIndexes": "0,2-4", "succeededCount": 5}, "succeededCount"),
        ({"succeededIndexes": "0-5"}, "succeededIndexes"),
        ({"succeededIndexes": "2,1"}, "succeededIndexes"),
        ({"succeededIndexes": "3-3"}, "succeededIndexes"),
        ({"succeededIndexes": "a"}, "succeededIndexes"),
        ({"succeededCount": 0}, ""),
        ({"succeededCount": 6}, "succeededCount"),
        ({"succeededIndexes": "", "succeededCount": 1}, "succeededCount"),
    ],
)
def test_success_policies(paths_of: Paths, api_object: Make, rule: dict[str, Any], field: str) -> None:
    """`validateSuccessPolicyRule` and `validateIndexesFormat` of pkg/apis/batch/validation (v1.36)."""
    spec = job_spec(completionMode="Indexed", completions=5, successPolicy={"rules": [rule]})
    found = paths_of(api_object("Job", "batch/v1", spec=spec))
    assert found == ([f"spec.successPolicy.rules[0].{field}"] if field else [])


@each_row(("length", "good"), [(63, True), (64, False)])
def test_the_name_of_a_job_is_a_label_of_its_pods(paths_of: Paths, length: int, good: bool) -> None:
    data = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a" * length}, "spec": job_spec()}
    assert paths_of(data) == ([] if good else ["metadata.name"])
    data["spec"] = job_spec(manualSelector=True, selector=LABELS)
    data["spec"]["template"]["metadata"] = {"labels": LABELS["matchLabels"]}
    assert paths_of(data) == []


def test_an_indexed_job_names_its_pods(paths_of: Paths) -> None:
    spec = job_spec(completionMode="Indexed", completions=100)
    data = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a" * 61}, "spec": spec}
    assert paths_of(data) == ["metadata.name"]


@each_row(
    ("change", "paths"),
    [
        ({}, []),
        ({"schedule": ""}, ["schedule"]),
        ({"schedule": "* * * *"}, ["schedule"]),
        ({"schedule": "TZ=UTC 0 0 * * *"}, ["schedule"]),
        ({"timeZone": "Etc/UTC"}, []),
        ({"timeZone": "Europe/Atlantis"}, ["timeZone"]),
        ({"timeZone": "local"}, ["timeZone"]),
        ({"timeZone": ""}, ["timeZone"]),
        ({"timeZone": "../x"}, ["timeZone"]),
        ({"concurrencyPolicy": "Deny"}, ["concurrencyPolicy"]),
        ({"startingDeadlineSeconds": -1}, ["startingDeadlineSeconds"]),
        ({"failedJobsHistoryLimit": -1}, ["failedJobsHistoryLimit"]),
        ({"jobTemplate": {"spec": job_spec(selector={})}}, ["jobTemplate.spec.selector"]),
        ({"jobTemplate": {"spec": job_spec(manualSelector=True)}}, ["jobTemplate.spec.manualSelector"]),
        ({"jobTemplate": {"spec": job_spec(parallelism=-1)}}, ["jobTemplate.spec.parallelism"]),
    ],
)
def test_cron_jobs(paths_of: Paths, api_object: Make, change: dict[str, Any], paths: list[str]) -> None:
    spec = {"schedule": "0 3 * * *", "jobTemplate": {"spec": job_spec()}, **change}
    found = paths_of(api_object("CronJob", "batch/v1", spec=spec))
    assert found == [f"spec.{path}" for path in paths]


def test_a_cron_job_has_a_short_name(paths_of: Paths) -> None:
    spec = {"schedule": "@daily", "jobTemplate": {"spec": job_spec()}}
    for length, paths in ((52, []), (53, ["metadata.name"])):
        metadata = {"name": "a" * length}
        data = {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": metadata, "spec": spec}
        assert paths_of(data) == paths
