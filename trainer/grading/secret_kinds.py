"""What kind of document a mapping is, as far as secrets go: by its kind, or by fields that tell it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import cache

from trainer.grading.secret_words import bare
from trainer.manifests.reading.tokens import Node
from trainer.patterns import regex


class Mode(Enum):
    """What kind of document a node is part of."""

    PLAIN = "plain"
    SECRET = "secret"  # noqa: S105 - a kind of document
    ENCRYPTION = "encryption"
    KUBECONFIG = "kubeconfig"


_API_VERSION = regex(r"(?:[a-z0-9.-]+/)?v\d+(?:(?:alpha|beta)\d+)?\Z")
_PROVIDERS = frozenset(("aescbc", "aesgcm", "secretbox"))


def values_of(node: Node, wanted: str) -> list[str]:
    """The scalars that a mapping has under a key, which may be written in any case and set twice."""
    found = []
    for key, value in node.pairs or ():
        if key.value is not None and bare(key.value) == wanted:
            waiting = [value]
            while waiting:
                one = waiting.pop()
                if one.value is not None:
                    found.append(one.value.strip())
                waiting += one.items or ()
    return found


def mode_of(node: Node, *, is_root: bool) -> Mode:
    """What a mapping is by its kind, or by the fields that only such a document has."""
    for kind in values_of(node, "kind"):
        if (mode := mode_of_kind(bare(kind))) is not Mode.PLAIN:
            return mode
    keys = {bare(key.value) for key, _ in node.pairs or () if key.value is not None}
    if any(_is_string_data(key) for key in keys):
        return Mode.SECRET
    if keys & _PROVIDERS or ("providers" in keys and "resources" in keys):
        return Mode.ENCRYPTION
    if "currentcontext" in keys or len(keys & {"users", "clusters", "contexts"}) > 1:
        return Mode.KUBECONFIG
    return Mode.KUBECONFIG if is_root and _has_users(node) else Mode.PLAIN


def _has_users(node: Node) -> bool:
    """Whether a document without a known kind has users as a kubeconfig has: an audit policy lists names."""
    users = [
        value
        for key, value in node.pairs or ()
        if key.value is not None and bare(key.value) in ("users", "user")
    ]
    return any(
        one.pairs is not None or any(item.pairs is not None for item in one.items or ()) for one in users
    ) and not any(is_known_kind(bare(kind)) for kind in values_of(node, "kind"))


@cache
def mode_of_kind(kind: str) -> Mode:
    """The mode that a bare kind tells, misspelled ones included."""
    if "secret" in kind or (not is_known_kind(kind) and _alike(kind, ("secret", "secretlist"))):
        return Mode.SECRET
    if "encryptionconfig" in kind or (not is_known_kind(kind) and _alike(kind, ("encryptionconfiguration",))):
        return Mode.ENCRYPTION
    if kind in ("config", "kubeconfig") or (
        not is_known_kind(kind) and _alike(kind, ("config", "kubeconfig"))
    ):
        return Mode.KUBECONFIG
    return Mode.PLAIN


@cache
def _is_string_data(key: str) -> bool:
    return "stringdata" in key or (5 < len(key) < 14 and _alike(key, ("stringdata",)))


def _alike(word: str, wanted: tuple[str, ...]) -> bool:
    import difflib

    return bool(difflib.get_close_matches(word, wanted, n=1, cutoff=0.75))


@cache
def _of_kubernetes() -> frozenset[str]:
    from trainer.manifests.schema.data import schema_for
    from trainer.versions import DEFAULT

    return _bare_kinds(schema_for(DEFAULT).kinds) | {"list"}


@cache
def _of_components() -> frozenset[str]:
    from trainer.manifests.schema.extra import KINDS  # most answers need only those of Kubernetes

    return _bare_kinds(KINDS)


def _bare_kinds(names: Iterable[str]) -> frozenset[str]:
    return frozenset(bare(name.rpartition(" ")[2]) for name in names)


def is_known_kind(kind: str) -> bool:
    """Whether a bare kind is one of Kubernetes or of a component's file."""
    return kind in _of_kubernetes() or kind in _of_components()


def is_api_version(value: str) -> bool:
    """Whether a text has the form of an `apiVersion`."""
    return _API_VERSION.match(value) is not None


def is_kind(value: str) -> bool:
    """Whether a text is a kind, or meant as one that has secrets."""
    return mode_of_kind(bare(value)) is not Mode.PLAIN or is_known_kind(bare(value))
