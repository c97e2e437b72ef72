"""What may be required of an image, each as a generator of what is wrong."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Literal

import msgspec

from trainer.errors import NotJudged
from trainer.rules._image.answer import Dockerfile, Wrong
from trainer.simulate.images import accounts
from trainer.simulate.images.build import Built
from trainer.simulate.images.files import Layer, may, program_name
from trainer.simulate.images.given import BuildGiven
from trainer.simulate.images.stage import Stage
from trainer.simulate.images.starting import readable, script_of, start
from trainer.simulate.images.tools import content_of
from trainer.verdict import Location

Kind = Literal["shell", "package-manager", "compiler", "downloader"]
KINDS: dict[str, frozenset[str]] = {
    "shell": frozenset("sh bash dash ash zsh ksh busybox".split()),
    "package-manager": frozenset("apt apt-get aptitude dpkg apk yum dnf microdnf rpm".split()),
    "compiler": frozenset("gcc cc g++ c++ clang make go rustc cargo javac tsc ld as".split()),
    "downloader": frozenset("curl wget".split()),
}


class Runs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The program that a container runs."""

    program: str
    """Its name: that of a binary that a tool of the build writes, or of an interpreter."""
    script: str = ""
    """The file of the context that the interpreter runs."""
    beside: tuple[str, ...] = ()
    """Files that the script needs, relative to its directory or one above."""
    args: tuple[str, ...] | None = None
    """Its arguments; omitted: any."""


def user(image: Stage, *, numeric: bool, ids: tuple[int, ...]) -> Iterator[Wrong]:
    """The user of the image."""
    text = image.config.user
    line = image.config.lines.get("user", image.line)
    named = text.partition(":")[0]
    try:
        who = accounts.identity(image.files, text)
    except accounts.NoUser as error:
        yield Wrong(f"USER {text}: {error}.", line, f"docker run: {error}.")
        return
    if who.uid == 0:
        why = f"`USER {text}` is root" if text else "No USER is set, so it is root"
        if not text and "user" in image.config.lines:
            why = "The user is empty, so it is root"
        yield Wrong(f"The image runs as root: {why}.", line, "docker run --entrypoint id IMAGE -u prints 0.")
    elif numeric and not named.isdecimal():
        yield Wrong(
            f"The user is the name {named}: Kubernetes can't tell that it isn't root. Write the user ID.",
            line,
            f"With runAsNonRoot: container has runAsNonRoot and image has non-numeric user ({named}), cannot "
            "verify user is non-root.",
        )
    elif ids and who.uid not in ids:
        listed = ", ".join(map(str, ids))
        yield Wrong(
            f"The image runs as user {who.uid}; {listed} is required.",
            line,
            f"The process has the ID {who.uid}.",
        )


def pinned(built: Built, which: str) -> Iterator[Wrong]:
    """Whether base images are pinned by digest."""
    stages = built.stages if which == "all" else [built.image]
    seen = set()
    for stage in stages:
        base = stage.base
        if base is None or base.pinned or base.reference in seen:
            continue
        seen.add(base.reference)
        yield Wrong(
            f"The base {base.reference} isn't pinned by its digest: its tag can mean another image tomorrow.",
            stage.line,
            f"Whoever pushes {base.reference} changes this image, with the same Dockerfile.",
        )


def bases(image: Stage, allowed: tuple[str, ...]) -> Iterator[Wrong]:
    """The base of the final image; `scratch` is one."""
    reference = image.base.reference if image.base else "scratch"
    if reference not in allowed:
        yield Wrong(
            f"The final stage is based on {reference}; {' or '.join(allowed)} is required.",
            image.line,
            f"docker history shows the layers of {reference}.",
        )


def secrets(
    dockerfile: Dockerfile, built: Built, names: tuple[str, ...], *, everywhere: bool
) -> Iterator[Wrong]:
    """Secrets in layers, in the history and in the configuration."""
    stages = built.stages if everywhere else [built.image]
    for name in names:
        value = dockerfile.given.secrets[name].value
        for stage in stages:
            yield from _leaks(stage, name, value, final=stage is built.image)


