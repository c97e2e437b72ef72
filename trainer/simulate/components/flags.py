"""The flags of the control plane's components: names, types, defaults, and which of them name files.

Data. The names, types and defaults are facts from the reference pages of v1.35
(https://kubernetes.io/docs/reference/command-line-tools-reference/, kube-apiserver,
kube-controller-manager, kube-scheduler), from the options in the sources of v1.35 and v1.36 (flags that a
binary accepts and hides from its help too), from the release notes of v1.37, and from
`server/etcdmain/help.go` of etcd 3.6.

Types: `bool`, `string`, `int`, `float`, `duration`, `ip`, `ports` (N1-N2), `list` (comma-separated,
further uses add to it), `ids` (a list of numbers), `array` (further uses add to it, commas don't), `map`
(key=value, further uses add to it), `version` (a flag that prints and ends).
"""

from __future__ import annotations

from functools import cache

import msgspec

from trainer.versions import SUPPORTED, Version


class Flag(msgspec.Struct, frozen=True):
    """One flag: its type and its default as it would be written; may be empty."""

    name: str
    type: str
    default: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether several uses accumulate; otherwise the last use counts."""
        return self.type in ("list", "ids", "array", "map")


_SERVING = {
    "bool": "disable-http2-serving permit-address-sharing permit-port-sharing help",
    "string": "cert-dir tls-cert-file tls-min-version tls-private-key-file",
    "int": "http2-max-streams-per-connection",
    "ip": "bind-address=0.0.0.0",
    "list": "tls-cipher-suites",
    "array": "tls-sni-cert-key",
}
_LOGGING = {
    "bool": "log-json-split-stream log-text-split-stream",
    "string": "allow-metric-labels-manifest log-json-info-buffer-size log-text-info-buffer-size "
    "logging-format=text show-hidden-metrics-for-version vmodule",
    "int": "v=0",
    "duration": "log-flush-frequency=5s",
    "list": "disabled-metrics emulated-version min-compatibility-version",
    "map": "allow-metric-labels feature-gates",
    "version": "version",
}
_DELEGATING = {
    "bool": "authentication-skip-lookup leader-elect=true profiling=true",
    "string": "authentication-kubeconfig authorization-kubeconfig client-ca-file kube-api-content-type"
    "=application/vnd.kubernetes.protobuf kubeconfig leader-elect-resource-lock=leases "
    "leader-elect-resource-namespace=kube-system master requestheader-client-ca-file",
    "int": "kube-api-burst",
    "float": "kube-api-qps",
    "duration": "authentication-token-webhook-cache-ttl=10s authorization-webhook-cache-authorized-ttl=10s "
    "authorization-webhook-cache-unauthorized-ttl=10s leader-elect-lease-duration=15s "
    "leader-elect-renew-deadline=10s leader-elect-retry-period=2s",
    "list": "authorization-always-allow-paths=/healthz,/readyz,/livez requestheader-allowed-names "
    "requestheader-extra-headers-prefix=x-remote-extra- requestheader-group-headers=x-remote-group "
    "requestheader-uid-headers requestheader-username-headers=x-remote-user",
}
_APISERVER = {
    "bool": """
        aggregator-reject-forwarding-redirect=true allow-privileged anonymous-auth=true
        audit-log-batch-throttle-enable audit-log-compress audit-log-truncate-enabled
        audit-webhook-batch-throttle-enable=true audit-webhook-truncate-enabled contention-profiling
        emulation-forward-compatible enable-aggregator-routing enable-bootstrap-token-auth
        enable-garbage-collector=true enable-logs-handler enable-priority-and-fairness=true
        encryption-provider-config-automatic-reload profiling=true
        runtime-config-emulation-forward-compatible service-account-extend-token-expiration=true
        service-account-lookup=true shutdown-send-retry-after watch-cache=true
    """,
    "string": """
        admission-control-config-file audit-log-format=json audit-log-mode=blocking audit-log-path
        audit-log-version=audit.k8s.io/v1 audit-policy-file audit-webhook-config-file
        audit-webhook-mode=batch audit-webhook-version=audit.k8s.io/v1 authentication-config
        authentication-token-webhook-config-file authentication-token-webhook-version=v1beta1
        authorization-config authorization-policy-file authorization-webhook-config-file
        authorization-webhook-version=v1beta1 client-ca-file debug-socket-path
        egress-selector-config-file encryption-provider-config endpoint-reconciler-type=lease
        etcd-cafile etcd-certfile etcd-keyfile etcd-prefix=/registry external-hostname
        kubelet-certificate-authority kubelet-client-certificate kubelet-client-key oidc-ca-file
        oidc-client-id oidc-groups-claim oidc-groups-prefix oidc-issuer-url oidc-username-claim=sub
        oidc-username-prefix peer-advertise-ip peer-advertise-port peer-ca-file
        proxy-client-cert-file proxy-client-key-file requestheader-client-ca-file
        service-account-jwks-uri service-account-signing-endpoint service-account-signing-key-file
        service-cluster-ip-range storage-backend
        storage-media-type=application/vnd.kubernetes.protobuf token-auth-file tracing-config-file
    """,
    "int": """
        apiserver-count=1 audit-log-batch-buffer-size=10000 audit-log-batch-max-size=1
        audit-log-batch-throttle-burst=0 audit-log-maxage=0 audit-log-maxbackup=0
        audit-log-maxsize=0 audit-log-truncate-max-batch-size=10485760
        audit-log-truncate-max-event-size=102400 audit-webhook-batch-buffer-size=10000
        audit-webhook-batch-max-size=400 audit-webhook-batch-throttle-burst=15
        audit-webhook-truncate-max-batch-size=10485760 audit-webhook-truncate-max-event-size=102400
        default-not-ready-toleration-seconds=300 default-unreachable-toleration-seconds=300
        default-watch-cache-size=100 delete-collection-workers=1 kubelet-port=10250
        kubelet-read-only-port=10255 kubernetes-service-node-port=0 lease-reuse-duration-seconds=60
        max-connection-bytes-per-sec=0 max-mutating-requests-inflight=200 max-requests-inflight=400
        min-request-timeout=1800 secure-port=6443
    """,
    "float": "audit-log-batch-throttle-qps=0 audit-webhook-batch-throttle-qps=10 goaway-chance=0",
    "duration": """
        audit-log-batch-max-wait=0s audit-webhook-batch-initial-backoff=10s
        audit-webhook-batch-max-wait=30s audit-webhook-initial-backoff=10s
        authentication-token-webhook-cache-ttl=2m authorization-webhook-cache-authorized-ttl=5m
        authorization-webhook-cache-unauthorized-ttl=30s coordinated-leadership-lease-duration=15s
        coordinated-leadership-renew-deadline=10s coordinated-leadership-retry-period=2s
        etcd-compaction-interval=5m etcd-count-metric-poll-period=1m
        etcd-db-metric-poll-interval=30s etcd-healthcheck-timeout=2s etcd-readycheck-timeout=2s
        event-ttl=1h kubelet-timeout=5s livez-grace-period=0s request-timeout=1m
        service-account-max-token-expiration=0s shutdown-delay-duration=0s
        shutdown-watch-termination-grace-period=0s storage-initialization-timeout=1m
    """,
    "ip": "advertise-address",
    "ports": "service-node-port-range=30000-32767",
    "list": """
        admission-control api-audiences authorization-mode cors-allowed-origins
        disable-admission-plugins enable-admission-plugins etcd-servers etcd-servers-overrides
        kubelet-preferred-address-types=Hostname,InternalDNS,InternalIP,ExternalDNS,ExternalIP
        oidc-signing-algs=RS256 requestheader-allowed-names requestheader-extra-headers-prefix
        requestheader-group-headers requestheader-uid-headers requestheader-username-headers
        strict-transport-security-directives watch-cache-sizes
    """,
    "array": "service-account-issuer service-account-key-file",
    "map": "oidc-required-claim runtime-config",
}
_SIGNERS = ("kube-apiserver-client", "kubelet-client", "kubelet-serving", "legacy-unknown")
_CONTROLLER_MANAGER = {
    "bool": """
        allocate-node-cidrs allow-untagged-cloud authentication-tolerate-lookup-failure
        configure-cloud-routes=true contention-profiling disable-attach-detach-reconcile-sync
        disable-force-detach-on-timeout enable-dynamic-provisioning=true
        enable-garbage-collector=true enable-hostpath-provisioner enable-leader-migration
        use-service-account-credentials
    """,
    "string": f"""
        cidr-allocator-type=RangeAllocator cloud-config cloud-provider cluster-cidr
        cluster-name=kubernetes cluster-signing-cert-file cluster-signing-key-file
        external-cloud-volume-plugin flex-volume-plugin-dir leader-elect-resource-name
        leader-migration-config pv-recycler-pod-template-filepath-hostpath
        pv-recycler-pod-template-filepath-nfs root-ca-file service-account-private-key-file
        service-cluster-ip-range
        {" ".join(f"cluster-signing-{name}-{part}-file" for name in _SIGNERS for part in ("cert", "key"))}
    """,
    "int": """
        concurrent-cron-job-syncs=5 concurrent-daemonset-syncs=2 concurrent-deployment-syncs=5
        concurrent-device-taint-eviction-syncs=8 concurrent-endpoint-syncs=5
        concurrent-ephemeralvolume-syncs=5 concurrent-gc-syncs=20
        concurrent-horizontal-pod-autoscaler-syncs=5 concurrent-job-syncs=5
        concurrent-namespace-syncs=10 concurrent-rc-syncs=5 concurrent-replicaset-syncs=5
        concurrent-resource-quota-syncs=5 concurrent-service-endpoint-syncs=5
        concurrent-service-syncs=1 concurrent-serviceaccount-token-syncs=5
        concurrent-statefulset-syncs=5 concurrent-ttl-after-finished-syncs=5
        concurrent-validating-admission-policy-status-syncs=5 large-cluster-size-threshold=50
        max-endpoints-per-slice=100 mirroring-concurrent-service-endpoint-syncs=5
        mirroring-max-endpoints-per-subset=1000 node-cidr-mask-size node-cidr-mask-size-ipv4
        node-cidr-mask-size-ipv6 pv-recycler-increment-timeout-nfs=30
        pv-recycler-minimum-timeout-hostpath=60 pv-recycler-minimum-timeout-nfs=300
        pv-recycler-timeout-increment-hostpath=30 secure-port=10257
        terminated-pod-gc-threshold=12500
    """,
    "float": """
        horizontal-pod-autoscaler-tolerance=0.1 node-eviction-rate=0.1
        secondary-node-eviction-rate=0.01 unhealthy-zone-threshold=0.55
    """,
    "duration": """
        attach-detach-reconcile-sync-period=1m cluster-signing-duration=8760h
        controller-shutdown-timeout=10s controller-start-interval=0s
        endpoint-updates-batch-period=0s endpointslice-updates-batch-period=0s
        horizontal-pod-autoscaler-cpu-initialization-period=5m
        horizontal-pod-autoscaler-downscale-stabilization=5m
        horizontal-pod-autoscaler-initial-readiness-delay=30s
        horizontal-pod-autoscaler-sync-period=15s legacy-service-account-token-clean-up-period=8760h
        min-resync-period=12h mirroring-endpointslice-updates-batch-period=0s
        namespace-sync-period=5m node-monitor-grace-period=50s node-monitor-period=5s
        node-sync-period=0s node-startup-grace-period=1m pvclaimbinder-sync-period=15s
        resource-quota-sync-period=5m route-reconciliation-period=10s
    """,
    "list": "controllers=*",
}
_SCHEDULER = {
    "bool": "authentication-tolerate-lookup-failure=true contention-profiling=true",
    "string": "config leader-elect-resource-name=kube-scheduler write-config-to",
    "int": "secure-port=10259",
    "duration": "pod-max-in-unschedulable-pods-duration=5m",
}
_ETCD = {
    "bool": """
        initial-election-tick-advance=true enable-grpc-gateway=true socket-reuse-port
        socket-reuse-address strict-reconfig-check=true pre-vote=true client-cert-auth auto-tls
        peer-client-cert-auth peer-auto-tls enable-pprof enable-log-rotation force-new-cluster
        unsafe-no-fsync version help compact-hash-check-enabled memory-mlock
        peer-skip-client-san-verification stop-grpc-service-on-defrag
    """,
    "string": """
        name=default data-dir wal-dir listen-peer-urls=http://localhost:2380
        listen-client-urls=http://localhost:2379 listen-client-http-urls
        backend-bbolt-freelist-type=map initial-advertise-peer-urls=http://localhost:2380
        initial-cluster initial-cluster-state=new initial-cluster-token=etcd-cluster
        advertise-client-urls=http://localhost:2379 discovery discovery-fallback discovery-proxy
        discovery-srv discovery-srv-name auto-compaction-retention=0 auto-compaction-mode=periodic
        v2-deprecation cert-file key-file client-cert-file client-key-file client-crl-file
        client-cert-allowed-hostname trusted-ca-file peer-cert-file peer-key-file
        peer-trusted-ca-file peer-cert-allowed-cn peer-cert-allowed-hostname peer-client-cert-file
        peer-client-key-file peer-crl-file cipher-suites cors=* host-whitelist=*
        tls-min-version=TLS1.2 tls-max-version auth-token=simple metrics=basic listen-metrics-urls
        logger=zap log-outputs=default log-level=info log-format=json log-rotation-config-json
        config-file feature-gates local-address
    """,
    "int": """
        snapshot-count=10000 heartbeat-interval=100 election-timeout=1000 max-snapshots=5 max-wals=5
        quota-backend-bytes=0 backend-batch-limit=0 max-txn-ops=128 max-request-bytes=1572864
        max-concurrent-streams=4294967295 self-signed-cert-validity=1 bcrypt-cost=10
        auth-token-ttl=300 compaction-batch-limit=1000 max-learners=1
        bootstrap-defrag-threshold-megabytes=0 snapshot-catchup-entries=5000
    """,
    "duration": """
        backend-batch-interval=0s grpc-keepalive-min-time=5s grpc-keepalive-interval=2h
        grpc-keepalive-timeout=20s raft-read-timeout=5s raft-write-timeout=5s
        watch-progress-notify-interval=10m corrupt-check-time=0s compact-hash-check-time=1m
        compaction-sleep-interval=10ms downgrade-check-time=5s warning-apply-duration=100ms
        warning-unary-request-duration=300ms
    """,
}

_COMPONENTS: dict[str, tuple[dict[str, str], ...]] = {
    "kube-apiserver": (_SERVING, _LOGGING, _APISERVER),
    "kube-controller-manager": (_SERVING, _LOGGING, _DELEGATING, _CONTROLLER_MANAGER),
    "kube-scheduler": (_SERVING, _LOGGING, _DELEGATING, _SCHEDULER),
    "etcd": (_ETCD,),
}

COMPONENTS = tuple(_COMPONENTS)
"""The components that have a static Pod on a control plane node."""

VERIFIED = Version(1, 36)
"""The newest version whose sources were read for flags and plugins of the Kubernetes components.

