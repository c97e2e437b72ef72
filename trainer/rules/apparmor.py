"""Judges under which AppArmor profile the containers of a Pod run, and whether the node has it.

A Localhost profile must be loaded on the node (the given file `/sys/kernel/security/apparmor/profiles`
lists them); one in complain mode only logs.
"""

from __future__ import annotations

from typing import Literal

from trainer.picture import Fact, Picture, nothing_to_see, of_facts
from trainer.rules import Live, Reads
from trainer.rules._pods.target import AboutPods, pods_before, pods_of
from trainer.simulate.containers.apparmor import (
    DEFAULT,
    LOADED,
    UNCONFINED,
    AppArmorProfile,
    legacy_annotations,
    loaded_profiles,
    profiles_of,
)
from trainer.simulate.workloads import PodTemplate
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason

READS = Reads(Live.OBJECTS)


class Params(AboutPods, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which Pods, and which profile."""

    profile: str = ""
    """For every container without its own entry: `localhost/<name>`, `runtime/default`."""
    containers: dict[str, str] = {}
    """The profile of single containers, by their names."""
    annotations: Literal["allowed", "none"] = "allowed"
    """`none`: no annotation of the workload or its pods sets a profile, whatever else decides; others may be
    there."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every container that runs under another profile, or cannot start."""
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return pods
    loaded = loaded_profiles(world.node_files[LOADED]) if LOADED in world.node_files else None
    reasons: list[Reason] = []
    evidence: list[str] = []
    for pod in pods:
        if params.annotations == "none":
            found = legacy_annotations(pod)
            reasons += [Reason(f"The annotation {key} sets a profile.", place) for key, place in found]
            evidence += [f"{pod.title} still has the deprecated annotation {key}." for key, _ in found]
        profiles = profiles_of(pod)
        absent = set(params.containers) - {profile.container for profile in profiles}
        reasons += [
            Reason(f"{pod.title} has no container {name}.", pod.where("spec")) for name in sorted(absent)
        ]
        for profile in profiles:
            wanted = params.containers.get(profile.container, params.profile)
            unusable = [] if loaded is None else _not_loaded(pod, profile, loaded, evidence)
            reasons += unusable
            if wanted and profile.profile != wanted and not unusable:
                reasons.append(Reason(_told(profile), profile.location))
                evidence.append(_shown(pod, profile))
    return Outcome.of(list(dict.fromkeys(reasons)), list(dict.fromkeys(evidence)))


def picture(world: World, params: Params) -> Picture:
    """The AppArmor profile of each container, now and before, and whether the node has it."""
    title = "AppArmor profiles of containers"
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return nothing_to_see(title, pods)
    loaded = loaded_profiles(world.node_files[LOADED]) if LOADED in world.node_files else None
    old = {
        (pod.title, one.container): _named(one, loaded)
        for pod in pods_before(world, params)
        for one in profiles_of(pod)
    }
    facts: list[Fact] = []
    for pod in pods:
        for profile in profiles_of(pod):
            wanted = params.containers.get(profile.container, params.profile)
            unusable = loaded is not None and bool(_not_loaded(pod, profile, loaded, []))
            right = not unusable and profile.profile == wanted if wanted or unusable else None
            was = old.get((pod.title, profile.container), "")
            word = _named(profile, loaded)
            who = profile.container if len(pods) == 1 else f"{pod.title}: {profile.container}"
            facts.append(Fact(who, word, right, profile.location, "" if was == word else was))
    return of_facts(title, facts, judge(world, params))


def _named(profile: AppArmorProfile, loaded: dict[str, str] | None) -> str:
    """A profile in words, with its mode on the node if it is one of the node's own."""
    what = {DEFAULT: "the runtime's default", UNCONFINED: "unconfined"}
    name = what.get(profile.profile, profile.local or profile.profile)
    if loaded is None or not profile.local:
        return name
    return f"{name} ({loaded.get(profile.local, 'not loaded')})"


def _told(profile: AppArmorProfile) -> str:
    """What is wrong; without the required name, because finding it is often the task."""
    by = ", as its legacy annotation says" if profile.legacy else ""
    what = {DEFAULT: "the runtime's default profile", UNCONFINED: "no profile (unconfined)"}
    runs = what.get(profile.profile, f"the profile {profile.local or profile.profile}")
    return f"Container {profile.container} runs under {runs}{by}; the task requires another profile."


def _shown(pod: PodTemplate, profile: AppArmorProfile) -> str:
    shows = {DEFAULT: "the profile of the container runtime", UNCONFINED: "unconfined"}
    name = shows.get(profile.profile, profile.local or profile.profile)
    return f"In container {profile.container} of {pod.title}, /proc/1/attr/current shows {name}."


def _not_loaded(
    pod: PodTemplate, profile: AppArmorProfile, loaded: dict[str, str], evidence: list[str]
) -> list[Reason]:
    if not profile.local:
        return []
    mode = loaded.get(profile.local)
    if mode is None:
        evidence.append(f"Container {profile.container} of {pod.title} does not start.")
        return [
            Reason(
                f"The node has no profile named {profile.local} loaded. The name of a profile is inside "
                "its file; the name and path of the file don't count.",
                profile.location,
            )
        ]
    if mode == "complain":
        evidence.append(f"{profile.local} is in complain mode: it only logs.")
        return [Reason(f"The profile {profile.local} does not enforce anything.", profile.location)]
    return []
