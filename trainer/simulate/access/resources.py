"""The API's own resources: group, kind, scope, verbs and short names, as discovery lists them.

Follows the discovery documents of Kubernetes v1.35 and v1.36 (`kubectl api-resources`), groups served
by default, and the published OpenAPI of v1.37. It has the resources of every supported version.
Custom resources are not here: engines accept an unknown resource as it is written.
"""

from __future__ import annotations

from functools import cache

import msgspec

from trainer.patterns import regex

ALL = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
GET_PUT = ("get", "patch", "update")
PROXY = ("create", "delete", "get", "patch", "update")

_WHOLE = """
|N|configmaps ConfigMap cm|endpoints Endpoints ep|events Event ev|limitranges LimitRange limits
|N|persistentvolumeclaims PersistentVolumeClaim pvc|pods Pod po|podtemplates PodTemplate
|N|replicationcontrollers ReplicationController rc|resourcequotas ResourceQuota quota|secrets Secret
|N|serviceaccounts ServiceAccount sa|services Service svc
|C|namespaces Namespace ns|nodes Node no|persistentvolumes PersistentVolume pv
apps|N|controllerrevisions ControllerRevision|daemonsets DaemonSet ds|deployments Deployment deploy
apps|N|replicasets ReplicaSet rs|statefulsets StatefulSet sts
autoscaling|N|horizontalpodautoscalers HorizontalPodAutoscaler hpa
batch|N|cronjobs CronJob cj|jobs Job
networking.k8s.io|N|ingresses Ingress ing|networkpolicies NetworkPolicy netpol
networking.k8s.io|C|ingressclasses IngressClass|ipaddresses IPAddress ip|servicecidrs ServiceCIDR
policy|N|poddisruptionbudgets PodDisruptionBudget pdb
rbac.authorization.k8s.io|N|rolebindings RoleBinding|roles Role
rbac.authorization.k8s.io|C|clusterrolebindings ClusterRoleBinding|clusterroles ClusterRole
admissionregistration.k8s.io|C|mutatingadmissionpolicies MutatingAdmissionPolicy
admissionregistration.k8s.io|C|mutatingadmissionpolicybindings MutatingAdmissionPolicyBinding
admissionregistration.k8s.io|C|mutatingwebhookconfigurations MutatingWebhookConfiguration
admissionregistration.k8s.io|C|validatingadmissionpolicies ValidatingAdmissionPolicy
admissionregistration.k8s.io|C|validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding
admissionregistration.k8s.io|C|validatingwebhookconfigurations ValidatingWebhookConfiguration
apiextensions.k8s.io|C|customresourcedefinitions CustomResourceDefinition crd
apiregistration.k8s.io|C|apiservices APIService
certificates.k8s.io|C|certificatesigningrequests CertificateSigningRequest csr
certificates.k8s.io|C|clustertrustbundles ClusterTrustBundle
certificates.k8s.io|N|podcertificaterequests PodCertificateRequest
coordination.k8s.io|N|leases Lease
discovery.k8s.io|N|endpointslices EndpointSlice
events.k8s.io|N|events Event ev
flowcontrol.apiserver.k8s.io|C|flowschemas FlowSchema
flowcontrol.apiserver.k8s.io|C|prioritylevelconfigurations PriorityLevelConfiguration
node.k8s.io|C|runtimeclasses RuntimeClass
resource.k8s.io|N|resourceclaims ResourceClaim|resourceclaimtemplates ResourceClaimTemplate
resource.k8s.io|C|deviceclasses DeviceClass|devicetaintrules DeviceTaintRule
resource.k8s.io|C|resourceslices ResourceSlice
scheduling.k8s.io|C|priorityclasses PriorityClass pc
storage.k8s.io|N|csistoragecapacities CSIStorageCapacity
storage.k8s.io|C|csidrivers CSIDriver|csinodes CSINode|storageclasses StorageClass sc
storage.k8s.io|C|volumeattachments VolumeAttachment
storage.k8s.io|C|volumeattributesclasses VolumeAttributesClass vac
storagemigration.k8s.io|C|storageversionmigrations StorageVersionMigration
"""

_SPECIAL: dict[tuple[str, str], tuple[str, str, tuple[str, ...]]] = {
    ("", "bindings"): ("N", "Binding", ("create",)),
    ("", "componentstatuses"): ("C", "ComponentStatus", ("get", "list")),
    ("", "namespaces/finalize"): ("C", "Namespace", ("update",)),
    ("", "nodes/proxy"): ("C", "NodeProxyOptions", PROXY),
    ("", "pods/attach"): ("N", "PodAttachOptions", ("create", "get")),
    ("", "pods/binding"): ("N", "Binding", ("create",)),
    ("", "pods/ephemeralcontainers"): ("N", "Pod", GET_PUT),
    ("", "pods/eviction"): ("N", "Eviction", ("create",)),
    ("", "pods/exec"): ("N", "PodExecOptions", ("create", "get")),
    ("", "pods/log"): ("N", "Pod", ("get",)),
    ("", "pods/portforward"): ("N", "PodPortForwardOptions", ("create", "get")),
    ("", "pods/proxy"): ("N", "PodProxyOptions", PROXY),
    ("", "pods/resize"): ("N", "Pod", GET_PUT),
    ("", "replicationcontrollers/scale"): ("N", "Scale", GET_PUT),
    ("", "serviceaccounts/token"): ("N", "TokenRequest", ("create",)),
    ("", "services/proxy"): ("N", "ServiceProxyOptions", PROXY),
    ("apps", "deployments/scale"): ("N", "Scale", GET_PUT),
    ("apps", "replicasets/scale"): ("N", "Scale", GET_PUT),
    ("apps", "statefulsets/scale"): ("N", "Scale", GET_PUT),
    ("authentication.k8s.io", "selfsubjectreviews"): ("C", "SelfSubjectReview", ("create",)),
    ("authentication.k8s.io", "tokenreviews"): ("C", "TokenReview", ("create",)),
    ("authorization.k8s.io", "localsubjectaccessreviews"): ("N", "LocalSubjectAccessReview", ("create",)),
    ("authorization.k8s.io", "selfsubjectaccessreviews"): ("C", "SelfSubjectAccessReview", ("create",)),
    ("authorization.k8s.io", "selfsubjectrulesreviews"): ("C", "SelfSubjectRulesReview", ("create",)),
    ("authorization.k8s.io", "subjectaccessreviews"): ("C", "SubjectAccessReview", ("create",)),
    ("certificates.k8s.io", "certificatesigningrequests/approval"): (
        "C",
        "CertificateSigningRequest",
        GET_PUT,
    ),
}

