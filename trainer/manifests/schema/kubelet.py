"""The kubelet's configuration file, a handwritten description in the notation of `tools/generate_schema.py`.

Follows https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ (v1.35), and
config/v1beta1/types.go of k8s.io/kubelet for the fields that came later.
"""

from __future__ import annotations

from trainer.versions import Version

_FIELDS = {
    "string": """
        address apiVersion cgroupDriver cgroupRoot clusterDomain
        configMapAndSecretChangeDetectionStrategy containerLogMaxSize containerRuntimeEndpoint
        contentType cpuManagerPolicy hairpinMode healthzBindAddress
        imagePullCredentialsVerificationPolicy imageServiceEndpoint kind kubeReservedCgroup
        kubeletCgroups memoryManagerPolicy podCIDR podLogsDir providerID reservedSystemCPUs resolvConf
        showHiddenMetricsForVersion staticPodPath staticPodURL systemCgroups systemReservedCgroup
        tlsCertFile tlsMinVersion tlsPrivateKeyFile topologyManagerPolicy topologyManagerScope
        volumePluginDir
    """,
    "bool": """
        cgroupsPerQOS cpuCFSQuota enableContentionProfiling enableControllerAttachDetach
        enableDebugFlagsHandler enableDebuggingHandlers enableProfilingHandler enableServer
        enableSystemLogHandler enableSystemLogQuery failCgroupV1 failSwapOn kernelMemcgNotification
        localStorageCapacityIsolation makeIPTablesUtilChains mergeDefaultEvictionSettings
        protectKernelDefaults registerNode rotateCertificates runOnce seccompDefault
        serializeImagePulls serverTLSBootstrap singleProcessOOMKill
    """,
    "int32": """
        containerLogMaxFiles containerLogMaxWorkers eventBurst eventRecordQPS
        evictionMaxPodGracePeriod healthzPort imageGCHighThresholdPercent
        imageGCLowThresholdPercent iptablesDropBit iptablesMasqueradeBit kubeAPIBurst kubeAPIQPS
        maxParallelImagePulls maxPods nodeLeaseDurationSeconds nodeStatusMaxImages oomScoreAdj
        podsPerCore port readOnlyPort registryBurst registryPullQPS
    """,
    "int64": "maxOpenFiles podPidsLimit",
    "number": "memoryThrottlingFactor",
    "duration": """
        containerLogMonitorInterval cpuCFSQuotaPeriod cpuManagerReconcilePeriod
        evictionPressureTransitionPeriod fileCheckFrequency httpCheckFrequency imageMaximumGCAge
        imageMinimumGCAge nodeStatusReportFrequency nodeStatusUpdateFrequency runtimeRequestTimeout
        shutdownGracePeriod shutdownGracePeriodCriticalPods streamingConnectionIdleTimeout
        syncFrequency volumeStatsAggPeriod
    """,
    "[]string": """
        allowedUnsafeSysctls clusterDNS enforceNodeAllocatable preloadedImagesVerificationAllowlist
        tlsCipherSuites
    """,
    "{}string": """
        cpuManagerPolicyOptions evictionHard evictionMinimumReclaim evictionSoft
        evictionSoftGracePeriod kubeReserved qosReserved systemReserved topologyManagerPolicyOptions
    """,
    "{}bool": "featureGates",
    "{}[]string": "staticPodURLHeader",
    "[]core.v1.Taint": "registerWithTaints",
    "[]kubelet.v1beta1.MemoryReservation": "reservedMemory",
    "[]kubelet.v1beta1.ShutdownGracePeriod": "shutdownGracePeriodByPodPriority",
    "extra.v1.Open": "crashLoopBackOff logging memorySwap tracing userNamespaces",
    "kubelet.v1beta1.Authentication": "authentication",
    "kubelet.v1beta1.Authorization": "authorization",
}
"""Type -> the names of the fields that have it."""

_SINCE: dict[Version, dict[str, str]] = {
    Version(1, 36): {"memoryReservationPolicy": "string", "tlsCurvePreferences": "[]int32"},
    Version(1, 37): {"defaultPodSysctls": "{}string"},
}
"""Fields of the configuration that an older kubelet doesn't know."""

KUBELET: dict[str, dict[str, str]] = {
    "kubelet.v1beta1.Configuration": {
        name: kind for kind, names in _FIELDS.items() for name in names.split()
    },
    "kubelet.v1beta1.MemoryReservation": {"numaNode": "int32", "limits": "{}quantity"},
    "kubelet.v1beta1.ShutdownGracePeriod": {"priority": "int32", "shutdownGracePeriodSeconds": "int64"},
    "kubelet.v1beta1.Authentication": {
        "x509": "kubelet.v1beta1.X509",
        "webhook": "kubelet.v1beta1.WebhookAuthentication",
        "anonymous": "kubelet.v1beta1.Anonymous",
    },
    "kubelet.v1beta1.X509": {"clientCAFile": "string"},
    "kubelet.v1beta1.WebhookAuthentication": {"enabled": "bool", "cacheTTL": "duration"},
    "kubelet.v1beta1.Anonymous": {"enabled": "bool"},
    "kubelet.v1beta1.Authorization": {"mode": "string", "webhook": "kubelet.v1beta1.WebhookAuthorization"},
    "kubelet.v1beta1.WebhookAuthorization": {
        "cacheAuthorizedTTL": "duration",
        "cacheUnauthorizedTTL": "duration",
    },
}


def kubelet_fields(kubernetes: Version) -> dict[str, str]:
    """The fields of a KubeletConfiguration in a version, name -> type."""
    fields = dict(KUBELET["kubelet.v1beta1.Configuration"])
    for since, more in _SINCE.items():
        if kubernetes >= since:
            fields |= more
    return fields
