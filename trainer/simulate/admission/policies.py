"""ValidatingAdmissionPolicy: what its policies, bindings and parameters do with a request.

Follows https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/ and
k8s.io/apiserver v1.35 (`pkg/admission/plugin/policy/validating/{dispatcher,validator}.go`): match
constraints, then the binding, its parameters, the match conditions, then every validation. An error
while evaluating follows `failurePolicy`; a policy without a binding does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.values import indexed, texts
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.admission.compiled import BINDING, POLICY, Path, compiled
from trainer.simulate.admission.matching import AdmissionRequest, Constraints, Mismatch
from trainer.simulate.admission.variables import once, parameters, variables_of
from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.values import CelError, TooExpensiveError
from trainer.verdict import Location

LONGEST_MESSAGE = 5 * 1024
"""A longer message of a messageExpression is dropped."""


class Violation(msgspec.Struct, frozen=True, eq=False):
    """A validation that a request fails, by one binding: the message to the client, and where it
    is written."""

    policy: Manifest
    binding: Manifest
    message: str
    location: Location
    actions: tuple[str, ...]
    is_error: bool = False
    """Whether the policy could not be evaluated, so that `failurePolicy` decided."""


class Unasked(msgspec.Struct, frozen=True, eq=False):
    """A policy that doesn't apply to a request: what excludes the request, and where."""

    policy: Manifest
    why: str
    location: Location


class Admission(msgspec.Struct, frozen=True, eq=False):
    """The outcome of a request. `evaluated` are the bindings that applied."""

    violations: tuple[Violation, ...] = ()
    evaluated: tuple[Manifest, ...] = ()
    unasked: tuple[Unasked, ...] = ()
    """Policies that don't apply to the request, those nearest to an evaluation first."""

    @property
    def denied(self) -> tuple[Violation, ...]:
        """What refuses the request."""
        return tuple(one for one in self.violations if "Deny" in one.actions)

    @property
    def warned(self) -> tuple[Violation, ...]:
        """What warns the client."""
        return tuple(one for one in self.violations if "Warn" in one.actions)

    @property
    def audited(self) -> tuple[Violation, ...]:
        """What is written to the audit event."""
        return tuple(one for one in self.violations if "Audit" in one.actions)

    @property
    def admitted(self) -> bool:
        """Whether the request is admitted."""
        return not self.denied


class Policies:
    """The policies among objects, each with its bindings, for any number of requests."""

    def __init__(self, manifests: Iterable[Manifest], authorizer: Authorizer | None = None) -> None:
        self._known = tuple(manifests)
        self._authorizer = authorizer
        bindings = [one for one in self._known if one.kind == BINDING]
        self._policies = [
            (
                policy,
                Constraints(policy.get("spec", "matchConstraints"), need_rule=True),
                [
                    (one, Constraints(one.get("spec", "matchResources"), need_rule=False))
                    for one in bindings
                    if one.get("spec", "policyName") == policy.name
                ],
            )
            for policy in self._known
            if policy.kind == POLICY
        ]

    def admit(self, request: AdmissionRequest) -> Admission:
        """What the policies do with a request. Raises `NotJudged` for endless expressions."""
        violations: list[Violation] = []
        evaluated: list[Manifest] = []
        unasked: list[tuple[int, Unasked]] = []
        for policy, constraints, bindings in self._policies:
            left_out = constraints.mismatch(request)
            if left_out is not None:
                unasked.append((2, _unasked(policy, policy, "matchConstraints", left_out)))
                continue
            if not bindings:
                why = f"no binding names {policy.name}, and a policy without a binding does nothing"
                unasked.append((3, Unasked(policy, why, policy.where("metadata", "name"))))
            for binding, resources in bindings:
                left_out = resources.mismatch(request)
                if left_out is not None:
                    unasked.append((1, _unasked(policy, binding, "matchResources", left_out)))
                    continue
                evaluation = _Evaluation(policy, binding, request, self._authorizer)
                violations += evaluation.run(self._known)
                unasked += [(0, one) for one in evaluation.unasked]
                if not evaluation.unasked:
                    evaluated.append(binding)
        unasked.sort(key=lambda one: one[0])
        return Admission(tuple(violations), tuple(evaluated), tuple(one for _, one in unasked))


def admit(
    manifests: Iterable[Manifest], request: AdmissionRequest, authorizer: Authorizer | None = None
) -> Admission:
    """What the policies among these objects do with one request (`Policies`)."""
    return Policies(manifests, authorizer).admit(request)


