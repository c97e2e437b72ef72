"""Absolute paths as text."""

from __future__ import annotations

import posixpath


def normalise(path: str) -> str:
    """An absolute path without `//`, `.`, `..` and trailing slash; a relative one starts at `/`.

    >>> normalise("/tmp//x/./")
    '/tmp/x'
    """
    if path.startswith("/") and not ("//" in path or "/." in path or path.endswith("/")):
        return path  # most are normalized, and there are many
    return posixpath.normpath("/" + path.lstrip("/"))


def is_within(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or below it; both are normalized."""
    if not path.startswith(folder):
        return False
    return len(path) == len(folder) or folder.endswith("/") or path[len(folder)] == "/"
