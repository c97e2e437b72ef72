"""Judges with which provider resources are written to etcd, and which old data stays readable.

Looks at the answer's EncryptionConfiguration. The first provider of the first matching entry writes;
`identity` in first place means that nothing is encrypted. A configuration that the API server would
refuse fails every check.
"""

from __future__ import annotations

import msgspec

from trainer.rules._config_file import config_file
from trainer.simulate.encryption import Storage, problems_of, storage_of
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must hold for each resource (`secrets`, `configmaps`, `deployments.apps`)."""

    writes: dict[str, str] = {}
    """The provider that must write: `aescbc`, `aescbc:key2`, `secretbox`, `identity`; `any` encrypts."""
    reads: dict[str, tuple[str, ...]] = {}
    """What must still be readable: `identity`, `aescbc:key1`."""
    file: str = ""
    """The file with the configuration, where the answer has several."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every resource that is written otherwise, and data that can no longer be read."""
    configuration = config_file(world, "EncryptionConfiguration", params.file)
    if isinstance(configuration, Outcome):
        return configuration
    refusals = problems_of(configuration)
    if refusals:
        return Outcome.of(
            [Reason(f"The API server does not start: {p.message}.", p.location) for p in refusals]
        )
    reasons: list[Reason] = []
    evidence: list[str] = []
    for resource, wanted in params.writes.items():
        storage = storage_of(configuration, resource)
        if not _writes(storage, wanted):
            reasons.append(Reason(_told(storage, wanted), storage.writer.location))
            prefix = storage.writer.prefix
            shown = f"begins with {prefix}" if prefix else "is readable as it is"
            evidence.append(f"A new object of {resource} in etcd {shown}.")
    for resource, stored in params.reads.items():
        storage = storage_of(configuration, resource)
        for name in stored:
            if not storage.reads(name):
                how = "in plain text" if name == "identity" else f"with {name}"
                reasons.append(Reason(f"Nothing here reads {resource} written {how}.", storage.location))
                evidence.append(f"kubectl get {resource} fails for objects that were written {how}.")
    return Outcome.of(reasons, evidence)


def _writes(storage: Storage, wanted: str) -> bool:
    writer = storage.writer
    if wanted == "any":
        return writer.encrypts
    return wanted in (writer.name, writer.provider)


def _told(storage: Storage, wanted: str) -> str:
    asked = "encrypted" if wanted == "any" else f"with {wanted}"
    if not storage.writer.encrypts and len(storage.readers) > 1:
        return f"The first provider writes: it is identity, so {storage.resource} stay plain. Asked: {asked}."
    if not storage.writer.encrypts:
        return f"{storage.resource} are written in plain text. Asked: {asked}."
    return f"{storage.resource} are written with {storage.writer.name}. Asked: {asked}."
