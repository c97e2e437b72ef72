"""Judges which provider writes resources to etcd, and which old data stays readable.

Looks at the answer's EncryptionConfiguration. The first provider of the first matching entry writes;
`identity` in the first place means that nothing is encrypted. A configuration that the API server would
refuse fails every check.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import msgspec

from trainer.manifests.model import Manifest, Path
from trainer.manifests.values import indexed, mappings, texts
from trainer.picture import Cell, Picture, Row, State, asked, drawn, nothing_to_see
from trainer.rules import Live, Reads
from trainer.rules._component.config_file import STAYS_DOWN, config_file
from trainer.simulate.access.resources import api_resources, may_be_custom
from trainer.simulate.components.encryption import Storage, problems_of, storage_of
from trainer.simulate.world import World
from trainer.verdict import Location, Outcome, Reason

READS = Reads(Live.NEVER, kinds=("EncryptionConfiguration",))


UNSEEN = "widgets.example.com"
"""A custom resource that stands for all that no file names."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must hold for each resource (`secrets`, `configmaps`, `deployments.apps`)."""

    writes: dict[str, str] = {}
    """The provider that must write: `aescbc`, `aescbc:key2`, `secretbox`, `identity`; `any` encrypts."""
    rest: str = ""
    """The provider that must write all other resources, custom ones included; empty: it doesn't matter."""
    free: tuple[str, ...] = ()
    """With `rest`: resources that any provider may write, besides those in `writes`."""
    reads: dict[str, tuple[str, ...]] = {}
    """What must still be readable: `identity`, `aescbc:key1`."""
    keys: dict[str, str] = {}
    """Keys that must be exactly these, by name (`aescbc:key1`), in base64: old data depends on them."""
    other_keys: dict[str, str] = msgspec.field(default={}, name="other-keys")
    """Keys that must not be used, by name: a leaked key under another name isn't a new key."""
    file: str = ""
    """The file with the configuration, if the answer has several."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every resource that is written differently, and data that can no longer be read."""
    configuration = config_file(world, "EncryptionConfiguration", params.file)
    if isinstance(configuration, Outcome):
        return configuration
    refusals = problems_of(configuration)
    if refusals:
        return Outcome.of(
            [Reason(f"The API server does not start: {p.message}.", p.location) for p in refusals],
            [STAYS_DOWN],
        )
    reasons: list[Reason] = []
    evidence: list[str] = []
    for storage, wanted in _wrong_writers(configuration, params):
        reasons.append(Reason(_told(storage, wanted), storage.writer.location))
        prefix = storage.writer.prefix
        shown = f"begins with {prefix}" if prefix else "is in plain text"
        evidence.append(f"A new object of {storage.resource} in etcd {shown}.")
    for resource, stored in params.reads.items():
        storage = storage_of(configuration, resource)
        for name in stored:
            if not storage.reads(name):
                how = "in plain text" if name == "identity" else f"with {name}"
                reasons.append(
                    Reason(
                        f"None of these providers reads {resource} that were written {how}.", storage.location
                    )
                )
                evidence.append(f"kubectl get {resource} fails for objects that were written {how}.")
    for name, secret, place in _keys(configuration):
        if name in params.keys and secret != _bytes(params.keys[name]):
            reasons.append(Reason(f"{name} isn't the existing key.", place))
            evidence.append(f"Data that {name} wrote before can no longer be decrypted.")
        if name in params.other_keys and secret == _bytes(params.other_keys[name]):
            reasons.append(Reason(f"{name} is the old key under another name.", place))
            evidence.append(f"Anyone who has the old key can read what {name} writes.")
    return Outcome.of(reasons, evidence)