def _leaks(stage: Stage, name: str, value: str, *, final: bool) -> Iterator[Wrong]:
    where = "the image" if final else f"stage {stage.name}"
    for layer in stage.layers:
        if value in layer.created_by:
            yield Wrong(
                f"Line {layer.line} puts {name} into the history of {where}.",
                layer.line,
                f"docker history --no-trunc shows: {_short(layer.created_by, value)}",
            )
        for path, file in layer.files.items() if layer.line else ():
            if file is not None and file.content is None and name in layer.saw:
                raise NotJudged(f"whether {path} has {name}", Location("", layer.line, 1))
            if file is None or file.content is None or value not in file.content:
                continue
            gone = stage.files.known.get(path) is None
            later = " A later layer removes it, but the layer keeps it." if gone else ""
            yield Wrong(
                f"Line {layer.line} puts {path} with {name} into a layer of {where}.{later}",
                layer.line,
                f"docker save: the layer of line {layer.line} has {path}, with {name} in it.",
            )
    told = {f"env {key}": text for key, text in stage.config.env.items()}
    told |= {f"label {key}": text for key, text in stage.config.labels.items()}
    told |= {"onbuild": " ".join(stage.config.onbuild)}
    for key, text in told.items():
        if value in text and not any(value in layer.created_by for layer in stage.layers):
            line = stage.config.lines.get(key, stage.line)
            yield Wrong(f"{key} has {name}.", line, f"docker inspect shows {name} in {key}.")


def _short(text: str, value: str) -> str:
    at = text.index(value)
    return f"{text[max(0, at - 60) : at]}{value}{text[at + len(value) : at + len(value) + 30]}"


def without(image: Stage, kinds: tuple[Kind, ...]) -> Iterator[Wrong]:
    """Shells, package managers, compilers and downloaders in the final files."""
    for kind in kinds:
        for path in sorted(image.files.live()):
            target = image.files.at(path)
            name = program_name(target.content if target is not None else None)
            if (
                target is None
                or not target.executable
                or not (name in KINDS[kind] or (name and posixpath.basename(path) in KINDS[kind]))
            ):
                continue
            line = came_with(image, path)
            origin = "comes with the base" if _of_base(image, path) else f"comes with line {line}"
            yield Wrong(
                f"The image has a {kind.replace('-', ' ')}: {path} {origin}.",
                line,
                f"docker run --entrypoint {path} IMAGE starts it.",
            )
            break


def _of_base(image: Stage, path: str) -> bool:
    return bool(image.layers) and image.layers[0].line == 0 and path in image.layers[0].files


def came_with(image: Stage, path: str) -> int:
    """The line of the layer that brought a file, or something into a directory; of the base: that of FROM."""
    for layer in reversed(image.layers):
        if layer.files.get(path) is not None:
            return layer.line or image.line
    folder = f"{path}/"
    inside = (layer.line for layer in image.layers if any(one.startswith(folder) for one in layer.files))
    return next(inside, 0) or image.line


def absent(image: Stage, patterns: tuple[str, ...]) -> Iterator[Wrong]:
    """Paths that the final files must not have."""
    for path in sorted(image.files.live()):
        if any(fnmatchcase(path, pattern) for pattern in patterns):
            line = came_with(image, path)
            yield Wrong(
                f"The image has {path}, from line {line}.", line, f"docker run: a process can read {path}."
            )


def never(image: Stage, patterns: tuple[str, ...]) -> Iterator[Wrong]:
    """Paths that no layer above the base may have, not even one that a later layer removes."""
    for layer in image.layers:
        hits = [path for path in sorted(_brought(layer)) if any(fnmatchcase(path, one) for one in patterns)]
        if not hits:
            continue
        gone = image.files.known.get(hits[0]) is None
        later = " A later layer removes it, but the layer keeps it." if gone else ""
        yield Wrong(
            f"The layer of line {layer.line} has {hits[0]}.{later}",
            layer.line,
            f"docker history: {layer.created_by[:80]} made a layer with {hits[0]}.",
        )


def _brought(layer: Layer) -> list[str]:
    return [path for path, file in layer.files.items() if file is not None] if layer.line else []


def present(given: BuildGiven, image: Stage, paths: dict[str, str]) -> Iterator[Wrong]:
    """Files that must be there, and readable for the user of the image."""
    try:
        who = accounts.identity(image.files, image.config.user)
    except accounts.NoUser:
        who = accounts.identity(image.files, "")
    for path, source in paths.items():
        file = image.files.at(path)
        if file is None:
            yield Wrong(f"The image has no {path}.", image.line, f"cat {path}: No such file or directory")
        elif not readable(image.files, path, who):
            yield Wrong(
                f"User {who.uid} can't read {path}.",
                came_with(image, path),
                f"cat {path}: Permission denied",
            )
        elif source:
            known = {**given.downloads, **given.context}
            if source not in known:
                raise NotJudged(f"the card compares {path} with {source}, which it doesn't give")
            content = content_of(known[source])
            line = came_with(image, image.files.final(path))
            if file.content != content:
                yield Wrong(f"{path} isn't {source}.", line, f"sha256sum {path} shows another checksum.")
            elif program_name(content) and not may(file, who.uid, who.groups, 1):
                yield Wrong(f"User {who.uid} can't run {path}.", line, f"{path}: Permission denied")


