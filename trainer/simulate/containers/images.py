"""Image references as container runtimes read them: `busybox` is `docker.io/library/busybox:latest`.

Follows the grammar and the normalization of https://github.com/distribution/reference (v0.6) and
https://kubernetes.io/docs/concepts/containers/images/#image-names (v1.35).
"""

from __future__ import annotations

import msgspec

from trainer.errors import UsageError
from trainer.patterns import regex

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_HOST = regex(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?")
_REPOSITORY = regex(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_TAG = regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = regex(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}")
_HEX_ID = regex(r"[a-f0-9]{64}")
_LONGEST = 255


class Image(msgspec.Struct, frozen=True):
    """A full reference. `tag` is empty only for a digest without a tag."""

    registry: str
    """The host, with its port if set: `docker.io`, `registry.example:5000`."""
    repository: str
    """The path on it: `library/busybox`."""
    tag: str = ""
    digest: str = ""
    """`sha256:...`; if it is set, the runtime ignores the tag."""

    def __str__(self) -> str:
        text = f"{self.registry}/{self.repository}"
        text += f":{self.tag}" if self.tag else ""
        return f"{text}@{self.digest}" if self.digest else text

    @property
    def name(self) -> str:
        """Registry and repository, without tag and digest."""
        return f"{self.registry}/{self.repository}"


def normalise(reference: str) -> Image:
    """The full reference. Raises `UsageError` for anything else.

    The first part is a host only if it has a dot, a colon or a capital letter, or is `localhost`;
    so `docker.io.evil.example/nginx` is another host, `evil/nginx` is Docker Hub.
    """
    rest, at, digest = reference.partition("@")
    if at and not _DIGEST.fullmatch(digest):
        raise _bad(reference, "the digest after @ is not of the form sha256:<hex>")
    head, slash, tail = rest.partition("/")
    if slash and ("." in head or ":" in head or head == "localhost" or head.lower() != head):
        registry, rest = head, tail
    else:
        registry = "docker.io"
    if not _HOST.fullmatch(registry):
        raise _bad(reference, f"{registry!r} is not a host")
    repository, colon, tag = rest.partition(":")
    if colon and not _TAG.fullmatch(tag):
        raise _bad(reference, f"{tag!r} is not a valid tag")
    if registry == "index.docker.io":
        registry = "docker.io"
    if registry == "docker.io" and "/" not in repository:
        repository = f"library/{repository}"
    _check_repository(reference, registry, repository)
    return Image(registry, repository, tag or ("" if digest else "latest"), digest)


def same_image(one: str, other: str) -> bool:
    """Whether two references mean the same; anything else is compared as text."""
    if one == other:
        return True
    try:
        return normalise(one) == normalise(other)
    except UsageError:
        return False


def _check_repository(reference: str, registry: str, repository: str) -> None:
    if repository.lower() != repository:
        raise _bad(reference, "the repository has capital letters")
    if not _REPOSITORY.fullmatch(repository):
        raise _bad(reference, f"{repository!r} is not a valid repository")
    if _HEX_ID.fullmatch(reference):
        raise _bad(reference, "64 hexadecimal digits are an image ID, not a name")
    if len(registry) + 1 + len(repository) > _LONGEST:
        raise _bad(reference, f"the name is longer than {_LONGEST} characters")


def _bad(reference: str, why: str) -> UsageError:
    return UsageError(
        f"{reference[:100]!r} is not an image reference: {why}", remedy="write registry/name:tag"
    )
