"""Kinds that the OpenAPI of Kubernetes does not hold, described by hand from their documentation.

Two sorts: configuration files of components (scope `File`; no API server stores them), and custom
resources that cards use, as they are after their CustomResourceDefinition was installed; `cilium` and `istio`
have theirs. Types are written as `tools/generate_schema.py` explains; a field `*` takes whatever the others
don't name.

Pages: https://kubernetes.io/docs/reference/config-api/ (apiserver-audit.v1, apiserver-config.v1,
apiserver-admission.v1, kubelet-config.v1beta1, kubeconfig.v1, kubeadm-config.v1beta4),
https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller/,
https://kyverno.io/docs/policy-types/cluster-policy/,
https://open-policy-agent.github.io/gatekeeper/website/docs/howto/.
"""

from __future__ import annotations

from trainer.manifests.schema import cilium, istio
from trainer.manifests.schema.kubelet import KUBELET, kubelet_fields
from trainer.versions import Version

LENIENT = "lenient"
"""Mark of a file whose component ignores fields that it does not know (and logs a warning).

Lenient, or lenient after a strict try (v1.35): the audit Policy (`LoadPolicyFromBytes` in apiserver
pkg/audit/policy/reader.go), KubeletConfiguration (kubernetes pkg/kubelet/kubeletconfig/util/codec/codec.go),
kubeconfig (client-go tools/clientcmd/api/latest/latest.go). Strict, so that an unknown or repeated field
keeps the component from starting: EncryptionConfiguration (`loadConfig` in apiserver
pkg/server/options/encryptionconfig/config.go), AdmissionConfiguration (pkg/admission/config.go),
AuthenticationConfiguration and AuthorizationConfiguration (pkg/apis/apiserver/load/load.go),
PodSecurityConfiguration (pod-security-admission admission/api/load/load.go).
Field names are case-sensitive in both (`kjson.UnmarshalCaseSensitivePreserveInts`).
"""

ANY_KIND = "*"
"""In place of a kind: every kind of the group, as policies name their own."""

_OBJECT = {"apiVersion": "string", "kind": "string"}
_META = {**_OBJECT, "metadata": "meta.v1.ObjectMeta"}

KINDS: dict[str, list[str]] = {
    "audit.k8s.io/v1 Policy": ["audit.v1.Policy", "File", LENIENT],
    "apiserver.config.k8s.io/v1 EncryptionConfiguration": ["apiserver.v1.EncryptionConfiguration", "File"],
    "apiserver.config.k8s.io/v1 AdmissionConfiguration": ["apiserver.v1.AdmissionConfiguration", "File"],
    **{
        f"apiserver.config.k8s.io/{version} {kind}Configuration": [
            f"apiserver.v1.{kind}Configuration",
            "File",
        ]
        for version in ("v1", "v1beta1", "v1alpha1")
        for kind in ("Authentication", "Authorization")
    },
    **{
        f"pod-security.admission.config.k8s.io/{version} PodSecurityConfiguration": [
            "podsecurity.v1.Configuration",
            "File",
        ]
        for version in ("v1", "v1beta1", "v1alpha1")
    },
    "kubelet.config.k8s.io/v1beta1 KubeletConfiguration": ["kubelet.v1beta1.Configuration", "File", LENIENT],
    "kubelet.config.k8s.io/v1 CredentialProviderConfig": ["kubelet.v1.CredentialProviderConfig", "File"],
    "v1 Config": ["clientcmd.v1.Config", "File", LENIENT],
    **{
        f"kubeadm.k8s.io/{version} {kind}Configuration": [f"kubeadm.v1.{kind}Configuration", "File", LENIENT]
        for version in ("v1beta4", "v1beta3")
        for kind in ("Cluster", "Init", "Join")
    },
    "kubeproxy.config.k8s.io/v1alpha1 KubeProxyConfiguration": ["extra.v1.Open", "File", LENIENT],
    "imagepolicy.k8s.io/v1alpha1 ImageReview": ["extra.v1.Open", "File", LENIENT],
    **cilium.KINDS,
    **istio.KINDS,
    "kyverno.io/v1 ClusterPolicy": ["kyverno.v1.Policy", "Cluster"],
    "kyverno.io/v1 Policy": ["kyverno.v1.Policy", "Namespaced"],
    "templates.gatekeeper.sh/v1 ConstraintTemplate": ["gatekeeper.v1.ConstraintTemplate", "Cluster"],
    f"constraints.gatekeeper.sh/v1beta1 {ANY_KIND}": ["gatekeeper.v1.Constraint", "Cluster"],
}
"""`"group/version Kind"` -> [type, scope, perhaps `LENIENT`]."""