def _unasked(policy: Manifest, holder: Manifest, field: str, left_out: Mismatch) -> Unasked:
    whose = "the binding's " if holder is not policy else ""
    return Unasked(policy, f"{whose}{left_out.why}", holder.where("spec", field, *left_out.path))


class _Evaluation:
    """One policy under one binding on one request."""

    def __init__(
        self, policy: Manifest, binding: Manifest, request: AdmissionRequest, authorizer: Authorizer | None
    ) -> None:
        self.policy = policy
        self.binding = binding
        self.request = request
        self.authorizer = authorizer
        self.actions = tuple(texts(binding.get("spec", "validationActions"))) or ("Deny",)
        self.fails = policy.get("spec", "failurePolicy", default="Fail") == "Fail"
        self.unasked: list[Unasked] = []

    def run(self, known: tuple[Manifest, ...]) -> list[Violation]:
        found = parameters(self.policy, self.binding, self.request, known)
        if isinstance(found, str):
            place = self.binding.where("spec", "paramRef")
            return [self.violation(found, place, is_error=True)] if self.fails else []
        return [violation for params in found for violation in self.with_parameters(params)]

    def with_parameters(self, params: dict[str, Any] | None) -> list[Violation]:
        bindings = variables_of(self.request, params, self.authorizer)
        self.add_variables(bindings)
        try:
            if not self.conditions_hold(bindings):
                return []
        except CelError as error:
            return self.failed(error, ("spec", "matchConditions"))
        violations: list[Violation] = []
        for index, validation in indexed(self.policy.get("spec", "validations")):
            path = ("spec", "validations", index, "expression")
            try:
                holds = self.value(path, bindings)
            except CelError as error:
                violations += self.failed(error, path)
                continue
            if holds is not True:
                message = self.message(index, validation, bindings)
                violations.append(self.violation(message, self.policy.where(*path)))
        return violations

    def add_variables(self, bindings: dict[str, Any]) -> None:
        """Variables are evaluated on first use, once, and see those before them."""
        values: dict[str, Any] = {}
        bindings["variables"] = values
        for index, variable in indexed(self.policy.get("spec", "variables")):
            path = ("spec", "variables", index, "expression")
            values[str(variable.get("name", ""))] = once(partial(self.value, path, bindings))

    def conditions_hold(self, bindings: Mapping[str, Any]) -> bool:
        """Whether all match conditions are true; a false one outweighs a failing one."""
        problem: CelError | None = None
        for index, _ in indexed(self.policy.get("spec", "matchConditions")):
            try:
                path = ("spec", "matchConditions", index, "expression")
                if self.value(path, bindings) is not True:
                    why = f"`matchConditions[{index}]` is false for this request"
                    self.unasked.append(Unasked(self.policy, why, self.policy.where(*path)))
                    return False
            except CelError as error:
                problem = problem or error
        if problem is not None:
            raise problem
        return True

    def message(self, index: int, validation: dict[str, Any], bindings: Mapping[str, Any]) -> str:
        """The message to the client: the message expression's text, else the message, else the
        expression."""
        expression = str(validation.get("expression", "")).strip()
        fallback = str(validation.get("message") or f"failed expression: {expression}").strip()
        if not validation.get("messageExpression"):
            return fallback
        try:
            said = self.value(("spec", "validations", index, "messageExpression"), bindings)
        except CelError:
            return fallback
        good = (
            isinstance(said, str)
            and said.strip()
            and "\n" not in said.strip()
            and len(said) <= LONGEST_MESSAGE
        )
        return said.strip() if good else fallback

    def value(self, path: Path, bindings: Mapping[str, Any]) -> Any:
        expression = compiled(self.policy)[path]
        if expression.not_judged:
            raise NotJudged(expression.not_judged, self.policy.where(*path))
        if expression.tree is None:
            raise CelError(f"compilation error: {expression.error}")
        try:
            return evaluate(expression.tree, bindings)
        except TooExpensiveError as error:
            raise NotJudged(error.message, self.policy.where("spec")) from error

    def failed(self, error: CelError, path: tuple[str | int, ...]) -> list[Violation]:
        if not self.fails:
            return []
        return [self.violation(error.message, self.policy.where(*path), is_error=True)]

    def violation(self, message: str, location: Location, *, is_error: bool = False) -> Violation:
        return Violation(self.policy, self.binding, message, location, self.actions, is_error)
