"""Family `audit`: level and omitted stages of a request, and whether the server loads a policy."""

from __future__ import annotations

from typing import Any

from trainer.manifests.admit import admit
from trainer.manifests.model import Manifest
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import Parsed, parse
from trainer.simulate.access.requests import Identity, Request
from trainer.simulate.components.audit import decide, problems_of
from trainer.verdict import Severity
from trainer.versions import Version

KUBERNETES = Version(1, 36)


def judge(case: dict[str, Any]) -> str | None:
    """None where we agree with the case, else what we say instead."""
    [(name, text)] = case["files"].items()
    parsed = parse(text.encode(), name)
    if case["kind"] == "policy-validity":
        validity = _validity(parsed)
        return None if validity == case["expected"] else validity
    document = parsed.documents[0]
    policy = Manifest(document.value, document)
    asked = case["request"]
    decision = decide(policy, _request(asked))
    said = {"level": decision.level}
    expected = {"level": case["expected_level"]}
    if "expected_omit_stages" in case:
        said["stages"] = str(sorted(decision.omit_stages))
        expected["stages"] = str(sorted(case["expected_omit_stages"] or []))
    if "expected_omit_managed_fields" in case:
        said["managed"] = str(decision.omit_managed_fields)
        expected["managed"] = str(bool(case["expected_omit_managed_fields"]))
    return None if said == expected else str(said)


def _validity(parsed: Parsed) -> str:
    """As the API server finds the file: it reads the first document alone."""
    manifests, _ = manifests_of(parsed.documents[:1])
    if not manifests:
        return "invalid"
    problems = [*parsed.problems, *admit(manifests[0], KUBERNETES).problems]
    severities = {problem.severity for problem in [*problems, *problems_of(manifests[0], KUBERNETES)]}
    if Severity.ERROR in severities:
        return "invalid"
    return "valid-with-warning" if severities else "valid"


def _request(asked: dict[str, Any]) -> Request:
    subject = Identity(asked.get("user", ""), tuple(asked.get("groups") or ()))
    if not asked["resourceRequest"]:
        return Request(subject, asked["verb"], path=asked.get("path", "/"))
    return Request(
        subject,
        asked["verb"],
        asked["resource"],
        asked.get("apiGroup", ""),
        asked.get("subresource", ""),
        asked.get("namespace", ""),
        asked.get("name", ""),
    )
