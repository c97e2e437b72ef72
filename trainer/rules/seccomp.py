"""Judges which system calls the containers of a pod may make, under the seccomp profile they get.

A Localhost profile is looked up among the answer's and the node's files: one that does not exist, or
that the runtime refuses, keeps the container from starting. SCMP_ACT_LOG records a call and lets it
through.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from trainer.manifests.model import Document
from trainer.manifests.parse import parse
from trainer.rules._evidence import not_there
from trainer.rules._target import Target, check_target, find, target_of
from trainer.simulate.seccomp import (
    KUBELET_FOLDER,
    ContainerProfile,
    Fate,
    fate,
    fate_in_default,
    problems_of,
    profiles_of,
)
from trainer.simulate.workloads import PodTemplate, pod_templates
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which pods, and which calls."""

    object: Target | str
    """The Pods or workloads: `sun/web`, `Deployment sun/web`, or a mapping with labels."""
    syscalls: dict[str, Literal["allowed", "denied"]] = {}
    """What must become of each call, in every container."""
    profile: Literal["RuntimeDefault", "Localhost", "Unconfined", ""] = ""
    """The type of profile that every container must have in effect."""
    files: dict[str, str] = {}
    """Where an answer's file lies on the node: `{audit.json: /var/lib/kubelet/seccomp/audit.json}`."""
    seccomp_default: bool = False
    """Whether the kubelet runs with `seccompDefault: true`."""

    def __post_init__(self) -> None:
        check_target(self.object)


_KINDS = {"RuntimeDefault": "default", "Localhost": "localhost", "Unconfined": "unconfined"}


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every container that has another profile, or that may do what it must not."""
    target = target_of(params.object)
    pods = pod_templates(find(world, target))
    if not pods:
        return not_there(world, target)
    reasons: list[Reason] = []
    evidence: list[str] = []
    for pod in pods:
        for profile in profiles_of(pod, seccomp_default=params.seccomp_default):
            if params.profile and profile.kind != _KINDS[params.profile]:
                message = f"Container {profile.container} runs {_said(profile)}, not with {params.profile}."
                reasons.append(Reason(message, profile.location))
            document = _document(world, params, profile)
            if isinstance(document, list):
                reasons += document
                evidence.append(f"Container {profile.container} of {pod.title} does not start.")
                continue
            for syscall, wanted in params.syscalls.items():
                found = _fate(profile, document, syscall)
                if found.allowed is not (wanted == "allowed"):
                    reasons.append(Reason(_told(profile, syscall, found), found.location))
                    evidence.append(_effect(pod, profile, syscall, found))
    return Outcome.of(reasons, evidence)


def _document(world: World, params: Params, profile: ContainerProfile) -> Document | list[Reason] | None:
    """The Localhost profile of a container, None for other kinds, or why it can't be used."""
    if profile.kind != "localhost":
        return None
    for name, documents in world.documents.items():
        if params.files.get(name, KUBELET_FOLDER + name) == profile.file and documents:
            problems = problems_of(documents[0])
            return [Reason(f"The runtime refuses the profile: {m}.", p) for m, p in problems] or documents[0]
    text = world.node_files.get(profile.file)
    if text is not None:
        return parse(text.encode(), profile.file).documents[0]
    message = (
        f"There is no profile {profile.file} on the node: localhostProfile is relative to {KUBELET_FOLDER}."
    )
    return [Reason(message, profile.location)]


def _fate(profile: ContainerProfile, document: Document | None, syscall: str) -> Fate:
    if document is not None:
        return fate(document, syscall)
    if profile.kind == "default":
        return fate_in_default(profile, syscall)
    return Fate(True, "no profile", profile.location)


def _said(profile: ContainerProfile) -> str:
    return {
        "unconfined": "unconfined",
        "default": "with the runtime's default profile",
        "localhost": f"with {profile.file}",
    }[profile.kind]


def _told(profile: ContainerProfile, syscall: str, found: Fate) -> str:
    if profile.kind == "unconfined":
        return f"Container {profile.container} runs unconfined: nothing keeps it from calling {syscall}."
    does = "lets it through" if found.allowed else "stops it"
    note = " and only records it" if found.action == "SCMP_ACT_LOG" else ""
    who = f"The profile of container {profile.container}"
    return f"{who} meets {syscall} with {found.action}: that {does}{note}."


def _effect(pod: PodTemplate, profile: ContainerProfile, syscall: str, found: Fate) -> str:
    outcome = "succeeds" if found.allowed else "is refused"
    return f"The call {syscall} in container {profile.container} of {pod.title} {outcome} ({found.action})."
