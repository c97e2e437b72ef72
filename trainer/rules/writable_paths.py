"""Where the processes of a Pod's containers can write, by root filesystem, volumes and mounts.

A container counts as able to write a path if its root filesystem is writable or a volume is
mounted there read-write, and everywhere if it is privileged or has CAP_SYS_ADMIN (it can remount
what is read-only). The runtime's own mounts (`/dev`, `/etc/hosts`, `/proc`, ...) don't count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from trainer.errors import NotJudged, UsageError
from trainer.picture import Cell, Picture, Row, State, asked, drawn, nothing_to_see
from trainer.rules import Live, Reads
from trainer.rules._pods.target import AboutPods, no_container, pods_before, pods_of
from trainer.simulate.containers.mounts import ROOT, ContainerWrites, Place, pod_writes, resolve
from trainer.simulate.containers.volumes import KNOWN, Access
from trainer.simulate.shell.paths import is_within
from trainer.verdict import Location, Outcome, Reason

if TYPE_CHECKING:
    from trainer.simulate.workloads import PodTemplate
    from trainer.simulate.world import World

READS = Reads(Live.OBJECTS, kinds=("PersistentVolumeClaim",))


class Params(AboutPods, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Parameters of the rule."""

    container: str = ""
    """Only this container; omitted: all of them."""
    which: Literal["all", "ordinary"] = "all"
    """`ordinary` omits init and ephemeral containers."""
    writable: tuple[str, ...] = ()
    """Absolute paths that each of these containers must be able to write."""
    separate: bool = False
    """Whether the `writable` paths must be different directories: not one volume at several places."""
    may_write: tuple[str, ...] = ()
    """Absolute paths that they may be able to write, or not."""
    by: tuple[str, ...] = ()
    """Volume types that may make `writable` true (`emptyDir`); omitted: any, and the root filesystem."""
    read_only: tuple[str, ...] = ()
    """Absolute paths where none of these containers may write, nor anywhere below them."""
    aliases: dict[str, str] = {}
    """Directories of the image that are links to others (`/var/run: /run`)."""
    root: Literal["read-only", "ignored"] = "ignored"
    """Whether the root filesystem itself must be read-only, regardless of volumes."""
    rest: Literal["read-only", "ignored"] = "ignored"
    """Whether every path that neither `writable` nor `may-write` names must be read-only."""


class _Findings:
    """What is wrong with the answer, and what can't be judged."""

    def __init__(self) -> None:
        self.reasons: list[Reason] = []
        self.evidence: list[str] = []
        self.open: list[NotJudged] = []
        self.named: set[tuple[str, Place, str]] = set()
        self.wrong: dict[tuple[str, str], Location] = {}
        """The wrong paths of each container, by its title, with the place that decides."""
        self.unjudged: set[tuple[str, str]] = set()

    def leave_open(self, container: ContainerWrites, path: str, why: NotJudged) -> None:
        """Note that nobody knows whether a path is as required."""
        self.open.append(why)
        self.unjudged.add((container.title, path))

    def fail(
        self,
        container: ContainerWrites,
        path: str,
        what: str,
        place: Place,
        advice: str,
        at: Location | None = None,
    ) -> None:
        """Add a reason, at the place or where to change (`at`), with its evidence; each reason once."""
        self.wrong.setdefault((container.title, path), at or place.location)
        if (container.title, place, advice) in self.named:
            return
        self.named.add((container.title, place, advice))
        line = f" (line {place.location.line})" if place.location.line else ""
        self.evidence.append(f"{container.title} {what}{line}.")
        self.reasons.append(Reason(advice, at or place.location))


def judge(world: World, params: Params) -> Outcome:
    """Judge one check. A path or volume outside the simulated subset raises `NotJudged`.

    Raises `UsageError` if `by` names an unknown type of volume.
    """
    found = _examined(world, params)
    if isinstance(found, Outcome):
        return found
    _, findings = found
    if findings.open and not findings.reasons:
        raise findings.open[0]
    return Outcome.of(findings.reasons, findings.evidence)


def picture(world: World, params: Params) -> Picture:
    """Where each container can write: the places of its file system as a tree, now and before the answer."""
    found = _examined(world, params)
    if isinstance(found, Outcome):
        return nothing_to_see("Where containers can write", found)
    containers, findings = found
    before = _before(world, params)
    rows = []
    for container in containers:
        rows.append(Row(container.title, (), 0))
        rows += [
            Row(path, (_cell(findings, container, path, params, before.get(container.title)),), depth)
            for path, depth in _tree(findings, container, params)
        ]
    return drawn("Where containers can write", [""], rows, "tree")


