"""Given + answer as a cluster would hold them after `kubectl apply`: the world that rules judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from trainer.errors import NotJudged
from trainer.grading import custom
from trainer.grading.homes import Homes, admission_problems
from trainer.manifests.admit import Admitted, admit
from trainer.manifests.defaults import with_defaults
from trainer.manifests.defaults.plain import copied
from trainer.manifests.model import Document, Manifest
from trainer.manifests.schema.aliases import in_current_form
from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.kinds import is_config
from trainer.manifests.values import mapping
from trainer.simulate.world import KUBELET_CONFIGURATION, Key, Refused, World, is_static, object_key
from trainer.verdict import Problem, Severity
from trainer.versions import Version

if TYPE_CHECKING:
    from trainer.simulate.custom.resources import Resource

_ALWAYS_STAYS = frozenset(("Namespace", "ServiceAccount"))


def build_world(
    given: Sequence[Manifest],
    answer: Sequence[Manifest],
    *,
    kubernetes: Version,
    given_stays: bool = True,
    documents: Mapping[str, tuple[Document, ...]] | None = None,
    texts: Mapping[str, str] | None = None,
    node_files: Mapping[str, str] | None = None,
    unread: Iterable[Refused] = (),
    places: Mapping[str, str] | None = None,
) -> tuple[World, list[Problem]]:
    """Apply the answer's manifests, in their order, on the given ones (admitted and defaulted already).

    As kubectl: what is refused isn't in the world and doesn't stop the others, an object that
    exists is updated (`apply`), an item of a `List` that can't be decoded refuses the whole list.
    A Namespace or ServiceAccount counts as existing wherever the answer has it, before or after
    the object that needs it: a second `kubectl apply` would find it. With `given_stays=False` the
    answer says what stays of the given objects; their Namespaces and ServiceAccounts always stay. Files in
    `places` (their paths on a node) aren't applied: the kubelet runs a static Pod whatever else is in the
    cluster, and a component's file holds no objects.

    Returns the world, and all problems of refused and of doubtful documents.
    """
    places = places or {}
    accepted, refused, problems = admit_all(answer, kubernetes, places, given)
    resources = custom.served([*given, *accepted])
    applied, accepted, copies = _on_a_node(accepted, places)
    problems += copies
    accepted, homeless = _with_homes(given, [_without_status(one, kubernetes) for one in accepted])
    stays = [one for one in given if given_stays or one.kind in _ALWAYS_STAYS]
    objects: dict[Key, Manifest] = {object_key(manifest): manifest for manifest in stays}
    namespaces = {one.name: one for one in stays if one.kind == "Namespace"}
    objects |= applied
    for manifest in accepted:
        before = objects.get(key := object_key(manifest))
        after, said = (manifest, []) if before is None else _update(before, manifest, resources, kubernetes)
        wrong = [one for one in said if one.severity is Severity.ERROR]
        problems += [one for one in said if one.severity is not Severity.ERROR]
        wrong = wrong or admission_problems(after, before, namespaces)
        if wrong:
            homeless.append(Refused(manifest, tuple(wrong)))
            continue
        objects[key] = applied[key] = after
        if after.kind == "Namespace":
            namespaces[after.name] = after
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
        places,
    )
    return world, problems


def _without_status(manifest: Manifest, kubernetes: Version) -> Manifest:
    """The object without what its `status` says: only controllers write that, through a subresource.

    See `PrepareForCreate` and `PrepareForUpdate` of the kinds in pkg/registry (v1.36); a new Node keeps it.
    """
    if not manifest.data.get("status") or manifest.kind == "Node":
        return manifest
    if f"{manifest.api_version} {manifest.kind}" not in schema_for(kubernetes).kinds:
        return manifest
    return manifest.with_data({**manifest.data, "status": {}})


def _update(
    before: Manifest, manifest: Manifest, resources: Mapping[str, Resource], kubernetes: Version
) -> tuple[Manifest, list[Problem]]:
    """The object applied on the present one, why the API server refuses that, and warnings."""
    from trainer.grading.apply import updated  # most answers create what they name

    after, problems = updated(before, manifest, kubernetes)
    again = custom.admit_custom(after, resources, kubernetes)
    if again is not None and after is not manifest:
        problems += again.problems
        after = again.manifest or after
    return after, problems + custom.update_problems(before, after, resources, kubernetes)


def admit_all(
    answer: Sequence[Manifest],
    kubernetes: Version,
    places: Mapping[str, str] = MappingProxyType({}),
    given: Sequence[Manifest] = (),
) -> tuple[list[Manifest], list[Refused], list[Problem]]:
    """What the API server accepts of these manifests, what it refuses, and all problems.

    Judged one by one, whatever else exists; an item that can't be decoded refuses its whole `List`. What is
    in a file with a path on a node (`places`) is what the file's component accepts. A custom resource needs
    its definition, in the answer or among the given objects.
    """
    resources: Mapping[str, Resource] | None = None
    accepted: list[Manifest] = []
    refused: list[Refused] = []
    problems: list[Problem] = []
    broken_lists: dict[int, Problem] = {}
    for manifest in answer:
        place = places.get(manifest.document.file, "")
        admitted = admit_file(manifest, place, kubernetes) if place else admit(manifest, kubernetes)
        if admitted.manifest is None and not place and custom.may_be_custom(manifest, kubernetes):
            if resources is None:
                resources = custom.served([*given, *custom.definitions(answer, kubernetes)])
            admitted = custom.admit_custom(manifest, resources, kubernetes) or admitted
        if admitted.manifest is None and manifest.kind == "Service" and not place:
            admitted = _as_update(manifest, given, kubernetes) or admitted
        problems += admitted.problems
        errors = tuple(problem for problem in admitted.problems if problem.severity is Severity.ERROR)
        if admitted.manifest is not None and not errors:
            errors = tuple(_wrong_expressions(admitted.manifest))
            problems += errors
        if admitted.manifest is None or errors:
            if errors:
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


def _as_update(manifest: Manifest, given: Sequence[Manifest], kubernetes: Version) -> Admitted | None:
    """A refused Service as the update of a given one, which drops what its new type doesn't have, or None."""
    from trainer.grading.service_types import drop_fields_of_the_old_type

    before = next((one for one in given if object_key(one) == object_key(manifest)), None)
    if before is None or not _decodes(manifest, kubernetes):
        return None
    data = copied(with_defaults(manifest, kubernetes).data)
    if not drop_fields_of_the_old_type(mapping(before.get("spec")), mapping(data.get("spec"))):
        return None
    return admit(manifest.with_data(data), kubernetes)


