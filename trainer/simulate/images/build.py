"""A build: every stage of a Dockerfile that the last one needs, instruction by instruction.

Follows `frontend/dockerfile/dockerfile2llb/convert.go` of moby/buildkit at 73ed682 (2026-08). Stages that the
last one doesn't need aren't built.
"""

from __future__ import annotations

import msgspec

from trainer.errors import NotJudged
from trainer.simulate.images.bases import SCRATCH, Base, NoBase, find_base
from trainer.simulate.images.dockerfile import (
    Broken,
    Dockerfile,
    Instruction,
    read_dockerfile,
    split_words,
    stage_name,
)
from trainer.simulate.images.expansion import Refused, expand
from trainer.simulate.images.files import file_of
from trainer.simulate.images.given import BuildGiven
from trainer.simulate.images.ignored import is_ignored, patterns_of
from trainer.simulate.images.stage import Context, Stage
from trainer.verdict import Location

_PLATFORM = {
    "BUILDPLATFORM": "linux/amd64",
    "BUILDOS": "linux",
    "BUILDARCH": "amd64",
    "BUILDVARIANT": "",
    "TARGETPLATFORM": "linux/amd64",
    "TARGETOS": "linux",
    "TARGETARCH": "amd64",
    "TARGETVARIANT": "",
}
_MOST_STAGES = 30
_MOST_INSTRUCTIONS = 400


class Built(msgspec.Struct):
    """What a build made."""

    file: str
    stages: list[Stage]
    """Those that were built, in the order of the file. The last one is the image."""
    taken: list[tuple[int, Base]] = []
    """The images that COPY or a mount takes files from by `from=`, with the line of the instruction."""
    unbuilt: list[Instruction] = []
    """The instructions of stages that the last one doesn't need."""

    @property
    def image(self) -> Stage:
        """The last stage."""
        return self.stages[-1]


class Draft(msgspec.Struct):
    """A stage before it is built."""

    index: int
    name: str
    reference: str
    """What FROM names, with its variables replaced."""
    instruction: Instruction
    instructions: list[Instruction]
    parent: int | None
    """The stage that it builds on, if that isn't an image."""
    needs: list[int] = []


def build(given: BuildGiven, text: str, ignore: str = "", *, tampered: bool = False) -> Built:
    """Build a Dockerfile. With `tampered`, everything on the network was replaced by somebody.

    Raises `Broken` where the build stops, `NotJudged` with its line for what isn't covered.
    """
    dockerfile = read_dockerfile(text)
    if len(dockerfile.instructions) > _MOST_INSTRUCTIONS:
        raise NotJudged(f"a Dockerfile of more than {_MOST_INSTRUCTIONS} instructions")
    globals_, drafts = _drafts(given, dockerfile)
    context = _context(given, ignore)
    built: dict[int, Stage] = {}
    taken: list[tuple[int, Base]] = []
    needed = _needed(drafts)
    for index in needed:
        draft = drafts[index]
        stage = _start(given, draft, built, dockerfile, globals_, context, tampered=tampered)
        built[index] = stage
        for instruction in (*stage.triggers, *draft.instructions):
            _carry_out(given, stage, instruction, built, drafts, taken)
    unbuilt = [one for draft in drafts if draft.index not in needed for one in draft.instructions]
    return Built(given.file, [built[index] for index in sorted(built)], taken, unbuilt)


def _carry_out(
    given: BuildGiven,
    stage: Stage,
    instruction: Instruction,
    built: dict[int, Stage],
    drafts: list[Draft],
    taken: list[tuple[int, Base]],
) -> None:
    try:
        stage.dispatch(instruction, lambda origin: _origin(given, origin, stage, built, drafts, taken))
    except Refused as error:
        raise Broken(
            instruction.line, f"BuildKit refuses the instruction: {error}.", shown=str(error)
        ) from None
    except NotJudged as error:
        if error.location is not None:
            raise
        raise NotJudged(error.construct, Location(given.file, instruction.line, 1)) from None


def _drafts(given: BuildGiven, dockerfile: Dockerfile) -> tuple[dict[str, str], list[Draft]]:
    """The arguments before the first FROM, and the stages with what each needs."""
    arguments = dict(_PLATFORM)
    drafts: list[Draft] = []
    names: dict[str, int] = {}
    for one in dockerfile.instructions:
        if one.name == "FROM":
            drafts.append(_draft(given, one, arguments, names, len(drafts), dockerfile.escape))
            if drafts[-1].name:
                names[drafts[-1].name] = len(drafts) - 1
        elif drafts:
            drafts[-1].instructions.append(one)
        elif one.name == "ARG":
            _global_argument(given, one, arguments, dockerfile.escape)
        else:
            raise Broken(
                one.line,
                f"{one.name} comes before the first FROM.",
                shown="no build stage in current context",
            )
    if not drafts:
        raise Broken(1, "The Dockerfile has no FROM.", shown="dockerfile contains no stages to build")
    if len(drafts) > _MOST_STAGES:
        raise NotJudged(f"a Dockerfile of more than {_MOST_STAGES} stages")
    for draft in drafts:
        for one in draft.instructions:
            draft.needs += _sources(one, draft, names, len(drafts))
    return arguments, drafts


