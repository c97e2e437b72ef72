"""Documents to manifests: one object each, or the items of a List.

As kubectl 1.35 decodes (`unstructuredJSONScheme` and `FlattenListVisitor`): the items of a typed
list take kind and apiVersion from it where they have neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trainer.manifests.model import Document, Manifest, Path
from trainer.verdict import Problem

_KUBECONFIG = frozenset(("clusters", "users", "contexts", "current-context", "preferences", "extensions"))
_WORDS = {
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def manifests_of(documents: Iterable[Document]) -> tuple[list[Manifest], list[Problem]]:
    """The objects of the documents, in order, and what kubectl cannot take for an object.

    A `List` or typed list (`PodList`) gives its items, nested ones too. A mapping that lacks only
    one of apiVersion and kind is still a manifest: admission says which is missing and what it
    should be. One that has neither, and what isn't a mapping, is a problem.
    """
    manifests: list[Manifest] = []
    problems: list[Problem] = []
    for document in documents:
        _collect(document.value, document, (), manifests, problems)
    return manifests, problems


def as_kubeconfig(value: Any) -> Any:
    """A kubeconfig with its `apiVersion` and `kind`; any other value as it is.

    client-go assumes both where they are missing (`tools/clientcmd/loader.go`, v1.35).
    """
    if not isinstance(value, dict) or (value.get("kind") and value.get("apiVersion")):
        return value
    fields = value.keys() - {"kind", "apiVersion"}
    if not fields & {"clusters", "users", "contexts"} or fields - _KUBECONFIG:
        return value
    assumed = {"apiVersion": value.get("apiVersion") or "v1", "kind": value.get("kind") or "Config"}
    return {**assumed, **{field: value[field] for field in value if field in fields}}


def _collect(
    value: Any, document: Document, base: Path, manifests: list[Manifest], problems: list[Problem]
) -> None:
    if not isinstance(value, dict):
        problems.append(_no_mapping(value, document, base))
        return
    value = as_kubeconfig(value)
    kind, api_version = value.get("kind"), value.get("apiVersion")
    if not kind and not api_version:
        problems.append(_nameless(value, document, base))
    elif isinstance(kind, str) and kind.endswith("List") and "items" in value:
        _collect_items(value, document, base, manifests, problems)
    else:
        manifests.append(Manifest(value, document, base))


def _collect_items(
    value: dict[str, Any],
    document: Document,
    base: Path,
    manifests: list[Manifest],
    problems: list[Problem],
) -> None:
    items = value["items"] if value["items"] is not None else []
    if not isinstance(items, list):
        where = document.where((*base, "items"))
        message = f"the items of a {value['kind']} must be a list, not {_words(items)}"
        problems.append(Problem(message, location=where, remedy="Begin each item with a dash."))
        return
    item_kind = value["kind"].removesuffix("List")
    for index, item in enumerate(items):
        if item_kind and isinstance(item, dict) and not item.get("kind") and not item.get("apiVersion"):
            item = {**item, "apiVersion": value.get("apiVersion"), "kind": item_kind}  # noqa: PLW2901
        _collect(item, document, (*base, "items", index), manifests, problems)


def _no_mapping(value: Any, document: Document, base: Path) -> Problem:
    return Problem(
        f"not an object: kubectl cannot read {_words(value)} as a manifest",
        location=document.where(base),
        remedy="Write a mapping with `apiVersion`, `kind` and `metadata`.",
    )


def _nameless(value: dict[str, Any], document: Document, base: Path) -> Problem:
    remedy = "Write both at the top of the manifest, such as `apiVersion: v1` and `kind: Pod`."
    near = [key for key in value if key.casefold() in ("apiversion", "kind") and value[key]]
    if near:
        remedy = f"Field names are case-sensitive: write `apiVersion` and `kind`, not `{near[0]}`."
    return Problem("apiVersion not set, kind not set", location=document.where(base), remedy=remedy)


def _words(value: Any) -> str:
    return _WORDS.get(type(value), "a value")
