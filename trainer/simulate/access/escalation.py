"""Privilege escalation: by which steps can a subject gain rights that its bindings don't grant.

Follows https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
(v1.35): escalate, bind, impersonate, workloads that run as another ServiceAccount, exec and ephemeral
containers, token requests, Secrets with tokens, certificate signing, nodes/proxy, PersistentVolumes
on the node's disk, mutating webhooks. The search follows which identity can become which, breadth
first, so that each chain is the shortest.

From v1.36 on, constrained impersonation (`pkg/endpoints/filters/impersonation` of
k8s.io/apiserver) allows single verbs as another identity; a subject that has both halves of it is
not judged.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.simulate.access.authorizer import Authorizer, RolesHeld, covers
from trainer.simulate.access.defaults import BUILT_IN
from trainer.simulate.access.escalation_steps import STEPS, Everything, Scene, Step
from trainer.simulate.access.policy_rules import PolicyRule
from trainer.simulate.access.requests import Identity, Request
from trainer.versions import DEFAULT, Version

CLUSTER_ADMIN = "cluster-admin"
SERVICE_ACCOUNTS = "system:serviceaccounts"
_CONSTRAINED_SINCE = Version(1, 36)
"""From this version on, the feature ConstrainedImpersonation is on by default."""


class Chain(msgspec.Struct, frozen=True):
    """One privilege escalation: the steps in order, and what the last one gains."""

    steps: tuple[Step, ...]
    gains: str

    def __str__(self) -> str:
        parts = [step.by for step in self.steps]
        return " -> ".join([*parts, self.gains])


def escalations(
    authorizer: Authorizer,
    manifests: Iterable[Manifest],
    start: Identity,
    kubernetes: Version = DEFAULT,
) -> list[Chain]:
    """The shortest chains from a subject to rights that it lacks, the widest gains first.

    `manifests` are the objects of the world: Pods, ServiceAccounts and Secrets also matter. Raises
    `NotJudged` for constrained impersonation.
    """
    scene = Scene(authorizer, tuple(manifests), kubernetes)
    queue: deque[tuple[Identity, tuple[Step, ...]]] = deque([(start, ())])
    seen = {start.user or start.groups}
    total: list[Chain] = []
    partial: list[Chain] = []
    done: set[tuple[object, ...]] = set()
    gains: dict[RolesHeld, str] = {}
    while queue:
        identity, steps = queue.popleft()
        alike = (*identity.groups, *authorizer.roles_of(identity))
        if alike in done:
            continue  # its steps lead where those of the other led
        done.add(alike)
        if kubernetes >= _CONSTRAINED_SINCE:
            _check_constrained(scene, identity)
        for find in STEPS:
            for step in find(scene, identity):
                chain = (*steps, step)
                if isinstance(step.target, Everything):
                    total.append(Chain(chain, step.target.title))
                    continue
                key = step.target.user or step.target.groups
                if key in seen:
                    continue
                seen.add(key)
                roles = authorizer.roles_of(step.target)
                if roles not in gains:
                    gains[roles] = what_it_gains(scene, start, step.target)
                gained = gains[roles]
                if gained == CLUSTER_ADMIN:
                    total.append(Chain(chain, gained))
                    continue
                queue.append((step.target, chain))
                if gained:
                    partial.append(Chain(chain, gained))
    return _shortest_per_gain(total) + partial


def _check_constrained(scene: Scene, who: Identity) -> None:
    """Raises `NotJudged` if the subject can act as another identity for some verbs.

    It takes two rules: `impersonate:<mode>` for the identity, `impersonate-on:<mode>:<verb>` for the verb.
    """
    rules = [rule for place in ("", *scene.namespaces) for rule in _rules(scene.authorizer, who, place)]
    whom = any(verb.startswith("impersonate:") for rule in rules for verb in rule.verbs)
    for rule in rules if whom else ():
        for verb in rule.verbs:
            if verb.startswith("impersonate-on:"):
                raise NotJudged(f"constrained impersonation by the verb {verb}", rule.location)


def what_it_gains(scene: Scene, start: Identity, target: Identity) -> str:
    """A right of `target` that `start` lacks, in words; may be empty.

    What a new cluster gives every ServiceAccount (to read how its tokens are verified) isn't a gain.
    """
    everybody = Request(Identity("", (SERVICE_ACCOUNTS,)), "")
    standing = [
        one.rule for one in scene.authorizer.grants(everybody) if one.binding.document.file == BUILT_IN
    ]
    for namespace in ("", *scene.namespaces):
        held = _rules(scene.authorizer, start, namespace) + standing
        lacking = covers(held, _rules(scene.authorizer, target, namespace))
        if lacking:
            where = f" in {namespace}" if namespace else " everywhere"
            if any(rule.verbs == ("*",) and rule.resources == ("*",) for rule in lacking):
                return CLUSTER_ADMIN if not namespace else f"admin of {namespace}"
            telling = (rule for rule in lacking if "secrets" in rule.resources)
            return next(telling, lacking[0]).text + where
    return ""


def _rules(authorizer: Authorizer, identity: Identity, namespace: str) -> list[PolicyRule]:
    return authorizer.rules_for(Request(identity, "", namespace=namespace))


def _shortest_per_gain(chains: list[Chain]) -> list[Chain]:
    """Of several chains to the same end by the same last step, the first (shortest)."""
    found: dict[tuple[str, str], Chain] = {}
    for chain in chains:
        found.setdefault((chain.gains, chain.steps[-1].by), chain)
    return list(found.values())
