"""Encryption at rest: how a resource is written to etcd, and which stored data can still be read.

Follows https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/ and
`apiserver/pkg/server/options/encryptionconfig` with its validation, v1.35: the first entry whose
`resources` match counts, its first provider writes, all its providers can read; within a provider
the first key writes.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from typing import Any

import msgspec

from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import mapping, mappings, texts
from trainer.verdict import Location, Problem

KEY_BYTES = {"aescbc": (16, 24, 32), "aesgcm": (16, 24, 32), "secretbox": (32,)}
"""Valid key lengths of each provider, in bytes."""

PROVIDERS = (*KEY_BYTES, "kms", "identity")

_PREFIXES = {"aescbc": "k8s:enc:aescbc:v1:", "aesgcm": "k8s:enc:aesgcm:v1:"}
_PREFIXES["secretbox"] = "k8s:enc:secretbox:v1:"
_ELSEWHERE = {
    "events.k8s.io": "its objects are stored as `events`: write `events`",
    "extensions": "the group was removed",
}
"""API groups whose objects are not stored under their own name."""

_NOT_SERVED = ("apiserveripinfo", "serviceipallocations", "servicenodeportallocations")
"""Stored by the API server for itself (apiserver pkg/apis/apiserver/validation/validation_encryption.go)"""


class Transformer(msgspec.Struct, frozen=True):
    """One provider with one of its keys: what it can read, and what it writes.

    `name` is `aescbc:key1`, `kms:vault` or `identity`; `prefix` is how its data starts in etcd.
    """

    provider: str
    key: str
    location: Location

    @property
    def name(self) -> str:
        """`aescbc:key1`, `kms:vault`, `identity`."""
        return f"{self.provider}:{self.key}" if self.key else self.provider

    @property
    def encrypts(self) -> bool:
        """Whether its data is unreadable in etcd."""
        return self.provider != "identity"

    @property
    def prefix(self) -> str:
        """How its data starts in etcd: empty for plain text."""
        if self.provider.startswith("kms"):
            version = "v1" if self.provider == "kms v1" else "v2"
            return f"k8s:enc:kms:{version}:{self.key}:"
        return f"{_PREFIXES[self.provider]}{self.key}:" if self.provider in _PREFIXES else ""


class Storage(msgspec.Struct, frozen=True):
    """How one resource is stored: `readers` in order, the first of them writes."""

    resource: str
    readers: tuple[Transformer, ...]
    location: Location

    @property
    def writer(self) -> Transformer:
        """What new data is written with."""
        return self.readers[0]

    def reads(self, stored: str) -> bool:
        """Whether data written by a transformer of this name can be read."""
        return any(reader.name == stored for reader in self.readers)


def storage_of(configuration: Manifest, resource: str) -> Storage:
    """How a resource (`secrets`, `deployments.apps`) is stored under this configuration.

    Without an entry it is in plain text. Call `problems_of` first: a configuration that the API
    server refuses stores nothing.
    """
    for index, entry in enumerate(mappings(configuration.get("resources"))):
        if any(matches(pattern, resource) for pattern in _names(entry)):
            readers = tuple(
                transformer
                for position, provider in enumerate(mappings(entry.get("providers")))
                for transformer in _transformers(
                    configuration, ("resources", index, "providers", position), provider
                )
            )
            if readers:
                return Storage(resource, readers, configuration.where("resources", index))
    place = configuration.where("resources")
    return Storage(resource, (Transformer("identity", "", place),), place)


def _names(entry: dict[str, Any]) -> list[str]:
    """The resources of an entry. `secrets.` is `secrets` (`ParseGroupResource` of apimachinery, v1.35)."""
    return [
        name[:-1] if name.count(".") == 1 and name[-1] == "." and name[0] != "*" else name
        for name in texts(entry.get("resources"))
    ]


def matches(pattern: str, resource: str) -> bool:
    """Whether an entry of `resources` covers a resource.

    `*.apps` covers a group, `*.` the core group, `*.*` everything.
    """
    if pattern == resource:
        return True
    _, _, group = resource.partition(".")
    return pattern == "*.*" or (pattern.startswith("*.") and pattern[2:] == group)


def _transformers(configuration: Manifest, path: Path, provider: dict[str, Any]) -> list[Transformer]:
    for name, settings in provider.items():
        if name == "identity":
            return [Transformer("identity", "", configuration.where(*path, name))]
        if not isinstance(settings, dict):
            continue
        if name == "kms":
            kind = "kms v1" if settings.get("apiVersion") in (None, "", "v1") else "kms"
            return [Transformer(kind, str(settings.get("name", "")), configuration.where(*path, name))]
        if name in KEY_BYTES:
            return [
                Transformer(name, str(key.get("name", "")), configuration.where(*path, name, "keys", index))
                for index, key in enumerate(mappings(settings.get("keys")))
            ]
    return []


def problems_of(configuration: Manifest) -> list[Problem]:
    """Why the API server would refuse to start with this configuration."""
    found: list[Problem] = []

    def refuse(message: str, *path: str | int) -> None:
        found.append(Problem(message, location=configuration.where(*path)))

    entries = mappings(configuration.get("resources"))
    if not entries:
        refuse("the configuration has no `resources`", "resources")
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        names = _names(entry)
        if not names:
            refuse("name at least one resource", "resources", index, "resources")
        together = Counter(names)
        for position, name in enumerate(names):
            where = ("resources", index, "resources", position)
            if why := _resource_problem(name, together, seen):
                refuse(why, *where)
        seen |= together.keys()
        providers = mappings(entry.get("providers"))
        if not providers:
            refuse("name at least one provider", "resources", index, "providers")
        for position, provider in enumerate(providers):
            found += _provider_problems(configuration, ("resources", index, "providers", position), provider)
    return found


def _resource_problem(name: str, together: Counter[str], earlier: set[str]) -> str:
    if name != name.lower():
        return f"{name!r} must be lower case"
    if name == "*" or "/" in name or (name.startswith("*") and not name.startswith("*.")):
        return f"{name!r} is not a resource: write secrets, deployments.apps, *.apps or *.*"
    if name in _NOT_SERVED:
        return f"{name!r} is not a resource of the API and can't be encrypted"
    if (group := name.partition(".")[2]) in _ELSEWHERE:
        return f"cannot configure {name!r}: {_ELSEWHERE[group]}"
    if name in earlier or together[name] > 1:
        return f"{name!r} is listed twice"
    if "*.*" in together and len(together) > 1:
        return "*.* already covers the other resources"
    if "*.*" in earlier:
        return f"an earlier entry for *.* already covers {name!r}"
    wider = f"*.{group}"
    if name != wider and (wider in earlier or wider in together):
        return f"{wider} already covers {name!r}: put the narrower entry first, in an entry of its own"
    return ""


def _provider_problems(configuration: Manifest, path: Path, provider: dict[str, Any]) -> list[Problem]:
    found: list[Problem] = []

    def refuse(message: str, *inner: str | int) -> None:
        found.append(Problem(message, location=configuration.where(*path, *inner)))

    known = [name for name in provider if name in PROVIDERS and provider[name] is not None]
    for name in provider:
        if name not in PROVIDERS:
            refuse(f"{name!r} is not a provider: write {', '.join(PROVIDERS)}", name)
    if not known and not found:
        refuse(
            "this entry of `providers` has no provider, or no value for it: write `identity: {}` or its keys"
        )
        return found
    if len(known) != 1:
        refuse("one entry of `providers` has exactly one provider: start each with a dash")
        return found
    [name] = known
    settings = provider[name]
    if name == "kms":
        return found + _kms_problems(configuration, (*path, name), settings)
    if name == "identity":
        return found
    keys = mappings(mapping(settings).get("keys"))
    if not keys:
        refuse(f"{name} needs at least one key", name, "keys")
    names = Counter(str(key.get("name")) for key in keys)
    for index, key in enumerate(keys):
        if not key.get("name"):
            refuse("every key needs a name", name, "keys", index, "name")
        elif names[str(key.get("name"))] > 1:
            refuse(f"two keys have the name {key.get('name')!r}", name, "keys", index, "name")
        if why := key_problem(name, key.get("secret")):
            refuse(why, name, "keys", index, "secret")
    return found


def key_problem(provider: str, secret: Any) -> str:
    """What is wrong with a key: empty if it is standard base64 of a valid number of bytes.

    The key itself is never part of the message.
    """
    if not secret or not isinstance(secret, str):
        return "every key needs a `secret`"
    try:
        size = len(base64.b64decode(re.sub(r"[\r\n]", "", secret), validate=True))
    except (binascii.Error, ValueError):
        return "the secret is not base64: encode the random bytes first"
    if size not in KEY_BYTES[provider]:
        wanted = " or ".join(str(size) for size in KEY_BYTES[provider])
        return f"the key of {provider} has {size} bytes: it must have {wanted}"
    return ""


def _kms_problems(configuration: Manifest, path: Path, settings: Any) -> list[Problem]:
    values = mapping(settings)
    found = []
    version = values.get("apiVersion") or "v1"
    if version not in ("v1", "v2"):
        message = f"{version!r} is not a version of the KMS API: write v2"
        found.append(Problem(message, location=configuration.where(*path, "apiVersion")))
    name = values.get("name")
    if not name or ":" in str(name):
        message = "a KMS provider needs a name, without a colon"
        found.append(Problem(message, location=configuration.where(*path, "name")))
    if not str(values.get("endpoint") or "").startswith("unix://"):
        message = "the endpoint of a KMS provider must be a unix:// socket"
        found.append(Problem(message, location=configuration.where(*path, "endpoint")))
    return found
