"""Metadata, labels, annotations and label selectors.

Follows apimachinery pkg/api/validation/objectmeta.go and pkg/apis/meta/v1/validation/validation.go,
and the finalizer rule of Kubernetes pkg/apis/core/validation/validation.go (v1.35).
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.collect import At, Map, show
from trainer.manifests.validation.names import NameRule, dns_label, label_value, prefix_of, qualified_name
from trainer.manifests.values import indexed, indexed_texts, items, mapping, text, text_mapping

_LARGEST_ANNOTATIONS = 256 * 1024
_FINALIZERS = ("kubernetes", "orphan", "foregroundDeletion")
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")


def object_meta(at: At, meta: Map, rule: NameRule, *, known_finalizers: bool = True) -> None:
    """Name, namespace, labels, annotations, owners and finalizers of an object on create.

    `at` is the place of `metadata`. A missing namespace isn't a problem: kubectl fills it in.
    """
    name, generate = text(meta.get("name")), text(meta.get("generateName"))
    if generate:
        at.name("generateName", value=generate, rule=prefix_of(rule))
    if name:
        at.name("name", value=name, rule=rule)
    elif not generate:
        at.missing("name", why="every object has a name", fix="Add `metadata.name`.")
    namespace = text(meta.get("namespace"))
    if namespace:
        at.name("namespace", value=namespace, rule=dns_label)
    labels(at / "labels", meta.get("labels"))
    check_annotations(at / "annotations", meta.get("annotations"))
    if meta.get("ownerReferences"):
        _owners(at / "ownerReferences", meta.get("ownerReferences"))
    if meta.get("finalizers"):
        _finalizers(at / "finalizers", meta.get("finalizers"), known=known_finalizers)


def template_meta(at: At, meta: Map) -> None:
    """Labels and annotations of a pod or claim template (`ValidatePodTemplateSpec`)."""
    labels(at / "labels", meta.get("labels"))
    check_annotations(at / "annotations", meta.get("annotations"))


def labels(at: At, value: Any) -> None:
    """Keys and values of labels, or of a selector that is a plain mapping (`ValidateLabels`)."""
    for key, item in text_mapping(value).items():
        label_key(at, key, key)
        broken = label_value(item)
        if broken:
            at.invalid(key, value=item, why=broken)


def label_key(at: At, key: str, *steps: str | int) -> None:
    """The key of a label (`ValidateLabelName`), reported at `steps`."""
    broken = qualified_name(key)
    if broken:
        at.say(f"The label key {show(key)} is not valid: {broken}.", *steps)


def check_annotations(at: At, value: Any) -> None:
    """Keys of annotations, and their size in total (`ValidateAnnotations`)."""
    size = 0
    for key, item in text_mapping(value).items():
        broken = qualified_name(key.lower())
        if broken:
            at.say(f"The annotation key {show(key)} is not valid: {broken}.", key)
        size += len(key.encode()) + len(item.encode())
    if size > _LARGEST_ANNOTATIONS:
        at.say(f"The annotations have {size} bytes: 262144 bytes is the limit for all of them together.")


def finalizer(at: At, name: str, *steps: str | int, known: bool = True) -> None:
    """The name of a finalizer (`validateFinalizerName`)."""
    broken = qualified_name(name)
    if known and not broken and "/" not in name and name not in _FINALIZERS:
        broken = "a finalizer is a name with a domain, as in `example.com/cleanup`"
    if broken:
        at.invalid(*steps, value=name, why=broken)


def _finalizers(at: At, value: Any, *, known: bool) -> None:
    names = set()
    for index, name in indexed_texts(value):
        finalizer(at, name, index, known=known)
        names.add(name)
    if {"orphan", "foregroundDeletion"} <= names:
        at.forbidden(why="`orphan` and `foregroundDeletion` exclude each other")


def _owners(at: At, value: Any) -> None:
    controllers = 0
    seen: list[Map] = []
    for index, owner in indexed(value):
        if owner in seen:
            continue  # the API server drops it with a warning (`dedupOwnerReferences`)
        seen.append(owner)
        for field in ("apiVersion", "kind", "name", "uid"):
            if not text(owner.get(field)):
                at.missing(index, field, why=f"an owner reference needs the owner's {field}")
        version = text(owner.get("apiVersion"))
        if version.count("/") > 1 or version.endswith("/"):
            at.invalid(index, "apiVersion", value=version, why="it is `version` or `group/version`")
        if version == "v1" and owner.get("kind") == "Event":
            at.invalid(index, value="Event", why="an Event can't own other objects")
        controllers += owner.get("controller") is True
    if controllers > 1:
        at.say("Only one owner reference can have `controller: true`.")


def label_selector(at: At, value: Any) -> None:
    """A selector with `matchLabels` and `matchExpressions` (`ValidateLabelSelector`)."""
    if not isinstance(value, dict):
        return
    labels(at / "matchLabels", value.get("matchLabels"))
    for index, expression in indexed(value.get("matchExpressions")):
        _requirement(at.to("matchExpressions", index), expression)


def _requirement(at: At, expression: Map) -> None:
    operator = expression.get("operator")
    values = items(expression.get("values"))
    if operator in ("In", "NotIn") and not values:
        at.missing("values", why="`In` and `NotIn` compare with a list of values")
    elif operator in ("Exists", "DoesNotExist") and values:
        at.forbidden("values", why="`Exists` and `DoesNotExist` look at the key alone")
    at.choice("operator", value=operator, allowed=_OPERATORS, needed="it says how key and values compare")
    label_key(at, text(expression.get("key")), "key")
    for index, value in indexed_texts(values):
        broken = label_value(value)
        if broken:
            at.invalid("values", index, value=value, why=broken)


def empty_selector(value: Any) -> bool:
    """True for a selector that selects everything: no labels and no expressions."""
    selector = mapping(value)
    return not selector.get("matchLabels") and not selector.get("matchExpressions")


def selects(value: Any, owned: Any) -> bool:
    """Whether a label selector selects an object with these labels (`LabelSelectorAsSelector`).

    A selector that is not there selects nothing, an empty one everything. A selector with an
    operator or values that make no sense counts as selecting: it is reported on its own.
    """
    if not isinstance(value, dict):
        return False
    have = text_mapping(owned)
    for key, wanted in text_mapping(value.get("matchLabels")).items():
        if have.get(key) != wanted:
            return False
    return all(_holds(expression, have) for _, expression in indexed(value.get("matchExpressions")))


def _holds(expression: Map, have: dict[str, str]) -> bool:
    key, values = text(expression.get("key")), items(expression.get("values"))
    match expression.get("operator"):
        case "In":
            return not values or have.get(key) in values
        case "NotIn":
            return key not in have or have[key] not in values
        case "Exists":
            return key in have
        case "DoesNotExist":
            return key not in have
    return True
