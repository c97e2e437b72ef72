"""What happens in a container until it counts as started: its command, postStart, startupProbe.

Follows https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes,
https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/ and the kubelet's probe
worker (pkg/kubelet/prober/worker.go), v1.35:

- postStart runs once, in parallel with the command, in no guaranteed order; if it fails, the
  container is killed. A container with no startupProbe counts as started once postStart is done.
- the startupProbe runs every `periodSeconds` until it succeeds once, then never again in the life
  of that container; `failureThreshold` failures in a row kill the container. A program that can't
  run isn't a success either. A probe that takes longer than `timeoutSeconds` has failed.
- a restarted container starts from the image again, and so does all of the above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Path
from trainer.manifests.values import indexed, items, mapping
from trainer.simulate.containers.commands import Machine
from trainer.simulate.containers.effective import may_mount
from trainer.simulate.containers.mounts import ROOT, ContainerWrites
from trainer.simulate.containers.volumes import Access
from trainer.simulate.shell.filesystem import EMPTY, File, Files, UnknownProgram
from trainer.simulate.shell.paths import is_within
from trainer.simulate.shell.process import Ran, RunsOn, Stopped, TimedOut
from trainer.simulate.shell.programs import TOOLS
from trainer.simulate.shell.tools.running import PACKAGE_MANAGERS
from trainer.simulate.workloads import PodTemplate
from trainer.verdict import Location


class Image(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What a card knows about an image."""

    exists: tuple[str, ...] = ()
    """Programs that it has, besides the usual tools of `/bin` (`/bin/bash`)."""
    links: dict[str, str] = {}
    """Programs that are links to others (`/bin/sh: /bin/dash`)."""
    aliases: dict[str, str] = {}
    """Directories that are links to others (`/bin: /usr/bin`)."""
    user: int = 0
    """The user that it runs as if the manifest names none."""
    commands: tuple[tuple[str, ...], ...] = ()
    """Command lines known to keep running; the first is its own (`[httpd-foreground]`). No entrypoint."""
    daemons: tuple[tuple[str, ...], ...] = ()
    """Command lines that put themselves into the background and end (`[httpd]`)."""
    lacks: tuple[str, ...] = ()
    """Paths that it doesn't have (`/usr/local/bin/bash`)."""
    folder: str = ""
    """Its working directory."""
    listing: dict[str, tuple[str, ...]] = {}
    """Directories with the names of everything in them; those of directories end in a slash."""
    distribution: Literal["", "debian", "alpine"] = ""
    """Whose package manager it has."""


class Action(msgspec.Struct, frozen=True, eq=False):
    """Something that runs in the container: what starts it (`startupProbe`, ...), and its place."""

    by: str
    argv: tuple[str, ...]
    location: Location

    @property
    def words(self) -> str:
        """The action in words: `startupProbe (rm /bin/bash)`."""
        return f"{self.by} ({' '.join(self.argv)})"


class Startup(msgspec.Struct, frozen=True, eq=False):
    """The state of a container when it counts as started, or why it never does."""

    container: ContainerWrites
    actions: tuple[Action, ...]
    """What runs before it counts as started."""
    later: tuple[Action, ...]
    """What runs only later, or in another container."""
    files: Mapping[str, File | None]
    """Each known path (directory links followed): its file then, or None if it is gone."""
    changed_by: Mapping[str, str]
    """What changed a path: `command`, `postStart` or `startupProbe`."""
    unsure: tuple[str, ...] = ()
    """Paths that the command changes at a time that nothing waits for."""
    trouble: str = ""
    """Why it never counts as started; empty if it does."""
    trouble_at: Location | None = None


def startup_of(
    pod: PodTemplate, path: Path, container: Mapping[str, Any], writes: ContainerWrites, image: Image
) -> Startup:
    """Simulate the container at `path` until it counts as started.

    If command and hooks run in parallel, both orders are tried; a result that depends on
    the order is reported as not changed in time. Raises `NotJudged` for what is not known here.
    """
    stage = _Stage(pod, path, container, writes, image)
    return stage.play()


