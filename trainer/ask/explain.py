"""`explain`: the documentation of kinds and their fields, offline, in the form of `kubectl explain`."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from trainer.errors import UsageError
from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.explain import Explained, Field, explain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trainer.versions import Version

WIDTH = 80
"""Cells of a line, unless a word is longer."""


def ask_explain(words: str, kubernetes: Version, api_version: str = "") -> Explained:
    """What `pod.spec.containers` means: a kind, its plural or a short name of it, and a path of fields.

    `api_version` is for a kind that several groups have. Raises `UsageError` for what doesn't exist.
    """
    name, *path = [word.partition("[")[0] for word in words.strip().split(".")]
    api_version, kind = _kind(name, api_version, kubernetes)
    return explain(api_version, kind, path, kubernetes)


def explain_in(api_version: str, kind: str, path: Sequence[str | int], kubernetes: Version) -> Explained:
    """What the field at `path` of an object that is being written means; the nearest field that exists.

    A missing or wrong apiVersion is looked up by the kind. Raises `UsageError` without a known kind.
    """
    if schema_for(kubernetes).root(api_version, kind) is None:
        if not kind:
            raise UsageError("The text names no kind here yet", remedy="write its `kind:` first")
        api_version, kind = _kind(kind, "", kubernetes)
    return explain(api_version, kind, path, kubernetes, nearest=True)


def _kind(name: str, api_version: str, kubernetes: Version) -> tuple[str, str]:
    """The apiVersion and kind that are meant."""
    from trainer.manifests.schema.extra import KINDS
    from trainer.manifests.schema.kinds import PREFERRED
    from trainer.manifests.schema.suggest import similar
    from trainer.simulate.access.resources import find_resource

    all_kinds = {**{key: "" for key, entry in schema_for(kubernetes).kinds.items() if entry[0]}, **KINDS}
    pairs = [tuple(key.split(" ")) for key in all_kinds if not key.endswith("*")]
    resource = find_resource(name)
    group = resource.group if resource and not api_version else None
    wanted = (resource.kind if resource else name).lower()
    found = [(version, kind) for version, kind in pairs if kind.lower() == wanted]
    found = [pair for pair in found if api_version in ("", pair[0])]
    if not found:
        meant = similar(name, {kind for _, kind in pairs})
        remedy = f"did you mean {meant}?" if meant else "name a kind, such as Pod or NetworkPolicy"
        where = f" in {api_version}" if api_version else ""
        raise UsageError(f"Kubernetes {kubernetes} has no kind {name!r}{where}", remedy=remedy)
    version, kind = min(
        found,
        key=lambda pair: (
            pair[1] != name,
            _group(pair[0]) != group,
            pair[0] != PREFERRED.get(pair[1]),
            "beta" in pair[0] or "alpha" in pair[0],
        ),
    )
    return version, kind


def _group(api_version: str) -> str:
    return api_version.rpartition("/")[0]


def explained_lines(shown: Explained, width: int = WIDTH) -> Iterator[str]:
    """The lines that `kubectl explain` prints, none wider than `width` where words allow."""
    group, _, version = shown.api_version.rpartition("/")
    if group:
        yield f"GROUP:      {group}"
    yield f"KIND:       {shown.kind}"
    yield f"VERSION:    {version}"
    yield ""
    itself = shown.itself
    if shown.path:
        yield f"FIELD: {shown.path[-1]} {_sort(itself)}"
        yield from _values(itself, "  ")
        yield ""
    yield "DESCRIPTION:"
    yield from _wrapped(itself.description or "<no description>", width, "    ")
    if shown.fields:
        yield ""
        yield "FIELDS:"
        for field in shown.fields:
            yield f"  {field.name} {_sort(field)}"
            yield from _values(field, "    ")
            if field.description:
                yield from _wrapped(field.description, width, "      ")
            yield ""


def _sort(field: Field) -> str:
    return f"<{field.type}>{' -required-' if field.required else ''}"


def _values(field: Field, indent: str) -> Iterator[str]:
    if field.values:
        yield f"{indent}values: {', '.join(field.values)}"


def _wrapped(text: str, width: int, indent: str) -> Iterator[str]:
    for paragraph in text.split("\n"):
        lines = textwrap.wrap(
            paragraph, max(width - len(indent), 20), break_long_words=False, break_on_hyphens=False
        )
        yield from (indent + line for line in lines) if lines else [""]


def as_data(shown: Explained) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "apiVersion": shown.api_version,
        "kind": shown.kind,
        "path": ".".join(shown.path),
        **_field_data(shown.itself),
        "fields": [{"name": field.name, **_field_data(field)} for field in shown.fields],
    }


def _field_data(field: Field) -> dict[str, Any]:
    return {
        "type": field.type,
        "required": field.required,
        "values": list(field.values),
        "description": field.description,
    }