def _on_a_node(
    accepted: Sequence[Manifest], places: Mapping[str, str]
) -> tuple[dict[Key, Manifest], list[Manifest], list[Problem]]:
    """What is in files with a path on a node, all other objects, and a warning for each copy."""
    on_node = {object_key(one): one for one in accepted if one.document.file in places}
    others, copies = [], []
    for one in accepted:
        there = on_node.get(object_key(one))
        if there is None:
            others.append(one)
        elif one.document.file not in places:
            message = f"{one.document.file} isn't on the node: {there.document.file} is, and only that counts"
            copies.append(Problem(message, Severity.WARNING, one.where()))
    return on_node, others, copies


def admit_file(manifest: Manifest, place: str, kubernetes: Version) -> Admitted:
    """An object in a file of a node: a static Pod, or the configuration of a component.

    Anything else there is neither run nor applied.
    """
    if is_static(place):
        wanted = "KubeletConfiguration" if place == KUBELET_CONFIGURATION else "Pod"
        if manifest.kind != wanted:
            message = f"the kubelet reads this file and expects kind {wanted}, not {manifest.kind}"
            return Admitted(None, (Problem(message, location=manifest.where("kind")),))
        return admit(manifest, kubernetes, static=True)
    current, _ = in_current_form(manifest)
    if is_config(current.api_version, current.kind):
        return admit(manifest, kubernetes)
    return Admitted(None)


def _wrong_expressions(manifest: Manifest) -> list[Problem]:
    """Expressions that don't compile; the rule that needs one says what is outside the subset."""
    if manifest.group not in ("admissionregistration.k8s.io", "apiextensions.k8s.io"):
        return []
    from trainer.simulate.admission.compiled import WITH_EXPRESSIONS, problems_of
    from trainer.simulate.custom import rules

    try:
        if manifest.kind == rules.DEFINITION:
            return rules.problems_of(manifest)
        return problems_of(manifest) if manifest.kind in WITH_EXPRESSIONS else []
    except NotJudged:
        return []


def _decodes(manifest: Manifest, kubernetes: Version) -> bool:
    from trainer.manifests.schema.check import check_schema

    return not check_schema(manifest, kubernetes)


def _whole_list(manifest: Manifest, cause: Problem) -> Problem:
    where = f" (line {cause.location.line})" if cause.location else ""
    return Problem(
        f"The whole List is refused because of another item{where}: {cause.message}",
        location=manifest.where(),
        remedy="Fix that item, or write the objects as separate documents.",
    )


def _with_homes(given: Sequence[Manifest], accepted: list[Manifest]) -> tuple[list[Manifest], list[Refused]]:
    """Separate the manifests that find what they refer to from those that don't."""
    refused: list[Refused] = []
    while True:
        homes = Homes.of(given, accepted)
        lost = [
            Refused(manifest, (problem,), homes.lacks_pods(manifest))
            for manifest in accepted
            if (problem := homes.problem(manifest)) is not None
        ]
        if not lost:
            return accepted, refused
        # What is refused may itself have been the ServiceAccount of another: look again.
        refused += lost
        gone = {id(refusal.manifest) for refusal in lost}
        accepted = [manifest for manifest in accepted if id(manifest) not in gone]