def _examined(world: World, params: Params) -> tuple[list[ContainerWrites], _Findings] | Outcome:
    unknown = [kind for kind in params.by if kind not in KNOWN]
    if unknown:
        raise UsageError(
            f"unknown type of volume {unknown[0]!r}", remedy=f"known: {', '.join(sorted(KNOWN))}"
        )
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return pods
    containers = _containers(world, params, pods)
    if not containers:
        return no_container(pods, params.container)
    findings = _Findings()
    for container in containers:
        for path in params.writable:
            _must_write(findings, container, path, params.by)
        if params.separate:
            _must_be_separate(findings, container, params.writable)
        for path in params.read_only:
            _must_not_write(findings, container, path)
        if params.root == "read-only":
            _root_read_only(findings, container)
        if params.rest == "read-only":
            _nothing_else(findings, container, params)
    return containers, findings


def _containers(world: World, params: Params, pods: list[PodTemplate]) -> list[ContainerWrites]:
    return [
        container
        for pod in pods
        for container in pod_writes(world, pod, params.aliases)
        if params.container in {"", container.name}
        and (params.which == "all" or container.kind == "container")
    ]


def _before(world: World, params: Params) -> dict[str, ContainerWrites]:
    """The containers before the answer, by title; none if an engine can't judge them."""
    try:
        return {one.title: one for one in _containers(world.before(), params, pods_before(world, params))}
    except NotJudged:
        return {}


def _tree(findings: _Findings, container: ContainerWrites, params: Params) -> list[tuple[str, int]]:
    """The paths to show of a container, each with its depth below the container."""
    paths = {"/", *params.writable, *params.read_only, *(one.path for one in container.mounts)}
    paths |= {path for name, path in findings.wrong if name == container.title}
    found: list[tuple[str, int]] = []
    above: list[str] = []
    for path in sorted(paths, key=lambda path: path.rstrip("/").split("/")):
        while above and not is_within(path, above[-1]):
            above.pop()
        above.append(path)
        found.append((path, len(above)))
    return found


def _cell(
    findings: _Findings,
    container: ContainerWrites,
    path: str,
    params: Params,
    before: ContainerWrites | None,
) -> Cell:
    wrong = findings.wrong.get((container.title, path))
    word = _access_word(container, path)
    was = _access_word(before, path) if before is not None else ""
    if wrong is not None:
        return asked(False, word, was, wrong)
    must = path in (*params.writable, *params.read_only) or (path == "/" and params.root == "read-only")
    if params.rest == "read-only" and not must:
        free = [resolve(one, params.aliases) for one in (*params.writable, *params.may_write)]
        must = not any(is_within(path, one) for one in free)
    if must and (container.title, path) not in findings.unjudged:
        return asked(True, word, was)
    return Cell(word, State.UNASKED, "" if was == word else was)


def _access_word(container: ContainerWrites, path: str) -> str:
    place = container.place_of(path)
    through = "" if place.type == ROOT else f" ({place.type})"
    if place.access is Access.READ_ONLY:
        return f"read-only{through}" + (", can be remounted" if container.remount else "")
    return f"{'may be ' if place.access is Access.NOT_GUARANTEED else ''}writable{through}"


