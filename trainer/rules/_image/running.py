"""What a container of the image must run: a program with its arguments, and a script with what it needs."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

import msgspec

from trainer.rules._image.answer import Wrong
from trainer.rules._image.wanted import came_with, missing
from trainer.simulate.images.build import Built
from trainer.simulate.images.given import BuildGiven
from trainer.simulate.images.stage import Stage
from trainer.simulate.images.starting import Started, readable, script_of, start
from trainer.simulate.images.tools import content_of


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


def runs(given: BuildGiven, built: Built, wanted: Runs) -> Iterator[Wrong]:
    """What a container runs."""
    image = built.image
    started = start(image)
    lines = image.config.lines
    line = lines.get("entrypoint", lines.get("cmd", image.line))
    argv = " ".join(started.argv)
    if started.trouble:
        if argv and "entrypoint" not in lines and "cmd" not in lines:
            argv = f"{argv} (from the base)"
        why = _shell_form(image, started) or started.trouble
        if started.blamed:
            line = _made_at(built, started.blamed)
        yield Wrong(f"No container starts: {why}.", line, f"docker run IMAGE: {argv}: {started.trouble}.")
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
            f"{wanted.program} gets {' '.join(started.argv[1:]) or 'no arguments'} instead of {shown}.",
            lines.get("cmd", line),
            f"docker run IMAGE starts {argv}.",
        )
    if wanted.script:
        yield from _script(given, image, wanted, line)


def _shell_form(image: Stage, started: Started) -> str:
    """That the command is for a shell that isn't there; empty if that isn't why nothing starts."""
    shell = image.config.shell
    if started.argv[: len(shell)] != shell or not started.trouble.endswith(f"{shell[0]}: not found"):
        return ""
    text = " ".join(started.argv[len(shell) :])
    if text.startswith("["):
        return f"{text} isn't JSON, whose strings have double quotes: it is for {shell[0]}, which isn't there"
    return f"`{text}` is for {shell[0]}, which isn't there. The JSON form needs no shell"


def _made_at(built: Built, path: str) -> int:
    """The line that made a program or gave it its mode: in the image, or in the stage that it is from."""
    file = built.image.files.at(path)
    for layer in (layer for stage in built.stages for layer in stage.layers if layer.line):
        for one in layer.files.values():
            if one is not None and file is not None and (one.content, one.mode) == (file.content, file.mode):
                return layer.line
    return came_with(built.image, path)


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
            near = missing(image, posixpath.join(posixpath.dirname(path), needed), _given(given, needed))
            where = near.message.partition(":")[2]
            message = f"The image lacks {needed}, which {wanted.script} needs{':' * bool(where)}{where}"
            yield Wrong(message.rstrip(".") + ".", near.line, f"docker run IMAGE: Cannot find {needed}")
        elif not readable(image.files, found, started.who):
            yield Wrong(
                f"User {started.who.uid} can't read {found}.",
                came_with(image, found),
                f"docker run IMAGE: {found}: Permission denied",
            )


def _given(given: BuildGiven, path: str) -> str | None:
    return content_of(given.context[path]) if path in given.context else None


def _beside(image: Stage, path: str, needed: str) -> str:
    folder = posixpath.dirname(path)
    while True:
        place = posixpath.join(folder, needed)
        if image.files.at(place) is not None:
            return place
        if folder in ("/", ""):
            return ""
        folder = posixpath.dirname(folder)
