"""A separate namespace for each learner: `--suffix alice` maps the card's `sun` to `sun-alice`.

It maps the namespaces that a card gives: their names, the namespaces of objects, the subjects of
bindings, and selectors by the label `kubernetes.io/metadata.name`. Everything else stays as it
is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from trainer.errors import UsageError
from trainer.patterns import regex
from trainer.simulate.world import BUILT_IN_NAMESPACES

_NAME_LABEL = "kubernetes.io/metadata.name"
_VALID = regex(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")


class Suffix(msgspec.Struct, frozen=True):
    """A mapping of the card's namespaces to a learner's and back."""

    text: str = ""
    namespaces: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str, namespaces: Iterable[str]) -> Suffix:
        """The mapping for these namespaces of a card. Raises `UsageError` for an invalid suffix."""
        if text and not _VALID.fullmatch(text):
            raise UsageError(
                f"{text!r} is not a valid suffix",
                remedy="use a-z, 0-9 and hyphens inside, 32 characters at most",
            )
        own = frozenset(namespaces) - BUILT_IN_NAMESPACES if text else frozenset()
        long = [name for name in own if len(name) + len(text) + 1 > 63]
        if long:
            raise UsageError(
                f"the suffix makes {long[0]} too long for a Namespace", remedy="use a shorter suffix"
            )
        return cls(text, own)

    def name(self, namespace: str) -> str:
        """The learner's name of a namespace."""
        return f"{namespace}-{self.text}" if namespace in self.namespaces else namespace

    def card_name(self, namespace: str) -> str:
        """The card's name of a namespace of the cluster."""
        ending = f"-{self.text}"
        plain = namespace.removesuffix(ending)
        return plain if self.text and namespace.endswith(ending) and plain in self.namespaces else namespace

    def subject(self, name: str) -> str:
        """The name of a ServiceAccount's user or group with the learner's namespace."""
        return _user(name, self.name)

    def forth(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of an object with the learner's namespaces."""
        return _mapped(data, self.name) if self.namespaces else dict(data)

    def back(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of a cluster's object with the card's namespaces."""
        return _mapped(data, self.card_name) if self.namespaces else dict(data)


NO_SUFFIX = Suffix()


def _mapped(data: Mapping[str, Any], rename: Any) -> dict[str, Any]:
    found: dict[str, Any] = _selectors(dict(data), rename)
    if not isinstance(found.get("metadata") or {}, dict):  # for the server to refuse
        return found
    metadata = dict(found.get("metadata") or {})
    if isinstance(metadata.get("namespace"), str):
        metadata["namespace"] = rename(metadata["namespace"])
    if found.get("kind") == "Namespace":
        metadata["name"] = rename(metadata.get("name"))
    found["metadata"] = metadata
    subjects = found.get("subjects")
    if isinstance(subjects, list):
        found["subjects"] = [_subject(one, rename) for one in subjects]
    return found


def _subject(subject: Any, rename: Any) -> Any:
    if not isinstance(subject, dict):
        return subject
    found = dict(subject)
    if isinstance(found.get("namespace"), str):
        found["namespace"] = rename(found["namespace"])
    if isinstance(found.get("name"), str):
        found["name"] = _user(found["name"], rename)
    return found


def _user(name: str, rename: Any) -> str:
    parts = name.split(":")
    of_account = parts[:2] == ["system", "serviceaccount"] and len(parts) == 4
    of_group = parts[:2] == ["system", "serviceaccounts"] and len(parts) == 3
    if of_account or of_group:
        parts[2] = rename(parts[2])
    return ":".join(parts)


def _selectors(value: Any, rename: Any) -> Any:
    """Names of namespaces in labels and selectors, at any depth."""
    if isinstance(value, dict):
        named = value.get("key") == _NAME_LABEL and isinstance(value.get("values"), list)
        return {
            key: rename(item)
            if key == _NAME_LABEL and isinstance(item, str)
            else [rename(one) if isinstance(one, str) else one for one in item]
            if named and key == "values"
            else _selectors(item, rename)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_selectors(item, rename) for item in value]
    return value
