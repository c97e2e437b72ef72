"""The block `build` of a card: what is wrong with it, and what of it the learner gets to see."""

from __future__ import annotations

from collections.abc import Iterator

from trainer.content.card import CardFile
from trainer.content.convert import Fault, convert
from trainer.content.names import path_fault
from trainer.simulate.images.bases import NoBase, find_base, listing
from trainer.simulate.images.files import program_name
from trainer.simulate.images.given import BuildGiven
from trainer.simulate.images.tools import content_of


def build_material(card: CardFile) -> tuple[dict[str, str], list[Fault]]:
    """The table of base images and the files of the context, by name; and what is wrong with the block."""
    given, found = convert(card.build, BuildGiven)
    faults = [Fault(("build", *fault.path), fault.message, fault.remedy) for fault in found]
    if given is not None and not faults:
        faults = list(_faults(card, given))
    if given is None or faults:
        return {}, faults
    files = {given.bases_file: listing(given)}
    for path, file in given.context.items():
        text = content_of(file)
        if not program_name(text):
            files[f"{given.context_folder}/{path}"] = text
    return files, []


def _faults(card: CardFile, given: BuildGiven) -> Iterator[Fault]:
    if given.file not in card.files:
        yield Fault(("build", "file"), f"the Dockerfile {given.file} isn't one of `files`")
    for name, one in given.bases.items():
        at = ("build", "bases", name)
        try:
            if (
                find_base(given, name).given is not one
                or find_base(given, f"{name}@{one.digest}").given is not one
            ):
                yield Fault(at, "another base image has the same tag or digest")
        except NoBase as error:
            yield Fault(at, str(error))
        yield from (
            Fault((*at, "packages"), f"`packages` has no {package}")
            for package in one.packages
            if package not in given.packages
        )
    for name, archive in given.packages.items():
        for other in archive.depends:
            if other not in given.packages:
                yield Fault(("build", "packages", name, "depends"), f"`packages` has no {other}")
    for name, tool in given.tools.items():
        if tool.secret and tool.secret not in given.secrets:
            yield Fault(("build", "tools", name, "secret"), f"`secrets` has no {tool.secret}")
    for path in given.context:
        if path_fault(path)[0]:
            yield Fault(("build", "context", path), f"{path!r} {path_fault(path)[0]}")
