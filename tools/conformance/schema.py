"""Family `schema`: would the API server of Kubernetes 1.36 create what these manifests say?"""

from __future__ import annotations

from typing import Any

from trainer.errors import TrainerError
from trainer.manifests.admit import admit
from trainer.manifests.reading.objects import manifests_of
from trainer.manifests.reading.parse import parse
from trainer.manifests.schema.kinds import is_custom
from trainer.simulate.admission.compiled import WITH_EXPRESSIONS, problems_of
from trainer.simulate.custom import rules
from trainer.verdict import Problem, Severity
from trainer.versions import Version

KUBERNETES = Version(1, 36)


def judge(case: dict[str, Any]) -> str | None:
    """None where our verdict is the expected one, else ours with its first reason."""
    documents, problems = 0, list[Problem]()
    for name, text in case["files"].items():
        try:
            count, found = refusals(text.encode(), name)
        except TrainerError as error:
            count, found = 1, [Problem(str(error))]
        documents += count
        problems += found
    said = "invalid" if problems else "valid" if documents else "empty"
    if said == case["expected"]:
        return None
    first = problems[0] if problems else None
    return f"{said}: {first.location}: {first.message}" if first else said


def refusals(data: bytes, file: str) -> tuple[int, list[Problem]]:
    """How many documents a file has, and the errors in them. A bare API server has no custom kinds."""
    parsed = parse(data, file)
    manifests, found = manifests_of(parsed.documents)
    problems = [*parsed.problems, *found]
    for manifest in manifests:
        if is_custom(manifest.api_version, manifest.kind):
            problems.append(Problem(f"no matches for kind {manifest.kind}", location=manifest.where("kind")))
        else:
            admitted = admit(manifest, KUBERNETES)
            problems += admitted.problems
            if admitted.manifest is not None and manifest.kind in WITH_EXPRESSIONS:
                problems += problems_of(admitted.manifest)
            elif admitted.manifest is not None and manifest.kind == rules.DEFINITION:
                problems += rules.problems_of(admitted.manifest)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    return len(parsed.documents), errors
