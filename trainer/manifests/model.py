"""Parsed documents and manifests: plain JSON values that know where each value was written."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from trainer.manifests.values import mapping, text
from trainer.verdict import Location, Problem

Path = tuple[str | int, ...]
"""The way to a value: mapping keys and 0-based list indexes."""

Marks = dict[int, Any]
"""For each container, by `id()`: `{key: (line, column)}` of its keys, or a list for its items."""


@lru_cache(maxsize=2048)
def path_text(path: Path) -> str:
    """Write a path as kubectl does: `spec.containers[0].image`, `metadata.labels[a/b]`.

    >>> path_text(("spec", "containers", 0, "image"))
    'spec.containers[0].image'
    """
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.isalnum() or (step and all(c.isalnum() or c in "-_$" for c in step)):
            text += f".{step}" if text else step
        else:
            text += f"[{step}]"
    return text


class Document(msgspec.Struct, frozen=True, eq=False):
    """One YAML or JSON document: its value, its file, and the place of each value.

    `line` and `column` (1-based) are where the document's content starts. The document keeps
    `value` alive, so that the ids in `marks` stay valid.
    """

    value: Any
    file: str
    line: int
    column: int
    marks: Marks
    comment: str = ""
    repeated: tuple[Problem, ...] = ()
    """A warning for each key that is set twice: what is read then is up to the reader."""

    def where(self, path: Path = ()) -> Location:
        """The place of the value at `path`: its key, or for a list item its start.

        Where the path leaves what was written (a defaulted or missing field), the deepest
        written ancestor's place is given, with the full path all the same.
        """
        line, column, node = self.line, self.column, self.value
        for step in path:
            marks = self.marks.get(id(node))
            try:
                line, column = marks[step]  # type: ignore[index]
                node = node[step]
            except (KeyError, IndexError, TypeError):
                break
        return Location(self.file, line, column, path_text(path))


class Manifest(msgspec.Struct, frozen=True, eq=False):
    """One Kubernetes object of an answer, of the given, or of a cluster.

    `data` is what simulators read: plain JSON values, defaulted once the manifest is part of a
    world. `document` is what was written and `base` where in it the object stands (`()`, or
    `("items", 2)` inside a List).
    """

    data: dict[str, Any]
    document: Document
    base: Path = ()

    @property
    def api_version(self) -> str:
        """The object's `apiVersion`, or an empty string."""
        found = self.data.get("apiVersion")
        return found if isinstance(found, str) else ""

    @property
    def group(self) -> str:
        """The API group: empty for the core group."""
        version = self.api_version
        return version.partition("/")[0] if "/" in version else ""

    @property
    def kind(self) -> str:
        """The object's `kind`, or an empty string."""
        found = self.data.get("kind")
        return found if isinstance(found, str) else ""

    @property
    def metadata(self) -> dict[str, Any]:
        """The object's `metadata`, or an empty mapping."""
        found = self.data.get("metadata")
        return found if isinstance(found, dict) else {}

    @property
    def name(self) -> str:
        """`metadata.name`, or an empty string."""
        return text(self.metadata.get("name"))

    @property
    def namespace(self) -> str:
        """`metadata.namespace`; empty for cluster-scoped objects, and where none is written.

        Defaulting writes `default` into namespaced objects, so in a world empty means
        cluster-scoped.
        """
        return text(self.metadata.get("namespace"))

    @property
    def labels(self) -> dict[str, str]:
        """`metadata.labels`, or an empty mapping."""
        return mapping(self.metadata.get("labels"))

    @property
    def title(self) -> str:
        """The object in words: `Pod sun/pod-ro`, `Namespace sun`, `Job sun/report-*` with `generateName`."""
        name = self.name or f"{text(self.metadata.get('generateName'))}*"
        if name == "*":
            name = ""
        place = f"{self.namespace}/{name}" if self.namespace else name
        return f"{self.kind} {place}"

    def where(self, *path: str | int) -> Location:
        """The place of the value at `path` (relative to the object) in the file it came from.

        A key of a Secret's `data` is where it was written: under `stringData`, if it is there, too.
        """
        if path[:1] == ("data",) and len(path) > 1 and self.kind == "Secret":
            above = (*self.base, "stringData")
            field, key = self.document.where(above), self.document.where((*above, path[1]))
            if (field.line, field.column) != (key.line, key.column):
                path = ("stringData", *path[1:])
        return self.document.where(self.base + path)

    def get(self, *path: str | int, default: Any = None) -> Any:
        """The value at `path`, or `default` where any step is missing or of another type."""
        node: Any = self.data
        for step in path:
            try:
                node = node[step]
            except (KeyError, IndexError, TypeError):
                return default
        return default if node is None else node

    def with_data(self, data: dict[str, Any]) -> Manifest:
        """The same manifest with other values (defaulted, updated); places stay."""
        return Manifest(data, self.document, self.base)
