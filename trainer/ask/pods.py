"""`ask pod-security`: which level do these Pods and workloads meet, and what keeps them from the next?"""

from __future__ import annotations

from collections.abc import Sequence

from trainer.ask import Absent, Reply
from trainer.manifests.model import Manifest
from trainer.simulate.podsecurity.levels import LEVELS, Violation, evaluate
from trainer.simulate.workloads import PodTemplate, pod_templates
from trainer.verdict import Reason


def ask_pod_security(manifests: Sequence[Manifest], level: str, version: str) -> Reply:
    """Each Pod's strictest level; the reasons say what a level (the given one, or the next) refuses."""
    pods = pod_templates(manifests)
    if not pods:
        raise Absent("the files contain no Pod or workload")
    reached: list[dict[str, object]] = []
    reasons: list[Reason] = []
    for pod in pods:
        own = strictest(pod, version)
        asked = level or _next(own)
        violations = evaluate(pod, asked, version) if asked else []
        reached.append({"object": pod.title, "level": own, "violations": [v.control for v in violations]})
        reasons += [
            Reason(f"{pod.title}, {asked}: {finding.message}", place)
            for violation in violations
            for finding, place in zip(violation.findings, violation.locations, strict=True)
        ]
    worst = min((str(row["level"]) for row in reached), key=LEVELS.index)
    rows = (("object", "meets"), *((str(row["object"]), str(row["level"])) for row in reached))
    asked_for = f"{level} ({version})" if level else f"the strictest level ({version})"
    return Reply(f"Pod Security: {asked_for}", worst, tuple(reasons), rows, {"objects": reached}, finds=True)


def strictest(pod: PodTemplate, version: str) -> str:
    """The strictest level that a Pod meets."""
    found: list[Violation] = evaluate(pod, "baseline", version)
    if found:
        return "privileged"
    return "baseline" if evaluate(pod, "restricted", version) else "restricted"


def _next(level: str) -> str:
    position = LEVELS.index(level) + 1
    return LEVELS[position] if position < len(LEVELS) else ""