_AUDIT: dict[str, dict[str, str]] = {
    "audit.v1.Policy": {
        **_META,
        "rules": "![]audit.v1.PolicyRule",
        "omitStages": "[]string",
        "omitManagedFields": "bool",
    },
    "audit.v1.PolicyRule": {
        "level": "!string",
        "users": "[]string",
        "userGroups": "[]string",
        "verbs": "[]string",
        "resources": "[]audit.v1.GroupResources",
        "namespaces": "[]string",
        "nonResourceURLs": "[]string",
        "omitStages": "[]string",
        "omitManagedFields": "bool",
    },
    "audit.v1.GroupResources": {"group": "string", "resources": "[]string", "resourceNames": "[]string"},
}

_ENCRYPTION: dict[str, dict[str, str]] = {
    "apiserver.v1.EncryptionConfiguration": {**_OBJECT, "resources": "![]apiserver.v1.ResourceConfiguration"},
    "apiserver.v1.ResourceConfiguration": {
        "resources": "![]string",
        "providers": "![]apiserver.v1.ProviderConfiguration",
    },
    "apiserver.v1.ProviderConfiguration": {
        "aesgcm": "apiserver.v1.AESConfiguration",
        "aescbc": "apiserver.v1.AESConfiguration",
        "secretbox": "apiserver.v1.AESConfiguration",
        "identity": "apiserver.v1.IdentityConfiguration",
        "kms": "apiserver.v1.KMSConfiguration",
    },
    "apiserver.v1.AESConfiguration": {"keys": "![]apiserver.v1.Key"},
    "apiserver.v1.Key": {"name": "!string", "secret": "!string"},
    "apiserver.v1.IdentityConfiguration": {},
    "apiserver.v1.KMSConfiguration": {
        "apiVersion": "string",
        "name": "!string",
        "cachesize": "int32",
        "endpoint": "!string",
        "timeout": "duration",
    },
}

_ADMISSION: dict[str, dict[str, str]] = {
    "apiserver.v1.AdmissionConfiguration": {
        **_OBJECT,
        "plugins": "[name]apiserver.v1.AdmissionPluginConfiguration",
    },
    "apiserver.v1.AdmissionPluginConfiguration": {
        "name": "!string",
        "path": "string",
        "configuration": "any",
    },
    "imagepolicy.v1.PluginConfiguration": {"imagePolicy": "imagepolicy.v1.Webhook"},
    "imagepolicy.v1.Webhook": {
        "kubeConfigFile": "string",
        "allowTTL": "int64",
        "denyTTL": "int64",
        "retryBackoff": "int64",
        "defaultAllow": "bool",
    },
    "podsecurity.v1.Configuration": {
        **_OBJECT,
        "defaults": "podsecurity.v1.Defaults",
        "exemptions": "podsecurity.v1.Exemptions",
    },
    "podsecurity.v1.Defaults": {
        f"{mode}{suffix}": "string" for mode in ("enforce", "audit", "warn") for suffix in ("", "-version")
    },
    "podsecurity.v1.Exemptions": {
        "usernames": "[]string",
        "namespaces": "[]string",
        "runtimeClasses": "[]string",
    },
}

