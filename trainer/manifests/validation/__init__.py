"""The API server's own validation of an object on create, beyond the schema.

`validate` answers everything that a Kubernetes API server of the given version would refuse in a
manifest whose fields and types are right already. Each module follows one part of Kubernetes'
validation code and names it; `kinds` says which module is for which kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainer.manifests.validation.collect import At
from trainer.manifests.validation.kinds import kind_of, rule_of
from trainer.manifests.values import mapping
from trainer.versions import Version

if TYPE_CHECKING:
    from trainer.manifests.model import Manifest
    from trainer.verdict import Problem

__all__ = ["validate"]


def validate(manifest: Manifest, kubernetes: Version, *, admission: bool = True) -> list[Problem]:
    """All problems of a manifest that the API server of a Kubernetes version would refuse on create.

    Every problem is an error with its place, in words for a learner. The manifest may be defaulted
    or not: what the API server fills in may be missing. A namespace where none belongs counts as
    written: defaulting clears it. An unknown kind has its metadata checked only. Wrongly typed values
    are skipped: the schema reports them. Without `admission` no admission plugin runs: a static Pod
    doesn't pass them.
    """
    problems: list[Problem] = []
    at = At(manifest, kubernetes, (), problems)
    kind = kind_of(manifest.group, manifest.kind)
    if kind.meta:
        from trainer.manifests.validation.meta import object_meta

        meta = mapping(manifest.data.get("metadata"))
        object_meta(at / "metadata", meta, kind.named(kubernetes), known_finalizers=kind.known_finalizers)
    rule = rule_of(kind)
    if rule:
        rule(at, manifest.data)
    if admission and (manifest.api_version, manifest.kind) == ("v1", "Pod"):
        from trainer.manifests.validation.pod import pod_admission

        pod_admission(at, manifest.data)
    return problems
