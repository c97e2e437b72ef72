"""`ask can-i` and `ask escalate`: what can a subject do, and how can it escalate its privileges?"""

from __future__ import annotations

from collections.abc import Sequence

from trainer.ask import Reply
from trainer.manifests.model import Manifest
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.access.escalation import escalations
from trainer.simulate.access.requests import parse_identity, parse_request
from trainer.verdict import Reason
from trainer.versions import DEFAULT, Version


def authorizer(manifests: Sequence[Manifest]) -> Authorizer:
    """These RBAC objects together with the defaults of a new cluster."""
    return Authorizer((*default_policy(), *manifests))


def ask_can_i(
    manifests: Sequence[Manifest], who: str, do: str, namespace: str, groups: tuple[str, ...]
) -> Reply:
    """Can the subject do this? `who` is `sa:ci/deployer`, `user:jane` or `group:dev`."""
    request = parse_request(parse_identity(who, groups), do, namespace)
    access = authorizer(manifests).decide(request)
    if access.grant is not None:
        grant = access.grant
        reason = Reason(f"{grant.title} grants it with the rule: {grant.rule.text}", grant.location)
        return Reply(request.title, "yes", (reason,), data={"allowed": True})
    reasons = tuple(
        Reason(f"{binding.title} refers to a role that doesn't exist", binding.where("roleRef"))
        for binding in access.dangling
    )
    return Reply(request.title, "no", reasons or (Reason("no rule allows it"),), data={"allowed": False})


def ask_escalate(
    manifests: Sequence[Manifest], who: str, groups: tuple[str, ...], kubernetes: Version = DEFAULT
) -> Reply:
    """Which privilege-escalation paths does the subject have?"""
    identity = parse_identity(who, groups)
    chains = escalations(authorizer(manifests), manifests, identity, kubernetes)
    reasons = tuple(Reason(str(chain), chain.steps[0].location) for chain in chains)
    answer = f"{len(chains)} privilege-escalation path{'' if len(chains) == 1 else 's'} found"
    listed = [{"steps": [step.by for step in chain.steps], "gains": chain.gains} for chain in chains]
    return Reply(
        identity.title,
        answer if chains else "no privilege escalation found",
        reasons,
        data={"chains": listed},
        finds=True,
    )
