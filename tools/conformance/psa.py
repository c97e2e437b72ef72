"""Family `psa`: Kubernetes' own Pod Security fixtures, by level, version and control."""

from __future__ import annotations

from typing import Any

from trainer.manifests.defaults import with_defaults
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.simulate.podsecurity.levels import evaluate
from trainer.simulate.workloads import pod_template
from trainer.versions import DEFAULT


def judge(case: dict[str, Any]) -> str | None:
    """None where we agree with the case, else what we say instead."""
    [text] = case["files"].values()
    expected = {case["level"]: case["expected"]} | (case.get("other_levels") or {})
    said = {level: verdict(text, level, case["version"]) for level in expected}
    return None if said == expected else str(said)


def verdict(text: str, level: str, version: str) -> str:
    """`pass` or `fail` of one manifest at a level and version."""
    document = parse(text.encode(), "pod.yaml").documents[0]
    template = pod_template(with_defaults(Manifest(document.value, document), DEFAULT))
    if template is None:
        return "no pod in this case"
    return "fail" if evaluate(template, level, version) else "pass"
