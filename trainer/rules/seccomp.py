"""Judges which system calls the containers of a Pod can make, under the seccomp profile they get.

A Localhost profile is looked up among the answer's and the node's files: one that doesn't exist, or that
the runtime (containerd with runc) refuses, keeps the container from starting. SCMP_ACT_LOG records a call and
lets it through. An entry with `args` decides only for some arguments, so the call is neither allowed nor
denied as a whole.

`rest` is about all other calls of Linux: those that the profile's own entries name, and one that they don't
name, which stands for all that meet the default action.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import chain, islice
from typing import Literal

from trainer.manifests.model import Document
from trainer.manifests.reading.parse import parse
from trainer.match.evidence import MOST
from trainer.picture import Cell, Picture, Row, State, asked, drawn, nothing_to_see
from trainer.rules import Live, Reads
from trainer.rules._pods.target import AboutPods, pods_before, pods_of
from trainer.simulate.containers.seccomp import (
    DEFAULT_DENIED,
    KUBELET_FOLDER,
    ContainerProfile,
    fate_in_default,
    profiles_of,
)
from trainer.simulate.containers.seccomp_filter import (
    NO_FILTER,
    Fate,
    fate,
    ignored,
    json_problem,
    named_calls,
    problems_of,
)
from trainer.simulate.containers.syscalls import system_calls
from trainer.simulate.workloads import PodTemplate
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason

READS = Reads(Live.UNLESS_FILES)


class Params(AboutPods, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which Pods, and which calls."""

    syscalls: dict[str, Literal["allowed", "denied"]] = {}
    """The required outcome of each call, in every container."""
    rest: Literal["allowed", "denied", "ignored"] = "ignored"
    """The required outcome of all calls that are neither in `syscalls` nor in `free`."""
    free: tuple[str, ...] = ()
    """With `rest`: calls that may be allowed or denied."""
    profile: Literal["RuntimeDefault", "Localhost", "Unconfined", ""] = ""
    """The type of profile that every container must have in effect."""
    files: dict[str, str] = {}
    """The path of an answer's file on the node: `{audit.json: /var/lib/kubelet/seccomp/audit.json}`."""
    seccomp_default: bool = False
    """Whether the kubelet runs with `seccompDefault: true`."""


_KINDS = {"RuntimeDefault": "default", "Localhost": "localhost", "Unconfined": "unconfined"}
_KIND_WORDS = {kind: word for word, kind in _KINDS.items()}


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every container that has another profile, or that can do what it must not."""
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return pods
    reasons: list[Reason] = []
    evidence: list[str] = []
    alike: dict[Location, list[tuple[ContainerProfile, str, Fate]]] = {}
    overlooked: list[Reason] = []
    for pod in pods:
        for profile in profiles_of(pod, seccomp_default=params.seccomp_default):
            if params.profile and profile.kind != _KINDS[params.profile]:
                message = f"Container {profile.container} runs {_said(profile)}, not with {params.profile}."
                reasons.append(Reason(message, profile.location))
                evidence.append(_reach(pod, profile))
            document = _document(world, params, profile)
            if isinstance(document, list):
                reasons += document
                evidence.append(f"Container {profile.container} of {pod.title} does not start.")
                continue
            for syscall, wanted in (*params.syscalls.items(), *_others(params, profile, document)):
                found = _fate(profile, document, syscall)
                if not found.is_always(wanted):
                    skipped = ignored(document) if document else ()
                    overlooked += [Reason(m if m.endswith("?") else f"{m}.", p) for m, p in skipped]
                    alike.setdefault(found.location, []).append((profile, syscall, found))
                    evidence.append(_effect(pod, profile, syscall, found))
    reasons += overlooked + [Reason(_told(cases), place) for place, cases in alike.items()]
    return Outcome.of(list(dict.fromkeys(reasons)), list(dict.fromkeys(evidence))[:MOST])


def picture(world: World, params: Params) -> Picture:
    """System calls by container: allowed or refused, by which action, under which profile."""
    title = "System calls that containers can make"
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return nothing_to_see(title, pods)
    before = {
        (pod.title, profile.container): profile.kind
        for pod in pods_before(world, params)
        for profile in profiles_of(pod, seccomp_default=params.seccomp_default)
    }
    columns: list[str] = []
    rows: dict[str, dict[int, Cell]] = {"profile": {}}
    for pod in pods:
        for profile in profiles_of(pod, seccomp_default=params.seccomp_default):
            place = len(columns)
            columns.append(profile.container if len(pods) == 1 else f"{pod.title}: {profile.container}")
            word, was = _KIND_WORDS[profile.kind], before.get((pod.title, profile.container), "")
            right = not params.profile or profile.kind == _KINDS[params.profile]
            cell = asked(right, word, _KIND_WORDS.get(was, ""), profile.location)
            if not params.profile:
                cell = Cell(word, State.UNASKED, cell.before)
            document = _document(world, params, profile)
            if isinstance(document, list):
                cell = Cell("doesn't start", State.WRONG, "", document[0].location)
            rows["profile"][place] = cell
            if isinstance(document, list):
                continue
            for syscall, wanted in (*params.syscalls.items(), *_others(params, profile, document)):
                found = _fate(profile, document, syscall)
                word = "depends on arguments" if found.by_arguments else _outcome_word(found)
                cell = asked(found.is_always(wanted), f"{word} ({found.action})", "", found.location)
                rows.setdefault(syscall, {})[place] = cell
    alike: dict[tuple[str, tuple[Cell, ...]], list[str]] = {}
    for head, cells in rows.items():
        line = tuple(cells.get(place, Cell("")) for place in range(len(columns)))
        alone = head if head in params.syscalls or head == "profile" else ""
        alike.setdefault((alone, line), []).append(head)
    lines = [
        Row(heads[0] if len(heads) == 1 else f"{heads[0]} and {len(heads) - 1} more calls", cells)
        for (_, cells), heads in alike.items()
    ]
    return drawn(title, columns, lines)


def _outcome_word(found: Fate) -> str:
    return "allowed" if found.allowed else "refused"


def _others(
    params: Params, profile: ContainerProfile, document: Document | None
) -> Iterator[tuple[str, str]]:
    """The calls that stand for all others, each with the required outcome."""
    if params.rest == "ignored":
        return
    exempt = {*params.syscalls, *params.free}
    named = named_calls(document) if document is not None else []
    if document is None and profile.kind == "default":
        named = sorted(DEFAULT_DENIED)
    unnamed = (call for call in chain(_ORDINARY, sorted(system_calls())) if call not in (*named, *exempt))
    for call in (*(call for call in named if call not in exempt), *islice(unnamed, 1)):
        yield call, params.rest


_ORDINARY = ("execve", "openat", "read", "write", "close", "exit_group")
"""What every program needs: the first of them that a profile doesn't name stands for all such calls."""


