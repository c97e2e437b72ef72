"""What a container's start does to named programs: removed before it counts as started, or still present.

Command, postStart and startupProbe are run through a small simulator of `rm`, `mv`, `chmod`, `test`
and plain `sh -c` scripts, with the container's user and filesystem. If a container restarts,
everything runs again, so what holds once holds after every restart. A program, a shell construct or
a file that the simulator doesn't know is not judged.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from trainer.picture import Fact, Picture, nothing_to_see, of_facts
from trainer.rules import Live, Reads
from trainer.rules._pods.target import AboutPods, no_container, pods_of
from trainer.simulate.containers.mounts import container_writes
from trainer.simulate.containers.startup import Image, Startup, startup_of
from trainer.simulate.containers.volumes import pod_volumes
from trainer.simulate.shell.filesystem import File, UnknownProgram
from trainer.simulate.shell.paths import normalise
from trainer.simulate.workloads import PodTemplate
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason

_UNKNOWN = 3
"""About how many programs that the card doesn't speak of an answer is judged in both cases."""

READS = Reads(Live.OBJECTS, kinds=("PersistentVolumeClaim",))


class Params(AboutPods, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Parameters of the rule."""

    image: Image
    """What the card knows about the image of these containers."""
    container: str = ""
    """Only this container; omitted: all ordinary ones."""
    removes: tuple[str, ...] = ()
    """Programs that must be removed before the container counts as started."""
    keeps: tuple[str, ...] = ()
    """Programs that must still exist and be executable."""
    by: tuple[Literal["command", "postStart", "startupProbe"], ...] = ("command", "postStart", "startupProbe")
    """Who may remove them."""


class _Findings:
    """What is wrong with the answer."""

    def __init__(self) -> None:
        self.reasons: list[Reason] = []
        self.evidence: list[str] = []

    def fail(self, startup: Startup, what: str, location: Location | None, advice: str) -> None:
        line = f" (line {location.line})" if location is not None and location.line else ""
        self.evidence.append(f"{startup.container.title}: {what}{line}.")
        self.reasons.append(Reason(advice, location))


def judge(world: World, params: Params) -> Outcome:
    """Judge one check. Anything outside the simulator raises `NotJudged`."""
    return _in_every_case(world, params, _UNKNOWN)


def picture(world: World, params: Params) -> Picture:
    """What is left of each program once a container counts as started, and who removed it."""
    title = "Programs after the start"
    outcome = judge(world, params)
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return nothing_to_see(title, pods)
    facts: list[Fact] = []
    try:
        startups = [startup for pod in pods for startup in _startups(world, pod, params)]
    except UnknownProgram:  # the outcome doesn't depend on it
        startups = []
    for startup in startups:
        for path in (*params.removes, *params.keeps) if not startup.trouble else ():
            findings, named = _Findings(), {"removes": params.removes, "keeps": params.keeps}
            one = {name: (path,) if path in paths else () for name, paths in named.items()}
            _judge_one(findings, startup, msgspec.structs.replace(params, **one))
            place = findings.reasons[0].location if findings.reasons else None
            head = f"{startup.container.title}: {path}"
            facts.append(Fact(head, _fate(startup, params.image, path), not findings.reasons, place))
    return of_facts(title, facts, outcome)


def _fate(startup: Startup, image: Image, path: str) -> str:
    real = _real(image, path)
    file = startup.files.get(real)
    if real in startup.unsure:
        return "removed too late"
    if file is None:
        return f"removed by {startup.changed_by.get(real) or 'nobody'}"
    return "still there" if file.executable else "still there, not executable"


def _in_every_case(world: World, params: Params, unknown: int) -> Outcome:
    """Judge with the image that the card describes. A program that the answer removes, and that the card
    doesn't speak of, may be there or not: both cases are judged, for up to `unknown` programs, and count if
    they agree."""
    try:
        return _judge(world, params)
    except UnknownProgram as gap:
        if not unknown:
            raise
        image = params.image
        there, gone = (
            _in_every_case(world, msgspec.structs.replace(params, image=case), unknown - 1)
            for case in (
                msgspec.structs.replace(image, exists=(*image.exists, gap.path)),
                msgspec.structs.replace(image, lacks=(*image.lacks, gap.path)),
            )
        )
        if there.status is not gone.status:
            raise
        return there


def _judge(world: World, params: Params) -> Outcome:
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return pods
    startups = [startup for pod in pods for startup in _startups(world, pod, params)]
    if not startups:
        return no_container(pods, params.container)
    findings = _Findings()
    for startup in startups:
        _judge_one(findings, startup, params)
    return Outcome.of(findings.reasons, findings.evidence)


def _startups(world: World, pod: PodTemplate, params: Params) -> list[Startup]:
    volumes = pod_volumes(world, pod)
    return [
        startup_of(pod, path, container, container_writes(pod, volumes, path, container, {}), params.image)
        for path, container in pod.containers()
        if path[1] == "containers" and params.container in ("", container.get("name"))
    ]


def _judge_one(findings: _Findings, startup: Startup, params: Params) -> None:
    if startup.trouble:
        advice = "The container must start: fix the step that fails."
        what = f"it never counts as started: {startup.trouble}"
        findings.fail(startup, what, startup.trouble_at or startup.container.location, advice)
        return
    for path in params.removes:
        _must_be_gone(findings, startup, params, path)
    for path in params.keeps:
        file = startup.files.get(_real(params.image, path))
        if file is not None and file.link:
            file = startup.files.get(file.link)
        if file is None or not file.executable:
            findings.fail(
                startup,
                f"{path} can no longer be run",
                _place(startup, params.image, path),
                f"{path} must stay as it is.",
            )


def _must_be_gone(findings: _Findings, startup: Startup, params: Params, path: str) -> None:
    real = _real(params.image, path)
    allowed = " or ".join(params.by)
    file = startup.files.get(real)
    who = startup.changed_by.get(real, "")
    kept = [other for other, there in startup.files.items() if there is not None and there.origin == real]
    if real in startup.unsure:
        what = f"the command removes {path}, but the container counts as started before that"
        advice = f"{path} must be removed before the container counts as started."
        findings.fail(startup, what, _place(startup, params.image, path), advice)
    elif file is not None:
        what, where = _still_there(startup, path, file, real)
        findings.fail(startup, what, where, f"{path} must be removed by {allowed}.")
    elif kept:
        what = f"{path} still exists as {kept[0]} and can be run from there"
        advice = f"{path} must be removed, not moved."
        findings.fail(startup, what, _place(startup, params.image, path), advice)
    elif who not in params.by:
        what = f"{who or 'nobody'} removes {path}, not {allowed}"
        findings.fail(
            startup, what, _place(startup, params.image, path), f"{path} must be removed by {allowed}."
        )


def _still_there(startup: Startup, path: str, file: File, real: str) -> tuple[str, Location]:
    """What happened to the program instead, and where."""
    place = _action_place(startup, "") or startup.container.location
    if not file.executable:
        return f"{path} is no longer executable, but it still exists", place
    if file.link:
        return f"{path} is now a link to {file.link}, so it still exists", place
    if file.content is not None:
        return f"{path} has other content now, but it still exists", place
    if file.origin != real:
        return f"{path} is now a copy of {file.origin}, so it still exists", place
    for action in startup.later:
        if any(path in word for word in action.argv):
            what = f"{action.words} doesn't run before this container counts as started"
            return what, action.location
    done = ", ".join(action.words for action in startup.actions if action.by != "command")
    after = f" after {done}" if done else ""
    return f"{path} still exists{after}", _action_place(startup, "") or startup.container.location


def _place(startup: Startup, image: Image, path: str) -> Location:
    who = startup.changed_by.get(_real(image, path), "")
    return _action_place(startup, who) or startup.container.location


def _action_place(startup: Startup, who: str) -> Location | None:
    places = [action.location for action in startup.actions if who in ("", action.by)]
    return places[-1] if places else None


def _real(image: Image, path: str) -> str:
    clean = normalise(path)
    for link, target in image.aliases.items():
        if clean.startswith(normalise(link) + "/"):
            return normalise(target) + clean[len(normalise(link)) :]
    return clean
