"""Given + answer as a cluster would hold them after `kubectl apply`: the world that rules judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from trainer.grading.apply import update_problems, updated
from trainer.manifests.admit import admit
from trainer.manifests.kinds import is_config
from trainer.manifests.model import Document, Manifest
from trainer.simulate.workloads import pod_template
from trainer.simulate.world import Refused, World
from trainer.verdict import Problem, Severity

BUILT_IN_NAMESPACES = frozenset(("default", "kube-system", "kube-public", "kube-node-lease"))
"""Every cluster has these."""

_ALWAYS_STAYS = frozenset(("Namespace", "ServiceAccount"))

Key = tuple[str, str, str, str]


def object_key(manifest: Manifest) -> Key:
    """What makes an object the same object: group, kind, namespace, name."""
    return manifest.group, manifest.kind, manifest.namespace, manifest.name


def build_world(
    given: Sequence[Manifest],
    answer: Sequence[Manifest],
    *,
    kubernetes: str,
    given_stays: bool = True,
    documents: Mapping[str, tuple[Document, ...]] | None = None,
    texts: Mapping[str, str] | None = None,
    node_files: Mapping[str, str] | None = None,
    unread: Iterable[Refused] = (),
) -> tuple[World, list[Problem]]:
    """Apply the answer's manifests, in their order, on the given ones (admitted and defaulted already).

    As kubectl: what is refused isn't in the world and doesn't stop the others, an object that
    exists is updated (`apply`), an item of a `List` that can't be decoded refuses the whole list.
    A namespace or ServiceAccount counts as there wherever the answer has it, before or after the
    object that needs it: a second `kubectl apply` would find it. With `given_stays=False` the answer
    says what stays of the given objects; their namespaces and ServiceAccounts stay anyhow.

    Returns the world, and all problems of refused and of doubtful documents.
    """
    accepted, refused, problems = _admit_all(answer, kubernetes)
    accepted, homeless = _with_homes(given, accepted)
    stays = [one for one in given if given_stays or one.kind in _ALWAYS_STAYS]
    objects: dict[Key, Manifest] = {object_key(manifest): manifest for manifest in stays}
    applied: dict[Key, Manifest] = {}
    for manifest in accepted:
        key = object_key(manifest)
        before = objects.get(key)
        after = manifest if before is None else updated(before, manifest)
        wrong = [] if before is None else update_problems(before, after)
        if wrong:
            homeless.append(Refused(manifest, tuple(wrong)))
        else:
            objects[key] = applied[key] = after
    refused += homeless
    problems += [problem for refusal in homeless for problem in refusal.problems]
    world = World(
        tuple(objects.values()),
        tuple(given),
        tuple(applied.values()),
        documents or {},
        texts or {},
        node_files or {},
        kubernetes,
        (*unread, *refused),
    )
    return world, problems


def _admit_all(
    answer: Sequence[Manifest], kubernetes: str
) -> tuple[list[Manifest], list[Refused], list[Problem]]:
    accepted: list[Manifest] = []
    refused: list[Refused] = []
    problems: list[Problem] = []
    broken_lists: dict[int, Problem] = {}
    for manifest in answer:
        admitted = admit(manifest, kubernetes)
        problems += admitted.problems
        errors = tuple(problem for problem in admitted.problems if problem.severity is Severity.ERROR)
        if admitted.manifest is None or errors:
            refused.append(Refused(manifest, errors))
            if manifest.base and not _decodes(manifest, kubernetes):
                broken_lists.setdefault(id(manifest.document), errors[0])
        else:
            accepted.append(admitted.manifest)
    kept = []
    for manifest in accepted:
        cause = broken_lists.get(id(manifest.document)) if manifest.base else None
        if cause is None:
            kept.append(manifest)
        else:
            refused.append(Refused(manifest, (_whole_list(manifest, cause),)))
    return kept, refused, problems


def _decodes(manifest: Manifest, kubernetes: str) -> bool:
    from trainer.manifests.schema import check_schema

    return not check_schema(manifest, kubernetes)


def _whole_list(manifest: Manifest, cause: Problem) -> Problem:
    where = f" (line {cause.location.line})" if cause.location else ""
    return Problem(
        f"The whole List is refused because of another item{where}: {cause.message}",
        location=manifest.where(),
        remedy="Mend that item, or write the objects as documents of their own.",
    )


def _with_homes(given: Sequence[Manifest], accepted: list[Manifest]) -> tuple[list[Manifest], list[Refused]]:
    """Part the manifests whose namespace and ServiceAccount exist from those without."""
    refused: list[Refused] = []
    while True:
        existing = [*given, *accepted]
        namespaces = BUILT_IN_NAMESPACES | {one.namespace for one in given if one.namespace}
        namespaces |= {one.name for one in existing if one.kind == "Namespace"}
        accounts = {(one.namespace, one.name) for one in existing if one.kind == "ServiceAccount"}
        lost = [
            Refused(manifest, (problem,))
            for manifest in accepted
            if (problem := _home_problem(manifest, namespaces, accounts)) is not None
        ]
        if not lost:
            return accepted, refused
        # What is refused may itself have been the ServiceAccount of another: look again.
        refused += lost
        gone = {id(refusal.manifest) for refusal in lost}
        accepted = [manifest for manifest in accepted if id(manifest) not in gone]


def _home_problem(
    manifest: Manifest, namespaces: frozenset[str], accounts: set[tuple[str, str]]
) -> Problem | None:
    if is_config(manifest.api_version, manifest.kind):
        return None
    namespace = manifest.namespace
    if namespace and namespace not in namespaces:
        near = _near(namespace, namespaces)
        return Problem(
            f"The API server refuses {manifest.title}: there is no Namespace {namespace}.",
            location=manifest.where("metadata", "namespace"),
            remedy=f"Did you mean {near}?" if near else "Use a namespace that exists, or create it too.",
        )
    template = pod_template(manifest)
    if template is None or manifest.kind == "PodTemplate":
        return None
    account = template.spec.get("serviceAccountName") or "default"
    if account == "default" or (namespace, account) in accounts:
        return None
    near = _near(account, [name for space, name in accounts if space == namespace])
    return Problem(
        f"{manifest.title} can't start: there is no ServiceAccount {account} in Namespace {namespace}.",
        location=template.where("spec", "serviceAccountName"),
        remedy=f"Did you mean {near}?"
        if near
        else "Use a ServiceAccount of that namespace, or create it too.",
    )


def _near(word: str, known: Iterable[str]) -> str:
    import difflib

    return next(iter(difflib.get_close_matches(word, sorted(known), n=1)), "")
