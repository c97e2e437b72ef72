"""RBAC: is a request allowed, by which binding and rule, and what else is its subject allowed to do.

Follows https://kubernetes.io/docs/reference/access-authn-authz/rbac/ and the authorizer of Kubernetes
v1.35 (`plugin/pkg/auth/authorizer/rbac`, `pkg/registry/rbac/validation/rule.go`,
`k8s.io/component-helpers/auth/rbac/validation`): access is the union of all bindings, nothing removes
access, a binding to a missing role grants nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from trainer.manifests.model import Manifest
from trainer.manifests.values import mappings
from trainer.simulate.access.policy_rules import PolicyRule
from trainer.simulate.access.requests import Identity, Request
from trainer.simulate.access.roles import Roles
from trainer.verdict import Location

SERVICE_ACCOUNT = "system:serviceaccount:"


RolesHeld = tuple[tuple[int, str], ...]
"""Roles by their identity, and where each holds; bindings without a role, too."""


class BoundSubject(msgspec.Struct, frozen=True):
    """One entry of a binding's `subjects`. `namespace` is set for ServiceAccounts only."""

    kind: str
    name: str
    namespace: str = ""


class Grant(msgspec.Struct, frozen=True, eq=False):
    """One rule that a binding gives to its subjects, and where all of it is written.

    `namespace` is where it applies; empty means everywhere (ClusterRoleBinding).
    """

    binding: Manifest
    role: Manifest
    rule: PolicyRule
    namespace: str
    subject: BoundSubject
    subject_index: int

    @property
    def location(self) -> Location:
        """The rule's place in its role."""
        return self.rule.location

    @property
    def title(self) -> str:
        """The chain in words: `RoleBinding ci/deployer gives Role ci/deployer to Group x`."""
        who = self.subject.name
        if self.subject.kind == "ServiceAccount":
            who = f"{self.subject.namespace}/{who}"
        return f"{self.binding.title} gives {self.role.title} to {self.subject.kind} {who}"


class Membership:
    """A subject of a binding whose role exists: all that the binding grants to it."""

    __slots__ = ("_grants", "binding", "index", "namespace", "role", "rules", "subject")

    def __init__(
        self,
        binding: Manifest,
        role: Manifest,
        rules: tuple[PolicyRule, ...],
        subject: BoundSubject,
        index: int,
    ) -> None:
        self.binding, self.role, self.rules = binding, role, rules
        self.subject, self.index = subject, index
        self.namespace = "" if binding.kind.startswith("Cluster") else binding.namespace or "default"
        self._grants: tuple[Grant, ...] | None = None

    @property
    def grants(self) -> tuple[Grant, ...]:
        """A grant for each rule, made when somebody asks: every subject has all rules of its roles."""
        if self._grants is None:
            self._grants = tuple(
                Grant(self.binding, self.role, rule, self.namespace, self.subject, self.index)
                for rule in self.rules
            )
        return self._grants


class Access(msgspec.Struct, frozen=True):
    """The answer to one request: allowed by `grant`, or denied, with what almost allowed it."""

    allowed: bool
    grant: Grant | None = None
    dangling: tuple[Manifest, ...] = ()
    """Bindings of the subject whose role doesn't exist."""