For later versions only the release notes were read: an unknown name is not judged there.
"""

_CURVES = {"ids": "tls-curve-preferences"}
_LATER: dict[str, dict[Version, dict[str, str]]] = {
    "kube-apiserver": {
        Version(1, 36): _CURVES
        | {"int": "audit-log-maxage=366 audit-log-maxbackup=100 audit-log-maxsize=100"}
    },
    "kube-controller-manager": {
        Version(1, 36): {**_CURVES, "int": "concurrent-resourceclaim-syncs=50"},
        Version(1, 37): {"int": "concurrent-disruption-syncs"},
    },
    "kube-scheduler": {Version(1, 36): _CURVES},
    "etcd": {},
}
"""Flags that came, or have another default, from a version on."""

_DOUBTFUL_ETCD = ("experimental-", "distributed-tracing", "enable-distributed-tracing", "proxy", "enable-v2")
"""Names, or their prefixes, that this etcd may or may not know."""

READ_FILES: dict[str, frozenset[str]] = {
    "kube-apiserver": frozenset(
        """
        admission-control-config-file audit-policy-file audit-webhook-config-file
        authentication-config authentication-token-webhook-config-file authorization-config
        authorization-policy-file authorization-webhook-config-file client-ca-file
        egress-selector-config-file encryption-provider-config etcd-cafile etcd-certfile etcd-keyfile
        kubelet-certificate-authority kubelet-client-certificate kubelet-client-key oidc-ca-file
        peer-ca-file proxy-client-cert-file proxy-client-key-file requestheader-client-ca-file
        service-account-key-file service-account-signing-key-file tls-cert-file tls-private-key-file
        token-auth-file tracing-config-file
        """.split()
    ),
    "kube-controller-manager": frozenset(
        """
        authentication-kubeconfig authorization-kubeconfig client-ca-file cluster-signing-cert-file
        cluster-signing-key-file kubeconfig requestheader-client-ca-file root-ca-file
        service-account-private-key-file tls-cert-file tls-private-key-file
        """.split()
    )
    | {f"cluster-signing-{name}-{part}-file" for name in _SIGNERS for part in ("cert", "key")},
    "kube-scheduler": frozenset(
        """
        authentication-kubeconfig authorization-kubeconfig client-ca-file config kubeconfig
        requestheader-client-ca-file tls-cert-file tls-private-key-file
        """.split()
    ),
    "etcd": frozenset(
        """
        cert-file key-file trusted-ca-file peer-cert-file peer-key-file peer-trusted-ca-file
        client-cert-file client-key-file peer-client-cert-file peer-client-key-file client-crl-file
        peer-crl-file
        """.split()
    ),
}
"""Flags whose file must exist and be readable when the component starts."""

WRITTEN_FILES: dict[str, frozenset[str]] = {
    "kube-apiserver": frozenset({"audit-log-path"}),
    "kube-controller-manager": frozenset(),
    "kube-scheduler": frozenset(),
    "etcd": frozenset({"data-dir", "wal-dir"}),
}
"""Flags whose file or directory the component writes."""

AUTHORIZATION_MODES = ("AlwaysAllow", "AlwaysDeny", "ABAC", "Webhook", "RBAC", "Node")


@cache
def flags_of(component: str, kubernetes: Version) -> dict[str, Flag]:
    """All flags of a component in a version, by name. Raises `KeyError` for another component."""
    found: dict[str, Flag] = {}
    later = [tables for since, tables in _LATER[component].items() if kubernetes >= since]
    for table in (*_COMPONENTS[component], *later):
        for kind, words in table.items():
            for word in words.split():
                name, _, default = word.partition("=")
                found[name] = Flag(name, kind, default or ("false" if kind == "bool" else ""))
    return found


def history(component: str, name: str, kubernetes: Version) -> str:
    """The version that introduced a flag which this version lacks; empty if the flag is unknown."""
    later = (one for one in SUPPORTED if one > kubernetes and name in flags_of(component, one))
    return next((f"it came with {one}" for one in later), "")


def is_doubtful(component: str, name: str, kubernetes: Version) -> bool:
    """Whether it is uncertain that the component refuses a flag of this name."""
    if component == "etcd":
        return any(
            name == known or (known[-1:] == "-" and name.startswith(known)) for known in _DOUBTFUL_ETCD
        )
    return kubernetes > VERIFIED
