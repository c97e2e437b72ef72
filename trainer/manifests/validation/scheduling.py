"""Where pods may run: tolerations, affinity, topology spread, node selectors.

Follows Kubernetes pkg/apis/core/validation/validation.go (v1.35): `ValidateTolerations`,
`validateAffinity`, `ValidateNodeSelector`, `validateTopologySpreadConstraints`.
"""

from __future__ import annotations

from typing import Any

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.meta import label_key, label_selector, labels
from trainer.manifests.validation.names import dns_label, dns_subdomain, label_value
from trainer.manifests.values import indexed, indexed_texts, items, mapping, number, text

EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_NODE_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")


def scheduling(at: At, spec: Map, own: dict[str, str]) -> None:
    """All scheduling fields of a pod; `at` is the pod's spec, `own` a Pod's labels (none for a template)."""
    labels(at / "nodeSelector", spec.get("nodeSelector"))
    if spec.get("tolerations"):
        tolerations(at / "tolerations", spec["tolerations"])
    affinity = spec.get("affinity")
    if isinstance(affinity, dict):
        _affinity(at / "affinity", affinity, own)
    if spec.get("topologySpreadConstraints"):
        _spread(at / "topologySpreadConstraints", spec["topologySpreadConstraints"], own)


def tolerations(at: At, value: Any) -> None:
    """`tolerations` of a pod or RuntimeClass (`ValidateTolerations`)."""
    for index, item in indexed(value):
        place = at / index
        key, operator, effect = text(item.get("key")), item.get("operator"), item.get("effect")
        if key:
            label_key(place, key, "key")
        elif operator != "Exists":
            place.invalid(
                "operator",
                value=operator or "",
                why="a toleration without `key` is for all taints, which takes `operator: Exists`",
            )
        if number(item.get("tolerationSeconds")) is not None and effect != "NoExecute":
            place.invalid("effect", value=effect or "", why="`tolerationSeconds` goes with `NoExecute`")
        value_ = text(item.get("value"))
        if operator == "Exists":
            if value_:
                place.forbidden("value", why="`Exists` looks at the key alone")
        elif operator in (None, "", "Equal"):
            if label_value(value_):
                place.invalid("value", value=value_, why=label_value(value_))
        else:
            place.choice("operator", value=operator, allowed=("Equal", "Exists"))
        place.choice("effect", value=effect or None, allowed=EFFECTS)


def _affinity(at: At, value: Map, own: dict[str, str]) -> None:
    node = value.get("nodeAffinity")
    if isinstance(node, dict):
        required = node.get(_REQUIRED)
        if isinstance(required, dict):
            node_selector(at.to("nodeAffinity", _REQUIRED), required)
        for index, term in indexed(node.get(_PREFERRED)):
            place = at.to("nodeAffinity", _PREFERRED, index)
            _weight(place, term)
            _node_term(place / "preference", mapping(term.get("preference")), values=False)
    for kind in ("podAffinity", "podAntiAffinity"):
        pods = mapping(value.get(kind))
        for index, term in indexed(pods.get(_REQUIRED)):
            _pod_term(at.to(kind, _REQUIRED, index), term, own)
        for index, term in indexed(pods.get(_PREFERRED)):
            place = at.to(kind, _PREFERRED, index)
            _weight(place, term)
            _pod_term(place / "podAffinityTerm", mapping(term.get("podAffinityTerm")), own)


def _weight(at: At, term: Map) -> None:
    weight = number(term.get("weight")) or 0
    if not 1 <= weight <= 100:
        at.invalid("weight", value=weight, why="a weight is a number from 1 to 100")


def node_selector(at: At, value: Map) -> None:
    """A node selector: terms with expressions (`ValidateNodeSelector`)."""
    terms = value.get("nodeSelectorTerms")
    if not terms:
        at.missing("nodeSelectorTerms", why="a node selector has at least one term")
    for index, term in indexed(terms):
        _node_term(at.to("nodeSelectorTerms", index), term, values=True)


def _node_term(at: At, term: Map, *, values: bool) -> None:
    for index, expression in indexed(term.get("matchExpressions")):
        place = at.to("matchExpressions", index)
        operator, given = expression.get("operator"), items(expression.get("values"))
        place.choice("operator", value=operator, allowed=_NODE_OPERATORS, needed="it says how values compare")
        if operator in ("In", "NotIn") and not given:
            place.missing("values", why="`In` and `NotIn` compare with a list of values")
        elif operator in ("Exists", "DoesNotExist") and given:
            place.forbidden("values", why="`Exists` and `DoesNotExist` look at the key alone")
        elif operator in ("Gt", "Lt") and len(given) != 1:
            place.say("`Gt` and `Lt` compare with one single value.", "values")
        label_key(place, text(expression.get("key")), "key")
        # Values of preferred terms are not checked: such a term may simply never match.
        for which, item in indexed_texts(given if values else None):
            if label_value(item):
                place.invalid("values", which, value=item, why=label_value(item))
    for index, expression in indexed(term.get("matchFields")):
        _node_field(at.to("matchFields", index), expression)