_ACCESS: dict[str, dict[str, str]] = {
    "apiserver.v1.AuthenticationConfiguration": {
        **_OBJECT,
        "jwt": "[]apiserver.v1.JWTAuthenticator",
        "anonymous": "apiserver.v1.AnonymousAuthConfig",
    },
    "apiserver.v1.AnonymousAuthConfig": {
        "enabled": "!bool",
        "conditions": "[]apiserver.v1.AnonymousAuthCondition",
    },
    "apiserver.v1.AnonymousAuthCondition": {"path": "!string"},
    "apiserver.v1.JWTAuthenticator": {
        "issuer": "!apiserver.v1.Issuer",
        "claimValidationRules": "[]apiserver.v1.ClaimValidationRule",
        "claimMappings": "!apiserver.v1.ClaimMappings",
        "userValidationRules": "[]apiserver.v1.UserValidationRule",
    },
    "apiserver.v1.Issuer": {
        "url": "!string",
        "discoveryURL": "string",
        "certificateAuthority": "string",
        "audiences": "![]string",
        "audienceMatchPolicy": "string",
        "egressSelectorType": "string",
    },
    "apiserver.v1.ClaimValidationRule": {
        "claim": "string",
        "requiredValue": "string",
        "expression": "string",
        "message": "string",
    },
    "apiserver.v1.ClaimMappings": {
        "username": "!apiserver.v1.PrefixedClaim",
        "groups": "apiserver.v1.PrefixedClaim",
        "uid": "apiserver.v1.ClaimOrExpression",
        "extra": "[key]apiserver.v1.ExtraMapping",
    },
    "apiserver.v1.PrefixedClaim": {"claim": "string", "prefix": "string", "expression": "string"},
    "apiserver.v1.ClaimOrExpression": {"claim": "string", "expression": "string"},
    "apiserver.v1.ExtraMapping": {"key": "!string", "valueExpression": "!string"},
    "apiserver.v1.UserValidationRule": {"expression": "!string", "message": "string"},
    "apiserver.v1.AuthorizationConfiguration": {
        **_OBJECT,
        "authorizers": "![]apiserver.v1.AuthorizerConfiguration",
    },
    "apiserver.v1.AuthorizerConfiguration": {
        "type": "!string",
        "name": "!string",
        "webhook": "apiserver.v1.WebhookConfiguration",
    },
    "apiserver.v1.WebhookConfiguration": {
        "authorizedTTL": "duration",
        "cacheAuthorizedRequests": "bool",
        "unauthorizedTTL": "duration",
        "cacheUnauthorizedRequests": "bool",
        "timeout": "duration",
        "subjectAccessReviewVersion": "string",
        "matchConditionSubjectAccessReviewVersion": "string",
        "failurePolicy": "string",
        "connectionInfo": "apiserver.v1.WebhookConnectionInfo",
        "matchConditions": "[]apiserver.v1.WebhookMatchCondition",
    },
    "apiserver.v1.WebhookConnectionInfo": {"type": "string", "kubeConfigFile": "string"},
    "apiserver.v1.WebhookMatchCondition": {"expression": "string"},
}