def picture(world: World, params: Params) -> Picture:
    """Which provider writes each resource, and which old data is still readable."""
    title = "How etcd stores resources"
    configuration = config_file(world, "EncryptionConfiguration", params.file)
    if isinstance(configuration, Outcome):
        return nothing_to_see(title, configuration)
    if refusals := problems_of(configuration):
        told = [Reason(problem.message, problem.location) for problem in refusals]
        return nothing_to_see(title, Outcome.of(told), "kube-apiserver is down")
    wrong = {storage.resource: storage for storage, _ in _wrong_writers(configuration, params)}
    rows = []
    for resource in dict.fromkeys((*params.writes, *wrong)):
        writer = storage_of(configuration, resource).writer
        rows.append(Row(f"new {resource}", (asked(resource not in wrong, writer.name, "", writer.location),)))
    if params.rest and not set(wrong) - set(params.writes):
        rows.append(Row("all other resources", (Cell(params.rest, State.RIGHT),)))
    for resource, stored in params.reads.items():
        storage = storage_of(configuration, resource)
        for name in stored:
            word = "readable" if storage.reads(name) else "not readable"
            cell = asked(storage.reads(name), word, "", storage.location)
            rows.append(Row(f"{resource} written by {name}", (cell,)))
    for name, secret, place in _keys(configuration):
        if name in params.keys:
            right = secret == _bytes(params.keys[name])
            rows.append(
                Row(f"key {name}", (asked(right, "the existing key" if right else "another key", "", place),))
            )
        if name in params.other_keys:
            right = secret != _bytes(params.other_keys[name])
            rows.append(
                Row(f"key {name}", (asked(right, "a new key" if right else "the old key", "", place),))
            )
    rows = rows or [Row("the configuration", (Cell("loads", State.RIGHT),))]
    return drawn(title, [""], rows)


def _wrong_writers(configuration: Manifest, params: Params) -> Iterator[tuple[Storage, str]]:
    """How resources are stored that another provider must write, and which one.

    Of all other resources, the first for each place of the file.
    """
    for resource, wanted in params.writes.items():
        storage = storage_of(configuration, resource)
        if not _writes(storage, wanted):
            yield storage, wanted
    told: set[Location] = set()
    for resource in _stored_resources(configuration) if params.rest else ():
        storage = storage_of(configuration, resource)
        if resource in (*params.writes, *params.free) or _writes(storage, params.rest):
            continue
        if storage.writer.location not in told:
            yield storage, params.rest
        told.add(storage.writer.location)


def _stored_resources(configuration: Manifest) -> list[str]:
    """The resources of the API, custom ones of the groups that the file names, and one that nobody names."""
    known = [one for one in api_resources() if "/" not in one.name]
    named = [
        name for entry in mappings(configuration.get("resources")) for name in texts(entry.get("resources"))
    ]
    custom = [
        name.replace("*", UNSEEN.partition(".")[0]) for name in named if may_be_custom(name.partition(".")[2])
    ]
    return [*(f"{one.name}.{one.group}".removesuffix(".") for one in known), *custom, UNSEEN]


def _keys(configuration: Manifest) -> Iterator[tuple[str, bytes, Location]]:
    """Every key in the file: its name, its bytes, its place."""
    for _, at_entry in _items(configuration, "resources"):
        for provider, at_provider in _items(configuration, *at_entry, "providers"):
            for kind in provider:
                for key, at_key in _items(configuration, *at_provider, kind, "keys"):
                    place = configuration.where(*at_key, "secret")
                    yield f"{kind}:{key.get('name')}", _bytes(str(key.get("secret"))), place


def _items(configuration: Manifest, *path: str | int) -> list[tuple[dict[str, Any], Path]]:
    return [(item, (*path, index)) for index, item in indexed(configuration.get(*path))]


def _bytes(secret: str) -> bytes:
    """A key as bytes, regardless of line breaks in its base64."""
    return base64.b64decode(secret)


def _writes(storage: Storage, wanted: str) -> bool:
    writer = storage.writer
    if wanted == "any":
        return writer.encrypts
    return wanted in (writer.name, writer.provider)


def _told(storage: Storage, wanted: str) -> str:
    asked = "encrypted" if wanted == "any" else f"with {wanted}"
    if not storage.writer.encrypts and len(storage.readers) > 1:
        return f"The first provider, identity, writes {storage.resource} in plain text. Required: {asked}."
    if not storage.writer.encrypts:
        return f"{storage.resource} are written in plain text. Required: {asked}."
    return f"{storage.resource} are written with {storage.writer.name}. Required: {asked}."
