"""CustomResourceDefinition: names, versions, subresources and conversion.

Follows apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go (v1.36).
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.names import dns_label_1035, dns_subdomain
from trainer.manifests.validation.structural import root_schema
from trainer.manifests.validation.webhooks import webhook_service, webhook_url
from trainer.manifests.values import indexed, indexed_texts, items, mapping, text, text_mapping, texts

_APPROVED = "api-approved.kubernetes.io"
_PROTECTED = (".k8s.io", ".kubernetes.io")
_COLUMN_TYPES = ("integer", "number", "string", "boolean", "date")
_COLUMN_FORMATS = ("int32", "int64", "float", "double", "byte", "date", "date-time", "password")
_LONGEST_WARNING = 256
_MOST_SELECTABLE = 8
_SELECTABLE = ("string", "boolean", "integer")


def custom_resource_definition(at: At, data: Map) -> None:
    """A CustomResourceDefinition of v1 (`ValidateCustomResourceDefinition`)."""
    spec, meta = mapping(data.get("spec")), mapping(data.get("metadata"))
    place = at / "spec"
    names, group = mapping(spec.get("names")), text(spec.get("group"))
    wanted, name = f"{text(names.get('plural'))}.{group}", text(meta.get("name"))
    if name and name != wanted:
        why = "it must be the plural name and the group"
        at.invalid("metadata", "name", value=name, why=why, fix=f"Write `{wanted}`.")
    if meta.get("generateName"):
        at.forbidden("metadata", "generateName", why="the name is the plural name and the group")
    if not group:
        place.missing("group", why="a resource belongs to an API group")
    elif place.name("group", value=group, rule=dns_subdomain) and "." not in group:
        place.invalid("group", value=group, why="a group is a domain with at least one dot")
    if group.endswith(_PROTECTED) and _APPROVED not in text_mapping(meta.get("annotations")):
        at.missing("metadata", "annotations", _APPROVED, why="the group belongs to the Kubernetes project")
    place.choice(
        "scope",
        value=spec.get("scope"),
        allowed=("Cluster", "Namespaced"),
        needed="it says whether objects live in a namespace",
    )
    _names(place / "names", names)
    if spec.get("preserveUnknownFields") is True:
        place.invalid("preserveUnknownFields", value=True, why="in v1 it is false")
    _versions(place / "versions", spec.get("versions"))
    _conversion(place / "conversion", spec.get("conversion"))


def _names(at: At, names: Map) -> None:
    for field in ("plural", "kind"):
        if not text(names.get(field)):
            at.missing(field, why="a resource has plural name and kind")
    for field in ("plural", "singular", "kind", "listKind"):
        value = text(names.get(field))
        lower = value.lower() if field in ("kind", "listKind") else value
        if value and dns_label_1035(lower):
            at.invalid(field, value=value, why=dns_label_1035(lower))
    for field in ("shortNames", "categories"):
        for index, value in indexed_texts(names.get(field)):
            if dns_label_1035(value):
                at.invalid(field, index, value=value, why=dns_label_1035(value))
    if names.get("kind") and names.get("kind") == names.get("listKind"):
        at.invalid("listKind", value=names["listKind"], why="it differs from `kind`")


def _versions(at: At, value: Any) -> None:
    if not items(value):
        at.missing(why="a resource has at least one version")
        return
    seen: set[str] = set()
    storage = 0
    for index, version in indexed(value):
        place = at / index
        name = text(version.get("name"))
        if not name:
            place.missing("name", why="a version has a name, as `v1`")
        elif dns_label_1035(name):
            place.invalid("name", value=name, why=dns_label_1035(name))
        elif name in seen:
            place.duplicate("name", value=name, why="versions have different names")
        seen.add(name)
        storage += version.get("storage") is True
        schema = mapping(version.get("schema")).get("openAPIV3Schema")
        if not isinstance(schema, dict):
            place.missing("schema", "openAPIV3Schema", why="each version has a schema")
        else:
            status = mapping(version.get("subresources")).get("status") is not None
            root_schema(place.to("schema", "openAPIV3Schema"), schema, status=status)
        _scale(place.to("subresources", "scale"), mapping(version.get("subresources")).get("scale"))
        _warning(place, version)
        _selectable(place / "selectableFields", version.get("selectableFields"), mapping(schema))
        for which, column in indexed(version.get("additionalPrinterColumns")):
            _column(place.to("additionalPrinterColumns", which), column)
    if storage != 1:
        at.say(f"{storage} versions have `storage: true`: exactly one is stored.")


def _column(at: At, column: Map) -> None:
    for field in ("name", "jsonPath"):
        if not text(column.get(field)):
            at.missing(field, why="a column has a name and a path")
    path = text(column.get("jsonPath"))
    if path and not path.startswith("."):
        at.invalid("jsonPath", value=path, why="it starts with `.`, as `.spec.size`")
    at.choice("type", value=column.get("type"), allowed=_COLUMN_TYPES, needed="a column has a type")
    at.choice("format", value=column.get("format") or None, allowed=_COLUMN_FORMATS)


def _scale(at: At, scale: Any) -> None:
    """Where the subresource `scale` finds the numbers (`ValidateCustomResourceDefinitionSubresources`)."""
    if not isinstance(scale, dict):
        return
    for field, starts in (
        ("specReplicasPath", (".spec.",)),
        ("statusReplicasPath", (".status.",)),
        ("labelSelectorPath", (".spec.", ".status.")),
    ):
        path = text(scale.get(field))
        if not path and field != "labelSelectorPath":
            at.missing(field, why=f"it says where the number is, as `{starts[0]}replicas`")
        elif path and not path.startswith(starts):
            words = " or ".join(f"`{start}`" for start in starts)
            at.invalid(field, value=path, why=f"it is a path that starts with {words}")


def _warning(at: At, version: Map) -> None:
    """What users of a deprecated version read (`validateDeprecationWarning`)."""
    warning = version.get("deprecationWarning")
    if not isinstance(warning, str):
        return
    if version.get("deprecated") is not True:
        at.forbidden("deprecationWarning", why="it goes with `deprecated: true`")
    elif not 1 <= len(warning.encode()) <= _LONGEST_WARNING or not warning.isprintable():
        why = "it has 1 to 256 printable characters"
        at.invalid("deprecationWarning", value=warning, why=why)


def _selectable(at: At, value: Any, schema: Map) -> None:
    """Fields for field selectors (`ValidateCustomResourceSelectableFields`)."""
    seen: set[str] = set()
    for index, field in indexed(value):
        path = text(field.get("jsonPath"))
        if not path:
            at.missing(index, "jsonPath", why="it names a field, as `.spec.color`")
            continue
        found = _field(schema, path)
        if found is None or path.startswith(".metadata.") or found.get("type") not in _SELECTABLE:
            why = "it is the path of a text, a number or a boolean in the schema, as `.spec.color`"
            at.invalid(index, "jsonPath", value=path, why=why)
        if path in seen:
            at.duplicate(index, "jsonPath", value=path, why="a field is listed once")
        seen.add(path)
    if len(seen) > _MOST_SELECTABLE:
        at.say(f"There are {len(seen)} selectable fields: 8 is the limit.")


def _field(schema: Map, path: str) -> Map | None:
    """The part of a schema at a path with dots, or None."""
    found: Any = schema
    if not path.startswith(".") or "[" in path:
        return None
    for name in path[1:].split("."):
        found = mapping(mapping(found).get("properties")).get(name)
    return found if isinstance(found, dict) else None


def _conversion(at: At, conversion: Any) -> None:
    """How versions are converted (`validateCustomResourceConversion`); one that is left out is `None`."""
    if not isinstance(conversion, dict):
        return
    strategy, hook = conversion.get("strategy"), mapping(conversion.get("webhook"))
    at.choice("strategy", value=strategy, allowed=("None", "Webhook"), needed="it says who converts")
    client, versions = hook.get("clientConfig"), hook.get("conversionReviewVersions")
    if strategy != "Webhook":
        for field, value in (("clientConfig", client), ("conversionReviewVersions", versions)):
            if value is not None and value != []:
                at.forbidden("webhook", field, why="it goes with `strategy: Webhook`")
        return
    if not isinstance(client, dict):
        at.missing("webhook", "clientConfig", why="it says who converts")
    elif (client.get("url") is None) == (client.get("service") is None):
        at.say(
            "A webhook is called by `url` or by `service`: exactly one of them.", "webhook", "clientConfig"
        )
    elif isinstance(client.get("url"), str):
        webhook_url(at.to("webhook", "clientConfig"), client["url"])
    else:
        webhook_service(at.to("webhook", "clientConfig", "service"), mapping(client.get("service")))
    _review_versions(at.to("webhook", "conversionReviewVersions"), texts(versions))


def _review_versions(at: At, versions: list[str]) -> None:
    if not versions:
        at.missing(why="it says which versions the webhook understands", fix="Write `[v1]`.")
    elif not {"v1", "v1beta1"} & set(versions):
        at.say("The webhook understands neither `v1` nor `v1beta1`.")
    for index, version in enumerate(versions):
        if version in versions[:index]:
            at.duplicate(index, value=version, why="a version is listed once")
        elif dns_label_1035(version):
            at.invalid(index, value=version, why=dns_label_1035(version))
