"""What a small API server of our own holds, and how it answers: the logic behind `fake_api`.

Answers follow the recordings of a real API server of 1.36. Decoding, defaults and validation are our own.
"""

from __future__ import annotations

import copy
import itertools
import re
import uuid
from collections.abc import Callable
from typing import Any

from tests.cluster.fake_patch import merged_with
from trainer.cluster.apply import sendable_applied
from trainer.cluster.last_applied import patch_of, sendable, with_last_applied
from trainer.grading.apply import update_problems
from trainer.grading.service_types import drop_fields_of_the_old_type
from trainer.manifests.admit import admit
from trainer.manifests.model import Document, Manifest
from trainer.manifests.schema.check import check_schema
from trainer.manifests.schema.kinds import scope_of
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.requests import Identity, Request
from trainer.simulate.podsecurity.admission import PodSecurityConfiguration, policy_of
from trainer.simulate.podsecurity.admission import admit as pod_security
from trainer.verdict import Severity
from trainer.versions import DEFAULT

GROUPS: dict[str, dict[str, str]] = {
    "v1": {
        "ConfigMap": "configmaps", "Event": "events", "Namespace": "namespaces", "Node": "nodes",
        "PersistentVolumeClaim": "persistentvolumeclaims", "PersistentVolume": "persistentvolumes", "Pod": "pods",
        "PodTemplate": "podtemplates", "ReplicationController": "replicationcontrollers", "Secret": "secrets",
        "ServiceAccount": "serviceaccounts", "Service": "services", "LimitRange": "limitranges",
        "ResourceQuota": "resourcequotas", "Endpoints": "endpoints",
    },
    "apps/v1": {"DaemonSet": "daemonsets", "Deployment": "deployments", "ReplicaSet": "replicasets", "StatefulSet": "statefulsets"},
    "batch/v1": {"Job": "jobs", "CronJob": "cronjobs"},
    "networking.k8s.io/v1": {"Ingress": "ingresses", "IngressClass": "ingressclasses", "NetworkPolicy": "networkpolicies"},
    "rbac.authorization.k8s.io/v1": {
        "Role": "roles", "RoleBinding": "rolebindings", "ClusterRole": "clusterroles", "ClusterRoleBinding": "clusterrolebindings",
    },
    "node.k8s.io/v1": {"RuntimeClass": "runtimeclasses"},
    "scheduling.k8s.io/v1": {"PriorityClass": "priorityclasses"},
    "storage.k8s.io/v1": {"StorageClass": "storageclasses"},
    "admissionregistration.k8s.io/v1": {
        "ValidatingAdmissionPolicy": "validatingadmissionpolicies",
        "ValidatingAdmissionPolicyBinding": "validatingadmissionpolicybindings",
        "ValidatingWebhookConfiguration": "validatingwebhookconfigurations",
        "MutatingWebhookConfiguration": "mutatingwebhookconfigurations",
    },
    "certificates.k8s.io/v1": {"CertificateSigningRequest": "certificatesigningrequests"},
    "cilium.io/v2": {
        "CiliumNetworkPolicy": "ciliumnetworkpolicies",
        "CiliumClusterwideNetworkPolicy": "ciliumclusterwidenetworkpolicies",
    },
    **{
        f"security.istio.io/{version}": {
            "PeerAuthentication": "peerauthentications", "AuthorizationPolicy": "authorizationpolicies",
        }
        for version in ("v1", "v1beta1")
    },
    "networking.istio.io/v1": {"DestinationRule": "destinationrules"},
}  # fmt: skip
VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
BUILT_IN = ("default", "kube-system", "kube-public", "kube-node-lease")
TIME = "2026-11-24T07:57:55Z"

Exec = Callable[[dict[str, Any], str, list[str]], tuple[int | None, str, str]]


