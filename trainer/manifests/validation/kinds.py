"""Which rule is for which kind, and how its objects are named.

The rules are imported on use: a manifest costs only the modules of its own kind.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import msgspec

from trainer.manifests.validation.collect import At, Map
from trainer.manifests.validation.names import (
    NameRule,
    dns_label,
    dns_subdomain,
    path_segment,
    service_name,
)
from trainer.versions import Version

Rule = Callable[[At, Map], None]


class Kind(msgspec.Struct, frozen=True):
    """A kind's rule ("module:function", empty if it has none), and names."""

    rule: str = ""
    name_rule: NameRule = dns_subdomain
    names_since: Callable[[Version], NameRule] | None = None
    """The name's rule, where it differs between versions."""
    known_finalizers: bool = True
    """Whether a finalizer without a domain must be one of Kubernetes' own (`validateKubeFinalizerName`)."""
    meta: bool = True
    """Whether metadata is checked: reviews and configuration files have none that counts."""

    def named(self, kubernetes: Version) -> NameRule:
        """The rule for names in a version."""
        return self.names_since(kubernetes) if self.names_since else self.name_rule


_OTHER = Kind(known_finalizers=False)
_FILE = Kind(meta=False)

_CORE = ""
_RBAC = "rbac.authorization.k8s.io"
_NETWORK = "networking.k8s.io"
_ADMISSION = "admissionregistration.k8s.io"
_AUTHORIZATION = "authorization.k8s.io"
_ISTIO = "security.istio.io"

