"""What a policy's expressions can read: the object, the request, parameters, the authorizer.

Follows
https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#validation-expression
and k8s.io/apiserver v1.35 (`pkg/admission/plugin/cel/condition.go`,
`pkg/admission/plugin/policy/generic/policy_dispatcher.go`). Objects are read as the API server stores
them: defaulted, and with the fields that Go always writes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from trainer.manifests.model import Manifest
from trainer.manifests.values import mapping
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.requests import Identity, Request, service_account
from trainer.simulate.access.resources import find_resource
from trainer.simulate.admission.matching import AdmissionRequest
from trainer.simulate.admission.server_form import server_form
from trainer.simulate.cel.authorizer import AUTHORIZER, RESOURCE, Check
from trainer.simulate.cel.values import CelError
from trainer.simulate.labels import label_selector


def variables_of(
    request: AdmissionRequest, params: dict[str, Any] | None, authorizer: Authorizer | None
) -> dict[str, Any]:
    """The names that expressions may use, with their values: a function gives its value when it is read."""
    asked = Check(AUTHORIZER, _decider(request.identity, authorizer))

    def resource() -> Check:
        return asked.narrowed(
            RESOURCE,
            group=request.target.group,
            resource=request.resource,
            subresource=request.subresource,
            namespace=request.namespace,
            name=request.subject.name,
        )

    return {
        "object": _form(request.object) if request.object else None,
        "oldObject": _form(request.old) if request.old else None,
        "params": params,
        "request": once(partial(_request, request)),
        "namespaceObject": once(partial(namespace_object, request.namespace_object))
        if request.namespace
        else None,
        "authorizer": asked,
        "authorizer.requestResource": resource,
    }


def once(compute: Callable[[], Any]) -> Callable[[], Any]:
    """The same value (or failure) every time, computed on first use."""
    kept: list[Any] = []

    def read() -> Any:
        if not kept:
            try:
                kept.append((compute(), None))
            except CelError as error:
                kept.append((None, error))
        value, problem = kept[0]
        if problem is not None:
            raise problem
        return value

    return read


@lru_cache(maxsize=4096)
def _form(manifest: Manifest) -> dict[str, Any]:
    """The object's form, made once: many requests, also for other answers, are about the same object."""
    return server_form(manifest)


def _request(request: AdmissionRequest) -> dict[str, Any]:
    subject = request.subject
    version = subject.api_version.rpartition("/")[2]
    kind = {"group": subject.group, "version": version, "kind": subject.kind}
    resource = {"group": request.target.group, "version": request.version, "resource": request.resource}
    user = {
        "username": request.identity.user,
        "uid": "",
        "groups": list(request.identity.groups),
        "extra": {},
    }
    return {
        "kind": kind,
        "resource": resource,
        "subResource": request.subresource,
        "requestKind": kind,
        "requestResource": resource,
        "requestSubResource": request.subresource,
        "name": subject.name,
        "namespace": request.namespace,
        "operation": request.operation,
        "userInfo": user,
        "dryRun": request.dry_run,
        "options": {"kind": f"{request.operation.title()}Options", "apiVersion": "meta.k8s.io/v1"},
    }


def namespace_object(data: dict[str, Any] | None) -> dict[str, Any] | None:
    """The fields of a Namespace that expressions may read."""
    if data is None:
        return None
    metadata = dict(mapping(data.get("metadata")))
    metadata.pop("managedFields", None)
    if "uid" in metadata:
        metadata["UID"] = metadata.pop("uid")
    return {
        "metadata": metadata,
        "spec": mapping(data.get("spec")) or {"finalizers": ["kubernetes"]},
        "status": mapping(data.get("status")) or {"phase": "Active"},
    }


def parameters(
    policy: Manifest, binding: Manifest, request: AdmissionRequest, known: tuple[Manifest, ...]
) -> list[dict[str, Any] | None] | str:
    """The parameter objects to evaluate with (`[None]` for none), or why the request fails."""
    kind = mapping(policy.get("spec", "paramKind"))
    reference = mapping(binding.get("spec", "paramRef"))
    if not kind or not reference:
        return [None]
    candidates = [
        manifest
        for manifest in known
        if manifest.kind == kind.get("kind")
        and manifest.api_version == kind.get("apiVersion")
        and _in_namespace(manifest, reference, request)
    ]
    if reference.get("name"):
        found = [manifest for manifest in candidates if manifest.name == reference["name"]]
    else:
        selector = label_selector(reference.get("selector"))
        found = [manifest for manifest in candidates if selector.matches(manifest.labels)]
    if not found and reference.get("parameterNotFoundAction", "Deny") == "Deny":
        return "no params found for policy binding with `Deny` parameterNotFoundAction"
    return [server_form(manifest) for manifest in found]


def _in_namespace(manifest: Manifest, reference: dict[str, Any], request: AdmissionRequest) -> bool:
    """Namespaced parameters are in the namespace of the reference, or in that of the object."""
    known = find_resource(manifest.kind, manifest.group)
    if not manifest.namespace or (known is not None and not known.namespaced):
        return True
    return manifest.namespace == (reference.get("namespace") or request.namespace)


def _decider(identity: Identity, authorizer: Authorizer | None) -> Any:
    def decide(account: str, asked: dict[str, str]) -> tuple[bool, str]:
        who = service_account(*account.partition("/")[::2]) if account else identity
        request = Request(
            who,
            asked.get("verb", ""),
            asked.get("resource", ""),
            asked.get("group", ""),
            asked.get("subresource", ""),
            asked.get("namespace", ""),
            asked.get("name", ""),
            asked.get("path", ""),
        )
        if "system:masters" in who.groups:
            return True, ""
        if authorizer is None:
            return False, ""
        access = authorizer.decide(request)
        return access.allowed, access.grant.title if access.grant else ""

    return decide
