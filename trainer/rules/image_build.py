"""What is true of the image that the answer's Dockerfile builds: its layers, its user, what it runs.

The build is simulated as BuildKit carries it out; nothing is executed. Only the last stage is the image, and
what it copies from others. A file that a later layer removes is still in its layer, and the values of ARG and
ENV are in the history. Where the build stops, the check fails with the line of that instruction.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from trainer.errors import NotJudged
from trainer.picture import Cell, Picture, Row, State, drawn, nothing_to_see
from trainer.rules import Live, Reads
from trainer.rules._image import rights, running, wanted
from trainer.rules._image.answer import Dockerfile, Wrong, dockerfile_of
from trainer.simulate.images.build import Built
from trainer.simulate.images.dockerfile import Broken
from trainer.simulate.images.facts import facts
from trainer.simulate.images.files import Layer
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome

READS = Reads(Live.NEVER)


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be true of the image."""

    user: Literal["", "not-root", "numeric"] = ""
    """The user that a container runs as: not root; `numeric`: by its ID, which isn't 0."""
    ids: tuple[int, ...] = ()
    """The user IDs that are right; omitted: any."""
    pinned: Literal["", "final", "all"] = ""
    """What must be pinned by digest: `final`: the base of the image; `all`: also the bases of the stages that
    it needs, and images that `from=` names."""
    bases: tuple[str, ...] = ()
    """The base images that the last stage may have, by reference; `scratch` is one."""
    secrets: tuple[str, ...] = ()
    """Secrets of the build that must be in no layer, no configuration and no history."""
    everywhere: bool = False
    """Whether that also holds for the stages that are not the image."""
    without: tuple[wanted.Kind, ...] = ()
    """Kinds of programs that the image must not have."""
    absent: tuple[str, ...] = ()
    """Paths that the image must not have; patterns with `*`."""
    never: tuple[str, ...] = ()
    """Paths that no layer above the base may have; patterns with `*`."""
    present: dict[str, str] = {}
    """Paths that the image must have, readable for its user, each with the file of the context or the
    download that it is; empty: any file."""
    fixed: tuple[str, ...] = ()
    """Files, and directories with all below them, that its user must not be able to change."""
    packages: tuple[str, ...] | None = None
    """The packages that the image may have beyond those of its base and what they need; omitted: any."""
    writable: tuple[str, ...] = ()
    """Directories in which its user must be able to make files."""
    runs: running.Runs | None = None
    """What a container runs."""
    ports: tuple[str, ...] = ()
    """The ports that it exposes, no others."""
    verified: bool = False
    """Whether the build must notice if somebody has replaced a download on its server."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with the line that decides."""
    dockerfile = dockerfile_of(world)
    if isinstance(dockerfile, Outcome):
        return dockerfile
    built = dockerfile.built()
    if isinstance(built, Broken):
        shown = built.shown or built.why
        return dockerfile.outcome(
            [Wrong(built.why, built.line, f"docker build stops at line {built.line}: {shown}")]
        )
    try:
        return dockerfile.outcome(list(_wrong(dockerfile, built, params)))
    except NotJudged as error:
        lines = built.image.config.lines
        line = lines.get("entrypoint", lines.get("cmd", built.image.line))
        line = error.location.line if error.location is not None else line
        raise NotJudged(error.construct, Location(dockerfile.file, line, 1)) from None


