"""Admission policies and their bindings: their structure.

Follows Kubernetes pkg/apis/admissionregistration/validation/validation.go (v1.35). Whether CEL
expressions compile is not judged here.
"""

from __future__ import annotations

import re
from typing import Any

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.meta import label_selector
from trainer.manifests.validation.names import (
    dns_label_1035,
    dns_subdomain,
    path_segment,
    qualified_name,
)
from trainer.manifests.values import indexed, indexed_texts, items, mapping, text
from trainer.patterns import regex
from trainer.versions import Version

_ACTIONS = ("Deny", "Warn", "Audit")
FAILURE_POLICIES = ("Fail", "Ignore")
MATCH_POLICIES = ("Exact", "Equivalent")
_OPERATIONS = ("CREATE", "UPDATE", "DELETE", "CONNECT", "*")
_REASONS = ("Unauthorized", "Forbidden", "Invalid", "RequestEntityTooLarge")
_SCOPES = ("Cluster", "Namespaced", "*")
_IDENTIFIER = regex(r"[_a-zA-Z][_a-zA-Z0-9]*")
_RESERVED = set(
    "true false null in as break const continue else for function if import let loop package "
    "namespace return var void while".split()
)
_LONGEST_VALUE = 5 * 1024
_STATIC = ".static.k8s.io"


def reserved_name(at: At, data: Map) -> None:
    """Names of policies and webhooks that only files of the API server may have, from v1.37 on.

    Follows `ValidateStaticSuffix` (feature ManifestBasedAdmissionControlConfig, on by default in v1.37).
    """
    name = text(mapping(data.get("metadata")).get("name"))
    if name.endswith(_STATIC) and at.kubernetes >= Version(1, 37):
        why = f"names that end with {_STATIC} are kept for the API server's own manifest files"
        at.invalid("metadata", "name", value=name, why=why)


def validating_admission_policy(at: At, data: Map) -> None:
    """A ValidatingAdmissionPolicy (`validateValidatingAdmissionPolicySpec`)."""
    reserved_name(at, data)
    spec = mapping(data.get("spec"))
    place = at / "spec"
    _policy(place, spec)
    validations, audits = items(spec.get("validations")), items(spec.get("auditAnnotations"))
    if not validations and not audits:
        place.missing("validations", why="a policy checks something: `validations` or `auditAnnotations`")
    for index, validation in indexed(validations):
        _validation(place.to("validations", index), validation)
    name = text(mapping(data.get("metadata")).get("name"))
    if len(audits) > 20:
        place.say("There are more than 20 audit annotations.", "auditAnnotations")
    keys: set[str] = set()
    for index, audit in indexed(audits):
        target = place.to("auditAnnotations", index)
        key, value = text(audit.get("key")), text(audit.get("valueExpression")).strip()
        if qualified_name(f"{name}/{key}"):
            target.invalid("key", value=key, why="together with the policy's name it isn't a valid key")
        if key in keys:
            target.duplicate("key", value=key, why="keys are different")
        keys.add(key)
        if not value:
            target.missing("valueExpression", why="it says what is written")
        elif len(value) > _LONGEST_VALUE:
            target.say("The expression is longer than 5120 bytes.", "valueExpression")


def mutating_admission_policy(at: At, data: Map) -> None:
    """A MutatingAdmissionPolicy (`validateMutatingAdmissionPolicySpec`)."""
    reserved_name(at, data)
    spec = mapping(data.get("spec"))
    place = at / "spec"
    _policy(place, spec)
    place.choice(
        "reinvocationPolicy",
        value=spec.get("reinvocationPolicy"),
        allowed=("Never", "IfNeeded"),
        needed="it says whether the policy is called again",
    )
    if not spec.get("mutations"):
        place.missing("mutations", why="a mutating policy changes something")
    for index, mutation in indexed(spec.get("mutations")):
        target = place.to("mutations", index)
        kind = mutation.get("patchType")
        fields = {"JSONPatch": "jsonPatch", "ApplyConfiguration": "applyConfiguration"}
        if target.choice("patchType", value=kind, allowed=fields, needed="it says how the change is given"):
            field = fields[text(kind)]
            if not text(mapping(mutation.get(field)).get("expression")).strip():
                target.missing(field, "expression", why="it says what is changed")


