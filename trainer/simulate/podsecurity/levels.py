"""Pod Security Standards: does a Pod meet a level, at a version, and if not, why and where.

Follows https://kubernetes.io/docs/concepts/security/pod-security-standards/ (v1.35), and the check
registry of k8s.io/pod-security-admission: the levels are cumulative, each control has versions, a
version newer than all of them means the newest.
"""

from __future__ import annotations

import re
from functools import cache

import msgspec

from trainer.errors import UsageError
from trainer.simulate.podsecurity import controls
from trainer.simulate.podsecurity.controls import ControlFunction, Finding, PodView
from trainer.simulate.workloads import PodTemplate
from trainer.verdict import Location
from trainer.versions import Version

LEVELS = ("privileged", "baseline", "restricted")
"""The levels, from the widest to the strictest; each includes those before it."""

LATEST = Version(1, 99)
"""The version `latest`: the newest version of every control."""


class Control(msgspec.Struct, frozen=True, eq=False):
    """One control: its name, its level, and its versions, oldest first.

    `replaces` names the baseline control that a restricted one makes superfluous at its level.
    """

    id: str
    level: str
    reason: str
    versions: tuple[tuple[Version, ControlFunction], ...]
    replaces: str = ""

    def at(self, version: Version) -> ControlFunction | None:
        """The control at a version, or None before its first."""
        fitting = [function for since, function in self.versions if since <= version]
        return fitting[-1] if fitting else None


CONTROLS = (
    Control("hostNamespaces", "baseline", "host namespaces", ((Version(1, 0), controls.host_namespaces),)),
    Control("privileged", "baseline", "privileged", ((Version(1, 0), controls.privileged),)),
    Control(
        "capabilities_baseline",
        "baseline",
        "non-default capabilities",
        ((Version(1, 0), controls.capabilities_baseline),),
    ),
    Control(
        "hostPathVolumes", "baseline", "hostPath volumes", ((Version(1, 0), controls.host_path_volumes),)
    ),
    Control("hostPorts", "baseline", "hostPort", ((Version(1, 0), controls.host_ports),)),
    Control(
        "hostProbesAndHostLifecycle",
        "baseline",
        "probe or lifecycle host",
        ((Version(1, 34), controls.probe_hosts),),
    ),
    Control(
        "appArmorProfile", "baseline", "forbidden AppArmor profile", ((Version(1, 0), controls.app_armor),)
    ),
    Control(
        "seLinuxOptions",
        "baseline",
        "seLinuxOptions",
        (
            (Version(1, 0), controls.selinux(controls.SELINUX_1_0)),
            (Version(1, 31), controls.selinux(controls.SELINUX_1_31)),
        ),
    ),
    Control(
        "procMount",
        "baseline",
        "procMount",
        (
            (Version(1, 0), controls.proc_mount),
            (Version(1, 35), controls.not_in_user_namespace(controls.proc_mount)),
        ),
    ),
    Control(
        "sysctls",
        "baseline",
        "forbidden sysctls",
        (
            (Version(1, 0), controls.sysctls(controls.SYSCTLS_1_0)),
            (Version(1, 27), controls.sysctls(controls.SYSCTLS_1_27)),
            (Version(1, 29), controls.sysctls(controls.SYSCTLS_1_29)),
            (Version(1, 32), controls.sysctls(controls.SYSCTLS_1_32)),
            (Version(1, 37), controls.sysctls(controls.SYSCTLS_1_37)),
        ),
    ),
    Control(
        "procMount_restricted",
        "restricted",
        "procMount",
        ((Version(1, 35), controls.proc_mount),),
        replaces="procMount",
    ),
    Control(
        "windowsHostProcess", "baseline", "hostProcess", ((Version(1, 0), controls.windows_host_process),)
    ),
    Control(
        "seccompProfile_baseline",
        "baseline",
        "seccompProfile",
        ((Version(1, 19), controls.seccomp_baseline),),
    ),
    Control(
        "restrictedVolumes",
        "restricted",
        "restricted volume types",
        ((Version(1, 0), controls.volume_types),),
        replaces="hostPathVolumes",
    ),
    Control(
        "allowPrivilegeEscalation",
        "restricted",
        "allowPrivilegeEscalation != false",
        (
            (Version(1, 8), controls.privilege_escalation),
            (Version(1, 25), controls.not_for_windows(controls.privilege_escalation)),
        ),
    ),
    Control(
        "runAsNonRoot",
        "restricted",
        "runAsNonRoot != true",
        (
            (Version(1, 0), controls.run_as_non_root),
            (Version(1, 35), controls.not_in_user_namespace(controls.run_as_non_root)),
        ),
    ),
    Control(
        "runAsUser",
        "restricted",
        "runAsUser=0",
        (
            (Version(1, 23), controls.run_as_user),
            (Version(1, 35), controls.not_in_user_namespace(controls.run_as_user)),
        ),
    ),
    Control(
        "seccompProfile_restricted",
        "restricted",
        "seccompProfile",
        (
            (Version(1, 19), controls.seccomp_restricted),
            (Version(1, 25), controls.not_for_windows(controls.seccomp_restricted)),
        ),
        replaces="seccompProfile_baseline",
    ),
    Control(
        "capabilities_restricted",
        "restricted",
        "unrestricted capabilities",
        (
            (Version(1, 22), controls.capabilities_restricted),
            (Version(1, 25), controls.not_for_windows(controls.capabilities_restricted)),
        ),
        replaces="capabilities_baseline",
    ),
)
"""Every control of the standards, in the order in which the documentation lists them."""


class Violation(msgspec.Struct, frozen=True):
    """A control that a Pod violates; `findings` name each offending place."""

    control: str
    level: str
    reason: str
    """In the words of the API server, such as `runAsNonRoot != true`."""
    findings: tuple[Finding, ...]
    locations: tuple[Location, ...]
    """One for each finding."""


def parse_version(text: str) -> Version:
    """The version that `latest`, `v1.35` or `1.35` names. Raises `UsageError` for anything else."""
    if text == "latest":
        return LATEST
    match = re.fullmatch(r"v?1\.(0|[1-9][0-9]{0,3})", text)
    if not match:
        raise UsageError(f"{text!r} is not a version", remedy="write latest or v1.35")
    return Version(1, int(match[1]))


@cache
def controls_at(level: str, version: Version) -> tuple[tuple[Control, ControlFunction], ...]:
    """The controls that make up a level at a version. Raises `UsageError` for an unknown level."""
    if level not in LEVELS:
        raise UsageError(f"{level!r} is not a Pod Security level", remedy=f"levels: {', '.join(LEVELS)}")
    reached = LEVELS[1 : LEVELS.index(level) + 1]
    found = [
        (control, function)
        for control in CONTROLS
        if control.level in reached and (function := control.at(version)) is not None
    ]
    replaced = {control.replaces for control, _ in found}
    return tuple((control, function) for control, function in found if control.id not in replaced)


def evaluate(pod: PodTemplate, level: str, version: str = "latest") -> list[Violation]:
    """The controls of a level that a Pod violates; empty means that the level admits it.

    Works for a Pod and for the Pod template of a workload.
    """
    view = PodView.of(pod)
    violations = []
    for control, function in controls_at(level, parse_version(version)):
        findings = tuple(function(view))
        if findings:
            places = tuple(pod.where(*finding.path) for finding in findings)
            violations.append(Violation(control.id, control.level, control.reason, findings, places))
    return violations