def picture(world: World, params: Params) -> Picture:
    """The layers of the image and its settings, each with what is wrong about its line."""
    title = "The image"
    dockerfile = dockerfile_of(world)
    if isinstance(dockerfile, Outcome):
        return nothing_to_see(title, dockerfile, "not built")
    built = dockerfile.built()
    if isinstance(built, Broken):
        return nothing_to_see(title, dockerfile.outcome([Wrong(built.why, built.line, "")]), "build stops")
    wrongs = list(dict.fromkeys(_wrong(dockerfile, built, params)))
    image, config = built.image, built.image.config
    lines = [(one.line, one.created_by, _changes(one)) for one in image.layers if one.line and not one.empty]
    lines += [
        (config.lines.get("user", 0), "the user", config.user or "root"),
        (0, "the base", image.base.reference if image.base else "scratch"),
    ]
    rows = []
    for line, what, word in lines:
        faults = [one for one in wrongs if line and one.line == line]
        wrongs = [one for one in wrongs if one not in faults]
        told = [Cell(dockerfile.masked(one.message), State.WRONG, "", dockerfile.at(line)) for one in faults]
        head = f"line {line}: {what}" if line else what
        rows.append(Row(dockerfile.masked(head), (Cell(dockerfile.masked(word)), *told[:1])))
        rows += [Row("", (Cell(""), one)) for one in told[1:]]
    rows += [
        Row(
            f"line {one.line}",
            (Cell(""), Cell(dockerfile.masked(one.message), State.WRONG, "", dockerfile.at(one.line))),
        )
        for one in wrongs
    ]
    if not any(row.wrong for row in rows):
        rows.append(Row("what the check requires", (Cell(""), Cell("holds", State.RIGHT))))
    return drawn(title, ["changes", "finding"], rows)


def _changes(layer: Layer) -> str:
    removed = sum(file is None for file in layer.files.values())
    made = len(layer.files) - removed
    words = [
        f"{made} file{'' if made == 1 else 's'}" if made else "",
        f"removes {removed}" if removed else "",
    ]
    return ", ".join(word for word in words if word) or "nothing"


def _wrong(dockerfile: Dockerfile, built: Built, params: Params) -> Iterator[Wrong]:
    image = built.image
    if params.user or params.ids:
        yield from wanted.user(image, numeric=params.user == "numeric", ids=params.ids)
    if params.pinned:
        yield from wanted.pinned(built, params.pinned)
    if params.bases:
        yield from wanted.bases(image, params.bases)
    yield from wanted.secrets(dockerfile, built, params.secrets, everywhere=params.everywhere)
    yield from wanted.without(image, params.without)
    yield from wanted.absent(image, params.absent)
    yield from wanted.never(image, params.never)
    yield from wanted.present(dockerfile.given, image, params.present)
    yield from rights.fixed(image, params.fixed)
    if params.packages is not None:
        yield from wanted.packages(dockerfile.given, image, params.packages)
    if params.writable:
        yield from rights.writable(image, params.writable)
    if params.runs is not None:
        yield from running.runs(dockerfile.given, built, params.runs)
    if params.ports:
        yield from wanted.ports(image, params.ports)
    if params.verified:
        yield from _unverified(dockerfile, built)


def _unverified(dockerfile: Dockerfile, built: Built) -> Iterator[Wrong]:
    """Whether the image would be another if its downloads were replaced, without the build stopping."""
    other = dockerfile.built(tampered=True)
    if isinstance(other, Broken) or facts(other) == facts(built):
        return
    line = next(
        (
            one.line
            for stage, twin in zip(built.stages, other.stages, strict=False)
            for one, two in zip(stage.layers, twin.layers, strict=False)
            if one.files != two.files
        ),
        built.image.line,
    )
    why = "nothing compares it with a checksum."
    for at, command in (pair for stage in other.stages for pair in stage.unheeded):
        if _compares(command):
            why, line = f"`{command}` fails if it was replaced, but the build goes on.", at
    for one in built.unbuilt:
        if _compares(one.rest):
            why = f"the comparison on line {one.line} isn't run: the last stage doesn't need that stage."
    yield Wrong(
        f"Line {line} takes a file from the network, and {why}",
        line,
        "With another file on that server, the build ends well and the image has that file.",
    )


def _compares(command: str) -> bool:
    """Whether a command compares files with checksums."""
    words = command.replace(";", " ").split()
    return any(one.endswith("sum") for one in words) and bool({"-c", "--check"} & set(words))
