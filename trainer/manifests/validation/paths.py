"""File paths in manifests: relative ones that stay below their folder.

Follows Kubernetes pkg/apis/core/validation/validation.go (v1.35): `validatePathNoBacksteps`,
`validateLocalDescendingPath`, `ValidateLocalNonReservedPath`.
"""

from __future__ import annotations

from trainer.manifests.validation.collect import At


def no_backsteps(at: At, *steps: str | int, value: str) -> None:
    """A path without the element `..`."""
    if ".." in value.split("/"):
        at.invalid(*steps, value=value, why="a path may not have `..` in it")


def descending_path(at: At, field: str | int, value: str) -> None:
    """A relative path without `..`."""
    if value.startswith("/"):
        at.invalid(field, value=value, why="the path is relative, without `/` at its start")
    no_backsteps(at, field, value=value)


def local_path(at: At, field: str | int, value: str) -> None:
    """A relative path without `..` that does not start with `..` either."""
    descending_path(at, field, value)
    if value.startswith("..") and value != ".." and not value.startswith("../"):
        at.invalid(field, value=value, why="the path may not start with `..`")
