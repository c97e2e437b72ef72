"""Files in volumes: items of Secrets and ConfigMaps, the downward API, projected volumes.

Follows Kubernetes pkg/apis/core/validation/validation.go (v1.35): `validateKeyToPath`,
`validateDownwardAPIVolumeFile`, `validateProjectionSources`.
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.collect import At, Map, listed
from trainer.manifests.validation.environment import field_reference, resource_reference
from trainer.manifests.validation.paths import local_path
from trainer.manifests.validation.trust import certificate_projection, trust_projection
from trainer.manifests.values import indexed, mapping, number, text
from trainer.versions import Version

_VOLUME_FIELDS = (
    "metadata.name",
    "metadata.namespace",
    "metadata.labels",
    "metadata.annotations",
    "metadata.uid",
)
_PROJECTIONS = ("secret", "configMap", "downwardAPI", "serviceAccountToken")
_SINCE_1_37 = ("clusterTrustBundle", "podCertificate")
"""Sources that the API server drops unread before v1.37, where their feature gates are off."""
_LARGEST_MODE = 0o777
_SHORTEST_TOKEN = 600


def file_mode(at: At, field: str, value: Any) -> None:
    """A file mode: 0 to 0777 octal, which is 511."""
    mode = number(value)
    if mode is not None and not 0 <= mode <= _LARGEST_MODE:
        at.invalid(
            field,
            value=value,
            why="a file mode is from 0 to 0777 octal (511)",
            fix="Write the mode with a leading 0, as in `0400`.",
        )


def key_items(at: At, value: Any, taken: set[str] | None = None) -> None:
    """`items` of a Secret or ConfigMap volume: key and relative path; `taken` collects the paths."""
    for index, item in indexed(value):
        place = at.to("items", index)
        if not text(item.get("key")):
            place.missing("key", why="it says which key becomes a file")
        _path(place, item, taken)
        file_mode(place, "mode", item.get("mode"))


def downward_items(at: At, value: Any, taken: set[str] | None) -> None:
    """`items` of a downward API volume."""
    for index, item in indexed(value):
        place = at.to("items", index)
        _path(place, item, taken)
        field, resource = item.get("fieldRef"), item.get("resourceFieldRef")
        if isinstance(field, dict) and isinstance(resource, dict):
            place.say("There are both `fieldRef` and `resourceFieldRef`: a file has one of them.")
        elif isinstance(field, dict):
            field_reference(place / "fieldRef", field, _VOLUME_FIELDS)
        elif isinstance(resource, dict):
            resource_reference(place / "resourceFieldRef", resource, volume=True)
        else:
            place.say("The file has no content: it needs `fieldRef` or `resourceFieldRef`.")
        file_mode(place, "mode", item.get("mode"))


def _path(at: At, item: Map, taken: set[str] | None) -> None:
    path = text(item.get("path"))
    if not path:
        at.missing("path", why="it says which file is written")
        return
    local_path(at, "path", path)
    if taken is not None:
        if path in taken:
            at.duplicate("path", value=path, why="a path holds one file")
        taken.add(path)


def projected(at: At, source: Map) -> None:
    """A `projected` volume (`validateProjectedVolumeSource`)."""
    file_mode(at, "defaultMode", source.get("defaultMode"))
    taken: set[str] = set()
    known = (*_PROJECTIONS, *_SINCE_1_37) if at.kubernetes >= Version(1, 37) else _PROJECTIONS
    for index, item in indexed(source.get("sources")):
        place = at.to("sources", index)
        found = [name for name in known if item.get(name) is not None]
        if len(found) > 1:
            place.say(f"The source has {listed(found)}: each is a list item of its own.")
        for name in found:
            _projection(place / name, name, mapping(item[name]), taken)


def _projection(at: At, name: str, source: Map, taken: set[str]) -> None:
    if name in ("secret", "configMap"):
        if not text(source.get("name")):
            at.missing("name", why="it names the object to project")
        key_items(at, source.get("items"), taken)
    elif name == "downwardAPI":
        # The paths are compared over all sources of the volume, as the API server does.
        downward_items(at, source.get("items"), taken)
    elif name == "clusterTrustBundle":
        trust_projection(at, source, taken)
    elif name == "podCertificate":
        certificate_projection(at, source, taken)
    else:
        _token(at, source)


def _token(at: At, source: Map) -> None:
    seconds = number(source.get("expirationSeconds"))
    if seconds is not None and seconds < _SHORTEST_TOKEN:
        at.invalid(
            "expirationSeconds", value=seconds, why="a token lives for 600 seconds (10 minutes) or more"
        )
    if seconds is not None and seconds > 2**32:
        at.invalid("expirationSeconds", value=seconds, why="it may not be more than 2^32 seconds")
    path = text(source.get("path"))
    if not path:
        at.missing("path", why="it says which file holds the token")
    else:
        local_path(at, "path", path)