KINDS: dict[tuple[str, str], Kind] = {
    (_CORE, "Pod"): Kind("pod:pod"),
    (_CORE, "PodTemplate"): Kind("pod:pod_template_object"),
    (_CORE, "ReplicationController"): Kind("workloads:replication_controller"),
    ("apps", "Deployment"): Kind("workloads:deployment"),
    ("apps", "ReplicaSet"): Kind("workloads:replica_set"),
    ("apps", "DaemonSet"): Kind("workloads:daemon_set"),
    ("apps", "StatefulSet"): Kind("workloads:stateful_set", dns_label),
    ("apps", "ControllerRevision"): Kind("cluster:controller_revision"),
    ("batch", "Job"): Kind("batch:job"),
    ("batch", "CronJob"): Kind("batch:cron_job"),
    (_CORE, "Service"): Kind("service:service", names_since=service_name),
    (_CORE, "Endpoints"): Kind("service:endpoints"),
    ("discovery.k8s.io", "EndpointSlice"): Kind("service:endpoint_slice"),
    (_CORE, "ConfigMap"): Kind("config_secret:config_map"),
    (_CORE, "Secret"): Kind("config_secret:secret"),
    (_CORE, "ServiceAccount"): Kind(),
    (_CORE, "Namespace"): Kind("cluster:namespace", dns_label),
    (_CORE, "Node"): Kind("cluster:node"),
    (_CORE, "PersistentVolume"): Kind("storage:persistent_volume"),
    (_CORE, "PersistentVolumeClaim"): Kind("claims:persistent_volume_claim"),
    ("storage.k8s.io", "StorageClass"): Kind("storage:storage_class"),
    ("storage.k8s.io", "CSIDriver"): Kind("storage:csi_driver"),
    (_CORE, "LimitRange"): Kind("policy:limit_range"),
    (_CORE, "ResourceQuota"): Kind("policy:resource_quota"),
    ("policy", "PodDisruptionBudget"): Kind(
        "policy:pod_disruption_budget", path_segment, known_finalizers=False
    ),
    ("scheduling.k8s.io", "PriorityClass"): Kind("policy:priority_class"),
    ("node.k8s.io", "RuntimeClass"): Kind("policy:runtime_class", known_finalizers=False),
    ("autoscaling", "HorizontalPodAutoscaler"): Kind("autoscaling:horizontal_pod_autoscaler"),
    (_NETWORK, "NetworkPolicy"): Kind("network:network_policy"),
    (_NETWORK, "Ingress"): Kind("ingress:ingress"),
    (_NETWORK, "IngressClass"): Kind("ingress:ingress_class"),
    (_NETWORK, "IPAddress"): Kind("", path_segment),
    (_RBAC, "Role"): Kind("rbac:role", path_segment),
    (_RBAC, "RoleBinding"): Kind("rbac:role_binding", path_segment),
    (_RBAC, "ClusterRole"): Kind("rbac:cluster_role", path_segment),
    (_RBAC, "ClusterRoleBinding"): Kind("rbac:cluster_role_binding", path_segment),
    (_ADMISSION, "ValidatingAdmissionPolicy"): Kind(
        "admission:validating_admission_policy", known_finalizers=False
    ),
    (_ADMISSION, "ValidatingAdmissionPolicyBinding"): Kind(
        "admission:policy_binding", known_finalizers=False
    ),
    (_ADMISSION, "MutatingAdmissionPolicy"): Kind(
        "admission:mutating_admission_policy", known_finalizers=False
    ),
    (_ADMISSION, "MutatingAdmissionPolicyBinding"): Kind(
        "admission:mutating_policy_binding", known_finalizers=False
    ),
    (_ADMISSION, "ValidatingWebhookConfiguration"): Kind("webhooks:webhooks", known_finalizers=False),
    (_ADMISSION, "MutatingWebhookConfiguration"): Kind("webhooks:webhooks", known_finalizers=False),
    ("certificates.k8s.io", "CertificateSigningRequest"): Kind("certificates:signing_request", path_segment),
    ("certificates.k8s.io", "ClusterTrustBundle"): Kind("trust:cluster_trust_bundle", path_segment),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): Kind(
        "crd:custom_resource_definition", known_finalizers=False
    ),
    ("apiregistration.k8s.io", "APIService"): Kind(
        "cluster:api_service", path_segment, known_finalizers=False
    ),
    ("coordination.k8s.io", "Lease"): Kind("cluster:lease", known_finalizers=False),
    (_AUTHORIZATION, "SubjectAccessReview"): Kind("cluster:subject_access_review", meta=False),
    (_AUTHORIZATION, "SelfSubjectAccessReview"): Kind("cluster:self_subject_access_review", meta=False),
    (_AUTHORIZATION, "LocalSubjectAccessReview"): Kind("cluster:local_subject_access_review", meta=False),
    (_AUTHORIZATION, "SelfSubjectRulesReview"): Kind(meta=False),
    ("authentication.k8s.io", "TokenReview"): Kind("cluster:token_review", meta=False),
    ("authentication.k8s.io", "SelfSubjectReview"): Kind(meta=False),
    (_ISTIO, "PeerAuthentication"): Kind("istio:peer_authentication", known_finalizers=False),
    (_ISTIO, "AuthorizationPolicy"): Kind("istio:authorization_policy", known_finalizers=False),
    ("networking.istio.io", "DestinationRule"): Kind("istio:destination_rule", known_finalizers=False),
    ("cilium.io", "CiliumNetworkPolicy"): Kind("cilium:cilium_policy", known_finalizers=False),
    ("cilium.io", "CiliumClusterwideNetworkPolicy"): Kind(
        "cilium:clusterwide_policy", known_finalizers=False
    ),
    ("audit.k8s.io", "Policy"): Kind("audit_policy:audit_policy", meta=False),
}

_FILES = ("config.k8s.io", "kubeadm.k8s.io", "imagepolicy.k8s.io", "audit.k8s.io")
"""Ends of API groups whose kinds are configuration files: they have no name."""


def kind_of(group: str, kind: str) -> Kind:
    """What is known of a kind; an unknown one has subdomain names."""
    known = KINDS.get((group, kind))
    if known is None:
        return _FILE if group.endswith(_FILES) or (group, kind) == ("", "Config") else _OTHER
    return known


def rule_of(kind: Kind) -> Rule | None:
    """The kind's rule, imported now; None where it has none."""
    if not kind.rule:
        return None
    module, _, function = kind.rule.partition(":")
    rule: Rule = getattr(import_module(f"trainer.manifests.validation.{module}"), function)
    return rule
