"""Judges under which AppArmor profile the containers of a pod run, and whether the node has it.

A Localhost profile must be loaded on the node (the given file `/sys/kernel/security/apparmor/profiles`
lists them); one in complain mode only logs.
"""

from __future__ import annotations

import msgspec

from trainer.rules._evidence import not_there
from trainer.rules._target import Target, check_target, find, target_of
from trainer.simulate.apparmor import LOADED, AppArmorProfile, loaded_profiles, profiles_of
from trainer.simulate.workloads import PodTemplate, pod_templates
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which pods, and which profile."""

    object: Target | str
    """The Pods or workloads: `sun/web`, `Deployment sun/web`, or a mapping with labels."""
    profile: str = ""
    """For every container without an entry of its own: `localhost/<name>`, `runtime/default`."""
    containers: dict[str, str] = {}
    """The profile of single containers, by their names."""

    def __post_init__(self) -> None:
        check_target(self.object)


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every container that runs under another profile, or cannot start."""
    target = target_of(params.object)
    pods = pod_templates(find(world, target))
    if not pods:
        return not_there(world, target)
    loaded = loaded_profiles(world.node_files[LOADED]) if LOADED in world.node_files else None
    reasons: list[Reason] = []
    evidence: list[str] = []
    for pod in pods:
        profiles = profiles_of(pod)
        absent = set(params.containers) - {profile.container for profile in profiles}
        reasons += [
            Reason(f"{pod.title} has no container {name}.", pod.where("spec")) for name in sorted(absent)
        ]
        for profile in profiles:
            wanted = params.containers.get(profile.container, params.profile)
            if wanted and profile.profile != wanted:
                reasons.append(Reason(_told(profile, wanted), profile.location))
                evidence.append(f"Container {profile.container} of {pod.title} runs as {profile.profile}.")
            if loaded is not None and profile.local:
                reasons += _not_loaded(pod, profile, loaded, evidence)
    return Outcome.of(reasons, evidence)


def _told(profile: AppArmorProfile, wanted: str) -> str:
    by = "by its legacy annotation" if profile.legacy else "in effect"
    return f"Container {profile.container} has the profile {profile.profile} {by}; {wanted} is asked for."


def _not_loaded(
    pod: PodTemplate, profile: AppArmorProfile, loaded: dict[str, str], evidence: list[str]
) -> list[Reason]:
    mode = loaded.get(profile.local)
    if mode is None:
        evidence.append(f"Container {profile.container} of {pod.title} does not start.")
        return [Reason(f"The node has no profile {profile.local} loaded.", profile.location)]
    if mode == "complain":
        evidence.append(f"{profile.local} is in complain mode: it only logs.")
        return [Reason(f"The profile {profile.local} does not enforce anything.", profile.location)]
    return []
