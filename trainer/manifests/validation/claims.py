"""PersistentVolumeClaims, and the claims that pods and volumes have inside them.

Follows Kubernetes pkg/apis/core/validation/validation.go (`ValidatePersistentVolumeClaimSpec`, v1.35).
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.collect import At, Map, listed
from trainer.manifests.validation.meta import label_selector, template_meta
from trainer.manifests.validation.names import dns_label, dns_subdomain
from trainer.manifests.validation.resources import quantity
from trainer.manifests.values import indexed_texts, items, mapping, text

_MODES = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")
_VOLUME_MODES = ("Block", "Filesystem")


def persistent_volume_claim(at: At, data: Map) -> None:
    """A PersistentVolumeClaim."""
    claim_spec(at / "spec", mapping(data.get("spec")))


def claim_template(at: At, template: Map) -> None:
    """The claim of an ephemeral volume (`ValidatePersistentVolumeClaimTemplate`)."""
    meta = mapping(template.get("metadata"))
    template_meta(at / "metadata", meta)
    for field, value in meta.items():
        if field not in ("annotations", "labels", "creationTimestamp") and value not in (None, "", []):
            at.forbidden(
                "metadata", field, why="the claim of a pod's volume takes labels and annotations only"
            )
    claim_spec(at / "spec", mapping(template.get("spec")))


def claim_spec(at: At, spec: Map) -> None:
    """The spec of a claim (`ValidatePersistentVolumeClaimSpec`)."""
    access_modes(at, spec)
    label_selector(at / "selector", spec.get("selector"))
    requests = mapping(mapping(spec.get("resources")).get("requests"))
    if "storage" not in requests:
        at.missing("resources", "requests", "storage", why="a claim says how much storage it asks for")
    else:
        positive(at, "storage", requests["storage"], "resources", "requests", "storage")
    class_names(at, spec)
    source, reference = spec.get("dataSource"), spec.get("dataSourceRef")
    for field, value in (("dataSource", source), ("dataSourceRef", reference)):
        if isinstance(value, dict):
            _data_source(at / field, value)
    if isinstance(source, dict) and isinstance(reference, dict):
        same = all(source.get(field) == reference.get(field) for field in ("apiGroup", "kind", "name"))
        if reference.get("namespace") or not same:
            at.say(
                "`dataSource` and `dataSourceRef` name different things: leave one of them out.", "dataSource"
            )


def _data_source(at: At, source: Map) -> None:
    for field in ("name", "kind"):
        if not text(source.get(field)):
            at.missing(field, why="a data source has name and kind")
    group = text(source.get("apiGroup"))
    if group:
        at.name("apiGroup", value=group, rule=dns_subdomain)
    elif source.get("kind") != "PersistentVolumeClaim":
        why = "without `apiGroup` it can only be `PersistentVolumeClaim`"
        at.invalid("kind", value=source.get("kind") or "", why=why)
    namespace = text(source.get("namespace"))
    if namespace:
        at.name("namespace", value=namespace, rule=dns_label)


def access_modes(at: At, spec: Map) -> None:
    """The `accessModes` of a claim or of a volume."""
    modes = items(spec.get("accessModes"))
    if not modes:
        at.missing(
            "accessModes", why="it says how the volume can be mounted", fix=f"Add one of {listed(_MODES)}."
        )
    for index, mode in indexed_texts(modes):
        at.choice("accessModes", index, value=mode, allowed=_MODES, needed="it names an access mode")
    if "ReadWriteOncePod" in modes and any(mode in modes for mode in _MODES[:3]):
        at.say("`ReadWriteOncePod` can't be combined with other access modes.", "accessModes")


def class_names(at: At, spec: Map) -> None:
    """The classes and the mode that a claim or a volume names."""
    for field in ("storageClassName", "volumeAttributesClassName"):
        value = text(spec.get(field))
        if value:
            at.name(field, value=value, rule=dns_subdomain)
    at.choice("volumeMode", value=spec.get("volumeMode"), allowed=_VOLUME_MODES)


def positive(at: At, name: str, value: Any, *steps: str | int) -> None:
    """An amount of storage, which must be more than 0."""
    parsed = quantity(at, name, value, *steps)
    if parsed == 0:
        at.invalid(*steps, value=value, why="it must be more than 0")
