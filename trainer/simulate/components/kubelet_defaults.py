"""What every field of a KubeletConfiguration is if the file doesn't say it, by dotted path.

Follows `SetDefaults_KubeletConfiguration` of kubernetes pkg/kubelet/apis/config/v1beta1/defaults.go,
config/v1beta1/types.go of k8s.io/kubelet, and `SetRecommendedLoggingConfiguration` of k8s.io/component-base
logs/api/v1 (v1.35, the same up to v1.37). `evictionHard` is the default on Linux.
"""

from __future__ import annotations

from trainer.simulate.components.command_line import Value

DEFAULTS: dict[str, Value] = {
    "address": "0.0.0.0",  # noqa: S104 - a default of the kubelet
    "authentication.anonymous.enabled": False,
    "authentication.webhook.enabled": True,
    "authentication.webhook.cacheTTL": "2m",
    "authentication.x509.clientCAFile": None,
    "authorization.mode": "Webhook",
    "authorization.webhook.cacheAuthorizedTTL": "5m",
    "authorization.webhook.cacheUnauthorizedTTL": "30s",
    "enableDebuggingHandlers": True,
    "enableServer": True,
    "eventRecordQPS": 50,
    "failSwapOn": True,
    "healthzBindAddress": "127.0.0.1",
    "healthzPort": 10248,
    "makeIPTablesUtilChains": True,
    "maxPods": 110,
    "podPidsLimit": -1,
    "port": 10250,
    "protectKernelDefaults": False,
    "readOnlyPort": 0,
    "rotateCertificates": False,
    "seccompDefault": False,
    "serverTLSBootstrap": False,
    "staticPodPath": None,
    "streamingConnectionIdleTimeout": "4h",
    "tlsCertFile": None,
    "tlsCipherSuites": (),
    "tlsMinVersion": None,
    "tlsPrivateKeyFile": None,
}
"""Fields that matter for security."""

OTHERS: dict[str, Value] = {
    "allowedUnsafeSysctls": (),
    "cgroupDriver": "cgroupfs",
    "cgroupsPerQOS": True,
    "configMapAndSecretChangeDetectionStrategy": "Watch",
    "containerLogMaxFiles": 5,
    "containerLogMaxSize": "10Mi",
    "containerLogMaxWorkers": 1,
    "containerLogMonitorInterval": "10s",
    "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
    "contentType": "application/vnd.kubernetes.protobuf",
    "cpuCFSQuota": True,
    "cpuCFSQuotaPeriod": "100ms",
    "cpuManagerPolicy": "none",
    "cpuManagerReconcilePeriod": "10s",
    "enableContentionProfiling": False,
    "enableControllerAttachDetach": True,
    "enableDebugFlagsHandler": True,
    "enableProfilingHandler": True,
    "enableSystemLogHandler": True,
    "enableSystemLogQuery": False,
    "enforceNodeAllocatable": ("pods",),
    "eventBurst": 100,
    "evictionHard.imagefs.available": "15%",
    "evictionHard.imagefs.inodesFree": "5%",
    "evictionHard.memory.available": "100Mi",
    "evictionHard.nodefs.available": "10%",
    "evictionHard.nodefs.inodesFree": "5%",
    "evictionMaxPodGracePeriod": 0,
    "evictionPressureTransitionPeriod": "5m",
    "failCgroupV1": True,
    "fileCheckFrequency": "20s",
    "hairpinMode": "promiscuous-bridge",
    "httpCheckFrequency": "20s",
    "imageGCHighThresholdPercent": 85,
    "imageGCLowThresholdPercent": 80,
    "imageMaximumGCAge": "0s",
    "imageMinimumGCAge": "2m",
    "iptablesDropBit": 15,
    "iptablesMasqueradeBit": 14,
    "kernelMemcgNotification": False,
    "kubeAPIBurst": 100,
    "kubeAPIQPS": 50,
    "localStorageCapacityIsolation": True,
    "logging.flushFrequency": "5s",
    "logging.format": "text",
    "logging.options.json.infoBufferSize": "0",
    "logging.options.json.splitStream": False,
    "logging.options.text.infoBufferSize": "0",
    "logging.options.text.splitStream": False,
    "logging.verbosity": 0,
    "maxOpenFiles": 1_000_000,
    "memoryManagerPolicy": "none",
    "memoryThrottlingFactor": 0.9,
    "mergeDefaultEvictionSettings": False,
    "nodeLeaseDurationSeconds": 40,
    "nodeStatusMaxImages": 50,
    "nodeStatusReportFrequency": "5m",
    "nodeStatusUpdateFrequency": "10s",
    "oomScoreAdj": -999,
    "podLogsDir": "/var/log/pods",
    "podsPerCore": 0,
    "registerNode": True,
    "registryBurst": 10,
    "registryPullQPS": 5,
    "resolvConf": "/etc/resolv.conf",
    "runOnce": False,
    "runtimeRequestTimeout": "2m",
    "serializeImagePulls": True,
    "shutdownGracePeriod": "0s",
    "shutdownGracePeriodCriticalPods": "0s",
    "syncFrequency": "1m",
    "topologyManagerPolicy": "none",
    "topologyManagerScope": "container",
    "volumePluginDir": "/usr/libexec/kubernetes/kubelet-plugins/volume/exec/",
    "volumeStatsAggPeriod": "1m",
}
"""All other fields with a default."""

ALL: dict[str, Value] = DEFAULTS | OTHERS

ZERO_IS_UNSET = frozenset(
    "port registryBurst eventBurst nodeLeaseDurationSeconds maxPods maxOpenFiles kubeAPIBurst "
    "logging.flushFrequency".split()
)
"""Numbers that aren't pointers: the kubelet can't tell 0 from a missing field."""

FOLLOWS = {
    "nodeStatusReportFrequency": "nodeStatusUpdateFrequency",
    "serializeImagePulls": "maxParallelImagePulls",
}
"""Fields whose default depends on another one, if that is set."""
