"""Which refused documents of an answer keep it from passing: those that its checks could be about.

`kubectl apply -f` sends each document on its own: if the API server refuses one, it still applies the others,
and exits with 1 (`ApplyOptions.Run` in k8s.io/kubectl/pkg/cmd/apply/apply.go, v1.35). So checks may pass
without a refused document. If the card could need it, the answer doesn't pass; a document of another kind,
or an object that no check names, is only reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trainer.content.card import Check
from trainer.manifests.model import Manifest
from trainer.match.target import Target, target_of
from trainer.rules import load_rule
from trainer.simulate.workloads import TEMPLATE_PATHS
from trainer.simulate.world import Refused
from trainer.verdict import Refusal


def refusals_of(checks: Sequence[Check], refused: Iterable[Refused]) -> tuple[Refusal, ...]:
    """What kubectl would refuse of an answer, each document once, and whether a check could be about it."""
    found: dict[str, Refusal] = {}
    for one in refused:
        if one.exists:
            continue
        title, counts = _title(one), one.manifest is None or is_asked_for(checks, one.manifest)
        found[title] = Refusal(title, counts or (title in found and found[title].counts))
    return tuple(found.values())


def is_asked_for(checks: Sequence[Check], manifest: Manifest) -> bool:
    """Whether a check names the object, all of its kind, or has a rule that reads its kind."""
    return any(_could_be(check, manifest) for check in checks)


def _could_be(check: Check, manifest: Manifest) -> bool:
    kinds = load_rule(check.rule).READS.kinds
    if manifest.kind in kinds or ("Workload" in kinds and manifest.kind in TEMPLATE_PATHS):
        return True
    named: Target | str | None = getattr(check.params, "object", None)
    if named is None:
        return False
    target = target_of(named)
    # The namespace may be the very mistake for which it is refused.
    return target.is_kind(manifest) and target.name in ("", manifest.name)


def _title(one: Refused) -> str:
    if one.manifest is not None:
        return one.manifest.title
    place = one.problems[0].location if one.problems else None
    return f"the document at {place}" if place is not None else "a document"