_KUBECONFIG: dict[str, dict[str, str]] = {
    "clientcmd.v1.Config": {
        **_OBJECT,
        "preferences": "extra.v1.Open",
        "clusters": "[name]clientcmd.v1.NamedCluster",
        "users": "[name]clientcmd.v1.NamedAuthInfo",
        "contexts": "[name]clientcmd.v1.NamedContext",
        "current-context": "string",
        "extensions": "[name]clientcmd.v1.NamedExtension",
    },
    "clientcmd.v1.NamedExtension": {"name": "!string", "extension": "any"},
    "clientcmd.v1.NamedCluster": {"name": "!string", "cluster": "!clientcmd.v1.Cluster"},
    "clientcmd.v1.Cluster": {
        "server": "!string",
        "tls-server-name": "string",
        "insecure-skip-tls-verify": "bool",
        "certificate-authority": "string",
        "certificate-authority-data": "bytes",
        "proxy-url": "string",
        "disable-compression": "bool",
        "extensions": "[name]clientcmd.v1.NamedExtension",
    },
    "clientcmd.v1.NamedAuthInfo": {"name": "!string", "user": "!clientcmd.v1.AuthInfo"},
    "clientcmd.v1.AuthInfo": {
        "client-certificate": "string",
        "client-certificate-data": "bytes",
        "client-key": "string",
        "client-key-data": "bytes",
        "token": "string",
        "tokenFile": "string",
        "as": "string",
        "as-uid": "string",
        "as-groups": "[]string",
        "as-user-extra": "{}[]string",
        "username": "string",
        "password": "string",
        "auth-provider": "extra.v1.Open",
        "exec": "clientcmd.v1.ExecConfig",
        "extensions": "[name]clientcmd.v1.NamedExtension",
    },
    "clientcmd.v1.ExecConfig": {
        "command": "!string",
        "args": "[]string",
        "env": "[name]clientcmd.v1.ExecEnvVar",
        "apiVersion": "string",
        "installHint": "string",
        "provideClusterInfo": "bool",
        "interactiveMode": "string",
    },
    "clientcmd.v1.ExecEnvVar": {"name": "!string", "value": "!string"},
    "clientcmd.v1.NamedContext": {"name": "!string", "context": "!clientcmd.v1.Context"},
    "clientcmd.v1.Context": {
        "cluster": "!string",
        "user": "!string",
        "namespace": "string",
        "extensions": "[name]clientcmd.v1.NamedExtension",
    },
}

_OTHER_FILES: dict[str, dict[str, str]] = {
    "extra.v1.Open": {"*": "any"},
    "kubeadm.v1.ClusterConfiguration": {
        **_OBJECT,
        "clusterName": "string",
        "controlPlaneEndpoint": "string",
        "kubernetesVersion": "string",
        "imageRepository": "string",
        "certificatesDir": "string",
        "featureGates": "{}bool",
        "*": "any",
    },
    "kubeadm.v1.InitConfiguration": {**_OBJECT, "*": "any"},
    "kubeadm.v1.JoinConfiguration": {**_OBJECT, "*": "any"},
    "kubelet.v1.CredentialProviderConfig": {**_OBJECT, "providers": "![name]extra.v1.Open"},
}

_CUSTOM: dict[str, dict[str, str]] = {
    "kyverno.v1.Policy": {**_META, "spec": "kyverno.v1.PolicySpec", "status": "any"},
    "kyverno.v1.PolicySpec": {"rules": "[name]extra.v1.Open", "*": "any"},
    "gatekeeper.v1.ConstraintTemplate": {**_META, "spec": "extra.v1.Open", "status": "any"},
    "gatekeeper.v1.Constraint": {**_META, "spec": "gatekeeper.v1.ConstraintSpec", "status": "any"},
    "gatekeeper.v1.ConstraintSpec": {
        "enforcementAction": "string",
        "scopedEnforcementActions": "[]extra.v1.Open",
        "match": "extra.v1.Open",
        "parameters": "any",
    },
}

TYPES: dict[str, dict[str, str]] = {
    **_AUDIT,
    **_ENCRYPTION,
    **_ADMISSION,
    **_ACCESS,
    **_KUBECONFIG,
    **_OTHER_FILES,
    **_CUSTOM,
    **cilium.TYPES,
    **istio.TYPES,
    **KUBELET,
}


def extra_fields(name: str, kubernetes: Version) -> dict[str, str]:
    """The fields of a hand-described type in a version. Raises `KeyError` for another type."""
    return kubelet_fields(kubernetes) if name == "kubelet.v1beta1.Configuration" else TYPES[name]


def extra_kind(api_version: str, kind: str) -> list[str] | None:
    """The entry of a hand-described kind; None for any other."""
    return KINDS.get(f"{api_version} {kind}") or KINDS.get(f"{api_version} {ANY_KIND}")
