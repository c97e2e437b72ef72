"""Cases that cannot be right as they stand: they count as disagreed, and are told apart.

Each names its reason and the line of the Kubernetes sources that shows it.
"""

from __future__ import annotations

_FOREIGN_MESSAGE = (
    "denied with a message that the case's only policy does not contain, so by another policy: a denial "
    "carries the validation's own message (kubernetes/kubernetes v1.36 "
    "staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating/validator.go, Validate: "
    "`message = strings.TrimSpace(validation.Message)`)"
)
_STRICT = "kyverno-pod-security-vpol-restricted-disallow-capabilities-strict"

HELD_WRONG: dict[str, str] = {f"{_STRICT}-pod-badpod{number:02}": _FOREIGN_MESSAGE for number in range(1, 11)}
"""By case id: the reason, and the source line (repository, version, path, line)."""