def _policy(at: At, spec: Map) -> None:
    at.choice("failurePolicy", value=spec.get("failurePolicy"), allowed=FAILURE_POLICIES)
    kind = spec.get("paramKind")
    if isinstance(kind, dict):
        _param_kind(at / "paramKind", kind)
    constraints = spec.get("matchConstraints")
    if not isinstance(constraints, dict):
        at.missing("matchConstraints", why="it says which objects the policy is for")
    else:
        _match_resources(at / "matchConstraints", constraints)
        if not constraints.get("resourceRules"):
            at.missing(
                "matchConstraints", "resourceRules", why="at least one rule says which resources are checked"
            )
    match_conditions(at / "matchConditions", spec.get("matchConditions"))
    for index, variable in indexed(spec.get("variables")):
        target = at.to("variables", index)
        name = text(variable.get("name"))
        if not name.strip():
            target.missing("name", why="expressions use the variable by its name")
        elif not _IDENTIFIER.fullmatch(name) or name in _RESERVED:
            why = "a variable's name has letters, digits and `_`, and isn't a word of CEL"
            target.invalid("name", value=name, why=why)
        if not text(variable.get("expression")).strip():
            target.missing("expression", why="it says what the variable holds")


def _param_kind(at: At, kind: Map) -> None:
    version, name = text(kind.get("apiVersion")), text(kind.get("kind"))
    group, _, number_ = version.rpartition("/")
    if not version:
        at.missing("apiVersion", why="it says of which version the parameters are")
    elif version.count("/") > 1 or not number_ or (group and dns_subdomain(group)) or dns_label_1035(number_):
        at.invalid("apiVersion", value=version, why="it is `version` or `group/version`")
    if not name:
        at.missing("kind", why="it says of which kind the parameters are")
    elif dns_label_1035(name.lower()):
        at.invalid("kind", value=name, why="a kind has letters and digits, and starts with a letter")


def _match_resources(at: At, value: Map) -> None:
    at.choice("matchPolicy", value=value.get("matchPolicy"), allowed=MATCH_POLICIES)
    for field in ("namespaceSelector", "objectSelector"):
        label_selector(at / field, value.get(field))
    for field in ("resourceRules", "excludeResourceRules"):
        for index, rule in indexed(value.get(field)):
            place = at.to(field, index)
            seen: set[str] = set()
            for which, name in indexed_texts(rule.get("resourceNames")):
                if path_segment(name):
                    place.invalid("resourceNames", which, value=name, why=path_segment(name))
                if name in seen:
                    place.duplicate("resourceNames", which, value=name, why="a name is listed once")
                seen.add(name)
            match_rule(place, rule)


def match_rule(at: At, rule: Map) -> None:
    """Operations, groups, versions and resources (`validateRuleWithOperations`)."""
    for field in ("operations", "apiGroups", "apiVersions", "resources"):
        values = items(rule.get(field))
        if not values:
            at.missing(field, why="a rule says it for all of operations, groups, versions and resources")
        if field != "resources" and len(values) > 1 and "*" in values:
            at.say("`*` means all: list nothing else.", field)
    for index, operation in indexed_texts(rule.get("operations")):
        at.choice("operations", index, value=operation, allowed=_OPERATIONS, needed="it names an operation")
    for index, version in indexed_texts(rule.get("apiVersions")):
        if not version:
            at.missing("apiVersions", index, why="a version has a name, as `v1`")
    _resources(at / "resources", items(rule.get("resources")))
    at.choice("scope", value=rule.get("scope"), allowed=_SCOPES)