def _must_write(findings: _Findings, container: ContainerWrites, path: str, by: tuple[str, ...]) -> None:
    place = container.place_of(path)
    hiding = next((mount for mount in container.mounts if mount.path == "/"), None)
    if hiding is not None:
        what = "cannot start: the volume at / hides the image's programs"
        findings.fail(
            container, path, what, hiding, "Mount the volume at the directory that needs it, not at /."
        )
    elif container.is_runtime(path):
        findings.leave_open(container, path, NotJudged(f"{path}, which the container runtime mounts itself"))
    elif not place.startable:
        what = f"cannot start: the read-only volume above {place.path} has no directory for this mount"
        findings.fail(
            container, path, what, place, f"Mount the volume at {place.path} outside the other volume."
        )
    elif place.access is Access.READ_ONLY:
        what = f"cannot write {path}: {place.because}"
        why, at = _no_volume(container, path) if place.type == ROOT else ("", None)
        advice = f"{path} must be writable in container {container.name}{why}."
        findings.fail(container, path, what, place, advice, at)
    elif by and place.type not in by:
        what = f"can write {path}, but not through such a volume: {_named(place)}"
        advice = f"{path} must be writable through a volume of type {' or '.join(by)}."
        findings.fail(container, path, what, place, advice)
    elif place.access is Access.NOT_GUARANTEED:
        findings.leave_open(
            container, path, NotJudged(f"whether {path} can be written ({place.because})", place.location)
        )
    elif container.non_root and place.for_root:
        what = f"cannot write {path} as {container.non_root}: {place.because}, which belongs to root"
        advice = f"{path} must be writable in container {container.name}, which doesn't run as root."
        findings.fail(container, path, what, place, advice)
    elif container.non_root and not place.for_anyone:
        findings.leave_open(
            container,
            path,
            NotJudged(
                f"whether {path} can be written as {container.non_root}",
                place.location,
            ),
        )


def _no_volume(container: ContainerWrites, path: str) -> tuple[str, Location]:
    """That no volume is at a path, only below it if any, and where to change that."""
    below = container.below(path)
    if below:
        return f": the volume at {below[0].path} is only a part of it", below[0].location
    return ": no volume is mounted there", container.location


def _must_be_separate(findings: _Findings, container: ContainerWrites, paths: tuple[str, ...]) -> None:
    """One volume at two paths is one directory, unless the mounts have different sub paths."""
    seen: dict[tuple[str, str | None], str] = {}
    for path in paths:
        place = container.place_of(path)
        if not place.volume or resolve(path, container.aliases) != place.path:
            continue
        first = seen.setdefault((place.volume, place.sub_path), path)
        if first != path:
            what = f"has the same directory at {first} and {path}: what it writes to one is in the other"
            findings.fail(container, path, what, place, f"{first} and {path} must be two directories.")


def _must_not_write(findings: _Findings, container: ContainerWrites, path: str) -> None:
    place = container.place_of(path)
    for each in (place, *container.below(path)):
        if each.access is Access.READ_ONLY:
            continue
        shown = path if each is place else each.path
        findings.fail(container, shown, *_can_write(container, each, shown))
    if container.remount:
        _fail_remount(findings, container, path)


def _root_read_only(findings: _Findings, container: ContainerWrites) -> None:
    if container.root.access is not Access.READ_ONLY:
        findings.fail(container, "/", *_can_write(container, container.root, "/"))
    if container.remount:
        _fail_remount(findings, container, "/")


def _nothing_else(findings: _Findings, container: ContainerWrites, params: Params) -> None:
    allowed = [resolve(path, params.aliases) for path in (*params.writable, *params.may_write)]
    for place in (container.root, *container.mounts, *container.devices):
        if place.access is Access.READ_ONLY or any(is_within(place.path, path) for path in allowed):
            continue
        on_it = [path for path in params.read_only if container.place_of(path) is place]
        shown = on_it[0] if on_it and place is container.root else place.path
        findings.fail(container, shown, *_can_write(container, place, shown))
    if container.remount:
        _fail_remount(findings, container, "/")


def _can_write(container: ContainerWrites, place: Place, path: str) -> tuple[str, Place, str]:
    """The message of a FAIL: the effect, the place, what to do."""
    if place.type == ROOT:
        advice = f"The root filesystem of container {container.name} must be read-only."
        return f"can write {path}: {place.because}", place, advice
    if place.access is Access.NOT_GUARANTEED:
        advice = f"{place.path} must be read-only: set readOnly in its volumeMount."
        return f"may be able to write {path}: {place.because}", place, advice
    advice = f"Nothing may be writable at {place.path} in container {container.name}."
    return f"can write {path}: {_named(place)}", place, advice


def _fail_remount(findings: _Findings, container: ContainerWrites, path: str) -> None:
    where = container.remount_at or container.location
    place = msgspec.structs.replace(container.root, location=where)
    what = f"can make {path} writable again: {container.remount}"
    findings.fail(
        container, path, what, place, f"Container {container.name} must not be able to remount filesystems."
    )


def _named(place: Place) -> str:
    if place.type == ROOT:
        return place.because
    what = (
        place.because
        if place.because.lower().startswith(place.type.lower())
        else f"{place.type}, {place.because}"
    )
    return f"volume {place.volume} ({what}) at {place.path} is writable"