class Authorizer:
    """Everything that the RBAC objects of a world grant, indexed by user and group.

    Of two objects with the same kind, namespace and name the later one counts.
    """

    def __init__(self, manifests: Iterable[Manifest]) -> None:
        self.roles = Roles(manifests)
        self._users: dict[str, list[Membership]] = defaultdict(list)
        self._groups: dict[str, list[Membership]] = defaultdict(list)
        self._dangling: dict[tuple[str, str], list[Manifest]] = defaultdict(list)
        self.bindings = tuple(self._in_order())
        for binding in self.bindings:
            self._index(binding)

    def _in_order(self) -> Iterator[Manifest]:
        """The bindings as the authorizer visits them: cluster-wide ones first."""
        for kind in ("ClusterRoleBinding", "RoleBinding"):
            yield from (found for found in self.roles.objects.values() if found.kind == kind)

    def _index(self, binding: Manifest) -> None:
        namespace = self.roles.namespace_of(binding)
        role = self.roles.referred(binding)
        rules = self.roles.rules(role) if role else ()
        seen: set[tuple[str, str]] = set()
        for index, subject in enumerate(bound_subjects(binding, namespace)):
            key = _key(subject)
            if key is None or key in seen:
                continue
            seen.add(key)
            if role is None:
                self._dangling[key].append(binding)
                continue
            table = self._users if key[0] == "user" else self._groups
            table[key[1]].append(Membership(binding, role, rules, subject, index))

    def memberships(self, identity: Identity) -> Iterator[Membership]:
        """What makes the subject a member of a binding: its name first, then its groups."""
        if identity.user:
            yield from self._users.get(identity.user, ())
        for group in dict.fromkeys(identity.groups):
            yield from self._groups.get(group, ())

    def roles_of(self, identity: Identity) -> RolesHeld:
        """All that decides what a subject may do, to compare: many subjects of one binding are alike."""
        return (
            *((id(one.role), one.namespace) for one in self.memberships(identity)),
            *((id(binding), "") for binding in self.dangling(identity)),
        )

    def grants(self, request: Request) -> Iterator[Grant]:
        """Every grant of the request's subject that holds in the request's namespace."""
        for one in self.memberships(request.subject):
            if not one.namespace or one.namespace == request.namespace:
                yield from one.grants

    def decide(self, request: Request) -> Access:
        """Whether the request is allowed, and by what."""
        identity = request.subject
        for one in self.memberships(identity):
            if one.namespace and one.namespace != request.namespace:
                continue
            for number, rule in enumerate(one.rules):
                if rule.allows(request):
                    return Access(True, one.grants[number])
        return Access(False, dangling=self.dangling(identity))

    def dangling(self, identity: Identity) -> tuple[Manifest, ...]:
        """The subject's bindings whose role doesn't exist."""
        keys = [("user", identity.user), *(("group", group) for group in identity.groups)]
        return tuple(binding for key in keys for binding in self._dangling.get(key, ()))

    def rules_for(self, request: Request) -> list[PolicyRule]:
        """The rules that the subject has in the request's namespace, cluster-wide ones included."""
        return [grant.rule for grant in self.grants(request)]

    def who_can(self, request: Request) -> list[BoundSubject]:
        """The subjects of all bindings that allow the request, whatever its subject; each once."""
        found: dict[BoundSubject, None] = {}
        for binding in self.bindings:
            namespace = self.roles.namespace_of(binding)
            role = self.roles.referred(binding)
            if role is None or (namespace and namespace != request.namespace):
                continue
            if any(rule.allows(request) for rule in self.roles.rules(role)):
                found |= dict.fromkeys(bound_subjects(binding, namespace))
        return list(found)


def bound_subjects(binding: Manifest, namespace: str) -> list[BoundSubject]:
    """The subjects of a binding; a ServiceAccount without a namespace has that of the RoleBinding."""
    subjects = []
    for entry in mappings(binding.get("subjects")):
        kind, name = str(entry.get("kind") or ""), str(entry.get("name") or "")
        own = str(entry.get("namespace") or namespace) if kind == "ServiceAccount" else ""
        subjects.append(BoundSubject(kind, name, own))
    return subjects


def _key(subject: BoundSubject) -> tuple[str, str] | None:
    if subject.kind == "User":
        return "user", subject.name
    if subject.kind == "Group":
        return "group", subject.name
    if subject.kind == "ServiceAccount" and subject.namespace:
        return "user", f"{SERVICE_ACCOUNT}{subject.namespace}:{subject.name}"
    return None


def covers(owner: Iterable[PolicyRule], wanted: Iterable[PolicyRule]) -> list[PolicyRule]:
    """What of `wanted` the owner does not hold: empty means that the owner may grant it all.

    Each of the returned rules is for one verb, group and resource (or path). The API server uses
    this check to stop users from granting more than they have.
    """
    rules = tuple(owner)
    return [
        single
        for rule in wanted
        for single in rule.singles()
        if not any(held.covers(single) for held in rules)
    ]
