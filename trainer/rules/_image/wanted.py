"""What may be required of an image, each as a generator of what is wrong."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Literal

from trainer.errors import NotJudged
from trainer.rules._image.answer import Dockerfile, Wrong
from trainer.simulate.images import accounts
from trainer.simulate.images.build import Built
from trainer.simulate.images.files import Layer, may, program_name
from trainer.simulate.images.given import BuildGiven
from trainer.simulate.images.stage import Stage
from trainer.simulate.images.starting import readable
from trainer.simulate.images.tools import content_of
from trainer.verdict import Location

Kind = Literal["shell", "package-manager", "compiler", "downloader"]
KINDS: dict[str, frozenset[str]] = {
    "shell": frozenset("sh bash dash ash zsh ksh busybox".split()),
    "package-manager": frozenset("apt apt-get aptitude dpkg apk yum dnf microdnf rpm".split()),
    "compiler": frozenset("gcc cc g++ c++ clang make go rustc cargo javac tsc ld as".split()),
    "downloader": frozenset("curl wget".split()),
}


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
    """Whether base images are pinned by digest; of all stages also the images that `from=` names."""
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
    for line, base in built.taken if which == "all" else ():
        if not base.pinned:
            yield Wrong(
                f"The image {base.reference}, which `from=` names, isn't pinned by its digest.",
                line,
                f"Whoever pushes {base.reference} changes what line {line} takes from it.",
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
    first = "" if final else f"docker build --target {stage.name}, "
    for layer in stage.layers:
        if value in layer.created_by:
            yield Wrong(
                f"Line {layer.line} puts {name} into the history of {where}.",
                layer.line,
                f"{first}docker history --no-trunc shows: {_short(layer.created_by, value)}",
            )
        for path, file in layer.files.items() if layer.line else ():
            if file is not None and file.content is None and name in layer.saw:
                raise NotJudged(f"whether {path} has {name}", Location("", layer.line, 1))
            if file is None or not any(value in (text or "") for text in (path, file.link, file.content)):
                continue
            gone = stage.files.known.get(path) is None
            later = " A later layer removes it, but the layer keeps it." if gone else ""
            yield Wrong(
                f"Line {layer.line} puts {path} with {name} into a layer of {where}.{later}",
                layer.line,
                f"{first}docker save: the layer of line {layer.line} has {path}, with {name} in it.",
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
    """The line of the layer that brought a file or changed a directory; of the base: that of FROM."""
    for layer in reversed(image.layers):
        if layer.files.get(path) is not None or path in layer.folders:
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
            yield missing(image, path, _content(given, source) if source else None)
        elif not readable(image.files, path, who):
            yield Wrong(
                f"User {who.uid} can't read {path}.",
                came_with(image, path),
                f"cat {path}: Permission denied",
            )
        elif source:
            content = _content(given, source)
            line = came_with(image, image.files.final(path))
            if file.content != content:
                yield Wrong(f"{path} isn't {source}.", line, f"sha256sum {path} shows another checksum.")
            elif program_name(content) and not may(file, who.uid, who.groups, 1):
                yield Wrong(f"User {who.uid} can't run {path}.", line, f"{path}: Permission denied")


def _content(given: BuildGiven, source: str) -> str:
    known = {**given.downloads, **given.context}
    if source not in known:
        raise NotJudged(f"the card compares a file with {source}, which it doesn't give")
    return content_of(known[source])


def missing(image: Stage, path: str, content: str | None) -> Wrong:
    """A file that isn't there: because a file has the name of its directory, or because it is elsewhere."""
    evidence = f"cat {path}: No such file or directory"
    folder = posixpath.dirname(path)
    if image.files.at(folder) is not None and not image.files.is_folder(folder):
        line = came_with(image, folder)
        why = f"{folder} is a file, from line {line}. Directories as destinations end with /."
        return Wrong(f"The image has no {path}: {why}", line, f"cat {path}: Not a directory")
    for place, file in image.files.live().items():
        if content is not None and file.content == content:
            line = came_with(image, place)
            return Wrong(f"The image has no {path}: line {line} puts it at {place}.", line, evidence)
    return Wrong(f"The image has no {path}.", image.line, evidence)


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
        left = image.installed.names[name] == "*" and not any(
            name in given.packages[one].depends for one in image.installed.names if one in given.packages
        )
        why = " It came with a package that is gone: `--auto-remove` removes it, too." if left else ""
        yield Wrong(
            f"The image has the package {name}, from line {line}.{why}",
            line,
            f"dpkg -l or apk info lists {name}.",
        )