def _resources(at: At, values: list[Any]) -> None:
    """Resources and subresources, without those that a wildcard has already (`validateResources`)."""
    parents: set[str] = set()
    children: set[str] = set()
    for index, value in indexed_texts(values):
        if not value:
            at.missing(index, why="a resource has a name")
            continue
        resource, slash, sub = value.partition("/")
        if not slash:
            continue
        if resource in parents or sub in children:
            at.invalid(index, value=value, why="a wildcard in the list has it already")
        if sub == "*":
            parents.add(resource)
        if resource == "*":
            children.add(sub)
    if len(values) > 1 and "*/*" in values:
        at.say("`*/*` means all resources and subresources: list nothing else.")
    plain = [value for _, value in indexed_texts(values) if "/" not in value]
    # As in Kubernetes, the last resource without subresource decides.
    if "*" in plain and plain[-1] != "*":
        at.say("`*` stands for all resources, so others beside it have no effect.")


def match_conditions(at: At, value: Any) -> None:
    """`matchConditions` of a policy or webhook (`validateMatchConditions`)."""
    if len(items(value)) > 64:
        at.say("There are more than 64 match conditions.")
    names: set[str] = set()
    for index, condition in indexed(value):
        place = at / index
        name = text(condition.get("name"))
        if not text(condition.get("expression")).strip():
            place.missing("expression", why="a condition is an expression")
        if not name:
            place.missing("name", why="a condition has a name")
        elif qualified_name(name):
            place.invalid("name", value=name, why=qualified_name(name))
        elif name in names:
            place.duplicate("name", value=name, why="conditions have different names")
        names.add(name)


def _validation(at: At, validation: Map) -> None:
    if not text(validation.get("expression")).strip():
        at.missing("expression", why="it says what has to hold")
    for field in ("message", "messageExpression"):
        value = text(validation.get(field))
        if value and not value.strip():
            at.say(f"`{field}` is blank.", field, fix=f"Write a text, or remove `{field}`.")
    if re.search(r"[\r\n]", text(validation.get("message")).strip()):
        at.say("`message` has a line break: it is one line.", "message")
    at.choice("reason", value=validation.get("reason"), allowed=_REASONS)


def policy_binding(at: At, data: Map) -> None:
    """A ValidatingAdmissionPolicyBinding (`validateValidatingAdmissionPolicyBindingSpec`)."""
    reserved_name(at, data)
    spec = mapping(data.get("spec"))
    place = at / "spec"
    _binding(place, spec)
    actions = [action for _, action in indexed_texts(spec.get("validationActions"))]
    if not actions:
        place.missing(
            "validationActions",
            why="it says what a violation leads to",
            fix="Add `validationActions: [Deny]`.",
        )
    for index, action in enumerate(actions):
        place.choice("validationActions", index, value=action, allowed=_ACTIONS, needed="it names an action")
        if action in actions[:index]:
            place.duplicate("validationActions", index, value=action, why="an action is listed once")
    if {"Deny", "Warn"} <= set(actions):
        place.say(
            "`Deny` and `Warn` exclude each other: a denied request needs no warning.", "validationActions"
        )


def mutating_policy_binding(at: At, data: Map) -> None:
    """A MutatingAdmissionPolicyBinding."""
    reserved_name(at, data)
    _binding(at / "spec", mapping(data.get("spec")))


def _binding(at: At, spec: Map) -> None:
    name = text(spec.get("policyName"))
    if not name:
        at.missing("policyName", why="it names the policy that is bound")
    else:
        at.name("policyName", value=name, rule=dns_subdomain)
    reference = spec.get("paramRef")
    if isinstance(reference, dict):
        _param_ref(at / "paramRef", reference)
    if isinstance(spec.get("matchResources"), dict):
        _match_resources(at / "matchResources", spec["matchResources"])


def _param_ref(at: At, reference: Map) -> None:
    name, selector = text(reference.get("name")), reference.get("selector")
    if name and path_segment(name):
        at.invalid("name", value=name, why=path_segment(name))
    if name and isinstance(selector, dict):
        at.forbidden("selector", why="there is `name` already, and parameters are chosen by one of them")
    if not name and not isinstance(selector, dict):
        at.say("Parameters are chosen by `name` or by `selector`.")
    label_selector(at / "selector", selector)
    at.choice(
        "parameterNotFoundAction",
        value=reference.get("parameterNotFoundAction"),
        allowed=("Allow", "Deny"),
        needed="it says what happens without parameters",
    )
