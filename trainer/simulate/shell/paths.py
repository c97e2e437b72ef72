"""Absolute paths as text."""

from __future__ import annotations

import posixpath


def normalise(path: str) -> str:
    """An absolute path without `//`, `.`, `..` and trailing slash; a relative one starts at `/`.

    >>> normalise("/tmp//x/./")
    '/tmp/x'
    """
    return posixpath.normpath("/" + path.lstrip("/"))


def is_within(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or below it; both are normalized."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")