def _node_field(at: At, expression: Map) -> None:
    given = items(expression.get("values"))
    if (
        at.choice(
            "operator",
            value=expression.get("operator"),
            allowed=("In", "NotIn"),
            needed="it says how values compare",
        )
        and len(given) != 1
    ):
        at.say("A field of a node is compared with one single value.", "values")
    key = expression.get("key")
    if at.choice("key", value=key, allowed=("metadata.name",), needed="it says which field is meant"):
        for index, item in indexed_texts(given):
            at.name("values", index, value=item, rule=dns_subdomain)


def _pod_term(at: At, term: Map, own: dict[str, str]) -> None:
    label_selector(at / "labelSelector", term.get("labelSelector"))
    label_selector(at / "namespaceSelector", term.get("namespaceSelector"))
    for index, namespace in indexed_texts(term.get("namespaces")):
        at.name("namespaces", index, value=namespace, rule=dns_label)
    selector = term.get("labelSelector")
    match, mismatch = items(term.get("matchLabelKeys")), items(term.get("mismatchLabelKeys"))
    for field, keys in (("matchLabelKeys", match), ("mismatchLabelKeys", mismatch)):
        if keys and not isinstance(selector, dict):
            at.forbidden(field, why="it goes with a `labelSelector`")
            continue
        for index, key in indexed_texts(keys):
            label_key(at, key, field, index)
            if field == "matchLabelKeys":
                if key in mismatch:
                    at.invalid(field, index, value=key, why="it is in `mismatchLabelKeys`, too")
                # A Pod's own label is added to the selector before validation: then it is there twice.
                if _selector_keys(selector).count(key) + (key in own) > 1:
                    at.invalid(field, index, value=key, why="the `labelSelector` has it already")
    key = text(term.get("topologyKey"))
    if not key:
        at.missing("topologyKey", why="it says what counts as one place, as `kubernetes.io/hostname`")
    else:
        label_key(at, key, "topologyKey")


def _selector_keys(selector: Any) -> list[str]:
    """The label keys of a selector, each as often as it is there."""
    value = mapping(selector)
    expressions = [text(item.get("key")) for _, item in indexed(value.get("matchExpressions"))]
    return expressions + list(mapping(value.get("matchLabels")))


def _spread(at: At, value: Any, own: dict[str, str]) -> None:
    seen: set[tuple[Any, Any]] = set()
    for index, item in indexed(value):
        place = at / index
        skew, unsatisfiable = number(item.get("maxSkew")) or 0, item.get("whenUnsatisfiable")
        if skew <= 0:
            place.invalid("maxSkew", value=skew, why="it must be more than 0")
        key = text(item.get("topologyKey"))
        if not key:
            place.missing("topologyKey", why="it says what counts as one place, as `kubernetes.io/hostname`")
        place.choice(
            "whenUnsatisfiable",
            value=unsatisfiable,
            allowed=("DoNotSchedule", "ScheduleAnyway"),
            needed="it says what happens when the pods can't be spread",
        )
        if (key, text(unsatisfiable)) in seen:
            place.say("Another constraint has the same `topologyKey` and `whenUnsatisfiable`.", "topologyKey")
        seen.add((key, text(unsatisfiable)))
        domains = number(item.get("minDomains"))
        if domains is not None:
            if domains <= 0:
                place.invalid("minDomains", value=domains, why="it must be more than 0")
            if unsatisfiable != "DoNotSchedule":
                place.forbidden("minDomains", why="it goes with `whenUnsatisfiable: DoNotSchedule`")
        for field in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
            place.choice(field, value=item.get(field), allowed=("Ignore", "Honor"))
        _spread_keys(place, item, own)
        label_selector(place / "labelSelector", item.get("labelSelector"))


def _spread_keys(at: At, item: Map, own: dict[str, str]) -> None:
    keys, selector = item.get("matchLabelKeys"), item.get("labelSelector")
    if keys and not isinstance(selector, dict):
        at.forbidden("matchLabelKeys", why="it goes with a `labelSelector`")
    for index, key in indexed_texts(keys):
        label_key(at, key, "matchLabelKeys", index)
        # A Pod's own label is added to the selector before validation: then it is there twice.
        if _selector_keys(selector).count(key) + (key in own) > 1:
            at.invalid("matchLabelKeys", index, value=key, why="the `labelSelector` has it already")