def _document(world: World, params: Params, profile: ContainerProfile) -> Document | list[Reason] | None:
    """The Localhost profile of a container, None for other kinds, or why it can't be used."""
    if profile.kind != "localhost":
        return None
    for name in dict.fromkeys((*world.documents, *world.texts)):
        if posixpath.normpath(params.files.get(name, KUBELET_FOLDER + name)) != profile.file:
            continue
        documents = world.documents.get(name)
        if not documents:
            return _unread(world, name)
        unread = json_problem(world.texts[name], name) if name in world.texts else None
        problems = [unread] if unread else problems_of(documents[0])
        return [Reason(f"The runtime refuses the profile: {m}.", p) for m, p in problems] or documents[0]
    text = world.node_files.get(profile.file)
    if text is not None:
        return parse(text.encode(), profile.file).documents[0]
    message = f"The node has no profile {profile.file}: localhostProfile is relative to {KUBELET_FOLDER}."
    return [Reason(message, profile.location)]


def _unread(world: World, name: str) -> list[Reason]:
    """Why a file of the answer isn't a profile: what a JSON reader or else the parser says about it."""
    found = [
        Reason(f"cannot read {name}: {problem.message}", problem.location)
        for refused in world.refused
        for problem in refused.problems
        if problem.location is not None and problem.location.file == name
    ]
    if any("YAML" in reason.message for reason in found) and (
        wrong := json_problem(world.texts.get(name, ""), name)
    ):
        return [Reason(f"The runtime refuses the profile: {wrong[0]}.", wrong[1])]
    return found or [Reason(f"{name} contains no profile.", Location(name, 1, 1))]


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


def _told(cases: list[tuple[ContainerProfile, str, Fate]]) -> str:
    """What one entry of a profile, or the lack of a profile, does to calls, in all containers with it."""
    profile, _, found = cases[0]
    containers = list(dict.fromkeys(case[0].container for case in cases))
    names = ("container " if len(containers) == 1 else "containers ") + ", ".join(containers)
    calls = ", ".join(dict.fromkeys(case[1] for case in cases))
    if profile.kind == "unconfined":
        runs, can = ("runs", "it can") if len(containers) == 1 else ("run", "they can")
        return f"{names.capitalize()} {runs} unconfined: {can} call {calls}."
    if found.action == NO_FILTER:
        return f"The profile of {names} has no defaultAction and no syscalls: nothing is filtered."
    them = "them" if ", " in calls else "it"
    does = f"lets {them} through" if found.allowed else f"stops {them}"
    if found.by_arguments:
        does = f"{does} only if `args` fit"
    note = f" and only records {them}" if found.action == "SCMP_ACT_LOG" else ""
    return f"For {calls}, the profile of {names} says {found.action}: that {does}{note}."


def _reach(pod: PodTemplate, profile: ContainerProfile) -> str:
    calls = {
        "unconfined": "any system call",
        "default": "every system call that the runtime's default profile allows",
        "localhost": f"the system calls that {profile.file} allows",
    }[profile.kind]
    return f"Processes in container {profile.container} of {pod.title} can make {calls}."


def _effect(pod: PodTemplate, profile: ContainerProfile, syscall: str, found: Fate) -> str:
    outcome = "succeeds" if found.allowed else "is refused"
    if found.by_arguments:
        outcome += " for some arguments only"
    return f"The call {syscall} in container {profile.container} of {pod.title} {outcome} ({found.action})."
