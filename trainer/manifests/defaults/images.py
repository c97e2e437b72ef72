"""What the name of an image implies (pkg/apis/core/v1/defaults.go, v1.35)."""

from __future__ import annotations

from typing import Any

from trainer.patterns import regex

_REPOSITORY = regex(
    r"(?:(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9]|\[[0-9a-fA-F:]+\])(?::[0-9]+)?/)?"
    r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*"
)
"""https://pkg.go.dev/github.com/distribution/reference: domain, then path components."""


def pull_policy(image: Any) -> str:
    """The pull policy of an image without one: Always for `latest`, whether written or implied.

    >>> pull_policy("nginx"), pull_policy("nginx:1.27"), pull_policy("nginx@sha256:" + "0" * 64)
    ('Always', 'IfNotPresent', 'IfNotPresent')
    """
    if not isinstance(image, str):
        return "IfNotPresent"
    name, _, digest = image.partition("@")
    path, colon, tag = name.rpartition(":")
    if not colon or "/" in tag:
        path, tag = name, "" if digest else "latest"
    latest = tag == "latest" and _REPOSITORY.fullmatch(path)
    return "Always" if latest else "IfNotPresent"
