"""The single steps of a privilege escalation: how an identity becomes another one, or gets full rights.

Follows https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
(v1.35). Each step asks the authorizer whether its requests are allowed; it never guesses from the
text of a role.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

import msgspec

from trainer.manifests.model import Manifest
from trainer.simulate.access.authorizer import SERVICE_ACCOUNT, Authorizer, Grant, bound_subjects, covers
from trainer.simulate.access.requests import Identity, Request, parse_identity, service_account
from trainer.simulate.access.resources import find_resource
from trainer.simulate.access.service_account import account_of, tokens_of
from trainer.simulate.workloads import pod_templates
from trainer.verdict import Location
from trainer.versions import DEFAULT, Version

WORKLOADS = (
    ("", "pods", ("create",)),
    ("", "replicationcontrollers", ("create", "update", "patch")),
    ("apps", "deployments", ("create", "update", "patch")),
    ("apps", "daemonsets", ("create", "update", "patch")),
    ("apps", "statefulsets", ("create", "update", "patch")),
    ("apps", "replicasets", ("create", "update", "patch")),
    ("batch", "jobs", ("create",)),
    ("batch", "cronjobs", ("create", "update", "patch")),
)
"""What creates Pods that run as any ServiceAccount of the namespace, and by which verbs."""

CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client"


class Everything(msgspec.Struct, frozen=True):
    """The end of a chain that needs no other identity: full rights, in the cluster or a namespace."""

    title: str


class Step(msgspec.Struct, frozen=True):
    """One step: `by` says how, `target` is the resulting identity, `location` the rule that allows it."""

    by: str
    target: Identity | Everything
    location: Location


class Scene:
    """Who and what exists in a world, as the steps need it."""

    def __init__(
        self, authorizer: Authorizer, manifests: tuple[Manifest, ...], kubernetes: Version = DEFAULT
    ) -> None:
        self.authorizer = authorizer
        self.manifests = manifests
        self.kubernetes = kubernetes

    def grant(
        self, identity: Identity, verb: str, group: str, resource: str, where: str = ""
    ) -> Grant | None:
        """What allows `identity` the verb in a namespace (empty: everywhere), or None.

        `resource` may have a subresource and a name: `pods/exec`, `clusterroles:cluster-admin`.
        """
        whole, _, name = resource.partition(":")
        resource, _, subresource = whole.partition("/")
        return self.authorizer.decide(
            Request(identity, verb, resource, group, subresource, where, name)
        ).grant

    @cached_property
    def namespaces(self) -> list[str]:
        """Every namespace that an object or binding names."""
        names = {manifest.name for manifest in self.manifests if manifest.kind == "Namespace"}
        names |= {manifest.namespace for manifest in self.manifests}
        names |= {account[0] for account in self.service_accounts}
        return sorted(names - {""})

    @cached_property
    def service_accounts(self) -> list[tuple[str, str]]:
        """Namespace and name of every ServiceAccount that exists, is bound, or runs a Pod."""
        found = {(m.namespace, m.name) for m in self.manifests if m.kind == "ServiceAccount"}
        found |= {account for account, _ in self.running}
        for binding in self.authorizer.bindings:
            namespace = self.authorizer.roles.namespace_of(binding)
            for subject in bound_subjects(binding, namespace):
                if subject.kind == "ServiceAccount" and subject.namespace:
                    found.add((subject.namespace, subject.name))
        return sorted(found)

    def bound_roles(self, who: Identity, resource: str, where: str) -> list[tuple[str, str]]:
        """The `roles` of a namespace, or `clusterroles`, that the identity is bound to: name, and
        where it applies."""
        kind = "ClusterRole" if resource == "clusterroles" else "Role"
        found: dict[str, str] = {}
        for namespace in ("", *self.namespaces) if kind == "ClusterRole" else (where,):
            for grant in self.authorizer.grants(Request(who, "", namespace=namespace)):
                if grant.role.kind == kind:
                    found.setdefault(grant.role.name, grant.namespace)
        return sorted(found.items())

    def bindable(self, where: str) -> list[Manifest]:
        """The roles that a binding of a place can refer to."""
        roles = self.authorizer.roles
        return [
            one
            for one in roles.objects.values()
            if one.kind == "ClusterRole" or (one.kind == "Role" and roles.namespace_of(one) == where)
        ]

    def lacks(self, who: Identity, role: Manifest, where: str) -> bool:
        """Whether a role allows what the identity lacks in a namespace (empty: everywhere)."""
        held = self.authorizer.rules_for(Request(who, "", namespace=where))
        return bool(covers(held, self.authorizer.roles.rules(role)))

    @cached_property
    def running(self) -> list[tuple[tuple[str, str], str]]:
        """The ServiceAccount and title of every Pod where an intruder would find its token."""
        return [
            ((pod.namespace, account_of(pod, self.manifests).name), pod.title)
            for pod in pod_templates(self.manifests)
            if any(
                token.source in ("automount", "projected") and not token.audience
                for token in tokens_of(pod, self.manifests)
            )
        ]

    @cached_property
    def people(self) -> list[tuple[str, Identity]]:
        """Every user and group that a binding names, as `user:jane` or `group:dev`."""
        found = {}
        for binding in self.authorizer.bindings:
            for subject in bound_subjects(binding, ""):
                if subject.kind in ("User", "Group") and not subject.name.startswith(SERVICE_ACCOUNT):
                    text = f"{subject.kind.lower()}:{subject.name}"
                    found[text] = parse_identity(text)
        return sorted(found.items())

    def accounts_of(self, namespace: str) -> list[tuple[str, str]]:
        """The ServiceAccounts of one namespace."""
        return [account for account in self.service_accounts if account[0] == namespace]


def _key(who: Identity) -> str | tuple[str, ...]:
    """What distinguishes one identity from another: the user, or without a user the groups."""
    return who.user or who.groups


def _become(account: tuple[str, str]) -> Identity:
    return service_account(*account)


def escalate(scene: Scene, who: Identity) -> Iterator[Step]:
    """The verb escalate, which allows to give a role more rights than one has.

    If it is allowed only for some names, the roles that count are those that the identity is bound to.
    """
    group = "rbac.authorization.k8s.io"
    for resource, where in _role_places(scene):
        for name, gain in (("", where), *scene.bound_roles(who, resource, where)):
            one = f"{resource}:{name}"
            grant = scene.grant(who, "escalate", group, one, where)
            verbs = ("update", "patch") if name else ("create", "update", "patch")
            if grant and any(scene.grant(who, verb, group, one, where) for verb in verbs):
                title = f"escalate {resource} {name}".rstrip()
                yield Step(f"{title}{_in(where)}", _everything(gain), grant.location)
                break


def bind(scene: Scene, who: Identity) -> Iterator[Step]:
    """The verb bind, which allows to bind oneself to a role that one has no right to grant."""
    group = "rbac.authorization.k8s.io"
    for resource, where in (("clusterrolebindings", ""), *(("rolebindings", n) for n in scene.namespaces)):
        if not any(scene.grant(who, verb, group, resource, where) for verb in ("create", "update", "patch")):
            continue
        if grant := scene.grant(who, "bind", group, "clusterroles:cluster-admin", where):
            yield Step(f"bind cluster-admin by {resource}{_in(where)}", _everything(where), grant.location)
            continue
        for role in scene.bindable(where):
            kind = f"{role.kind.lower()}s"
            named = scene.grant(who, "bind", group, f"{kind}:{role.name}", where)
            if named and scene.lacks(who, role, where):
                gain = Everything(f"what {role.title} allows{_in(where)}")
                yield Step(f"bind {role.title} by {resource}{_in(where)}", gain, named.location)


def impersonate(scene: Scene, who: Identity) -> Iterator[Step]:
    """The verb impersonate on users, groups and ServiceAccounts; a group also needs a user."""

    def may(resource: str, name: str, namespace: str = "") -> Grant | None:
        return scene.grant(who, "impersonate", "", f"{resource}:{name}", namespace)

    as_someone = may("users", "anybody")
    for text, identity in scene.people:
        kind, _, name = text.partition(":")
        grant = may(f"{kind}s", name)
        as_someone = as_someone or (grant if kind == "user" else None)
        if kind == "user" and grant and identity.user != who.user:
            yield Step(f"impersonate user {name}", identity, grant.location)
    for namespace, name in scene.service_accounts:
        if grant := may("serviceaccounts", name, namespace):
            as_someone = as_someone or grant
            yield Step(f"impersonate {namespace}/{name}", _become((namespace, name)), grant.location)
    if not as_someone:
        return
    if grant := may("groups", "system:masters"):
        yield Step("impersonate group system:masters", Everything("cluster-admin"), grant.location)
    for text, identity in scene.people:
        kind, _, name = text.partition(":")
        if kind == "group" and name not in who.groups and (grant := may("groups", name)):
            yield Step(f"impersonate group {name}", identity, grant.location)


def run_workloads(scene: Scene, who: Identity) -> Iterator[Step]:
    """Pods and workloads run as any ServiceAccount of their namespace, with its token mounted."""
    for namespace in scene.namespaces:
        found = _first_workload(scene, who, namespace)
        if found is None:
            continue
        what, grant = found
        for account in scene.accounts_of(namespace):
            yield Step(f"{what} in {namespace} as {'/'.join(account)}", _become(account), grant.location)


def _first_workload(scene: Scene, who: Identity, namespace: str) -> tuple[str, Grant] | None:
    """A request that creates a Pod in the namespace; an update needs an existing workload."""
    for group, resource, verbs in WORKLOADS:
        kind = find_resource(resource, group)
        existing = [
            m.name for m in scene.manifests if kind and (m.kind, m.namespace) == (kind.kind, namespace)
        ]
        for verb in verbs:
            for name in [""] if verb == "create" else ["", *existing]:
                if grant := scene.grant(who, verb, group, f"{resource}:{name}", namespace):
                    return " ".join(filter(None, (verb, resource, name))), grant
    return None


def enter_pods(scene: Scene, who: Identity) -> Iterator[Step]:
    """Exec, attach and ephemeral containers reach the token that a running Pod has mounted."""
    ways = (
        ("create", "pods/exec"),
        ("create", "pods/attach"),
        ("patch", "pods/ephemeralcontainers"),
        ("update", "pods/ephemeralcontainers"),  # The rest of a Pod stays, whatever is sent.
    )
    for account, title in scene.running:
        for verb, resource in ways:
            if grant := scene.grant(who, verb, "", resource, account[0]):
                yield Step(f"{resource} into {title} ({'/'.join(account)})", _become(account), grant.location)
                break


def request_tokens(scene: Scene, who: Identity) -> Iterator[Step]:
    """A token can be requested with the TokenRequest API."""
    for namespace, name in scene.service_accounts:
        if grant := scene.grant(who, "create", "", f"serviceaccounts/token:{name}", namespace):
            yield Step(f"request a token of {namespace}/{name}", _become((namespace, name)), grant.location)


def read_secrets(scene: Scene, who: Identity) -> Iterator[Step]:
    """Secrets that contain a ServiceAccount's token; with the right to create Secrets, one can
    also create such a Secret."""
    for namespace in scene.namespaces:
        reads = scene.grant(who, "list", "", "secrets", namespace)
        reads = reads or scene.grant(who, "watch", "", "secrets", namespace)
        any_name = scene.grant(who, "get", "", "secrets", namespace) or reads
        creates = scene.grant(who, "create", "", "secrets", namespace)
        for account in scene.accounts_of(namespace):
            names = token_secrets(scene, account)
            named = (scene.grant(who, "get", "", f"secrets:{name}", namespace) for name in names)
            grant = next((found for found in named if found), reads if names else None)
            if grant is None and creates and any_name:
                grant = any_name
            if grant:
                yield Step(f"secrets -> token of {'/'.join(account)}", _become(account), grant.location)


def token_secrets(scene: Scene, account: tuple[str, str]) -> list[str]:
    """The names of the Secrets that contain a token of a ServiceAccount."""
    return [
        manifest.name
        for manifest in scene.manifests
        if manifest.kind == "Secret"
        and manifest.namespace == account[0]
        and manifest.get("type") == "kubernetes.io/service-account-token"
        and manifest.get("metadata", "annotations", "kubernetes.io/service-account.name") == account[1]
    ]


def sign_certificates(scene: Scene, who: Identity) -> Iterator[Step]:
    """Requesting and approving a client certificate for any user (except the group system:masters)."""
    group = "certificates.k8s.io"
    asks = scene.grant(who, "create", group, "certificatesigningrequests")
    approval = "certificatesigningrequests/approval"
    approves = scene.grant(who, "update", group, approval) or scene.grant(who, "patch", group, approval)
    signs = scene.grant(who, "approve", group, f"signers:{CLIENT_SIGNER}") or scene.grant(
        who, "approve", group, "signers:kubernetes.io/*"
    )
    if asks and approves and signs:
        for text, identity in scene.people:
            if text != "group:system:masters" and _key(identity) != _key(who):
                title = text.replace(":", " ", 1)
                yield Step(f"approve a certificate for {title}", identity, signs.location)


def take_nodes(scene: Scene, who: Identity) -> Iterator[Step]:
    """The kubelet's own API, the node's disk, and webhooks or policies that rewrite every object."""

    def may(verbs: tuple[str, ...], group: str, resource: str) -> Grant | None:
        return next((found for verb in verbs if (found := scene.grant(who, verb, group, resource))), None)

    total = Everything("cluster-admin")
    if grant := may(("get", "create"), "", "nodes/proxy"):
        yield Step("run commands in every Pod through the kubelet", total, grant.location)
    webhooks = ("admissionregistration.k8s.io", "mutatingwebhookconfigurations")
    if grant := may(("create", "update", "patch"), *webhooks):
        yield Step("rewrite objects with a webhook", total, grant.location)
    if scene.kubernetes >= Version(1, 36):  # which serves MutatingAdmissionPolicies
        changes = ("create", "update", "patch")
        bound = any(one.kind == "MutatingAdmissionPolicyBinding" for one in scene.manifests)
        binds = may(changes, webhooks[0], "mutatingadmissionpolicybindings")
        grant = may(changes if binds else changes[1:], webhooks[0], "mutatingadmissionpolicies")
        if grant and (binds or bound):
            yield Step("rewrite objects with a MutatingAdmissionPolicy", total, grant.location)
    makes_pods = any(_first_workload(scene, who, namespace) for namespace in scene.namespaces)
    if makes_pods and (grant := may(("create",), "", "persistentvolumes")):
        yield Step("mount a node's disk with a hostPath PersistentVolume", total, grant.location)


def _role_places(scene: Scene) -> list[tuple[str, str]]:
    return [("clusterroles", ""), *(("roles", namespace) for namespace in scene.namespaces)]


def _everything(namespace: str) -> Everything:
    return Everything(f"admin of {namespace}" if namespace else "cluster-admin")


def _in(namespace: str) -> str:
    return f" in {namespace}" if namespace else ""


STEPS: tuple[Callable[[Scene, Identity], Iterator[Step]], ...] = (
    escalate,
    bind,
    impersonate,
    take_nodes,
    run_workloads,
    enter_pods,
    request_tokens,
    read_secrets,
    sign_certificates,
)
"""What finds the steps that an identity can take, the most direct first."""
