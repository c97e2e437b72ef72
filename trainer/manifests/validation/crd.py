"""CustomResourceDefinition: names, versions, and the outline of schemas.

Follows apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go and
pkg/apiserver/schema (structural schemas) (v1.35).
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.names import dns_label_1035, dns_subdomain
from trainer.manifests.validation.webhooks import webhook_service, webhook_url
from trainer.manifests.values import indexed, indexed_texts, items, mapping, text, text_mapping

_APPROVED = "api-approved.kubernetes.io"
_PROTECTED = (".k8s.io", ".kubernetes.io")
_TYPES = ("string", "number", "integer", "boolean", "object", "array")
_COLUMN_TYPES = ("integer", "number", "string", "boolean", "date")
_DEEPEST = 60


def custom_resource_definition(at: At, data: Map) -> None:
    """A CustomResourceDefinition of v1 (`ValidateCustomResourceDefinition`)."""
    spec, meta = mapping(data.get("spec")), mapping(data.get("metadata"))
    place = at / "spec"
    names, group = mapping(spec.get("names")), text(spec.get("group"))
    wanted, name = f"{text(names.get('plural'))}.{group}", text(meta.get("name"))
    if name and name != wanted:
        why = "it has to be the plural name and the group"
        at.invalid("metadata", "name", value=name, why=why, fix=f"Write `{wanted}`.")
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
    _conversion(place / "conversion", mapping(spec.get("conversion")))


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
            _root(place.to("schema", "openAPIV3Schema"), schema)
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


def _root(at: At, schema: Map) -> None:
    if schema.get("type") != "object":
        at.invalid("type", value=schema.get("type") or "", why="an object of the API is an `object`")
    _schema(at, schema, 0, typed=True)


def _schema(at: At, schema: Map, depth: int, *, typed: bool) -> None:
    """The parts of a structural schema that a type is asked for."""
    if depth > _DEEPEST:
        return
    kind = schema.get("type")
    free = schema.get("x-kubernetes-int-or-string") is True or (
        schema.get("x-kubernetes-preserve-unknown-fields") is True
    )
    if kind:
        at.choice("type", value=kind, allowed=_TYPES)
    elif typed and depth and not free:
        at.missing("type", why="every part of the schema has a type")
    if schema.get("properties") and isinstance(schema.get("additionalProperties"), dict):
        at.forbidden("additionalProperties", why="there are `properties`: a map has one of them")
    if kind == "array" and typed and not isinstance(schema.get("items"), dict):
        at.missing("items", why="an array says what its items are")
    for name, child in mapping(schema.get("properties")).items():
        if isinstance(child, dict):
            _schema(at.to("properties", name), child, depth + 1, typed=typed)
    for field in ("items", "additionalProperties"):
        if isinstance(schema.get(field), dict):
            _schema(at / field, schema[field], depth + 1, typed=typed)


def _conversion(at: At, conversion: Map) -> None:
    strategy, hook = conversion.get("strategy"), conversion.get("webhook")
    at.choice("strategy", value=strategy, allowed=("None", "Webhook"))
    if strategy == "Webhook":
        client = mapping(mapping(hook).get("clientConfig"))
        if not client:
            at.missing("webhook", "clientConfig", why="it says who converts")
        elif isinstance(client.get("url"), str):
            webhook_url(at.to("webhook", "clientConfig"), client["url"])
        elif isinstance(client.get("service"), dict):
            webhook_service(at.to("webhook", "clientConfig", "service"), client["service"])
        if not mapping(hook).get("conversionReviewVersions"):
            at.missing(
                "webhook", "conversionReviewVersions", why="it says which versions the webhook understands"
            )
    elif hook is not None:
        at.forbidden("webhook", why="it goes with `strategy: Webhook`")
