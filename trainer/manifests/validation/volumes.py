"""Volumes of pods.

Follows Kubernetes pkg/apis/core/validation/validation.go (v1.35): `ValidateVolumes`,
`validateVolumeSource` and the function of each source. A table has the rarer sources.
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.quantity import parse_quantity
from trainer.manifests.validation.claims import claim_template
from trainer.manifests.validation.collect import At, Map, listed
from trainer.manifests.validation.legacy_volumes import LEGACY, legacy_volume
from trainer.manifests.validation.names import dns_label, dns_subdomain
from trainer.manifests.validation.paths import descending_path, no_backsteps
from trainer.manifests.validation.projected import downward_items, file_mode, key_items, projected
from trainer.manifests.values import indexed, mapping, text
from trainer.versions import Version

_HOST_PATH_TYPES = (
    "",
    "DirectoryOrCreate",
    "Directory",
    "FileOrCreate",
    "File",
    "Socket",
    "CharDevice",
    "BlockDevice",
)
_SOURCES = (
    "emptyDir",
    "hostPath",
    "gitRepo",
    "secret",
    "nfs",
    "persistentVolumeClaim",
    "downwardAPI",
    "configMap",
    "projected",
    "csi",
    "ephemeral",
    "image",
    *LEGACY,
)


def volumes(at: At, spec: Map, pod_name: str) -> Map:
    """Check a pod's volumes; answers them by name. `at` is the pod's spec.

    `pod_name` is empty for a template, whose pods have no name yet.
    """
    found: Map = {}
    created = {
        f"{pod_name}-{text(volume.get('name'))}"
        for _, volume in indexed(spec.get("volumes"))
        if pod_name and volume.get("ephemeral") is not None
    }
    for index, volume in indexed(spec.get("volumes")):
        place = at.to("volumes", index)
        name = text(volume.get("name"))
        if not name:
            place.missing("name", why="every volume has a name")
        else:
            place.name("name", value=name, rule=dns_label)
        if name and name in found:
            place.duplicate("name", value=name, why="the volumes of a pod have different names")
        found[name] = volume
        _source(place, volume, pod_name)
        claim = text(mapping(volume.get("persistentVolumeClaim")).get("claimName"))
        if claim in created:
            why = "that claim is made for an ephemeral volume of this pod"
            place.invalid("persistentVolumeClaim", "claimName", value=claim, why=why)
    found.pop("", None)
    return found


def _source(at: At, volume: Map, pod_name: str) -> None:
    sources = [name for name in _SOURCES if volume.get(name) is not None]
    if len(sources) > 1:
        at.say(
            f"The volume has {listed(sources)}: a volume has one source.",
            sources[1],
            fix="Make a volume of its own for each.",
        )
        return
    # A volume without a source is defaulted to an emptyDir before validation.
    for name in sources:
        source = mapping(volume[name])
        check = _CHECKS.get(name)
        if check:
            check(at / name, source)
        else:
            legacy_volume(at / name, name, source)
        if name == "ephemeral" and pod_name:
            claim = f"{pod_name}-{text(volume.get('name'))}"
            if dns_subdomain(claim):
                at.invalid("name", value=claim, why="the claim for this volume can't have that name")


def _empty_dir(at: At, source: Map) -> None:
    limit = source.get("sizeLimit")
    if limit is not None and _quantity_below_zero(limit):
        at.invalid("sizeLimit", value=limit, why="a size may not be negative")


def host_path(at: At, source: Map) -> None:
    """A `hostPath` of a pod or persistent volume (`validateHostPathVolumeSource`)."""
    path = text(source.get("path"))
    if not path:
        at.missing("path", why="it says which path of the node is mounted")
        return
    no_backsteps(at, "path", value=path)
    if source.get("type"):
        at.choice("type", value=source.get("type"), allowed=_HOST_PATH_TYPES[1:])


def _git_repo(at: At, source: Map) -> None:
    if not text(source.get("repository")):
        at.missing("repository", why="it says what is cloned")
    descending_path(at, "directory", text(source.get("directory")))


def _secret(at: At, source: Map) -> None:
    if not text(source.get("secretName")):
        at.missing("secretName", why="it names the Secret to mount")
    _files(at, source)


def _config_map(at: At, source: Map) -> None:
    if not text(source.get("name")):
        at.missing("name", why="it names the ConfigMap to mount")
    _files(at, source)


def _files(at: At, source: Map) -> None:
    file_mode(at, "defaultMode", source.get("defaultMode"))
    key_items(at, source.get("items"))


def nfs(at: At, source: Map) -> None:
    """An `nfs` volume (`validateNFSVolumeSource`)."""
    if not text(source.get("server")):
        at.missing("server", why="it says which NFS server is meant")
    path = text(source.get("path"))
    if not path:
        at.missing("path", why="it says which path the server exports")
    elif not path.startswith("/"):
        at.invalid("path", value=path, why="the path is absolute: it starts with `/`")


def _claim(at: At, source: Map) -> None:
    if not text(source.get("claimName")):
        at.missing("claimName", why="it names the PersistentVolumeClaim to mount")


def _downward(at: At, source: Map) -> None:
    file_mode(at, "defaultMode", source.get("defaultMode"))
    downward_items(at, source.get("items"), None)


def driver_name(at: At, source: Map) -> None:
    """The driver of a CSI volume (`ValidateCSIDriverName`)."""
    driver = text(source.get("driver"))
    if not driver:
        at.missing("driver", why="it names the CSI driver")
    elif len(driver) > 63 or dns_subdomain(driver.lower()):
        why = "a driver's name is a domain name of 63 characters at most"
        at.invalid("driver", value=driver, why=why)


def _csi(at: At, source: Map) -> None:
    driver_name(at, source)
    reference = source.get("nodePublishSecretRef")
    if isinstance(reference, dict):
        name = text(reference.get("name"))
        if not name:
            at.missing("nodePublishSecretRef", "name", why="it names the Secret")
        else:
            at.name("nodePublishSecretRef", "name", value=name, rule=dns_subdomain)


def _ephemeral(at: At, source: Map) -> None:
    template = source.get("volumeClaimTemplate")
    if not isinstance(template, dict):
        at.missing("volumeClaimTemplate", why="an ephemeral volume is made from it")
    else:
        claim_template(at / "volumeClaimTemplate", template)


def _image(at: At, source: Map) -> None:
    """A template may leave the reference to somebody else, before v1.37 (`validateImageVolumeSource`)."""
    of_pod = at.manifest.kind == "Pod"
    if not text(source.get("reference")) and (of_pod or at.kubernetes >= Version(1, 37)):
        at.missing("reference", why="it names the image to mount")
    at.choice("pullPolicy", value=source.get("pullPolicy"), allowed=("Always", "IfNotPresent", "Never"))


def _quantity_below_zero(value: Any) -> bool:
    try:
        return parse_quantity(value) < 0
    except ValueError:
        return True


_CHECKS = {
    "emptyDir": _empty_dir,
    "hostPath": host_path,
    "gitRepo": _git_repo,
    "secret": _secret,
    "nfs": nfs,
    "persistentVolumeClaim": _claim,
    "downwardAPI": _downward,
    "configMap": _config_map,
    "projected": projected,
    "csi": _csi,
    "ephemeral": _ephemeral,
    "image": _image,
}
