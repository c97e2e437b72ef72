"""`ask audit`: how does an audit policy record a request?"""

from __future__ import annotations

from collections.abc import Sequence

from trainer.ask import Reply, only
from trainer.manifests.model import Manifest
from trainer.simulate.access.requests import parse_identity, parse_request
from trainer.simulate.components.audit import decide, problems_of
from trainer.verdict import Reason
from trainer.versions import Version


def ask_audit(
    manifests: Sequence[Manifest],
    who: str,
    do: str,
    namespace: str,
    groups: tuple[str, ...],
    kubernetes: Version,
) -> Reply:
    """The level, the stages and the deciding rule for one request."""
    policy = only(manifests, "Policy")
    request = parse_request(parse_identity(who, groups), do, namespace)
    decision = decide(policy, request)
    problems = [Reason(f"the policy: {p.message}", p.location) for p in problems_of(policy, kubernetes)]
    why = f"rule {decision.rule + 1} is the first that matches" if decision.rule >= 0 else "no rule matches"
    stages = ", ".join(decision.stages) or "no stage"
    data = {"level": decision.level, "stages": list(decision.stages), "rule": decision.rule + 1}
    return Reply(
        request.title, decision.level, (Reason(f"{why}: {stages}", decision.location), *problems), data=data
    )
