"""The one configuration file of a kind in an answer: not an object of the cluster but a file on a node."""

from __future__ import annotations

from trainer.manifests.model import Manifest
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason

STAYS_DOWN = "kube-apiserver does not start with this file, and nothing answers kubectl."
"""The effect of a file that kube-apiserver refuses."""


def config_file(world: World, kind: str, file: str = "", group: str | None = None) -> Manifest | Outcome:
    """The only configuration of that kind (in that file, if one is named), or why it is missing.

    The answer's configuration counts, else the given one. `group` is the API group, if another
    group also has the kind.
    """
    found = [m for m in world.find(kind, group=group) if not file or m.document.file == file]
    mine = [manifest for manifest in found if manifest in world.answer] or found
    if len(mine) == 1:
        return mine[0]
    refusals = [
        Reason(problem.message, problem.location)
        for refused in world.refused
        if refused.manifest is None or refused.manifest.kind == kind
        for problem in refused.problems
    ]
    if mine:
        return Outcome.of(
            [Reason(f"The answer has several files of kind {kind}: keep one.", mine[1].where("kind"))],
            [f"kube-apiserver reads a single {kind}."],
        )
    if refusals:
        return Outcome.of(refusals, [STAYS_DOWN])
    nowhere = world.answer[0].where("kind") if world.answer else None
    return Outcome.of([Reason(f"The answer has no file of kind {kind}.", nowhere)], [STAYS_DOWN])
