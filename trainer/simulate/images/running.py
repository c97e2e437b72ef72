"""RUN: the commands of a layer, with the mounts that exist only while they run.

Follows `dispatchRun` in `dockerfile2llb/convert.go` of moby/buildkit at 73ed682 (2026-08). What is mounted
isn't in the layer; what a command copies from there is.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING

from trainer.errors import NotJudged
from trainer.simulate.images import accounts
from trainer.simulate.images.dockerfile import Broken, Instruction
from trainer.simulate.images.files import ImageFiles
from trainer.simulate.images.machine import Failure, Machine
from trainer.simulate.images.mounts import Mount, read_mount
from trainer.simulate.images.tools import Network
from trainer.simulate.shell.filesystem import File
from trainer.simulate.shell.paths import is_within
from trainer.simulate.shell.process import Ran, TimedOut

if TYPE_CHECKING:
    from trainer.simulate.images.stage import Stage

_LONGEST = 20_000


def run(stage: Stage, one: Instruction, origin: Callable[[str], Stage]) -> None:
    """Carry out RUN. Raises `Broken` where a command fails, so that the build stops."""
    argv = _argv(stage, one)
    if sum(map(len, argv)) > _LONGEST:
        raise NotJudged(f"a RUN of more than {_LONGEST} characters")
    mounts = [
        read_mount(",".join(stage.expanded(part) for part in value.split(",")))
        for key, value in one.flags
        if key == "mount"
    ]
    try:
        who = accounts.identity(stage.files, stage.config.user)
    except accounts.NoUser as error:
        raise Broken(one.line, f"RUN as USER {stage.config.user}: {error}.", shown=str(error)) from None
    if one.flag("security") or one.flag("device"):
        raise NotJudged("RUN --security and --device")
    before = stage.files.copy()
    secret_variables = _secret_variables(stage, mounts)
    environment = {**stage.variables, **secret_variables}
    network = stage.network
    if one.flag("network") == "none":
        network = Network(network.downloads, online=False, tampered=network.tampered)
    machine = Machine(
        stage.files,
        stage.installed,
        stage.given,
        stage.family,
        network,
        who,
        environment,
        stage.config.workdir,
    )
    places = [place for mount in mounts for place in _mounted(stage, machine, mount, origin)]
    saw = _seen(stage, secret_variables, places)
    folder = stage.config.workdir or "/"
    try:
        ran = machine.execute(argv)
    except TimedOut:
        ran = Ran(1, "a command waits for input or runs on, and never ends")
    finally:
        machine.folder = folder
        _unmounted(stage.files, before, places)
        stage.files.refusal, stage.files.maker = (lambda _path: ""), (0, 0, 0o755)
    if ran.code:
        raise _stopped(one, argv, ran, machine.failures)
    stage.unheeded += [(_line_of(one, failure), failure.command) for failure in machine.failures]
    stage.commit(one, before, f"RUN {_told(stage, argv)} # buildkit", saw)


def _argv(stage: Stage, one: Instruction) -> tuple[str, ...]:
    if one.words is not None:
        if not one.words:
            raise Broken(one.line, "RUN has no command.")
        return one.words
    text = one.rest
    if not text:
        raise Broken(one.line, "RUN has no command.")
    if one.heredocs:
        docs = one.heredocs
        if text.startswith("<<") and len(text.split()) == 1:
            text = docs[0].text
            if text.startswith("#!"):
                raise NotJudged("a here-document of RUN that starts with #!")
        else:
            text = "\n".join([text, *(f"{doc.text}{doc.name}" for doc in docs)])
    return (*stage.config.shell, text)


def _told(stage: Stage, argv: tuple[str, ...]) -> str:
    """What the history shows: the arguments of the build come first, with their values."""
    values = [f"{key}={stage.variables.get(key, value)}" for key, value in stage.known_arguments.items()]
    return " ".join([*([f"|{len(values)}", *values] if values else []), *argv])


def _secret_variables(stage: Stage, mounts: list[Mount]) -> dict[str, str]:
    found = {}
    for mount in mounts:
        if mount.type == "secret" and mount.env:
            value = _secret(stage, mount)
            if value is not None:
                found[mount.env] = value
    return found


def _seen(stage: Stage, variables: dict[str, str], places: list[str]) -> frozenset[str]:
    """The secrets in these variables, and in files at these places or below them."""
    texts = [*variables.values()]
    for path, file in stage.files.live().items() if places else ():
        if any(is_within(path, place) for place in places):
            texts.append(file.content or "")
    return frozenset(
        name for name, one in stage.given.secrets.items() if any(one.value in text for text in texts)
    )


def _secret(stage: Stage, mount: Mount) -> str | None:
    """The value of a secret; None if `docker build` gets no such secret."""
    value = next((one.value for one in stage.given.secrets.values() if one.id == mount.source), None)
    if value is None and mount.required:
        raise Broken(
            stage.at, f"The build has no secret with the ID {mount.source}.", shown="secret not found"
        )
    return value


def _mounted(stage: Stage, machine: Machine, mount: Mount, origin: Callable[[str], Stage]) -> list[str]:
    """Mount something; the paths below which nothing gets into the layer."""
    files = stage.files
    target = posixpath.normpath(posixpath.join("/", stage.config.workdir, mount.target))
    if mount.type == "ssh":
        raise NotJudged("RUN --mount=type=ssh")
    if mount.type == "secret":
        value = _secret(stage, mount) if mount.target else None
        if value is None:
            return []
        files.put(target, File(target, mount.mode, content=value, owner=mount.uid, group=mount.gid))
        _folders(files, posixpath.dirname(target))
        return [target]
    if target == "/":
        raise Broken(stage.at, "A mount can't have the target /.", shown="invalid mount target")
    _emptied(files, target)
    _folders(files, target)
    if mount.type == "bind":
        _bound(stage, mount, origin, target)
    elif machine.user:
        files.owners[target] = (mount.uid, mount.gid, 0o755)
    return [target]


def _bound(stage: Stage, mount: Mount, origin: Callable[[str], Stage], target: str) -> None:
    found = stage.context.files if not mount.origin else origin(mount.origin).files.live()
    start = posixpath.normpath(posixpath.join("/", mount.source))
    if start in found:
        stage.files.drop_folder(target)
        stage.files.put(target, found[start])
        return
    inside = {path: file for path, file in found.items() if path.startswith(f"{start.rstrip('/')}/")}
    if not inside and start != "/":
        raise Broken(stage.at, f"The mount's source {start} doesn't exist.", shown=f"{start}: not found")
    for path, file in inside.items():
        stage.files.place(f"{target}/{path[len(start.rstrip('/')) + 1 :]}", file)


def _folders(files: ImageFiles, folder: str) -> None:
    maker, files.maker = files.maker, (0, 0, 0o755)
    files.make_folders(folder)
    files.maker = maker


def _emptied(files: ImageFiles, target: str) -> None:
    for path in list(files.live()):
        if path == target or path.startswith(f"{target}/"):
            files.put(path, None)


def _unmounted(files: ImageFiles, before: ImageFiles, places: list[str]) -> None:
    """Take the mounts away: what is below them is as before."""
    for place in places:
        start = f"{place}/"
        for path in [one for one in files.known if one == place or one.startswith(start)]:
            if path in before.known:
                files.known[path] = before.known[path]
            else:
                del files.known[path]
        for path in [one for one in files.made if one.startswith(start) and one not in before.made]:
            files.made.discard(path)
        if place in before.made:
            files.made.add(place)


def _stopped(one: Instruction, argv: tuple[str, ...], ran: Ran, failures: list[Failure]) -> Broken:
    """Where the build stops: at the line of the command that failed, as far as that can be told."""
    last = failures[-1] if failures else Failure(" ".join(argv), ran.complaint, ran.code)
    inner = next(
        (one for one in failures if one.code and not one.command.startswith(("/bin/sh", "sh "))), last
    )
    if ran.complaint and inner.why != ran.complaint:
        inner = next((one for one in failures if one.why == ran.complaint), inner)
    why = inner.why or f"exit code {ran.code}"
    if argv[0] in ("/bin/sh", "/bin/bash") and ran.code == 127 and not failures[:-1] and argv[0] in why:
        why = f"{argv[0]} doesn't exist in this stage, and the shell form of RUN needs it"
    shown = f'process "{" ".join(argv)[:120]}" did not complete successfully: exit code: {ran.code}'
    return Broken(_line_of(one, inner), f"RUN fails: {why}.", shown=shown)


def _line_of(one: Instruction, failure: Failure) -> int:
    """The line of the command that failed, as far as that can be told."""
    words = failure.command.split()
    for size in range(min(3, len(words)), 0, -1):
        at = one.text.find(" ".join(words[:size]))
        if at >= 0:
            return one.line_at(at)
    return one.line
