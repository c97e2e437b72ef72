"""The report of KubeLinter for card `lint-report-check`.

The form is that of `kube-linter lint --format json` (https://docs.kubelinter.io/). The report is older than
the manifests of the card.
"""

from __future__ import annotations

import json
from random import Random

_PRIVILEGED = "privileged-container"
_OTHERS = {
    "no-read-only-root-fs": 'container "{0}" does not have a read-only root file system',
    "run-as-non-root": 'container "{0}" is not set to runAsNonRoot',
    "unset-cpu-requirements": 'container "{0}" has cpu limit 0',
    "unset-memory-requirements": 'container "{0}" has memory limit 0',
    "latest-tag": 'The container "{0}" is using an invalid container image, it has no privileged tag',
    "privilege-escalation-container": 'container "{0}" has AllowPrivilegeEscalation set to true.',
}
_WORKLOADS = (
    ("shop", "api", "Deployment"),
    ("shop", "cart", "Deployment"),
    ("shop", "worker", "Deployment"),
    ("web", "api", "Deployment"),
    ("web", "site", "Deployment"),
    ("ops", "agent", "Deployment"),
    ("ops", "backup", "Deployment"),
    ("ops", "node-exporter", "DaemonSet"),
    ("billing", "invoice", "StatefulSet"),
)
_REPORTED = (
    ("shop", "api", "Deployment"),
    ("shop", "cart", "Deployment"),
    ("shop", "worker", "Deployment"),
    ("ops", "backup", "Deployment"),
    ("ops", "node-exporter", "DaemonSet"),
)


def files() -> dict[str, str]:
    """The material by name."""
    rng = Random("kubelinter")  # noqa: S311 - made to be repeatable
    reports = [_entry(one, check, words) for one in _WORKLOADS for check, words in _OTHERS.items()]
    reports = [one for one in reports if rng.random() < 0.75]
    reports += [_entry(one, _PRIVILEGED, 'container "{0}" is Privileged') for one in _REPORTED]
    rng.shuffle(reports)
    document = {
        "Checks": [{"name": name, "description": "A built-in check."} for name in (*_OTHERS, _PRIVILEGED)],
        "Reports": reports,
        "Summary": {
            "ChecksStatus": "Failed",
            "CheckEndTime": "2026-10-27T06:00:00Z",
            "KubeLinterVersion": "v0.7.6",
        },
    }
    return {"kube-linter.json": json.dumps(document, indent=2) + "\n"}


def _entry(workload: tuple[str, str, str], check: str, words: str) -> dict[str, object]:
    namespace, name, kind = workload
    return {
        "Diagnostic": {"Message": words.format(name)},
        "Check": check,
        "Remediation": f"See the documentation of check {check}.",
        "Object": {
            "Metadata": {"FilePath": f"manifests/{namespace}.yaml"},
            "K8sObject": {
                "Namespace": namespace,
                "Name": name,
                "GroupVersionKind": {"Group": "apps", "Version": "v1", "Kind": kind},
            },
        },
    }
