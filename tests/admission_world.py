"""A policy, its binding and requests, for tests."""

from __future__ import annotations

from trainer.manifests.defaults import with_defaults
from trainer.manifests.model import Manifest
from trainer.manifests.reading.parse import parse
from trainer.versions import DEFAULT

POLICY = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: registries}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
    - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods]}
  validations:
  - expression: object.spec.containers.all(c, c.image.startsWith('registry.example/'))
    message: images come from registry.example
"""
BINDING = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: registries}
spec:
  policyName: registries
  validationActions: [Deny]
"""
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: prod, labels: {app: web}}\nspec: {containers: [{name: a, image: %s}]}\n"
GOOD, BAD = POD % "registry.example/app", POD % "nginx"


def read(*texts: str) -> list[Manifest]:
    """The objects of these texts, defaulted."""
    documents = [document for text in texts for document in parse(text.encode(), "policy.yaml").documents]
    return [with_defaults(Manifest(document.value, document), DEFAULT) for document in documents]


def changed(text: str, **fields: str) -> str:
    """A policy with other lines: `expression="..."` replaces the value of the last such field."""
    for name, value in fields.items():
        lines = text.splitlines(keepends=True)
        place = max(i for i, line in enumerate(lines) if f"{name}:" in line)
        head = lines[place].partition(f"{name}:")[0]
        lines[place] = f"{head}{name}: {value}\n"
        text = "".join(lines)
    return text