_WITH_STATUS = {
    ("", "namespaces"),
    ("", "nodes"),
    ("", "persistentvolumeclaims"),
    ("", "persistentvolumes"),
    ("", "pods"),
    ("", "replicationcontrollers"),
    ("", "resourcequotas"),
    ("", "services"),
    ("admissionregistration.k8s.io", "validatingadmissionpolicies"),
    ("apiextensions.k8s.io", "customresourcedefinitions"),
    ("apiregistration.k8s.io", "apiservices"),
    ("apps", "daemonsets"),
    ("apps", "deployments"),
    ("apps", "replicasets"),
    ("apps", "statefulsets"),
    ("autoscaling", "horizontalpodautoscalers"),
    ("batch", "cronjobs"),
    ("batch", "jobs"),
    ("certificates.k8s.io", "certificatesigningrequests"),
    ("certificates.k8s.io", "podcertificaterequests"),
    ("flowcontrol.apiserver.k8s.io", "flowschemas"),
    ("flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations"),
    ("networking.k8s.io", "ingresses"),
    ("networking.k8s.io", "servicecidrs"),
    ("policy", "poddisruptionbudgets"),
    ("resource.k8s.io", "devicetaintrules"),
    ("resource.k8s.io", "resourceclaims"),
    ("storage.k8s.io", "csinodes"),
    ("storage.k8s.io", "volumeattachments"),
    ("storagemigration.k8s.io", "storageversionmigrations"),
}


class Resource(msgspec.Struct, frozen=True):
    """One resource or subresource of the API."""

    group: str
    name: str
    """Plural, with the subresource after a slash: `pods`, `pods/log`."""
    kind: str
    namespaced: bool
    verbs: tuple[str, ...]
    short_names: tuple[str, ...] = ()


_VERSION = regex(r"^v\d+((alpha|beta)\d+)?(\.|$)")
"""A version before the group, as in kubectl: `deployments.v1.apps`."""


@cache
def api_resources() -> tuple[Resource, ...]:
    """All resources and subresources, each once."""
    found = []
    for line in _WHOLE.strip().splitlines():
        group, scope, *entries = line.split("|")
        for entry in entries:
            name, kind, *short = entry.split()
            verbs = tuple(verb for verb in ALL if (name, verb) != ("namespaces", "deletecollection"))
            found.append(Resource(group, name, kind, scope == "N", verbs, tuple(short)))
            if (group, name) in _WITH_STATUS:
                found.append(Resource(group, f"{name}/status", kind, scope == "N", GET_PUT))
    found += [
        Resource(group, name, kind, scope == "N", verbs)
        for (group, name), (scope, kind, verbs) in _SPECIAL.items()
    ]
    return tuple(found)


@cache
def api_groups() -> frozenset[str]:
    """The groups of the API's own resources; the core group is empty."""
    return frozenset(resource.group for resource in api_resources())


def may_be_custom(group: str) -> bool:
    """Whether custom resources can be in a group: it has a dot, and isn't one of the API's own.

    See `ValidateCustomResourceDefinitionSpec` of k8s.io/apiextensions-apiserver v1.35. `extensions` has no
    resources any more: the last ones left the API with Kubernetes 1.22.
    """
    return "." in group and "/" not in group and group not in api_groups()


@cache
def find_resource(name: str, group: str | None = None) -> Resource | None:
    """The resource of that plural, singular kind or short name; without a group, the first served.

    As kubectl resolves it: core first (`events`), then the groups in order.
    """
    wanted = name.lower()
    for resource in api_resources():
        if group is not None and resource.group != group:
            continue
        own = resource.name
        if (
            wanted == own
            or wanted in resource.short_names
            or ("/" not in own and wanted == resource.kind.lower())
        ):
            return resource
    return None


def split_resource(text: str) -> tuple[str, str, str]:
    """`deployments.apps/scale` to (group, resource, subresource); an omitted group is inferred.

    >>> split_resource("deployments.apps/scale")
    ('apps', 'deployments', 'scale')
    >>> split_resource("deployments")
    ('apps', 'deployments', '')
    >>> split_resource("pods/log")
    ('', 'pods', 'log')
    """
    whole, _, subresource = text.partition("/")
    resource, dot, group = whole.partition(".")
    group = _VERSION.sub("", group)
    known = find_resource(resource, group if dot else None)
    if known:
        resource = known.name
        group = known.group
    return group, resource, subresource
