"""Custom resources in an answer: the API server knows them through their CustomResourceDefinition.

A definition counts wherever the answer or the given objects have it: a second `kubectl apply` would find it.
What judges them is imported on use, since few answers have any.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from trainer.errors import NotJudged
from trainer.manifests.admit import Admitted, admit
from trainer.manifests.model import Manifest
from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.kinds import check_kind
from trainer.verdict import Problem, Severity
from trainer.versions import Version

if TYPE_CHECKING:
    from trainer.simulate.custom.resources import Resource

DEFINITION = "CustomResourceDefinition"


def definitions(manifests: Iterable[Manifest], kubernetes: Version) -> list[Manifest]:
    """The definitions among these manifests that the API server accepts."""
    found = []
    for manifest in manifests:
        if manifest.kind == DEFINITION:
            from trainer.simulate.custom.rules import problems_of

            stored = admit(manifest, kubernetes).manifest
            try:
                if stored is not None and not problems_of(stored):
                    found.append(stored)
            except NotJudged:
                found.append(stored or manifest)
    return found


def served(accepted: Sequence[Manifest]) -> Mapping[str, Resource]:
    """What the definitions among these objects serve."""
    known = [one for one in accepted if one.kind == DEFINITION]
    if not known:
        return {}
    from trainer.simulate.custom.resources import resources_of

    return resources_of(known)


def may_be_custom(manifest: Manifest, kubernetes: Version) -> bool:
    """Whether Kubernetes itself has no such kind, so that a definition may have it."""
    return bool(manifest.group and manifest.kind) and bool(check_kind(manifest, schema_for(kubernetes)))


def admit_custom(manifest: Manifest, known: Mapping[str, Resource], kubernetes: Version) -> Admitted | None:
    """A custom resource as the API server stores it; None if no definition has its kind."""
    if not known:
        return None
    from trainer.simulate.custom import resources

    resource = resources.resource_for(manifest, known)
    if resource is None:
        return None
    try:
        stored, problems = resources.admit(manifest, resource, kubernetes)
    except NotJudged as error:
        return Admitted(None, (_not_judged(manifest, error),))
    return Admitted(stored, tuple(problems))


def update_problems(
    before: Manifest, after: Manifest, known: Mapping[str, Resource], kubernetes: Version
) -> list[Problem]:
    """Why the API server would refuse the update; empty if it accepts it."""
    if known:
        from trainer.simulate.custom import resources

        resource = resources.resource_for(after, known)
        if resource is not None:
            try:
                return resources.update_problems(before, after, resource)
            except NotJudged as error:
                return [_not_judged(after, error)]
    from trainer.grading.apply import update_problems as plain_update_problems

    return plain_update_problems(before, after, kubernetes)


def _not_judged(manifest: Manifest, error: NotJudged) -> Problem:
    message = f"A rule of the definition isn't judged: {error.construct}."
    return Problem(message, Severity.ERROR, manifest.where())
