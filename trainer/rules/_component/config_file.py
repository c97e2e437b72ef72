"""The one configuration file of a kind in an answer: not an object of the cluster but a file on a node."""

from __future__ import annotations

from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
from trainer.manifests.reading.component_file import component_file
from trainer.safe_text import capitalized
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Problem, Reason, Severity

STAYS_DOWN = "kube-apiserver does not start with this file, and nothing answers kubectl."
"""The effect of a file that kube-apiserver refuses."""

_NO_ACCESS = "kubectl reaches no API server with this file."


def config_file(world: World, kind: str, file: str = "", group: str | None = None) -> Manifest | Outcome:
    """The only configuration of that kind (in that file, if one is named), or why it is missing.

    The answer's configuration counts; the given one only if the answer has no such file, readable or not.
    A component reads a file's first document, and no List. `group` is the API group, if another group also
    has the kind.
    """
    found = [m for m in world.find(kind, group=group) if not file or m.document.file == file]
    mine = [manifest for manifest in found if manifest in world.answer]
    if not mine and (refusals := _refusals(world, kind)):
        return Outcome.of(refusals, [_effect(kind)])
    mine = mine or found
    first = [manifest for manifest in mine if _is_read(world, manifest)]
    if len(first) == 1:
        return first[0]
    if first:
        reason = Reason(f"The answer has several files of kind {kind}: keep one.", first[1].where("kind"))
        return Outcome.of([reason], [f"Only one {kind} is read."])
    if mine:
        where = mine[0].where("kind")
        what = "in a List" if mine[0].base else "not the first document of its file"
        message = f"The {kind} is {what}, so it isn't read: it must be the only document of its file."
        return Outcome.of([Reason(message, where)], [_effect(kind)])
    return Outcome.of([Reason(f"The answer has no file of kind {kind}.", _somewhere(world))], [_effect(kind)])


def _effect(kind: str) -> str:
    return _NO_ACCESS if kind == "Config" else STAYS_DOWN


def _is_read(world: World, manifest: Manifest) -> bool:
    """Whether a component that is given the manifest's file reads this object."""
    documents = world.documents.get(manifest.document.file, (manifest.document,))
    return not manifest.base and manifest.document is documents[0]


def _refusals(world: World, kind: str) -> list[Reason]:
    """What keeps the answer's file from being read: refused as this kind, else whatever is wrong with it."""
    meant = [one for one in world.refused if one.manifest is None or one.manifest.kind == kind]
    problems = [problem for one in meant or world.refused for problem in one.problems]
    for file in world.places if not problems else ():
        problems += _wrong(world, file, kind)
    return [Reason(_told(problem), problem.location) for problem in dict.fromkeys(problems)]


def _wrong(world: World, file: str, kind: str) -> list[Problem]:
    """Why a component finds no configuration of this kind in a file of the answer."""
    found = component_file(world.texts[file], file)
    if found.manifest is None:
        return list(found.errors)
    if found.manifest.kind == kind:
        return [
            one for one in admit(found.manifest, world.kubernetes).problems if one.severity is Severity.ERROR
        ]
    message = f"the file contains the kind {found.manifest.kind}, not {kind}"
    return [Problem(message, location=found.manifest.where("kind"))]


def _told(problem: Problem) -> str:
    message = f"{capitalized(problem.message).rstrip('.')}."
    return f"{message}\n{problem.remedy}" if problem.remedy else message


def _somewhere(world: World) -> Location | None:
    """The place of a reason that no line causes: what the answer has instead."""
    if world.answer:
        return world.answer[0].where("kind")
    return Location(next(iter(world.texts)), 1, 1) if world.texts else None
