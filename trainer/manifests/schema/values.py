"""The values that a field takes where it takes only some: proposals for who writes, not a judgment.

From the constants of the Go types marked `+enum` in k8s.io/api v0.37 (core, apps, batch, networking, policy,
storage, admissionregistration), and for fields of plain text from the comments of their types there and in
apiserver pkg/apis/audit/v1, pod-security-admission admission/api/v1 and kubelet config/v1beta1.
"""

from __future__ import annotations

from functools import cache

_VALUES = {
    "Allow Forbid Replace": "batch.v1.CronJobSpec.concurrencyPolicy",
    "Always IfNotPresent Never": "core.v1.Container.imagePullPolicy core.v1.ImageVolumeSource.pullPolicy",
    "Always OnFailure Never": "core.v1.PodSpec.restartPolicy",
    "AlwaysAllow Webhook": "kubelet.v1beta1.Authorization.mode",
    "Block Filesystem": (
        "core.v1.PersistentVolumeSpec.volumeMode core.v1.PersistentVolumeClaimSpec.volumeMode"
    ),
    "CREATE UPDATE DELETE CONNECT *": (
        "admissionregistration.v1.RuleWithOperations.operations"
        " admissionregistration.v1.NamedRuleWithOperations.operations"
    ),
    "ClientIP None": "core.v1.ServiceSpec.sessionAffinity",
    "Cluster Local": "core.v1.ServiceSpec.externalTrafficPolicy core.v1.ServiceSpec.internalTrafficPolicy",
    "ClusterFirst ClusterFirstWithHostNet Default None": "core.v1.PodSpec.dnsPolicy",
    "ClusterIP NodePort LoadBalancer ExternalName": "core.v1.ServiceSpec.type",
    "Default Unmasked": "core.v1.SecurityContext.procMount",
    "Deny Warn Audit": "admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec.validationActions",
    "Directory DirectoryOrCreate File FileOrCreate Socket CharDevice BlockDevice": (
        "core.v1.HostPathVolumeSource.type"
    ),
    "DoNotSchedule ScheduleAnyway": "core.v1.TopologySpreadConstraint.whenUnsatisfiable",
    "Exact Equivalent": (
        "admissionregistration.v1.MatchResources.matchPolicy"
        " admissionregistration.v1.ValidatingWebhook.matchPolicy"
        " admissionregistration.v1.MutatingWebhook.matchPolicy"
    ),
    "Exact Prefix ImplementationSpecific": "networking.v1.HTTPIngressPath.pathType",
    "Exists Equal": "core.v1.Toleration.operator",
    "Fail Ignore": (
        "admissionregistration.v1.ValidatingAdmissionPolicySpec.failurePolicy"
        " admissionregistration.v1.ValidatingWebhook.failurePolicy"
        " admissionregistration.v1.MutatingWebhook.failurePolicy"
    ),
    "HTTP HTTPS": "core.v1.HTTPGetAction.scheme",
    "IPv4 IPv6": "core.v1.ServiceSpec.ipFamilies",
    "Immediate WaitForFirstConsumer": "storage.v1.StorageClass.volumeBindingMode",
    "In NotIn Exists DoesNotExist": (
        "meta.v1.LabelSelectorRequirement.operator core.v1.ScopedResourceSelectorRequirement.operator"
    ),
    "In NotIn Exists DoesNotExist Gt Lt": "core.v1.NodeSelectorRequirement.operator",
    "Ingress Egress": "networking.v1.NetworkPolicySpec.policyTypes",
    "Merge Strict": "core.v1.PodSecurityContext.supplementalGroupsPolicy",
    "NoSchedule PreferNoSchedule NoExecute": "core.v1.Taint.effect core.v1.Toleration.effect",
    "NonIndexed Indexed": "batch.v1.JobSpec.completionMode",
    "None HostToContainer Bidirectional": "core.v1.VolumeMount.mountPropagation",
    "None Metadata Request RequestResponse": "audit.v1.PolicyRule.level",
    "None NoneOnDryRun": (
        "admissionregistration.v1.ValidatingWebhook.sideEffects"
        " admissionregistration.v1.MutatingWebhook.sideEffects"
    ),
    "OnRootMismatch Always": "core.v1.PodSecurityContext.fsGroupChangePolicy",
    "PreemptLowerPriority Never": "core.v1.PodSpec.preemptionPolicy",
    "ReadWriteOnce ReadOnlyMany ReadWriteMany ReadWriteOncePod": (
        "core.v1.PersistentVolumeSpec.accessModes core.v1.PersistentVolumeClaimSpec.accessModes"
    ),
    "Recreate RollingUpdate": "apps.v1.DeploymentStrategy.type",
    "RequestReceived ResponseStarted ResponseComplete Panic": (
        "audit.v1.Policy.omitStages audit.v1.PolicyRule.omitStages"
    ),
    "Retain Delete Recycle": "core.v1.PersistentVolumeSpec.persistentVolumeReclaimPolicy",
    "Role ClusterRole": "rbac.v1.RoleRef.kind",
    "RollingUpdate OnDelete": "apps.v1.DaemonSetUpdateStrategy.type apps.v1.StatefulSetUpdateStrategy.type",
    "RuntimeDefault Localhost Unconfined": "core.v1.SeccompProfile.type core.v1.AppArmorProfile.type",
    "ServiceAccount User Group": "rbac.v1.Subject.kind",
    "SingleStack PreferDualStack RequireDualStack": "core.v1.ServiceSpec.ipFamilyPolicy",
    "TCP UDP SCTP": (
        "core.v1.ContainerPort.protocol core.v1.ServicePort.protocol networking.v1.NetworkPolicyPort.protocol"
    ),
    "get list watch create update patch delete deletecollection *": "rbac.v1.PolicyRule.verbs",
    "privileged baseline restricted": (
        "podsecurity.v1.Defaults.enforce podsecurity.v1.Defaults.warn podsecurity.v1.Defaults.audit"
    ),
    "rbac.authorization.k8s.io": "rbac.v1.RoleRef.apiGroup rbac.v1.Subject.apiGroup",
}
"""The values -> the fields that take them, each as `type.field`."""


@cache
def _by_field() -> dict[str, tuple[str, ...]]:
    return {field: tuple(values.split()) for values, fields in _VALUES.items() for field in fields.split()}


def values_of(type_name: str, field: str) -> tuple[str, ...]:
    """The values that a field of a type takes; empty where any will do, or none are known.

    >>> values_of("core.v1.SeccompProfile", "type")
    ('RuntimeDefault', 'Localhost', 'Unconfined')
    """
    return _by_field().get(f"{type_name}.{field}", ())
