"""Versions of Kubernetes on nodes: `1.35.1-1.1` of a package is `v1.35.1`."""

from __future__ import annotations

import re

import msgspec

from trainer.errors import NotJudged


class Release(msgspec.Struct, frozen=True, order=True):
    """A released version."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"v{self.major}.{self.minor}.{self.patch}"


def release(text: str) -> Release | None:
    """The version that a text names; None if it isn't one."""
    match = re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)(?:-\d[\w.]*)?", text)
    return Release(int(match[1]), int(match[2]), int(match[3])) if match else None


def version_of(package: str) -> str:
    """The Kubernetes version in a package of this version; empty if it isn't installed."""
    if not package:
        return ""
    found = release(package)
    if found is None:
        raise NotJudged(f"the package version {package}")
    return str(found)
