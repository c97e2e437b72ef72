"""The API server's admission plugins: which exist, and which are enabled by default, by version.

Follows `pkg/kubeapiserver/options/plugins.go` of Kubernetes v1.35 and v1.36. For v1.37 only the
release notes were read: a name that they don't mention and v1.36 doesn't have is not judged
there.
"""

from __future__ import annotations

from functools import cache

from trainer.simulate.components.flags import VERIFIED
from trainer.versions import SUPPORTED, Version

_ON = frozenset(
    """
    NamespaceLifecycle LimitRanger ServiceAccount TaintNodesByCondition PodSecurity Priority
    DefaultTolerationSeconds DefaultStorageClass StorageObjectInUseProtection
    PersistentVolumeClaimResize RuntimeClass CertificateApproval CertificateSigning
    ClusterTrustBundleAttest CertificateSubjectRestriction DefaultIngressClass PodTopologyLabels
    NodeDeclaredFeatureValidator MutatingAdmissionPolicy MutatingAdmissionWebhook
    ValidatingAdmissionPolicy ValidatingAdmissionWebhook ResourceQuota
    """.split()
)
_OFF = frozenset(
    """
    AlwaysAdmit AlwaysDeny AlwaysPullImages DenyServiceExternalIPs EventRateLimit
    ExtendedResourceToleration ImagePolicyWebhook LimitPodHardAntiAffinityTopology
    NamespaceAutoProvision NamespaceExists NodeRestriction OwnerReferencesPermissionEnforcement
    PodNodeSelector PodTolerationRestriction
    """.split()
)
_CAME = {
    Version(1, 36): frozenset(
        {"JobValidation", "PodGroupProtection", "PodGroupWorkloadExists", "PodResizeValidator"}
    ),
}
"""Plugins that came after the oldest supported version; all of them are enabled by default."""
_WENT = {Version(1, 37): frozenset({"PodGroupWorkloadExists"})}
"""Plugins that an API server of this version no longer has."""


@cache
def default_plugins(kubernetes: Version) -> frozenset[str]:
    """The plugins that are enabled by default."""
    came = (names for since, names in _CAME.items() if kubernetes >= since)
    went = (names for since, names in _WENT.items() if kubernetes >= since)
    return _ON.union(*came).difference(*went)


def plugins(kubernetes: Version) -> frozenset[str]:
    """All known plugins of the API server."""
    return default_plugins(kubernetes) | _OFF


def is_doubtful_plugin(name: str, kubernetes: Version) -> bool:
    """Whether it is uncertain that the API server refuses a plugin of this name."""
    return kubernetes > VERIFIED and not any(name in plugins(version) for version in SUPPORTED)
