"""The report of KubeLinter for card `lint-report-check`.

The form is that of `kube-linter lint --format json` (`Result` in pkg/run/run.go and `Object.MarshalJSON` in
pkg/lintcontext/context.go of KubeLinter), indented as `jq .` does it: an entry for each message, object after
object, the checks in the order of the alphabet. The report is older than the manifests of the card.
"""

from __future__ import annotations

import json
from random import Random

import msgspec

_PRIVILEGED = "privileged-container"
_ESCALATION = "privilege-escalation-container"


class _Check(msgspec.Struct, frozen=True):
    """A built-in check: the template it is made of, what it says of a container, and what it advises."""

    template: str
    message: str
    remedy: str


_CHECKS = {
    "latest-tag": _Check(
        "latest-tag", 'The container "{0}" is using an invalid container image, "{0}:latest".', "Name a tag."
    ),
    "no-read-only-root-fs": _Check(
        "read-only-root-fs",
        'container "{0}" does not have a read-only root file system',
        "Set readOnlyRootFilesystem to true.",
    ),
    _ESCALATION: _Check(
        _ESCALATION,
        'container "{0}" has AllowPrivilegeEscalation set to true.',
        "Set allowPrivilegeEscalation and privileged to false.",
    ),
    _PRIVILEGED: _Check("privileged", 'container "{0}" is privileged', "Set privileged to false."),
    "run-as-non-root": _Check(
        "run-as-non-root", 'container "{0}" is not set to runAsNonRoot', "Set runAsNonRoot to true."
    ),
    "unset-cpu-requirements": _Check(
        "cpu-requirements", 'container "{0}" has cpu request 0', "Set a request for CPU."
    ),
    "unset-memory-requirements": _Check(
        "memory-requirements", 'container "{0}" has memory limit 0', "Set a limit for memory."
    ),
}
_ESCALATES = 'container "{0}" is Privileged hence allows privilege escalation.'
"""What the check of privilege escalation says of a privileged container."""
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
    reports = [
        _entry(one, check) for one in sorted(_WORKLOADS) for check in _CHECKS if _reports(rng, one, check)
    ]
    document = {
        "Checks": [
            {
                "name": name,
                "description": f"Finds what breaks the rule of {name}.",
                "remediation": one.remedy,
                "scope": {"objectKinds": ["DeploymentLike"]},
                "template": one.template,
            }
            for name, one in _CHECKS.items()
        ],
        "Reports": reports,
        "Summary": {
            "ChecksStatus": "Failed",
            "CheckEndTime": "2026-10-27T06:00:00Z",
            "KubeLinterVersion": "v0.7.6",
        },
    }
    return {"kube-linter.json": json.dumps(document, indent=2) + "\n"}


def _reports(rng: Random, workload: tuple[str, str, str], check: str) -> bool:
    """What is privileged fails both checks about privileges; of the rest, most checks fail."""
    if check == _PRIVILEGED:
        return workload in _REPORTED
    return rng.random() < 0.75 or (check == _ESCALATION and workload in _REPORTED)


def _entry(workload: tuple[str, str, str], check: str) -> dict[str, object]:
    namespace, name, kind = workload
    message = _CHECKS[check].message
    if check == _ESCALATION and workload in _REPORTED:
        message = _ESCALATES
    return {
        "Diagnostic": {"Message": message.format(name)},
        "Check": check,
        "Remediation": _CHECKS[check].remedy,
        "Object": {
            "Metadata": {"FilePath": f"manifests/{namespace}.yaml"},
            "K8sObject": {
                "Namespace": namespace,
                "Name": name,
                "GroupVersionKind": {"Group": "apps", "Version": "v1", "Kind": kind},
            },
        },
    }
