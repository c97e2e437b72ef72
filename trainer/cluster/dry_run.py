"""Would this API server accept the answer? Server-side dry run with strict field validation.

Nothing is stored. What the server says is mapped to the line: the `field` of a cause, the unknown
fields of a strict decoding error, the Go field of a wrong type (v1.35 and v1.36).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from trainer.cluster.apply import apply
from trainer.cluster.client import KindMissing
from trainer.cluster.faults import Refused
from trainer.cluster.suffix import NO_SUFFIX, Suffix
from trainer.manifests.model import Manifest, Path
from trainer.patterns import regex
from trainer.safe_text import capitalized, one_line
from trainer.simulate.workloads import pod_template
from trainer.verdict import Problem

if TYPE_CHECKING:
    from trainer.cluster.client import Cluster

_UNKNOWN = regex(r'(unknown|duplicate) field "([^"]+)"')
_GO_TYPE = regex(
    r"cannot unmarshal (?P<is>\S+) into Go (?:struct field |value )(?:[A-Za-z0-9_]*\.)?(?P<path>\S+)"
    r" of type (?P<type>\S+)"
)
_STEP = regex(r"\[([^\]]*)\]|([^.\[\]]+)")
_NO_ACCOUNT = regex(r'serviceaccount "([^"]+)" not found')
_LONGEST = 500
_IS = {"string": str, "bool": bool, "number": (int, float), "object": dict, "array": list}


def dry_run(
    cluster: Cluster, manifests: Iterable[Manifest], suffix: Suffix = NO_SUFFIX
) -> tuple[Problem, ...]:
    """What the API server would refuse of `kubectl apply` in this order; empty: it accepts all.

    An existing object is tried as kubectl would update it. An object that lacks only a Namespace or a
    ServiceAccount of the answer itself counts as accepted: a dry run stores neither. Raises
    `ClusterError` if the cluster doesn't answer.
    """
    problems: list[Problem] = []
    manifests = list(manifests)
    for manifest in manifests:
        try:
            apply(cluster, _sent(cluster, manifest, suffix), dry=True)
        except KindMissing as error:
            problems.append(
                Problem(f"{error.message}.", location=manifest.where("kind"), remedy=_said(error.remedy))
            )
        except Refused as error:
            if not error.about_object:
                raise
            if not _comes_along(error, manifest, manifests):
                problems += server_problems(error, manifest)
    return tuple(problems)


def _sent(cluster: Cluster, manifest: Manifest, suffix: Suffix) -> dict[str, Any]:
    """The object as kubectl would send it: a namespaced object without a namespace goes into `default`."""
    namespaced = cluster.kind(manifest.api_version, manifest.kind).namespaced
    data = suffix.forth(manifest.data)
    metadata = data.get("metadata") or {}
    if not isinstance(metadata, dict):  # for the server to refuse
        return data
    place = {"namespace": metadata.get("namespace") or "default"} if namespaced else {}
    return {**data, "metadata": {key: value for key, value in metadata.items() if key != "namespace"} | place}


def _comes_along(error: Refused, manifest: Manifest, answer: list[Manifest]) -> bool:
    """Whether the server lacks only what the answer itself creates."""
    names = {(one.kind, one.namespace, one.name) for one in answer}
    if error.status == 404:
        return ("Namespace", "", manifest.namespace) in names
    account = _NO_ACCOUNT.search(error.said)
    if error.status == 403 and account and pod_template(manifest) is not None:
        name = account[1]
        space = manifest.namespace or "default"
        return name == "default" or bool(
            {("ServiceAccount", space, name), ("ServiceAccount", "", name)} & names
        )
    return False


def server_problems(error: Refused, manifest: Manifest) -> list[Problem]:
    """A refusal as problems with the places in the answer that the server names."""
    unknown = list(_UNKNOWN.finditer(error.said)) if "strict decoding error" in error.said else []
    if unknown:
        return [
            Problem(
                f"The API server refuses {manifest.title}: {match[0]}.", location=_where(manifest, match[2])
            )
            for match in unknown
        ]
    wrong_type = _GO_TYPE.search(error.said)
    if wrong_type:
        message = (
            f"The API server refuses {manifest.title}: {wrong_type['path']} must be of type"
            f" {wrong_type['type']}, not {wrong_type['is']}."
        )
        path = _find(manifest.data, wrong_type["path"].split("."), _IS.get(wrong_type["is"]))
        return [Problem(message, location=manifest.where(*(path or ())))]
    if error.causes:
        return [_cause(cause, manifest) for cause in error.causes]
    said = (error.said or error.message).rstrip(".")
    return [
        Problem(
            f"The API server refuses {manifest.title}: {said}.", location=manifest.where("metadata", "name")
        )
    ]


def _cause(cause: dict[str, Any], manifest: Manifest) -> Problem:
    field = str(cause.get("field") or "")
    # What follows is a comparison in Go's words.
    said = one_line(str(cause.get("message") or "").split("\n@@")[0], _LONGEST).rstrip(".")
    remedy = ""
    if "may not change" in said or "updates to" in said or "immutable" in said:
        remedy = f"{manifest.title} already exists: delete it, or use kubectl replace --force."
    what = f"{field}: {said}" if field and field != "<nil>" else said
    return Problem(
        f"The API server refuses {manifest.title}: {what}.", location=_where(manifest, field), remedy=remedy
    )


def _where(manifest: Manifest, field: str) -> Any:
    return manifest.where(*field_path(manifest.data, field))


def field_path(data: Any, field: str) -> Path:
    """The server's words for a field as a path: `spec.containers[0].name`, `metadata.labels[a/b]`."""
    steps: list[str | int] = []
    for match in _STEP.finditer(field):
        inside = match[1]
        steps.append(match[2] if inside is None else int(inside) if inside.isdigit() else inside)
    path: list[str | int] = []
    node = data
    for step in steps:
        if isinstance(step, int) and isinstance(node, dict) and str(step) in node:
            step = str(step)  # noqa: PLW2901 - a key that looks like an index
        path.append(step)
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            node = None
    return tuple(path)


def _find(node: Any, names: list[str], wrong: Any) -> Path | None:
    """The first path by these names, through lists, to a value of the wrong type."""
    if not names:
        return () if wrong is None or isinstance(node, wrong) else None
    if isinstance(node, list):
        for index, item in enumerate(node):
            found = _find(item, names, wrong)
            if found is not None:
                return (index, *found)
        return None
    if not isinstance(node, dict) or names[0] not in node:
        return None
    found = _find(node[names[0]], names[1:], wrong)
    return None if found is None else (names[0], *found)


def _said(remedy: str) -> str:
    return capitalized(remedy)
