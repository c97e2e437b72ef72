"""PersistentVolume and StorageClass.

Follows Kubernetes pkg/apis/core/validation/validation.go (`ValidatePersistentVolumeSpec`) and
pkg/apis/storage/validation/validation.go (v1.35).
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.claims import access_modes, class_names, positive
from trainer.manifests.validation.collect import At, Map, listed
from trainer.manifests.validation.legacy_volumes import LEGACY, legacy_volume
from trainer.manifests.validation.meta import label_key
from trainer.manifests.validation.names import dns_label, dns_subdomain, qualified_name
from trainer.manifests.validation.paths import no_backsteps
from trainer.manifests.validation.scheduling import node_selector
from trainer.manifests.validation.volumes import driver_name, host_path, nfs
from trainer.manifests.values import indexed, indexed_texts, mapping, text

_PV_SOURCES = ("hostPath", "nfs", "local", "csi", *LEGACY)
_PUBLISH_SECRETS = (
    "controllerPublishSecretRef",
    "controllerExpandSecretRef",
    "nodePublishSecretRef",
    "nodeExpandSecretRef",
)
_GROUP_POLICIES = ("ReadWriteOnceWithFSType", "File", "None")
_RECLAIM = ("Delete", "Recycle", "Retain")
_CLASS_RECLAIM = ("Delete", "Retain")
_LARGEST_PARAMETERS = 256 * 1024
_MOST_PARAMETERS = 512


def persistent_volume(at: At, data: Map) -> None:
    """A PersistentVolume (`ValidatePersistentVolumeSpec`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    access_modes(place, spec)
    capacity = mapping(spec.get("capacity"))
    if "storage" not in capacity or len(capacity) > 1:
        place.say(
            "`capacity` has exactly one entry: `storage`.", "capacity", fix="Add `storage: 1Gi` or the like."
        )
    for name, amount in capacity.items():
        positive(place, name, amount, "capacity", name)
    policy = spec.get("persistentVolumeReclaimPolicy")
    place.choice("persistentVolumeReclaimPolicy", value=policy, allowed=_RECLAIM)
    affinity = spec.get("nodeAffinity")
    if isinstance(affinity, dict):
        if isinstance(affinity.get("required"), dict):
            node_selector(place.to("nodeAffinity", "required"), affinity["required"])
        else:
            place.missing("nodeAffinity", "required", why="it says on which nodes the volume can be used")
    _volume_source(place, spec)
    host = mapping(spec.get("hostPath"))
    if policy == "Recycle" and text(host.get("path")).strip("/.") == "" and host.get("path"):
        place.forbidden("persistentVolumeReclaimPolicy", why="`Recycle` would empty the node's `/`")
    class_names(place, spec)
    if spec.get("volumeAttributesClassName") == "":
        place.missing("volumeAttributesClassName", why="an empty class can't be named")
    if spec.get("volumeAttributesClassName") is not None and spec.get("csi") is None:
        place.missing("csi", why="it goes with `volumeAttributesClassName`")


def _volume_source(at: At, spec: Map) -> None:
    sources = [name for name in _PV_SOURCES if spec.get(name) is not None]
    if not sources:
        at.say("The volume has no source: it needs one, as `hostPath`, `nfs` or `csi`.")
    elif len(sources) > 1:
        at.say(f"The volume has {listed(sources)}: a volume has one source.", sources[1])
    else:
        name = sources[0]
        source = mapping(spec[name])
        place = at / name
        if name == "hostPath":
            host_path(place, source)
        elif name == "nfs":
            nfs(place, source)
        elif name == "csi":
            _csi(place, source)
        elif name == "local":
            if not text(source.get("path")):
                place.missing("path", why="it says which path of the node is used")
            no_backsteps(place, "path", value=text(source.get("path")))
            if not isinstance(spec.get("nodeAffinity"), dict):
                at.missing("nodeAffinity", why="a local volume exists on a certain node")
        else:
            legacy_volume(place, name, source)


def _csi(at: At, source: Map) -> None:
    driver_name(at, source)
    if not text(source.get("volumeHandle")):
        at.missing("volumeHandle", why="the driver finds the volume by it")
    for field in _PUBLISH_SECRETS:
        reference = source.get(field)
        if isinstance(reference, dict):
            for part, rule in (("name", dns_subdomain), ("namespace", dns_label)):
                value = text(reference.get(part))
                if not value:
                    at.missing(field, part, why=f"a Secret is named with its {part}")
                else:
                    at.name(field, part, value=value, rule=rule)


def csi_driver(at: At, data: Map) -> None:
    """A CSIDriver (`ValidateCSIDriver`)."""
    spec = mapping(data.get("spec"))
    place = at / "spec"
    place.choice("fsGroupPolicy", value=spec.get("fsGroupPolicy"), allowed=_GROUP_POLICIES)
    for index, mode in indexed_texts(spec.get("volumeLifecycleModes")):
        place.choice(
            "volumeLifecycleModes",
            index,
            value=mode,
            allowed=("Persistent", "Ephemeral"),
            needed="it names a mode",
        )
    place.at_least(
        "nodeAllocatableUpdatePeriodSeconds", value=spec.get("nodeAllocatableUpdatePeriodSeconds"), least=10
    )
    seen: set[str] = set()
    for index, request in indexed(spec.get("tokenRequests")):
        audience = text(request.get("audience"))
        if audience in seen:
            place.duplicate(
                "tokenRequests", index, "audience", value=audience, why="an audience is listed once"
            )
        seen.add(audience)
        seconds = request.get("expirationSeconds")
        place.at_least("tokenRequests", index, "expirationSeconds", value=seconds, least=600)


def storage_class(at: At, data: Map) -> None:
    """A StorageClass (`ValidateStorageClass`)."""
    provisioner = text(data.get("provisioner"))
    if not provisioner:
        at.missing("provisioner", why="it says who makes the volumes")
    elif qualified_name(provisioner.lower()):
        at.invalid("provisioner", value=provisioner, why=qualified_name(provisioner.lower()))
    parameters = mapping(data.get("parameters"))
    if len(parameters) > _MOST_PARAMETERS:
        at.say("There are more than 512 parameters.", "parameters")
    if "" in parameters:
        at.say("A parameter's name may not be empty.", "parameters")
    if sum(len(str(k)) + len(str(v)) for k, v in parameters.items()) > _LARGEST_PARAMETERS:
        at.say("The parameters have more than 262144 bytes.", "parameters")
    at.choice("reclaimPolicy", value=data.get("reclaimPolicy") or None, allowed=_CLASS_RECLAIM)
    at.choice(
        "volumeBindingMode",
        value=data.get("volumeBindingMode"),
        allowed=("Immediate", "WaitForFirstConsumer"),
    )
    _topologies(at / "allowedTopologies", data.get("allowedTopologies"))


def _topologies(at: At, value: Any) -> None:
    """Where volumes may be made: terms that differ, none of them empty (`validateAllowedTopologies`)."""
    seen: list[dict[str, set[str]]] = [{}]
    for index, term in indexed(value):
        found: dict[str, set[str]] = {}
        for which, expression in indexed(term.get("matchLabelExpressions")):
            place = at.to(index, "matchLabelExpressions", which)
            key = text(expression.get("key"))
            label_key(place, key, "key")
            if key in found:
                place.duplicate("key", value=key, why="a key is listed once")
            found[key] = _topology_values(place, expression)
        if found in seen:
            what = "is there twice" if found else "is empty"
            at.say(f"A topology {what}: remove it.", index, "matchLabelExpressions")
        seen.append(found)


def _topology_values(at: At, expression: Map) -> set[str]:
    found: set[str] = set()
    if not expression.get("values"):
        at.missing("values", why="it lists the allowed values")
    for index, value in indexed_texts(expression.get("values")):
        if value in found:
            at.duplicate("values", index, value=value, why="a value is listed once")
        found.add(value)
    return found