class _Stage:
    """One container, and what runs in it."""

    def __init__(
        self,
        pod: PodTemplate,
        path: Path,
        container: Mapping[str, Any],
        writes: ContainerWrites,
        image: Image,
    ) -> None:
        self.pod, self.path, self.container, self.writes, self.image = pod, path, container, writes, image
        self.user = image.user if writes.user is None else writes.user
        self.files = self._image()
        variables = [entry for _, entry in indexed(container.get("env"))]
        self.environment = {
            str(one.get("name")): str(one.get("value") or "")
            for one in variables
            if not one.get("valueFrom") and "$(" not in str(one.get("value"))
        }
        self.unknown = {str(one.get("name")) for one in variables} - self.environment.keys()
        """Variables whose values aren't known."""
        self.changed_by: dict[str, str] = {}
        self.actions: list[Action] = []
        self.command_changes = False
        self.command_ends = ""

    def play(self) -> Startup:
        if self.writes.demands_non_root and self.user == 0:
            trouble = "runAsNonRoot is true, but it runs as root: the kubelet refuses to create it"
            return self.done(self.files, trouble, self.pod.where(*self.path))
        early = self._once(command_first=True)
        if early.trouble or not self.command_changes:
            return early
        late = self._once(command_first=False)
        unsure = tuple(path for path, file in early.files.items() if late.files.get(path) != file)
        return msgspec.structs.replace(late, unsure=unsure)

    def _image(self) -> Files:
        """The files of the image with the volumes mounted: those of an `emptyDir` hide everything and are
        empty."""
        empty = [
            mount.path for mount in self.writes.mounts if mount.type == "emptyDir" and not mount.sub_path
        ]
        tools = (f"/bin/{tool}" for tool in TOOLS)
        image = self.image
        files = Files(
            (*tools, *image.exists),
            self.refusal,
            image.aliases,
            image.links,
            empty=(*EMPTY, *empty),
            lacks=image.lacks,
            listing=image.listing,
        )
        for mount in self.writes.mounts:
            folder = files.real(mount.path + "/x")[:-2]
            hidden = [known for known in files.known if is_within(known, folder)]
            if hidden and mount.path not in empty:
                raise NotJudged(f"the volume mounted over programs at {mount.path}", mount.location)
            for known in hidden:
                files.put(known, None)
        return files

    def _machine(self, files: Files, deadline: float) -> Machine:
        folder = str(self.container.get("workingDir") or self.image.folder)
        return Machine(
            files,
            self.image.commands,
            deadline,
            user=self.user,
            environment=self.environment,
            folder=folder,
            managers=PACKAGE_MANAGERS.get(self.image.distribution, ()),
            daemons=self.image.daemons,
            mounts=may_mount(self.pod.spec, self.container),
            main=self._argv()[0] if self._argv()[0] in self.image.commands else (),
        )

    def _once(self, *, command_first: bool) -> Startup:
        self.changed_by, self.actions = {}, []
        files = self.files.copy()
        lasts = self._command(files if command_first else files.copy(), count=command_first)
        hook = self._exec("lifecycle", "postStart")
        if hook is not None:
            ran = self._run(hook, files, float("inf"))
            if ran.code:
                return self.done(files, f"{hook.words} fails: {ran.complaint}", hook.location)
        return self._probe(files, lasts, late=not command_first)

    def _command(self, files: Files, *, count: bool) -> float:
        """Run the container's command; how many seconds it lasts (infinite for a server)."""
        argv, location = self._argv()
        machine = self._machine(files, float("inf"))
        action = Action("command", argv, location)
        before = dict(files.known)
        self.command_ends = ""
        try:
            ran = machine.execute(argv, stdin=None if self.container.get("stdin") else "")
        except RunsOn:
            lasts = float("inf")
        except TimedOut:
            lasts = float("inf")
        else:
            lasts = machine.seconds
            ending = ran.complaint or "it ends"
            self.command_ends = f"its command ends with exit code {ran.code} ({ending})"
        if machine.asked_network:
            raise NotJudged("a command whose outcome depends on the network", location)
        changed = [path for path, file in files.known.items() if before.get(path) != file]
        self.command_changes = bool(changed)
        if any(seconds and path in self.files.known for seconds, path in machine.changes):
            raise NotJudged("a command that changes programs after a while", location)
        if count:
            self._note(action, changed)
        return lasts

    def _probe(self, files: Files, lasts: float, *, late: bool) -> Startup:
        """Run the startupProbe until it succeeds; `late`: the command's work is done after its first run."""
        probe = self._mapping("startupProbe")
        delay = _number(probe, "initialDelaySeconds", 0)
        action = self._exec("startupProbe")
        if action is None:
            if probe and files.known != self.files.known:
                raise NotJudged("whether a startupProbe without exec succeeds", self._where("startupProbe"))
            return self._after(files, lasts, 0, 0)
        ran = Ran(1)
        for run in range(_number(probe, "failureThreshold", 3)):
            if late and run == 1:
                self._command(files, count=True)
            ran = self._run(action, files, _number(probe, "timeoutSeconds", 1))
            if not ran.code:
                latest = delay + (run + 2) * _number(probe, "periodSeconds", 10)
                return self._after(files, lasts, delay, latest)
        again = "the kubelet restarts the container again and again"
        if ran.code == 127:
            again = "it can never succeed"
        return self.done(files, f"{action.words} fails: {ran.complaint}; {again}", action.location)

    def _after(self, files: Files, lasts: float, earliest: int, latest: int) -> Startup:
        """It counts as started within these seconds, unless its command has ended by then."""
        _, location = self._argv()
        if lasts <= max(earliest, 1):
            return self.done(files, self.command_ends, location)
        if lasts <= latest:
            raise NotJudged("a command that may end before the startupProbe succeeds", location)
        return self.done(files, "", None)

    def _run(self, action: Action, files: Files, deadline: float) -> Ran:
        before = dict(files.known)
        offline = files.copy()
        machine = self._machine(files, deadline)
        ran = _executed(machine, action)
        if machine.asked_network:
            alone = self._machine(offline, deadline)
            alone.network = False
            if bool(_executed(alone, action).code) != bool(ran.code) or offline.known != files.known:
                raise NotJudged("a command whose outcome depends on the network", action.location)
        self._note(action, [path for path, file in files.known.items() if before.get(path) != file])
        return ran

    def _note(self, action: Action, changed: list[str]) -> None:
        if all(action.by != other.by for other in self.actions):
            self.actions.append(action)
        for path in changed:
            self.changed_by[path] = action.by

    def _argv(self) -> tuple[tuple[str, ...], Location]:
        """The container's command line: `command` and `args` override the image's own."""
        command, args = self._words("command"), self._words("args")
        field = "command" if command else "args"
        location = self._where(field)
        words = tuple(self._expanded(word, location) for word in (*command, *args))
        return (words or next(iter(self.image.commands), ())), location

    def _expanded(self, word: str, location: Location) -> str:
        """The word as the kubelet passes it: `$(NAME)` is replaced if the container has the variable."""

        def value(found: re.Match[str]) -> str:
            name = found[1]
            if found[0] == "$$":
                return "$"
            if name in self.environment:
                return self.environment[name]
            if name in self.unknown or (re.fullmatch(r"\w+", name) and self._has_other_variables(name)):
                raise NotJudged("a variable in the container's command", location)
            return found[0]

        return re.sub(r"\$\$|\$\(([^()]*)\)", value, word)

    def _has_other_variables(self, name: str) -> bool:
        """Whether a ConfigMap, a Secret or a Service may define it."""
        return bool(self.container.get("envFrom")) or "_SERVICE_" in name or "_PORT" in name

    def _exec(self, *steps: str) -> Action | None:
        handler = self._mapping(*steps)
        if not handler:
            return None
        argv = mapping(handler.get("exec")).get("command")
        location = self._where(*steps, "exec", "command")
        if isinstance(argv, list) and argv:
            return Action(steps[-1], tuple(str(word) for word in argv), location)
        if steps[-1] == "postStart" and "sleep" not in handler:
            raise NotJudged("whether a postStart without exec succeeds", location)
        return None

    def later(self) -> Iterator[Action]:
        """What runs too late, or in another container: other probes, preStop, init containers."""
        for steps in (("livenessProbe",), ("readinessProbe",), ("lifecycle", "preStop")):
            argv = mapping(self._mapping(*steps).get("exec")).get("command")
            if isinstance(argv, list) and argv:
                location = self._where(*steps, "exec", "command")
                yield Action(steps[-1], tuple(map(str, argv)), location)
        for path, other in self.pod.containers():
            if path[1] == "initContainers" and path != self.path:
                argv = [*(other.get("command") or ()), *(other.get("args") or ())]
                yield Action(
                    f"init container {other.get('name')}", tuple(map(str, argv)), self.pod.where(*path)
                )

    def done(self, files: Files, trouble: str, location: Location | None) -> Startup:
        return Startup(
            container=self.writes,
            actions=tuple(self.actions),
            later=tuple(self.later()),
            files=dict(files.known),
            changed_by=dict(self.changed_by),
            trouble=trouble,
            trouble_at=location,
        )

    def refusal(self, path: str) -> str:
        """Why a program at `path` can't be removed, replaced or changed; empty if it can."""
        place = self.writes.place_of(path)
        if place.access is Access.NOT_GUARANTEED:
            raise NotJudged(f"whether {path} is writable", place.location)
        if place.access is Access.READ_ONLY:
            what = ROOT if place.type == ROOT else f"volume at {place.path}"
            return f"the {what} is read-only"
        open_to_all = any(is_within(path, folder) for folder in EMPTY) or place.for_anyone
        if place.type != ROOT and self.user != 0 and not open_to_all:
            raise NotJudged(f"whether user {self.user} can write {path}", place.location)
        if self.user != 0 and not open_to_all:
            return f"user {self.user} can't change files of root"
        return ""

    def _words(self, field: str) -> tuple[str, ...]:
        return tuple(str(word) for word in items(self.container.get(field)))

    def _mapping(self, *steps: str) -> Mapping[str, Any]:
        value: Mapping[str, Any] = self.container
        for step in steps:
            value = mapping(value.get(step))
        return value

    def _where(self, *steps: str) -> Location:
        return self.pod.where(*self.path, *steps)


def _executed(machine: Machine, action: Action) -> Ran:
    """Run an action of the kubelet; one that isn't done in time, or that ends the container, has failed."""
    try:
        return machine.execute(action.argv)
    except RunsOn:
        return Ran(124, "it starts a server, and doesn't end")
    except TimedOut:
        if machine.deadline == float("inf"):
            return Ran(124, "it doesn't end")
        return Ran(124, f"it takes longer than {machine.deadline:g} s")
    except Stopped:
        return Ran(143, "it stops the container's main process")
    except UnknownProgram as error:
        raise UnknownProgram(error.path, error.location or action.location) from error
    except NotJudged as error:
        raise NotJudged(error.construct, error.location or action.location) from error


def _number(probe: Mapping[str, Any], field: str, default: int) -> int:
    value = probe.get(field)
    return value if isinstance(value, int) and value > 0 else default
