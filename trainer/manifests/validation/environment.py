"""Environment variables of containers, and the downward API.

Follows Kubernetes pkg/apis/core/validation/validation.go (v1.35): `ValidateEnv`, `ValidateEnvFrom`,
`validateObjectFieldSelector`, `validateContainerResourceFieldSelector`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trainer.manifests.quantity import parse_quantity
from trainer.manifests.validation.collect import At, Map, listed
from trainer.manifests.validation.names import (
    config_key,
    dns_subdomain,
    environment_name,
    prefix_of,
    qualified_name,
)
from trainer.manifests.validation.paths import no_backsteps
from trainer.manifests.values import indexed, mapping, text

if TYPE_CHECKING:
    from fractions import Fraction

ENV_FIELDS = (
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
)
"""Fields of the pod that an environment variable can hold, beside single labels and annotations."""

_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
_RESOURCES = tuple(f"{g}.{r}" for g in ("limits", "requests") for r in ("cpu", "memory", "ephemeral-storage"))
_HUGE_PAGES = ("limits.hugepages-", "requests.hugepages-")
_UNITS = ("", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_CPU_UNITS = ("", "m")


def environment(at: At, container: Map, volumes: Map) -> None:
    """`env` and `envFrom` of a container."""
    for index, variable in indexed(container.get("env")):
        place = at.to("env", index)
        name = text(variable.get("name"))
        if not name:
            place.missing("name", why="an environment variable has a name")
        elif environment_name(name):
            place.invalid("name", value=name, why=environment_name(name))
        if variable.get("valueFrom") is not None:
            _value_from(place, variable, volumes)
    for index, source in indexed(container.get("envFrom")):
        _env_from(at.to("envFrom", index), source)


def _value_from(at: At, variable: Map, volumes: Map) -> None:
    source = variable["valueFrom"]
    if not isinstance(source, dict):
        return
    found = [name for name in _SOURCES if source.get(name) is not None]
    if not found:
        fix = f"Add one of {listed(_SOURCES)}."
        at.say("`valueFrom` doesn't say where the value comes from.", "valueFrom", fix=fix)
    elif text(variable.get("value")):
        at.say(
            "There are both `value` and `valueFrom`: a variable has one of them.",
            "valueFrom",
            fix="Remove one of them.",
        )
    elif len(found) > 1:
        at.say(f"`valueFrom` has {listed(found)}: it takes one source.", "valueFrom")
    for name in found:
        reference = mapping(source[name])
        _source(at.to("valueFrom", name), name, reference, volumes)


def _source(at: At, name: str, reference: Map, volumes: Map) -> None:
    if name == "fieldRef":
        field_reference(at, reference, ENV_FIELDS)
    elif name == "resourceFieldRef":
        resource_reference(at, reference, volume=False)
    elif name == "fileKeyRef":
        _file_key(at, reference, volumes)
    else:
        broken = dns_subdomain(text(reference.get("name")))
        if not text(reference.get("name")):
            at.missing("name", why="it names the object that holds the value")
        elif broken:
            at.name("name", value=text(reference.get("name")), rule=dns_subdomain)
        key = text(reference.get("key"))
        if not key:
            at.missing("key", why="it says which key holds the value")
        elif config_key(key):
            at.invalid("key", value=key, why=config_key(key))


def _file_key(at: At, reference: Map, volumes: Map) -> None:
    for field in ("volumeName", "path", "key"):
        if not text(reference.get(field)):
            at.missing(field, why="a value from a file needs volume, path and key")
    volume = text(reference.get("volumeName"))
    if volume and volume not in volumes:
        at.say(f"The pod has no volume `{volume}`.", "volumeName", fix="Add it under the pod's `volumes`.")
    key = text(reference.get("key"))
    if key and environment_name(key):
        at.invalid("key", value=key, why=environment_name(key))
    if reference.get("path"):
        no_backsteps(at, "path", value=text(reference.get("path")))


def _env_from(at: At, source: Map) -> None:
    prefix = text(source.get("prefix"))
    if prefix and environment_name(prefix):
        at.invalid("prefix", value=prefix, why=environment_name(prefix))
    found = [name for name in ("configMapRef", "secretRef") if source.get(name) is not None]
    if len(found) != 1:
        at.say("An `envFrom` entry takes one of `configMapRef` and `secretRef`.")
    for field in found:
        reference = mapping(source[field])
        name = text(reference.get("name"))
        if not name:
            at.missing(field, "name", why="it names the object that holds the variables")
        else:
            at.name(field, "name", value=name, rule=prefix_of(dns_subdomain))


def field_reference(at: At, reference: Map, allowed: tuple[str, ...]) -> None:
    """A `fieldRef`: the path of a pod's field, for a variable or a downward API volume."""
    version, path = reference.get("apiVersion"), text(reference.get("fieldPath"))
    if version not in (None, "", "v1"):
        at.invalid("apiVersion", value=version, why="fields of a pod are of version `v1`")
    if not path:
        at.missing("fieldPath", why="it says which field of the pod is meant")
        return
    if path.endswith("']") and path.count("['") == 1:
        base, key = path[:-2].split("['")
        if base not in ("metadata.annotations", "metadata.labels"):
            why = "only single labels and annotations are picked with `['...']`"
            at.invalid("fieldPath", value=path, why=why)
            return
        broken = qualified_name(key.lower() if base == "metadata.annotations" else key)
        if broken:
            at.invalid("fieldPath", value=path, why=broken)
        return
    if path == "spec.host":
        path = "spec.nodeName"
    at.choice("fieldPath", value=path, allowed=allowed)


def resource_reference(at: At, reference: Map, *, volume: bool) -> None:
    """A `resourceFieldRef`: a request or limit of a container."""
    if volume and not text(reference.get("containerName")):
        at.missing("containerName", why="a volume belongs to no container, so it must be named")
    resource = text(reference.get("resource"))
    if not resource:
        at.missing("resource", why="it says which request or limit is meant")
        return
    if not resource.startswith(_HUGE_PAGES) and not at.choice("resource", value=resource, allowed=_RESOURCES):
        return
    _divisor(at, resource, reference.get("divisor"))


def _divisor(at: At, resource: str, value: Any) -> None:
    try:
        divisor = parse_quantity(value)
    except ValueError:
        at.invalid("divisor", value=value, why="it isn't a quantity")
        return
    if divisor == 0:
        return
    if resource.endswith(".cpu"):
        if not _is_one(divisor, _CPU_UNITS):
            at.invalid("divisor", value=value, why="cpu is divided by `1` or `1m`")
    elif not _is_one(divisor, _UNITS):
        at.invalid("divisor", value=value, why="it is `1` with or without a unit, as `1Ki` or `1M`")


def _is_one(divisor: Fraction, units: tuple[str, ...]) -> bool:
    return any(divisor == parse_quantity(f"1{unit}") for unit in units)
