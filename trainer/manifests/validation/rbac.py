"""Roles and bindings.

Follows Kubernetes pkg/apis/rbac/validation/validation.go (v1.35).
"""

from __future__ import annotations

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.meta import label_selector
from trainer.manifests.validation.names import dns_subdomain, path_segment
from trainer.manifests.values import indexed, mapping, text

_GROUP = "rbac.authorization.k8s.io"
_SUBJECTS = ("ServiceAccount", "User", "Group")


def role(at: At, data: Map) -> None:
    """A Role (`ValidateRole`)."""
    for index, rule in indexed(data.get("rules")):
        _rule(at.to("rules", index), rule, namespaced=True)


def cluster_role(at: At, data: Map) -> None:
    """A ClusterRole (`ValidateClusterRole`)."""
    for index, rule in indexed(data.get("rules")):
        _rule(at.to("rules", index), rule, namespaced=False)
    aggregation = data.get("aggregationRule")
    if isinstance(aggregation, dict):
        selectors = aggregation.get("clusterRoleSelectors")
        if not selectors:
            at.missing("aggregationRule", "clusterRoleSelectors", why="it says which ClusterRoles are added")
        for index, selector in indexed(selectors):
            label_selector(at.to("aggregationRule", "clusterRoleSelectors", index), selector)


def _rule(at: At, rule: Map, *, namespaced: bool) -> None:
    if not rule.get("verbs"):
        at.missing("verbs", why="a rule says what may be done", fix="Add `verbs`, as `[get, list]`.")
    if rule.get("nonResourceURLs"):
        if namespaced:
            at.forbidden(
                "nonResourceURLs",
                why="a Role is for one namespace, and URLs belong to none",
                fix="Use a ClusterRole with a ClusterRoleBinding.",
            )
        if rule.get("apiGroups") or rule.get("resources") or rule.get("resourceNames"):
            at.forbidden(
                "nonResourceURLs",
                why="a rule is either for resources or for URLs",
                fix="Make two rules of it.",
            )
        return
    if not rule.get("apiGroups"):
        fix = 'Add `apiGroups: [""]` for the core group (pods, secrets ...), or the group by name.'
        at.missing("apiGroups", why="a rule for resources names their API groups", fix=fix)
    if not rule.get("resources"):
        at.missing("resources", why="a rule says what it is for", fix="Add `resources`, as `[pods]`.")


def role_binding(at: At, data: Map) -> None:
    """A RoleBinding (`ValidateRoleBinding`)."""
    _binding(at, data, ("Role", "ClusterRole"), namespaced=True)


def cluster_role_binding(at: At, data: Map) -> None:
    """A ClusterRoleBinding (`ValidateClusterRoleBinding`)."""
    _binding(at, data, ("ClusterRole",), namespaced=False)


def _binding(at: At, data: Map, kinds: tuple[str, ...], *, namespaced: bool) -> None:
    reference = mapping(data.get("roleRef"))
    place = at / "roleRef"
    # A missing apiGroup is defaulted.
    place.choice("apiGroup", value=reference.get("apiGroup"), allowed=(_GROUP,))
    if not namespaced and reference.get("kind") == "Role":
        place.say(
            "A ClusterRoleBinding can't refer to a Role, only to a ClusterRole.",
            "kind",
            fix="To grant the Role, write a RoleBinding in its Namespace.",
        )
    else:
        place.choice(
            "kind", value=reference.get("kind"), allowed=kinds, needed="it says what kind of role is bound"
        )
    name = text(reference.get("name"))
    if not name:
        place.missing("name", why="it names the role that is bound")
    elif path_segment(name):
        place.invalid("name", value=name, why=path_segment(name))
    for index, subject in indexed(data.get("subjects")):
        _subject(at.to("subjects", index), subject, namespaced=namespaced)


def _subject(at: At, subject: Map, *, namespaced: bool) -> None:
    name, kind, group = text(subject.get("name")), subject.get("kind"), text(subject.get("apiGroup"))
    if not name:
        at.missing("name", why="it names who gets the role")
    if not at.choice("kind", value=kind, allowed=_SUBJECTS, needed="a subject is an account, user or group"):
        return
    if kind == "ServiceAccount":
        if name:
            at.name("name", value=name, rule=dns_subdomain)
        if group:
            at.invalid(
                "apiGroup",
                value=group,
                why="a ServiceAccount is of the core group, which has an empty name",
                fix="Remove `apiGroup` from this subject.",
            )
        if not namespaced and not text(subject.get("namespace")):
            at.missing("namespace", why="a ServiceAccount lives in a namespace")
    elif group:
        # A missing apiGroup of users and groups is defaulted.
        at.choice("apiGroup", value=group, allowed=(_GROUP,))
