"""The report of kubesec for card `kubesec-triage`.

The form is that of `kubesec scan` (`Report` in pkg/ruler/report.go, rules and points of pkg/ruler/ruleset.go,
June 2026), indented as it prints it: an entry for each object, in it the critical rules with the worst first,
then what was passed, then what it advises. An object that isn't valid gets no rules and 0 points.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec


class _Rule(msgspec.Struct, frozen=True):
    """A rule: what it selects, why, and its points."""

    selector: str
    reason: str
    points: int


_RULES = {
    "Privileged": _Rule(
        "containers[] .securityContext .privileged == true",
        "Privileged containers can allow almost completely unrestricted host access",
        -30,
    ),
    "CapSysAdmin": _Rule(
        "containers[] .securityContext .capabilities .add == SYS_ADMIN",
        "CAP_SYS_ADMIN is the most privileged capability and should always be avoided",
        -30,
    ),
    "HostPID": _Rule(
        ".spec .hostPID == true", "Sharing the host's PID namespace allows visibility of its processes", -9
    ),
    "HostNetwork": _Rule(
        ".spec .hostNetwork == true", "Sharing the host's network namespace opens its loopback adapter", -9
    ),
    "AllowPrivilegeEscalation": _Rule(
        "containers[] .securityContext .allowPrivilegeEscalation == true",
        "Ensure a non-root process can not gain more privileges",
        -7,
    ),
    "ServiceAccountName": _Rule(
        ".spec .serviceAccountName", "Service accounts restrict access and should be least privilege", 3
    ),
    "ApparmorAny": _Rule(
        ".spec .securityContext .appArmorProfile .type", "Well defined AppArmor policies may protect", 3
    ),
    "AutomountServiceAccountToken": _Rule(
        ".spec .automountServiceAccountToken == false", "Without the token, the API server is safer", 1
    ),
    "CapDropAll": _Rule(
        'containers[] .securityContext .capabilities .drop | index("ALL")', "Drop all, add what is needed", 1
    ),
    "LimitsCPU": _Rule("containers[] .resources .limits .cpu", "Enforcing CPU limits prevents DOS", 1),
    "LimitsMemory": _Rule("containers[] .resources .limits .memory", "Memory limits prevent DOS", 1),
    "ReadOnlyRootFilesystem": _Rule(
        "containers[] .securityContext .readOnlyRootFilesystem == true", "It increases attack cost", 1
    ),
    "RequestsCPU": _Rule("containers[] .resources .requests .cpu", "It aids a fair balancing", 1),
    "RequestsMemory": _Rule("containers[] .resources .requests .memory", "It aids a fair balancing", 1),
    "RunAsNonRoot": _Rule(
        ".spec, .spec.containers[] | .securityContext .runAsNonRoot == true", "Ensure least privilege", 1
    ),
    "SeccompAny": _Rule(
        ".spec .securityContext .seccompProfile .type", "Seccomp profiles set minimum privilege", 1
    ),
}
_HARDENED = (
    "ServiceAccountName",
    "ApparmorAny",
    "AutomountServiceAccountToken",
    "CapDropAll",
    "LimitsCPU",
    "LimitsMemory",
    "ReadOnlyRootFilesystem",
    "RequestsCPU",
    "RequestsMemory",
    "RunAsNonRoot",
    "SeccompAny",
)
"""What a workload does right that does everything right: 15 points."""
_LIMITED = ("LimitsCPU", "LimitsMemory", "RequestsCPU", "RequestsMemory")
_OBJECTS: tuple[tuple[str, Sequence[str]], ...] = (
    ("Deployment/api.shop", _HARDENED),
    ("Deployment/cart.shop", _LIMITED),
    # below 0 because of a critical rule
    ("Deployment/search.shop", (*_LIMITED, "Privileged")),
    ("DaemonSet/agent.ops", ("HostPID", "HostNetwork", "ServiceAccountName", "LimitsMemory")),
    ("StatefulSet/db.shop", ("AllowPrivilegeEscalation", "LimitsMemory", "RequestsMemory")),
    # critical, and enough points to pass
    ("DaemonSet/proxy.ops", (*_HARDENED, "HostNetwork")),
    ("Deployment/mail.shop", (*_HARDENED, "AllowPrivilegeEscalation")),
    # no points, and nothing critical
    ("Pod/debug.ops", ()),
    # the same name as another in other places
    ("Deployment/search.web", (*_LIMITED, "RunAsNonRoot")),
    ("Deployment/agent.ops", _LIMITED),
    ("Deployment/backup.ops", (*_LIMITED, "CapSysAdmin", "HostPID")),
)
_INVALID = "Deployment/report.web"


def files() -> dict[str, str]:
    """The material by name."""
    reports = [_report(name, passed) for name, passed in _OBJECTS]
    reports.insert(4, _refused(_INVALID))
    return {"kubesec.json": json.dumps(reports, indent=2) + "\n"}


def _report(name: str, holds: Sequence[str]) -> dict[str, Any]:
    score = sum(_RULES[rule].points for rule in holds)
    word = "Passed" if score >= 0 else "Failed"
    critical = [rule for rule in holds if _RULES[rule].points < 0]
    passed = [rule for rule in holds if _RULES[rule].points > 0]
    advised = [rule for rule in _HARDENED if rule not in holds]
    scoring = {"critical": _listed(critical), "passed": _listed(passed), "advise": _listed(advised)}
    return {
        "object": name,
        "valid": True,
        "fileName": "all.yaml",
        "message": f"{word} with a score of {score} points",
        "score": score,
        "scoring": {key: rows for key, rows in scoring.items() if rows},
    }


def _refused(name: str) -> dict[str, Any]:
    message = "problem validating schema. Check JSON formatting: jsonschema validation failed"
    return {
        "object": name,
        "valid": False,
        "fileName": "all.yaml",
        "message": message,
        "score": 0,
        "scoring": {},
    }


def _listed(names: Sequence[str]) -> list[dict[str, Any]]:
    """Rules as the report lists them: by points, the worst or the best first, then by selector."""
    rules = [(name, _RULES[name]) for name in names]
    rules.sort(key=lambda one: (-abs(one[1].points), one[1].selector))
    return [
        {"id": name, "selector": rule.selector, "reason": rule.reason, "points": rule.points}
        for name, rule in rules
    ]
