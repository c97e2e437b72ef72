"""The rarer volume sources: disks of clouds and storage systems, as a table of required fields.

Follows Kubernetes pkg/apis/core/validation/validation.go (v1.35), the function of each source, for
volumes of pods and, with more required, of PersistentVolumes.
"""

from __future__ import annotations

from collections.abc import Callable

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.names import dns_label
from trainer.manifests.values import items, mapping, number, text
from trainer.patterns import regex

LEGACY: dict[str, tuple[str, ...]] = {
    "gcePersistentDisk": ("pdName",),
    "awsElasticBlockStore": ("volumeID",),
    "iscsi": ("targetPortal", "iqn"),
    "glusterfs": ("endpoints", "path"),
    "flocker": (),
    "rbd": ("monitors", "image"),
    "cinder": ("volumeID",),
    "cephfs": ("monitors",),
    "quobyte": ("registry", "volume"),
    "fc": (),
    "flexVolume": ("driver",),
    "azureFile": ("secretName", "shareName"),
    "vsphereVolume": ("volumePath",),
    "photonPersistentDisk": ("pdID",),
    "portworxVolume": ("volumeID",),
    "azureDisk": ("diskName", "diskURI"),
    "storageos": ("volumeName",),
    "scaleIO": ("gateway", "system", "volumeName"),
}
"""Source and the fields that it needs."""

_IQN = regex(r"iqn\.[0-9]{4}-[0-9]{2}\.[A-Za-z0-9.-]+:[^,;*&$|\s]+")
_EUI_NAA = regex(r"eui.[A-Za-z0-9]{16}|naa.[A-Za-z0-9]{32}")


def legacy_volume(at: At, name: str, source: Map) -> None:
    """One of the sources of `LEGACY`."""
    for field in LEGACY[name]:
        if not source.get(field):
            at.missing(field, why=f"a `{name}` volume needs it")
    check = _CHECKS.get(name)
    if check:
        check(at, source)


def _partition(at: At, source: Map) -> None:
    value = number(source.get("partition"))
    if value is not None and not 0 <= value <= 255:
        at.invalid("partition", value=value, why="a partition is a number from 0 to 255")


def _lun(at: At, source: Map) -> None:
    value = number(source.get("lun"))
    if value is not None and not 0 <= value <= 255:
        at.invalid("lun", value=value, why="it is a number from 0 to 255")


def _iscsi(at: At, source: Map) -> None:
    for field in ("iqn", "initiatorName"):
        value = text(source.get(field))
        written = bool(value) or (field == "initiatorName" and source.get(field) == "")  # a pointer in Go
        if written and not (_IQN.fullmatch(value) or _EUI_NAA.fullmatch(value)):
            at.invalid(field, value=value, why="it has the form of an `iqn`, `eui` or `naa` name")
    _lun(at, source)
    if (source.get("chapAuthDiscovery") or source.get("chapAuthSession")) and not source.get("secretRef"):
        at.missing("secretRef", why="CHAP authentication needs it")


def _fibre_channel(at: At, source: Map) -> None:
    targets, ids = items(source.get("targetWWNs")), items(source.get("wwids"))
    if bool(targets) == bool(ids):
        at.say("A `fc` volume has either `targetWWNs` or `wwids`.")
    if targets and number(source.get("lun")) is None:
        at.missing("lun", why="it goes with `targetWWNs`")
    if targets:
        _lun(at, source)


def _flocker(at: At, source: Map) -> None:
    name = text(source.get("datasetName"))
    if bool(name) == bool(source.get("datasetUUID")):
        at.say("A `flocker` volume has either `datasetName` or `datasetUUID`.")
    if "/" in name:
        at.invalid("datasetName", value=name, why="it may not contain `/`")


def _flex(at: At, source: Map) -> None:
    for key in mapping(source.get("options")):
        domain = "." + key.partition("/")[0].lower() if "/" in key else "." + key.lower()
        if domain.endswith((".kubernetes.io", ".k8s.io")):
            at.forbidden("options", key, why="the domains kubernetes.io and k8s.io are reserved")


def _azure_disk(at: At, source: Map) -> None:
    kind, uri = source.get("kind"), text(source.get("diskURI"))
    at.choice("cachingMode", value=source.get("cachingMode"), allowed=("None", "ReadOnly", "ReadWrite"))
    at.choice("kind", value=kind, allowed=("Shared", "Dedicated", "Managed"))
    start = "/subscriptions/" if kind == "Managed" else "https://"
    if kind and uri and not uri.startswith(start):
        at.invalid("diskURI", value=uri, why=f"for kind `{kind}` it starts with `{start}`")


def _quobyte(at: At, source: Map) -> None:
    registry = text(source.get("registry"))
    if registry and len(text(source.get("tenant"))) >= 65:
        at.say("`tenant` is longer than 64 characters.", "tenant")
    elif registry and any(":" not in pair for pair in registry.split(",")):
        at.invalid("registry", value=registry, why="it is `host:port`, or several with commas")


def _storage_os(at: At, source: Map) -> None:
    for field in ("volumeName", "volumeNamespace"):
        value = text(source.get(field))
        if value:
            at.name(field, value=value, rule=dns_label)
    _secret_name(at, source)


def _secret_name(at: At, source: Map) -> None:
    reference = source.get("secretRef")
    if isinstance(reference, dict) and not reference.get("name"):
        at.missing("secretRef", "name", why="it names the Secret")


_CHECKS: dict[str, Callable[[At, Map], None]] = {
    "gcePersistentDisk": _partition,
    "awsElasticBlockStore": _partition,
    "iscsi": _iscsi,
    "fc": _fibre_channel,
    "flocker": _flocker,
    "flexVolume": _flex,
    "azureDisk": _azure_disk,
    "quobyte": _quobyte,
    "storageos": _storage_os,
    "cinder": _secret_name,
}