def _draft(
    given: BuildGiven,
    one: Instruction,
    arguments: dict[str, str],
    names: dict[str, int],
    index: int,
    escape: str,
) -> Draft:
    reference, name = stage_name(one)
    try:
        reference = expand(reference, arguments, escape)
        platform = expand(one.flag("platform"), arguments, escape)
    except Refused as error:
        raise Broken(one.line, f"FROM: {error}.", shown=str(error)) from None
    if not reference:
        raise Broken(one.line, "The base of FROM is empty: no ARG before the first FROM has a value for it.")
    if platform not in ("", "linux/amd64", "amd64"):
        raise NotJudged(f"the platform {platform}", Location(given.file, one.line, 1))
    parent = names.get(reference)
    return Draft(index, name, reference, one, [], parent, [] if parent is None else [parent])


def _global_argument(given: BuildGiven, one: Instruction, arguments: dict[str, str], escape: str) -> None:
    for word in split_words(one.rest, escape):
        key, equals, value = word.partition("=")
        if key in given.args:
            arguments[key] = given.args[key]
        elif equals:
            try:
                arguments[key] = expand(value, arguments, escape)
            except Refused as error:
                raise Broken(one.line, f"ARG: {error}.", shown=str(error)) from None


def _sources(one: Instruction, draft: Draft, names: dict[str, int], count: int) -> list[int]:
    """The stages that an instruction takes files from."""
    found = []
    if one.name == "COPY" and (origin := one.flag("from")):
        if "$" in origin:
            raise Broken(
                one.line,
                "--from takes no variables: define a stage with FROM instead.",
                shown="variable expansion is not supported for --from",
            )
        if origin.isdecimal():
            if int(origin) >= count:
                raise Broken(one.line, f"There is no stage {origin}.", shown=f"invalid stage index {origin}")
            found.append(int(origin))
        elif origin.lower() in names:
            found.append(names[origin.lower()])
    for key, value in one.flags:
        if key == "mount" and "from=" in value:
            origin = next((part[5:] for part in value.split(",") if part.startswith("from=")), "")
            if origin.lower() in names:
                found.append(names[origin.lower()])
    for index in found:
        if index >= draft.index:
            raise Broken(
                one.line,
                "A stage can only take files from a stage above it.",
                shown=f"cannot copy from stage {index}, it needs to be defined before the current stage",
            )
    return found


def _needed(drafts: list[Draft]) -> list[int]:
    """The stages that the last one needs, in the order of the file."""
    found, waiting = set(), [len(drafts) - 1]
    while waiting:
        index = waiting.pop()
        if index not in found:
            found.add(index)
            waiting += drafts[index].needs
    return sorted(found)


def _start(
    given: BuildGiven,
    draft: Draft,
    built: dict[int, Stage],
    dockerfile: Dockerfile,
    globals_: dict[str, str],
    context: Context,
    *,
    tampered: bool,
) -> Stage:
    """A stage with the files and the configuration of its base."""
    line = draft.instruction.line
    name = draft.name or f"stage-{draft.index}"
    common = (given, context, globals_, dockerfile.escape, tampered)
    if draft.parent is not None:
        return built[draft.parent].continued(name, line)
    if draft.reference == SCRATCH:
        return Stage.on(None, name, line, *common)
    return Stage.on(_base(given, draft.reference, line), name, line, *common)


def _base(given: BuildGiven, reference: str, line: int) -> Base:
    try:
        return find_base(given, reference)
    except NoBase as error:
        raise Broken(line, str(error), shown=f"{reference}: not found") from None


def _origin(
    given: BuildGiven,
    origin: str,
    stage: Stage,
    built: dict[int, Stage],
    drafts: list[Draft],
    taken: list[tuple[int, Base]],
) -> Stage:
    """The stage or the image that `--from` names; an image is `taken`."""
    index = int(origin) if origin.isdecimal() else None
    if index is None:
        index = next((one.index for one in reversed(drafts) if one.name == origin.lower()), None)
    if index is not None and index in built:
        return built[index]
    if origin.lower() == SCRATCH:
        raise Refused("scratch has no files")
    base = _base(given, origin, stage.at)
    taken.append((stage.at, base))
    return Stage.on(
        base,
        origin,
        stage.at,
        given,
        stage.context,
        {},
        "\\",
        stage.network.tampered,
    )


def _context(given: BuildGiven, ignore: str) -> Context:
    patterns = patterns_of(ignore)
    files = {f"/{path}": file_of(f"/{path}", file) for path, file in given.context.items()}
    gone = frozenset(f"/{path}" for path in given.context if is_ignored(path, patterns))
    return Context({path: file for path, file in files.items() if path not in gone}, gone)