class Refusal(Exception):
    """An answer that is a Status."""

    def __init__(self, code: int, reason: str, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.body: dict[str, Any] = {
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": message, "reason": reason,
        }  # fmt: skip
        if details is not None:
            self.body["details"] = details
        self.body["code"] = code


def manifest_of(data: dict[str, Any]) -> Manifest:
    return Manifest(data, Document(data, "fake", 1, 1, {}))


def is_namespaced(api_version: str, kind: str) -> bool:
    group, _, version = api_version.rpartition("/")
    return kind == "Event" or scope_of(group, version, kind, DEFAULT) == "Namespaced"


class Store:
    """The objects. `runs` says whether Pods are run; `nodes` how many nodes there are.

    The controller manager makes its objects of a new Namespace `lag` requests after it.
    """

    def __init__(self, *, nodes: int = 1, runs: bool = True, controllers: bool = True, lag: int = 0) -> None:
        self.objects: dict[tuple[str, str, str, str], dict[str, Any]] = {}
        self.counter = itertools.count(2000)
        self.runs = runs
        self.controllers = controllers
        self.lag = 0
        self.late: list[tuple[int, str]] = []
        self.terminating: set[str] = set()
        for name in BUILT_IN:
            self.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        self.lag = lag
        for number in range(nodes):
            name = "fake-node" if not number else f"fake-node-{number}"
            self._put({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "spec": {}})

    # -- reading

    def get(self, api_version: str, kind: str, namespace: str, name: str) -> dict[str, Any]:
        found = self.objects.get((api_version, kind, namespace, name))
        if found is None:
            raise not_found(api_version, kind, name)
        return found

    def list(self, api_version: str, kind: str, namespace: str, selector: str = "") -> list[dict[str, Any]]:
        return [
            one
            for key, one in sorted(self.objects.items())
            if key[:2] == (api_version, kind) and namespace in ("", key[2]) and selected(one, selector)
        ]

    # -- writing

    def create(self, sent: dict[str, Any], *, dry: bool = False) -> dict[str, Any]:
        if (sent.get("metadata") or {}).get("resourceVersion"):
            raise Refusal(500, "InternalError", "resourceVersion should not be set on objects to be created")
        data = self._accepted(sent)
        kind, api_version = data["kind"], data["apiVersion"]
        metadata = data["metadata"]
        if not metadata.get("name"):
            metadata["name"] = f"{metadata['generateName']}x7k2p"
        key = (api_version, kind, metadata.get("namespace") or "", metadata["name"])
        if key in self.objects:
            resource = resource_of(api_version, kind)
            raise Refusal(409, "AlreadyExists", f'{resource} "{metadata["name"]}" already exists',
                          {"name": metadata["name"], "kind": resource})  # fmt: skip
        if kind == "Namespace":
            metadata["labels"] = {
                **(metadata.get("labels") or {}),
                "kubernetes.io/metadata.name": metadata["name"],
            }
            data["spec"] = {"finalizers": ["kubernetes"]}
            data["status"] = {"phase": "Active"}
        metadata["uid"] = str(uuid.uuid4())
        metadata["generation"] = 1
        metadata["creationTimestamp"] = TIME
        metadata["managedFields"] = [
            {"manager": "cks-trainer", "operation": "Update", "fieldsType": "FieldsV1"}
        ]
        if dry:
            return data
        self._put(data)
        answer = copy.deepcopy(data)
        if self.controllers:
            self._controllers(data)
        return answer

    def apply(self, sent: dict[str, Any]) -> dict[str, Any]:
        """As `kubectl apply`: create, or a three-way patch of what is there."""
        metadata = dict(sent.get("metadata") or {})
        kind, api_version = str(sent.get("kind")), str(sent.get("apiVersion"))
        if kind in GROUPS.get(api_version, {}) and is_namespaced(api_version, kind):
            metadata.setdefault("namespace", "default")
        wanted = with_last_applied(sendable({**sent, "metadata": metadata}))
        namespace, name = str(metadata.get("namespace") or ""), str(metadata.get("name"))
        before = self.objects.get((api_version, kind, namespace, name))
        if before is None:
            kubelets = {"status": sent["status"]} if kind == "Node" and "status" in sent else {}
            return self.create(wanted | kubelets)
        patch, content_type = patch_of(sendable_applied(before), before, wanted)
        return self.patch(api_version, kind, namespace, name, patch, content_type)

    def patch(
        self, api_version: str, kind: str, namespace: str, name: str, patch: dict[str, Any], content_type: str,
        *, dry: bool = False,
    ) -> dict[str, Any]:  # fmt: skip
        """Update an object by a strategic or a JSON merge patch, or all of it by a server-side apply."""
        before = self.get(api_version, kind, namespace, name)
        for field in ("uid", "resourceVersion"):
            asked = (patch.get("metadata") or {}).get(field)
            if asked and asked != before["metadata"].get(field):
                raise Refusal(
                    409,
                    "Conflict",
                    f'Operation cannot be fulfilled on {resource_of(api_version, kind)} "{name}": Precondition failed: {field}',
                )
        merged = merged_with(before, patch, strategic="/merge-patch" not in content_type)
        if kind == "Service":
            drop_fields_of_the_old_type(before["spec"], merged["spec"])
        try:
            data = self._accepted(merged, new=False)
        except Refusal as error:
            if error.code != 400:
                raise
            why = error.body["message"].partition("as a " + kind + ": ")[2]
            cause = {"field": "patch", "message": f'Invalid value: "map[a:{{\\"b\\": 1}}]": {why}'}
            text = f' "" is invalid: patch: {cause["message"]}'
            raise Refusal(422, "Invalid", text, {"causes": [cause]}) from None
        old, new = _admitted(manifest_of(_plain(before))), _admitted(manifest_of(_plain(data)))
        problems = update_problems(old, new, DEFAULT)
        if problems:
            causes = [
                {
                    "reason": "FieldValueForbidden",
                    "message": "Forbidden: field is immutable",
                    "field": (one.location.path if one.location else "spec"),
                }
                for one in problems
            ]
            raise invalid(kind, name, causes)
        if "status" in before:
            data["status"] = before["status"]
        if kind == "Namespace":
            labels = data["metadata"].get("labels") or {}
            data["metadata"]["labels"] = {**labels, "kubernetes.io/metadata.name": name}
        if not dry:
            self._put(data)
            if self.controllers:
                self._controllers(data)
        return data

    def delete(
        self, api_version: str, kind: str, namespace: str, name: str, uid: str = "", *, dry: bool = False
    ) -> dict[str, Any]:
        data = self.get(api_version, kind, namespace, name)
        if uid and data["metadata"]["uid"] != uid:
            raise Refusal(
                409,
                "Conflict",
                f'Operation cannot be fulfilled on {resource_of(api_version, kind)} "{name}": the UID in the precondition does not match',
            )
        if not dry:
            self._remove(data)
            if kind == "Namespace":
                for one in [one for key, one in self.objects.items() if key[2] == name]:
                    self._remove(one)
        return data

    # -- reviews

    def review(self, data: dict[str, Any], user: Identity) -> dict[str, Any]:
        spec = data.get("spec") or {}
        if data["kind"] == "SubjectAccessReview":
            user = Identity(str(spec.get("user") or ""), tuple(spec.get("groups") or ()))
        wanted = spec.get("resourceAttributes") or {}
        request = Request(
            user, str(wanted.get("verb")), str(wanted.get("resource")), str(wanted.get("group") or ""),
            str(wanted.get("subresource") or ""), str(wanted.get("namespace") or ""), str(wanted.get("name") or ""),
        )  # fmt: skip
        return {**data, "metadata": {}, "status": {"allowed": self.allows(request)}}

    def allows(self, request: Request) -> bool:
        if request.subject.user == "admin" or "system:masters" in request.subject.groups:
            return True
        rules = [manifest_of(one) for key, one in self.objects.items() if key[0].startswith("rbac.")]
        return Authorizer(rules).decide(request).allowed

    # -- inside

    def _accepted(self, sent: dict[str, Any], *, new: bool = True) -> dict[str, Any]:
        """The object, decoded strictly, defaulted, validated and admitted; raises `Refusal`."""
        manifest = manifest_of(copy.deepcopy(sent))
        errors = [one for one in check_schema(manifest, DEFAULT) if one.severity is Severity.ERROR]
        kind = manifest.kind
        if errors:
            raise _undecodable(manifest, errors)
        namespace = manifest.namespace
        if is_namespaced(manifest.api_version, kind):
            home = self.objects.get(("v1", "Namespace", "", namespace))
            if home is None:
                raise Refusal(
                    404,
                    "NotFound",
                    f'namespaces "{namespace}" not found',
                    {"name": namespace, "kind": "namespaces"},
                )
            if namespace in self.terminating:
                resource = resource_of(manifest.api_version, kind)
                raise Refusal(
                    403, "Forbidden",
                    f'{resource} "{manifest.name}" is forbidden: unable to create new content in namespace {namespace} because it is being terminated',
                    {"name": manifest.name, "kind": resource, "causes": [
                        {"reason": "NamespaceTerminating", "message": f"namespace {namespace} is being terminated", "field": "metadata.namespace"}]},
                )  # fmt: skip
        admitted = admit(manifest, DEFAULT)
        found = [one for one in admitted.problems if one.severity is Severity.ERROR]
        if found or admitted.manifest is None:
            raise invalid(kind, manifest.name, [_cause(manifest, one) for one in found])
        data = copy.deepcopy(admitted.manifest.data)
        if kind == "Pod" and new:
            self._admit_pod(manifest_of(data))
            data["spec"] = _pod_spec(data["spec"])
        if kind != "Node" or not new:  # the kubelet registers a Node with its status
            data.pop("status", None)
        return data

    def _admit_pod(self, manifest: Manifest) -> None:
        def forbidden(why: str) -> Refusal:
            return Refusal(
                403,
                "Forbidden",
                f'pods "{manifest.name}" is forbidden: {why}',
                {"name": manifest.name, "kind": "pods"},
            )

        account = str(manifest.get("spec", "serviceAccountName") or "default")
        if ("v1", "ServiceAccount", manifest.namespace, account) not in self.objects:
            raise forbidden(
                f'error looking up service account {manifest.namespace}/{account}: serviceaccount "{account}" not found'
            )
        labels = (self.objects[("v1", "Namespace", "", manifest.namespace)]["metadata"].get("labels")) or {}
        admission = pod_security(manifest, labels)
        if not admission.admitted:
            level = policy_of(labels, PodSecurityConfiguration()).enforce
            why = ", ".join(
                f"{one.reason} ({'; '.join(found.message for found in one.findings)})"
                for one in admission.rejected
            )
            raise forbidden(f'violates PodSecurity "{level}": {why}')

    def _remove(self, data: dict[str, Any]) -> None:
        metadata = data["metadata"]
        self.objects.pop(
            (data["apiVersion"], data["kind"], metadata.get("namespace") or "", metadata["name"]), None
        )
        for one in [one for one in self.objects.values() if _owned_by(one, data)]:
            self._remove(one)

    def _put(self, data: dict[str, Any]) -> None:
        metadata = data["metadata"]
        metadata["resourceVersion"] = str(next(self.counter))
        metadata.setdefault("uid", str(uuid.uuid4()))
        self.objects[
            (data["apiVersion"], data["kind"], metadata.get("namespace") or "", metadata["name"])
        ] = data

    def tick(self) -> None:
        """A request arrives: what the controllers are late with gets nearer."""
        due = [space for left, space in self.late if left <= 0]
        self.late = [(left - 1, space) for left, space in self.late if left > 0]
        for space in due:
            for other, name in (("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")):
                home = ("v1", "Namespace", "", space) in self.objects
                if home and ("v1", other, space, name) not in self.objects:
                    self._put(
                        {"apiVersion": "v1", "kind": other, "metadata": {"name": name, "namespace": space}}
                    )

    def _controllers(self, data: dict[str, Any]) -> None:
        kind, metadata = data["kind"], data["metadata"]
        if kind == "Namespace":
            self.late.append((self.lag, metadata["name"]))
            if not self.lag:
                self.tick()
        elif kind == "Pod" and self.runs:
            self._run(data)
        elif kind == "Deployment" and self.runs:
            self._roll_out(data)
        elif kind == "PersistentVolumeClaim":
            data["spec"].setdefault("storageClassName", "standard")
            data["spec"]["volumeName"] = f"pvc-{metadata['uid']}"
            metadata["finalizers"] = ["kubernetes.io/pvc-protection"]
            metadata.setdefault("annotations", {})["pv.kubernetes.io/bind-completed"] = "yes"
            data["status"] = {"phase": "Bound"}
        elif kind == "Service" and data["spec"].get("clusterIP") is None:
            data["spec"] |= {
                "clusterIP": "10.96.0.7",
                "clusterIPs": ["10.96.0.7"],
                "ipFamilies": ["IPv4"],
                "ipFamilyPolicy": "SingleStack",
            }

    def _run(self, pod: dict[str, Any]) -> None:
        names = [str(one.get("name")) for one in pod["spec"]["containers"]]
        pod["spec"]["nodeName"] = "fake-node"
        pod["status"] = {
            "phase": "Running",
            "conditions": [{"type": kind, "status": "True", "lastProbeTime": None, "lastTransitionTime": TIME}
                           for kind in ("PodScheduled", "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady")],
            "hostIP": "127.0.0.1", "podIP": "10.244.0.3", "startTime": TIME,
            "containerStatuses": [
                {"name": name, "ready": True, "restartCount": 0, "state": {"running": {"startedAt": TIME}}, "started": True} for name in names
            ],
            "qosClass": "BestEffort",
        }  # fmt: skip

    def _roll_out(self, owner: dict[str, Any]) -> None:
        metadata = owner["metadata"]
        for one in [one for one in self.objects.values() if _owned_by(one, owner)]:
            self._remove(one)
        revision = str(
            int((metadata.get("annotations") or {}).get("deployment.kubernetes.io/revision", "0")) + 1
        )
        metadata.setdefault("annotations", {})["deployment.kubernetes.io/revision"] = revision
        template = owner["spec"]["template"]
        name = f"{metadata['name']}-5d9c"
        replica_set = {
            "apiVersion": "apps/v1", "kind": "ReplicaSet", "spec": {"template": template},
            "metadata": {"name": name, "namespace": metadata["namespace"], "ownerReferences": [_owner(owner)],
                         "annotations": {"deployment.kubernetes.io/revision": revision}},
        }  # fmt: skip
        self._put(replica_set)
        for number in range(int(owner["spec"].get("replicas") or 0)):
            pod = {
                "apiVersion": "v1", "kind": "Pod", "spec": _pod_spec(copy.deepcopy(template["spec"])),
                "metadata": {"name": f"{name}-{number}", "namespace": metadata["namespace"], "labels": template.get("metadata", {}).get("labels") or {},
                             "ownerReferences": [_owner(replica_set)]},
            }  # fmt: skip
            self._put(pod)
            self._run(pod)
        owner["status"] = {
            "replicas": owner["spec"].get("replicas"),
            "readyReplicas": owner["spec"].get("replicas"),
        }


def not_found(api_version: str, kind: str, name: str) -> Refusal:
    resource = resource_of(api_version, kind)
    return Refusal(404, "NotFound", f'{resource} "{name}" not found', {"name": name, "kind": resource})


def invalid(kind: str, name: str, causes: list[dict[str, Any]]) -> Refusal:
    texts = [f"{one['field']}: {one['message']}" for one in causes]
    whole = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    return Refusal(
        422, "Invalid", f'{kind} "{name}" is invalid: {whole}', {"name": name, "kind": kind, "causes": causes}
    )


def resource_of(api_version: str, kind: str) -> str:
    group = api_version.rpartition("/")[0]
    name = GROUPS.get(api_version, {}).get(kind, kind.lower() + "s")
    return f"{name}.{group}" if group else name


def selected(data: dict[str, Any], selector: str) -> bool:
    labels = data["metadata"].get("labels") or {}
    for part in filter(None, selector.split(",")):
        if part.startswith("!"):
            if part[1:] in labels:
                return False
        else:
            key, _, value = part.partition("=")
            if labels.get(key) != value:
                return False
    return True


def _undecodable(manifest: Manifest, errors: list[Any]) -> Refusal:
    head = f'{manifest.kind} in version "{manifest.api_version.rpartition("/")[2]}" cannot be handled as a {manifest.kind}: '
    unknown = [
        f'unknown field "{one.location.path}"' for one in errors if one.message.startswith("unknown field")
    ]
    if len(unknown) == len(errors):
        return Refusal(400, "BadRequest", head + "strict decoding error: " + ", ".join(unknown))
    one = next(one for one in errors if not one.message.startswith("unknown field"))
    path = one.location.path
    steps = [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path)]
    value = manifest.get(*steps)
    was = {str: "string", bool: "bool", int: "number", float: "number", list: "array", dict: "object"}.get(
        type(value), "value"
    )
    want = (
        "bool"
        if "true or false" in one.message
        else "string"
        if "text" in one.message.split("but")[0]
        else "int32"
    )
    plain = re.sub(r"\[\d+\]", "", path)
    parent = plain.split(".")[-2] if "." in plain else ""
    return Refusal(
        400,
        "BadRequest",
        f"{head}json: cannot unmarshal {was} into Go struct field {parent[:1].upper()}{parent[1:]}.{plain} of type {want}",
    )


