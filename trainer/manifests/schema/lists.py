"""How the API identifies the items of a list: by keys, as a set, or by position.

Mostly the published `x-kubernetes-list-map-keys` and patch merge keys; `UNORDERED` adds the lists
whose order means nothing to the component that reads them although the OpenAPI calls them atomic.
"""

from __future__ import annotations

from typing import Literal

from trainer.manifests.model import Path
from trainer.manifests.schema.data import Shape, schema_for
from trainer.versions import Version

ListKeys = tuple[str, ...] | Literal["set", "atomic"]
"""Field names that identify an item; "set": order and repetition mean nothing; "atomic": order counts."""

UNORDERED = {
    "admissionregistration.v1.MatchResources": "excludeResourceRules resourceRules",
    "admissionregistration.v1.NamedRuleWithOperations": (
        "apiGroups apiVersions operations resourceNames resources"
    ),
    "admissionregistration.v1.RuleWithOperations": "apiGroups apiVersions operations resources",
    "admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec": "validationActions",
    "admissionregistration.v1.ValidatingAdmissionPolicySpec": "auditAnnotations validations",
    "admissionregistration.v1.ValidatingWebhook": "rules",
    "admissionregistration.v1.MutatingWebhook": "rules",
    "apiserver.v1.ResourceConfiguration": "resources",
    "audit.v1.GroupResources": "resourceNames resources",
    "audit.v1.Policy": "omitStages",
    "audit.v1.PolicyRule": "namespaces nonResourceURLs omitStages resources userGroups users verbs",
    "autoscaling.v2.HorizontalPodAutoscalerSpec": "metrics",
    "certificates.v1.CertificateSigningRequestSpec": "groups usages",
    "core.v1.Capabilities": "add drop",
    "core.v1.ConfigMapProjection": "items",
    "core.v1.ConfigMapVolumeSource": "items",
    "core.v1.Container": "resizePolicy",
    "core.v1.DownwardAPIVolumeSource": "items",
    "core.v1.LimitRangeSpec": "limits",
    "core.v1.NodeAffinity": "preferredDuringSchedulingIgnoredDuringExecution",
    "core.v1.NodeSelector": "nodeSelectorTerms",
    "core.v1.NodeSelectorRequirement": "values",
    "core.v1.NodeSelectorTerm": "matchExpressions matchFields",
    "core.v1.PersistentVolumeClaimSpec": "accessModes",
    "core.v1.PersistentVolumeSpec": "accessModes mountOptions",
    "core.v1.PodAffinity": (
        "preferredDuringSchedulingIgnoredDuringExecution requiredDuringSchedulingIgnoredDuringExecution"
    ),
    "core.v1.PodAffinityTerm": "namespaces",
    "core.v1.PodAntiAffinity": (
        "preferredDuringSchedulingIgnoredDuringExecution requiredDuringSchedulingIgnoredDuringExecution"
    ),
    "core.v1.PodSecurityContext": "supplementalGroups sysctls",
    "core.v1.PodSpec": "readinessGates tolerations",
    "core.v1.ProjectedVolumeSource": "sources",
    "core.v1.ResourceQuotaSpec": "scopes",
    "core.v1.SecretProjection": "items",
    "core.v1.SecretVolumeSource": "items",
    "core.v1.ServiceAccount": "imagePullSecrets secrets",
    "core.v1.ServiceSpec": "externalIPs loadBalancerSourceRanges",
    "kubelet.v1beta1.Configuration": (
        "allowedUnsafeSysctls enforceNodeAllocatable registerWithTaints tlsCipherSuites"
    ),
    "meta.v1.LabelSelector": "matchExpressions",
    "meta.v1.LabelSelectorRequirement": "values",
    "networking.v1.HTTPIngressRuleValue": "paths",
    "networking.v1.IPBlock": "except",
    "networking.v1.IngressSpec": "rules tls",
    "networking.v1.IngressTLS": "hosts",
    "networking.v1.NetworkPolicyEgressRule": "ports to",
    "networking.v1.NetworkPolicyIngressRule": "from ports",
    "networking.v1.NetworkPolicySpec": "egress ingress policyTypes",
    "podsecurity.v1.Exemptions": "namespaces runtimeClasses usernames",
    "rbac.v1.AggregationRule": "clusterRoleSelectors",
    "rbac.v1.ClusterRole": "rules",
    "rbac.v1.ClusterRoleBinding": "subjects",
    "rbac.v1.PolicyRule": "apiGroups nonResourceURLs resourceNames resources verbs",
    "rbac.v1.Role": "rules",
    "rbac.v1.RoleBinding": "subjects",
    "storage.v1.StorageClass": "allowedTopologies mountOptions",
}
"""Lists of these types that are sets in effect: type -> field names."""

_UNORDERED = {name: frozenset(fields.split()) for name, fields in UNORDERED.items()}


def list_keys(api_version: str, kind: str, path: Path, kubernetes: Version) -> ListKeys | None:
    """How the items of the list at `path` are identified; None where the schema has no list there.

    >>> list_keys("v1", "Pod", ("spec", "containers", 0, "ports"), DEFAULT)
    ('containerPort', 'protocol')
    """
    schema = schema_for(kubernetes)
    node = schema.root(api_version, kind)
    parent = ""
    for step in path:
        if node is None:
            return None
        parent = node.name
        node = schema.step(node, step)
    if node is None or node.shape is not Shape.LIST:
        return None
    field = path[-1] if path else ""
    if node.is_set or field in _UNORDERED.get(parent, ()) or field == "finalizers":
        return "set"
    return node.keys or "atomic"
