"""`ask admit`: what do admission policies do with an object?"""

from __future__ import annotations

from collections.abc import Sequence

from trainer.ask import Absent, Reply
from trainer.manifests.model import Manifest
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.access.defaults import default_policy
from trainer.simulate.access.requests import parse_identity
from trainer.simulate.admission.compiled import POLICY, problems_of
from trainer.simulate.admission.matching import AdmissionRequest
from trainer.simulate.admission.policies import admit
from trainer.verdict import Reason


def ask_admit(manifests: Sequence[Manifest], subjects: Sequence[Manifest], operation: str, who: str) -> Reply:
    """What the policies among `manifests` do with each of the `subjects`, and which expression decides."""
    policies = [manifest for manifest in manifests if manifest.kind == POLICY]
    if not policies:
        raise Absent(f"the files contain no {POLICY}")
    authorizer = Authorizer((*default_policy(), *manifests))
    reasons = [
        Reason(f"{policy.title}: {problem.message}", problem.location)
        for policy in policies
        for problem in problems_of(policy)
    ]
    outcomes: list[dict[str, object]] = []
    for subject in subjects:
        admission = admit(manifests, _request(manifests, subject, operation, who), authorizer)
        word = "denied" if admission.denied else "warned" if admission.warned else "admitted"
        outcomes.append({"object": subject.title, "outcome": word})
        reasons += [Reason(f"{subject.title}: {one.message}", one.location) for one in admission.violations]
        if not admission.evaluated:
            reasons.append(Reason(f"{subject.title}: no bound policy matches it"))
    words = {str(one["outcome"]) for one in outcomes}
    answer = words.pop() if len(words) == 1 else f"{sum(o['outcome'] == 'denied' for o in outcomes)} denied"
    rows = (("object", "outcome"), *((str(one["object"]), str(one["outcome"])) for one in outcomes))
    question = f"{operation} of {', '.join(subject.title for subject in subjects)}"
    return Reply(question, answer, tuple(reasons), rows, {"objects": outcomes})


def _request(manifests: Sequence[Manifest], subject: Manifest, operation: str, who: str) -> AdmissionRequest:
    namespaces = [m for m in manifests if m.kind == "Namespace" and m.name == subject.namespace]
    labels = namespaces[-1].labels if namespaces else {"kubernetes.io/metadata.name": subject.namespace}
    data = namespaces[-1].data if namespaces else {"metadata": {"name": subject.namespace, "labels": labels}}
    deleted = operation == "DELETE"
    return AdmissionRequest(
        operation,
        None if deleted else subject,
        subject if deleted or operation == "UPDATE" else None,
        parse_identity(who),
        namespace_labels=labels,
        namespace_object=data,
    )
