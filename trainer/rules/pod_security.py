"""Judges whether Pods meet a level of the Pod Security Standards.

Looks at Pods and at the Pod templates of workloads, at all kinds of containers. Each violated
control is named with the line of every offending value.
"""

from __future__ import annotations

from typing import Literal

from trainer.picture import Cell, Picture, Row, asked, drawn, nothing_to_see
from trainer.rules import Live, Reads
from trainer.rules._pods.target import AboutPods, pods_before, pods_of
from trainer.simulate.podsecurity.levels import Violation, controls_at, evaluate, parse_version
from trainer.simulate.workloads import PodTemplate
from trainer.simulate.world import World
from trainer.verdict import Outcome, Reason

READS = Reads(Live.OBJECTS)


class Params(AboutPods, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Which Pods, and which level."""

    level: Literal["baseline", "restricted"]
    """The level of the Pod Security Standards that must be met."""
    version: str = ""
    """The version of the standards: `v1.35`, `latest`; the card's Kubernetes version if omitted."""


def judge(world: World, params: Params) -> Outcome:
    """FAIL with every control that one of the Pods violates."""
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return pods
    version = params.version or f"v{world.kubernetes}"
    reasons: list[Reason] = []
    evidence: list[str] = []
    for pod in pods:
        violations = evaluate(pod, params.level, version)
        reasons += violation_reasons(violations)
        if violations:
            evidence.append(refusal(pod, params.level, version, violations))
    return Outcome.of(reasons, evidence)


def picture(world: World, params: Params) -> Picture:
    """The controls of the level by Pod: which of them it meets, now and before the answer."""
    title = f"Controls of the level {params.level}"
    pods = pods_of(world, params)
    if isinstance(pods, Outcome):
        return nothing_to_see(title, pods)
    version = params.version or f"v{world.kubernetes}"
    earlier = {
        pod.title: {one.control for one in evaluate(pod, params.level, version)}
        for pod in pods_before(world, params)
    }
    cells: dict[str, list[Cell]] = {}
    for pod in pods:
        found = {one.control: one for one in evaluate(pod, params.level, version)}
        before = earlier.get(pod.title)
        for control, _ in controls_at(params.level, parse_version(version)):
            violation = found.get(control.id)
            was = "" if before is None else "violated" if control.id in before else "met"
            word = "violated" if violation else "met"
            place = violation.locations[0] if violation and violation.locations else None
            cells.setdefault(control.id, []).append(asked(violation is None, word, was, place))
    return drawn(title, [pod.title for pod in pods], [Row(name, tuple(row)) for name, row in cells.items()])


def violation_reasons(violations: list[Violation] | tuple[Violation, ...]) -> list[Reason]:
    """One reason for each offending place."""
    return [
        Reason(f"{finding.message[0].upper()}{finding.message[1:]}.", place)
        for violation in violations
        for finding, place in zip(violation.findings, violation.locations, strict=True)
    ]


def refusal(pod: PodTemplate, level: str, version: str, violations: list[Violation]) -> str:
    """What a namespace that enforces the level would reply, in one sentence."""
    controls = ", ".join(dict.fromkeys(violation.reason for violation in violations))
    whose = pod.title if pod.owner.kind == "Pod" else f"the Pods of {pod.title}"
    return f"A namespace that enforces {level} ({version}) refuses {whose}: {controls}."
