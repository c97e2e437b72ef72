"""The Kubernetes versions that the trainer supports, and how versions compare.

This is the one place that names them: schemas, engines, options, cards and tests ask it. A new
version is one more entry of `SUPPORTED` and one run of `make schema` (see CONTRIBUTING).
"""

from __future__ import annotations

import msgspec

from trainer.errors import UsageError
from trainer.patterns import regex


class Version(msgspec.Struct, frozen=True, order=True):
    """A minor version of Kubernetes, such as 1.35; versions compare by age.

    >>> Version(1, 9) < Version(1, 10)
    True
    """

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


SUPPORTED = (Version(1, 35), Version(1, 36), Version(1, 37))
"""Every version whose schema, defaults and validation are here, oldest first; each as its newest patch."""

DEFAULT = Version(1, 35)
"""The version of cards and questions that name none: that of the exam."""

_VERSION = regex(r"v?(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})(\.[0-9]+)?")


def read_version(text: str) -> Version:
    """`1.35`, `v1.35` or a patch version such as `v1.35.2`. Raises `UsageError` for any other text."""
    match = _VERSION.fullmatch(text)
    if not match:
        raise UsageError(f"{text!r} is not a Kubernetes version", remedy=f"write one like {DEFAULT}")
    return Version(int(match[1]), int(match[2]))


def supported_version(text: str) -> Version:
    """The same, for one of `SUPPORTED`. Raises `UsageError` that lists them."""
    version = read_version(text)
    if version not in SUPPORTED:
        raise unsupported(version)
    return version


def unsupported(version: Version) -> UsageError:
    """The error of a version that is not supported; it lists those that are."""
    known = ", ".join(map(str, SUPPORTED))
    return UsageError(f"Kubernetes {version} is not supported", remedy=f"supported: {known}")
