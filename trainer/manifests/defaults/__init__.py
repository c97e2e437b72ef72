"""Defaults that the API server fills in on create, so that omitted and explicit are equal.

Follows the `defaults.go` files of pkg/apis in Kubernetes v1.35, what object creation normalizes
beside them (a Secret's `stringData`, the deprecated `serviceAccount`), and the ServiceAccount
admission plugin's `default` account. What a running cluster allocates (cluster IPs, token volumes,
tolerations) is not added.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from trainer.manifests.defaults.plain import copied, fill_empty, made_mapping, normalised
from trainer.manifests.model import Manifest
from trainer.manifests.schema.data import schema_for
from trainer.manifests.schema.kinds import scope_of
from trainer.manifests.values import mapping_at
from trainer.versions import Version

CHANGES = {
    "v1 Pod": "pods:default_pod",
    "apps/v1 Deployment": "workloads:default_deployment",
    "apps/v1 DaemonSet": "workloads:default_daemon_set",
    "apps/v1 ReplicaSet": "workloads:default_replica_set",
    "v1 ReplicationController": "workloads:default_replication_controller",
    "batch/v1 Job": "workloads:default_job",
    "batch/v1 CronJob": "workloads:default_cron_job",
    "v1 PodTemplate": "workloads:default_pod_template",
    "v1 Service": "network:default_service",
    "v1 Endpoints": "network:default_endpoints",
    "discovery.k8s.io/v1 EndpointSlice": "network:default_endpoint_slice",
    "networking.k8s.io/v1 NetworkPolicy": "network:default_network_policy",
    "networking.k8s.io/v1 IngressClass": "network:default_ingress_class",
    "v1 PersistentVolume": "storage:default_volume_object",
    "v1 PersistentVolumeClaim": "storage:default_claim",
    "storage.k8s.io/v1 StorageClass": "storage:default_storage_class",
    "storage.k8s.io/v1 CSIDriver": "storage:default_csi_driver",
    "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy": "admission:default_policy",
    "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding": "admission:default_binding",
    "admissionregistration.k8s.io/v1 MutatingAdmissionPolicy": "admission:default_policy",
    "admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding": "admission:default_binding",
    "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration": "admission:default_validating_webhooks",
    "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration": "admission:default_mutating_webhooks",
    "v1 Namespace": "cluster:default_namespace",
    "v1 Secret": "cluster:default_secret",
    "v1 LimitRange": "cluster:default_limit_range",
    "rbac.authorization.k8s.io/v1 RoleBinding": "cluster:default_binding",
    "rbac.authorization.k8s.io/v1 ClusterRoleBinding": "cluster:default_binding",
    "autoscaling/v1 HorizontalPodAutoscaler": "cluster:default_autoscaler_v1",
    "autoscaling/v2 HorizontalPodAutoscaler": "cluster:default_autoscaler",
    "scheduling.k8s.io/v1 PriorityClass": "cluster:default_priority_class",
    "apiextensions.k8s.io/v1 CustomResourceDefinition": "cluster:default_custom_kind",
}
"""What fills in an object of a kind in place: `module:function`, imported when the kind is met."""

VERSIONED = {"apps/v1 StatefulSet": "workloads:default_stateful_set"}
"""The same for kinds whose defaults differ between versions; the function takes the version, too."""


def with_defaults(manifest: Manifest, kubernetes: Version) -> Manifest:
    """The manifest as the API server would hold it after create; the input stays as it is.

    Null fields count as omitted, whole floats as integers; a namespaced object without a namespace
    is in `default`, one of the cluster in none. Idempotent. Meant for what `check_schema` accepts:
    parts of a wrong type are left as they are. Raises `UsageError` for an unknown version.
    """
    schema = schema_for(kubernetes)
    api_version, kind = manifest.api_version, manifest.kind
    root = schema.root(api_version, kind)
    data = copied(manifest.data) if root is None else normalised(schema, root, manifest.data)
    version = api_version.rpartition("/")[2]
    scope = scope_of(manifest.group, version, kind, kubernetes)
    if scope == "Namespaced":
        fill_empty(made_mapping(data, "metadata"), namespace="default")
    elif scope == "Cluster":
        # The API server clears it before it validates (EnsureObjectNamespaceMatchesRequestNamespace).
        mapping_at(data, "metadata").pop("namespace", None)
    known = f"{api_version} {kind}"
    if known in CHANGES:
        _function(CHANGES[known])(data)
    if known in VERSIONED:
        _function(VERSIONED[known])(data, kubernetes)
    return manifest.with_data(data)


@cache
def _function(name: str) -> Any:
    module, _, function = name.partition(":")
    return getattr(import_module(f"{__name__}.{module}"), function)