def _cause(manifest: Manifest, problem: Any) -> dict[str, Any]:
    path = problem.location.path if problem.location else ""
    steps = [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path)]
    value = manifest.get(*steps)
    text = f'"{value}"'
    if "has no volume" in problem.message:
        return {"reason": "FieldValueNotFound", "message": f"Not found: {text}", "field": path}
    if "for the second time" in problem.message:
        return {"reason": "FieldValueDuplicate", "message": f"Duplicate value: {text}", "field": path}
    if "it is one of" in problem.message:
        allowed = ", ".join(
            f'"{one}"' for one in re.findall(r"`([^`]+)`", problem.message.split("it is one of")[1])
        )
        return {
            "reason": "FieldValueNotSupported",
            "message": f"Unsupported value: {text}: supported values: {allowed}",
            "field": path,
        }
    return {"reason": "FieldValueInvalid", "message": f"Invalid value: {problem.message}", "field": path}


def _pod_spec(spec: dict[str, Any]) -> dict[str, Any]:
    """What admission adds to a Pod: the token volume, the account, tolerations, priority."""
    found = dict(spec)
    name = "kube-api-access-x7k2p"
    if found.get("automountServiceAccountToken") is not False:
        volume = {"name": name, "projected": {"defaultMode": 420, "sources": [
            {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
            {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
            {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}},
        ]}}  # fmt: skip
        mount = {"name": name, "readOnly": True, "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}
        found["volumes"] = [*(found.get("volumes") or []), volume]
        for field in ("containers", "initContainers"):
            if isinstance(found.get(field), list):
                found[field] = [
                    {**one, "volumeMounts": [*(one.get("volumeMounts") or []), mount]} for one in found[field]
                ]
    found.setdefault("serviceAccountName", "default")
    found["serviceAccount"] = found["serviceAccountName"]
    seconds = {"operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}
    found["tolerations"] = [
        *(found.get("tolerations") or []),
        {"key": "node.kubernetes.io/not-ready", **seconds},
        {"key": "node.kubernetes.io/unreachable", **seconds},
    ]
    return found | {
        "priority": 0,
        "preemptionPolicy": "PreemptLowerPriority",
        "enableServiceLinks": found.get("enableServiceLinks", True),
    }


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    from trainer.cluster.read_live import live_manifest

    return live_manifest(data, DEFAULT).data


def _admitted(manifest: Manifest) -> Manifest:
    return admit(manifest, DEFAULT).manifest or manifest


def _owner(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": data["apiVersion"],
        "kind": data["kind"],
        "name": data["metadata"]["name"],
        "uid": data["metadata"]["uid"],
        "controller": True,
    }


def _owned_by(data: dict[str, Any], owner: dict[str, Any]) -> bool:
    return any(
        one.get("uid") == owner["metadata"]["uid"] for one in data["metadata"].get("ownerReferences") or ()
    )
