"""Family `psa-community`: workloads from public repositories at three versions of the standards."""

from __future__ import annotations

from typing import Any

from trainer.manifests.defaults import with_defaults
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.podsecurity.levels import evaluate
from trainer.simulate.workloads import PodTemplate, pod_template
from trainer.versions import DEFAULT


def judge(case: dict[str, Any]) -> str | None:
    """None where we agree with the case on every level and version, and on the reasons."""
    document = parse(case["manifest"].encode(), "workload.yaml").documents[0]
    template = made_pod(Manifest(document.value, document))
    if template is None:
        return "no pod in this case"
    wrong = {}
    for key, expected in case["verdicts"].items():
        level, _, version = key.partition("/")
        violations = evaluate(template, level, version)
        reasons = sorted(violation.reason for violation in violations)
        wanted = sorted(reason.replace("profiles", "profile") for reason in expected.get("reasons") or ())
        if bool(violations) is expected["allowed"] or reasons != wanted:
            wrong[key] = reasons
    return str(wrong) if wrong else None


def made_pod(workload: Manifest) -> PodTemplate | None:
    """The pod that a workload makes, with the defaults of a pod (they differ from a template's)."""
    template = pod_template(workload)
    if template is None:
        return None
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": template.metadata, "spec": template.spec}
    return pod_template(with_defaults(workload.with_data(pod), DEFAULT))
