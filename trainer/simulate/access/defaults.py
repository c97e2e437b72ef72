"""The roles and bindings of every new cluster, as far as they concern people and ServiceAccounts.

Follows https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
and `plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go` (v1.35, v1.36). The roles of control
plane components (`system:node`, `system:kube-scheduler`, `system:controller:*` ...) are not here.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from trainer.manifests.model import Document, Manifest

BUILT_IN = "built in"
"""The `file` in the places of objects defined here."""

READ = ("get", "list", "watch")
WRITE = ("create", "delete", "deletecollection", "patch", "update")
AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-"

Rules = list[tuple[str, str, tuple[str, ...]]]
"""Groups, resources (both separated by spaces, `core` for the core group) and verbs."""

_VIEW: Rules = [
    (
        "core",
        "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods "
        "replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status",
        READ,
    ),
    (
        "core",
        "bindings limitranges namespaces/status pods/log pods/status replicationcontrollers/status "
        "resourcequotas resourcequotas/status",
        READ,
    ),
    ("core", "namespaces", READ),
    ("core events.k8s.io", "events", READ),
    ("discovery.k8s.io", "endpointslices", READ),
    (
        "apps",
        "controllerrevisions daemonsets daemonsets/status deployments deployments/scale "
        "deployments/status replicasets replicasets/scale replicasets/status statefulsets "
        "statefulsets/scale statefulsets/status",
        READ,
    ),
    ("autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status", READ),
    ("batch", "cronjobs cronjobs/status jobs jobs/status", READ),
    (
        "extensions",
        "daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses "
        "ingresses/status networkpolicies replicasets replicasets/scale replicasets/status "
        "replicationcontrollers/scale",
        READ,
    ),
    ("policy", "poddisruptionbudgets poddisruptionbudgets/status", READ),
    ("networking.k8s.io", "ingresses ingresses/status networkpolicies", READ),
    ("resource.k8s.io", "resourceclaims resourceclaims/status resourceclaimtemplates", READ),
]

_EDIT: Rules = [
    ("core", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy", READ),
    ("core", "serviceaccounts", ("impersonate",)),
    ("core", "pods pods/attach pods/exec pods/portforward pods/proxy", WRITE),
    ("core", "pods/eviction", ("create",)),
    (
        "core",
        "configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets "
        "serviceaccounts services services/proxy",
        WRITE,
    ),
    ("core", "serviceaccounts/token", ("create",)),
    ("core events.k8s.io", "events", WRITE),
    (
        "apps",
        "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale "
        "statefulsets statefulsets/scale",
        WRITE,
    ),
    ("autoscaling", "horizontalpodautoscalers", WRITE),
    ("batch", "cronjobs jobs", WRITE),
    (
        "extensions",
        "daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets "
        "replicasets/scale replicationcontrollers/scale",
        WRITE,
    ),
    ("policy", "poddisruptionbudgets", WRITE),
    ("networking.k8s.io", "ingresses networkpolicies", WRITE),
    ("coordination.k8s.io", "leases", WRITE + READ),
    ("resource.k8s.io", "resourceclaims resourceclaimtemplates", WRITE),
]

_ADMIN: Rules = [
    ("authorization.k8s.io", "localsubjectaccessreviews", ("create",)),
    ("rbac.authorization.k8s.io", "rolebindings roles", WRITE + READ),
]

_BASIC_USER: Rules = [
    ("authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews", ("create",)),
    ("authentication.k8s.io", "selfsubjectreviews", ("create",)),
]

_PATHS = {
    "system:discovery": "/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version "
    "/version/",
    "system:public-info-viewer": "/healthz /livez /readyz /version /version/",
    "system:service-account-issuer-discovery": "/.well-known/openid-configuration "
    "/.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/",
}

_BINDINGS = {
    "cluster-admin": ("system:masters",),
    "system:basic-user": ("system:authenticated",),
    "system:discovery": ("system:authenticated",),
    "system:public-info-viewer": ("system:authenticated", "system:unauthenticated"),
    "system:service-account-issuer-discovery": ("system:serviceaccounts",),
}


@cache
def default_policy() -> tuple[Manifest, ...]:
    """The ClusterRoles and ClusterRoleBindings of a new cluster (`file` of their places: `built in`)."""
    roles = [
        _role(
            "cluster-admin", [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}, _urls("*", ("*",))]
        ),
        _aggregated("admin"),
        _aggregated("edit", AGGREGATE + "admin"),
        _aggregated("view", AGGREGATE + "edit"),
        _role("system:aggregate-to-admin", _rules(_ADMIN), AGGREGATE + "admin"),
        _role("system:aggregate-to-edit", _rules(_EDIT), AGGREGATE + "edit"),
        _role("system:aggregate-to-view", _rules(_VIEW), AGGREGATE + "view"),
        _role("system:basic-user", _rules(_BASIC_USER)),
        *(_role(name, [_urls(paths, ("get",))]) for name, paths in _PATHS.items()),
    ]
    return tuple(roles + [cluster_binding(name, groups) for name, groups in _BINDINGS.items()])


def _rules(rules: Rules) -> list[dict[str, Any]]:
    return [
        {
            "apiGroups": ["" if group == "core" else group for group in groups.split()],
            "resources": resources.split(),
            "verbs": list(verbs),
        }
        for groups, resources, verbs in rules
    ]


def _urls(paths: str, verbs: tuple[str, ...]) -> dict[str, Any]:
    return {"nonResourceURLs": paths.split(), "verbs": list(verbs)}


def _role(name: str, rules: list[dict[str, Any]], label: str = "") -> Manifest:
    return _manifest("ClusterRole", name, {label: "true"} if label else {}, {"rules": rules})


def _aggregated(name: str, label: str = "") -> Manifest:
    selector = {"clusterRoleSelectors": [{"matchLabels": {AGGREGATE + name: "true"}}]}
    labels = {label: "true"} if label else {}
    return _manifest("ClusterRole", name, labels, {"aggregationRule": selector})


def cluster_binding(name: str, groups: tuple[str, ...]) -> Manifest:
    """A ClusterRoleBinding of a ClusterRole to groups; both have the same name."""
    api = "rbac.authorization.k8s.io"
    subjects = [{"apiGroup": api, "kind": "Group", "name": group} for group in groups]
    reference = {"apiGroup": api, "kind": "ClusterRole", "name": name}
    return _manifest("ClusterRoleBinding", name, {}, {"roleRef": reference, "subjects": subjects})


def _manifest(kind: str, name: str, labels: dict[str, str], rest: dict[str, Any]) -> Manifest:
    standing = {"kubernetes.io/bootstrapping": "rbac-defaults"}
    data: dict[str, Any] = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": kind,
        "metadata": {"name": name, "labels": standing | labels},
        **rest,
    }
    return Manifest(data, Document(data, BUILT_IN, 0, 0, {}))