def runs(given: BuildGiven, image: Stage, wanted: Runs) -> Iterator[Wrong]:
    """What a container runs."""
    started = start(image)
    lines = image.config.lines
    line = lines.get("entrypoint", lines.get("cmd", image.line))
    argv = " ".join(started.argv)
    if started.trouble:
        if argv and "entrypoint" not in lines and "cmd" not in lines:
            argv = f"{argv} (from the base)"
        yield Wrong(
            f"No container starts: {started.trouble}.", line, f"docker run IMAGE: {argv}: {started.trouble}."
        )
        return
    if started.program != wanted.program:
        yield Wrong(
            f"A container runs {started.program}, not {wanted.program}.",
            line,
            f"docker run IMAGE starts {argv or started.program}.",
        )
        return
    if wanted.args is not None and started.argv[1:] != wanted.args:
        shown = " ".join(wanted.args) or "no arguments"
        yield Wrong(
            f"{wanted.program} gets {' '.join(started.argv[1:]) or 'no arguments'}; {shown} is required.",
            lines.get("cmd", line),
            f"docker run IMAGE starts {argv}.",
        )
    if wanted.script:
        yield from _script(given, image, wanted, line)


def _script(given: BuildGiven, image: Stage, wanted: Runs, line: int) -> Iterator[Wrong]:
    started = start(image)
    path = script_of(image, started)
    argv = " ".join(started.argv)
    file = image.files.at(path) if path else None
    content = content_of(given.context[wanted.script])
    if file is None or file.content != content:
        yield Wrong(
            f"{wanted.program} doesn't run {wanted.script} of the context: that path has no such file.",
            line,
            f"docker run IMAGE starts {argv} in {started.folder}, and ends with an error.",
        )
        return
    for needed in (path, *wanted.beside):
        found = needed if needed == path else _beside(image, path, needed)
        if not found:
            message = f"The image lacks {needed}, which {wanted.script} needs."
            yield Wrong(message, image.line, f"docker run IMAGE: Cannot find {needed}")
        elif not readable(image.files, found, started.who):
            yield Wrong(
                f"User {started.who.uid} can't read {found}.",
                came_with(image, found),
                f"docker run IMAGE: {found}: Permission denied",
            )


def _beside(image: Stage, path: str, needed: str) -> str:
    folder = posixpath.dirname(path)
    while True:
        place = posixpath.join(folder, needed)
        if image.files.at(place) is not None:
            return place
        if folder in ("/", ""):
            return ""
        folder = posixpath.dirname(folder)


def ports(image: Stage, wanted: tuple[str, ...]) -> Iterator[Wrong]:
    """The ports that EXPOSE names."""
    found = set(image.config.ports)
    expected = {port if "/" in port else f"{port}/tcp" for port in wanted}
    if found != expected:
        shown = ", ".join(sorted(found)) or "no port"
        lines = [
            layer.line for layer in image.layers if layer.line and layer.created_by.startswith("EXPOSE ")
        ]
        yield Wrong(
            f"The image exposes {shown}; {', '.join(sorted(expected))} is required.",
            (lines or [image.line])[-1],
            f"docker inspect shows {shown} under ExposedPorts.",
        )


def packages(given: BuildGiven, image: Stage, allowed: tuple[str, ...]) -> Iterator[Wrong]:
    """Packages that the image has beyond those of its base, except the allowed and what they need."""
    known, waiting = set(image.base.given.packages if image.base else ()), list(allowed)
    while waiting:
        name = waiting.pop()
        if name not in known:
            known.add(name)
            waiting += given.packages[name].depends if name in given.packages else ()
    for name in sorted((image.installed.names.keys() & given.packages.keys()) - known):
        paths = given.packages[name].files
        line = came_with(image, image.files.real(paths[0])) if paths else image.line
        yield Wrong(
            f"The image has the package {name}, from line {line}.", line, f"dpkg -l or apk info lists {name}."
        )
