"""Family `vap`: ValidatingAdmissionPolicy, binding and parameters on one object."""

from __future__ import annotations

from typing import Any

from trainer.manifests.defaults import with_defaults
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.simulate.admission.matching import AdmissionRequest
from trainer.simulate.admission.policies import admit
from trainer.versions import Version

KUBERNETES = Version(1, 36)


def judge(case: dict[str, Any]) -> str | None:
    """None where we agree with the case, else what we say instead."""
    found: list[Manifest] = []
    for role in ("policy", "binding", "param"):
        if case.get(role):
            found += _read(case, case[role])
    [subject] = _read(case, case["object"])
    name = subject.namespace or case.get("namespace") or "default"
    labels = {"kubernetes.io/metadata.name": name} | (case.get("namespace_labels") or {})
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
    admission = admit(
        found,
        AdmissionRequest(case["operation"], subject, namespace_labels=labels, namespace_object=namespace),
    )
    said = (
        "deny" if admission.denied else "warn" if admission.warned and case["expected"] == "warn" else "admit"
    )
    return None if said == case["expected"] else f"{said}: {[v.message for v in admission.violations][:2]}"


def _read(case: dict[str, Any], file: str) -> list[Manifest]:
    manifests, _ = manifests_of(parse(case["files"][file].encode(), file).documents)
    return [with_defaults(_placed(manifest, case), KUBERNETES) for manifest in manifests]


def _placed(manifest: Manifest, case: dict[str, Any]) -> Manifest:
    """The object in the namespace that it is sent to."""
    from trainer.manifests.schema.kinds import scope_of

    group, _, version = manifest.api_version.rpartition("/")
    if manifest.namespace or scope_of(group, version, manifest.kind, KUBERNETES) != "Namespaced":
        return manifest
    metadata = {**manifest.metadata, "namespace": case.get("namespace") or "default"}
    return manifest.with_data({**manifest.data, "metadata": metadata})
