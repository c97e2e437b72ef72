"""ValidatingAdmissionPolicy: what its policies, bindings and parameters do to a request.

Follows https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/ and
k8s.io/apiserver v1.35 (`pkg/admission/plugin/policy/validating/{dispatcher,validator}.go`): match
constraints, then the binding, its parameters, the match conditions, then every validation. An error
while evaluating follows `failurePolicy`; a policy without a binding does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import msgspec

from trainer.errors import NotJudged
from trainer.manifests.model import Manifest
from trainer.manifests.values import mapping, mappings, texts
from trainer.simulate.access.authorizer import Authorizer
from trainer.simulate.admission.matching import AdmissionRequest, matches
from trainer.simulate.admission.variables import parameters, variables_of
from trainer.simulate.cel.check import check
from trainer.simulate.cel.declarations import standard, variables_type, without_authorizer
from trainer.simulate.cel.evaluate import evaluate
from trainer.simulate.cel.kinds import DYN, Type
from trainer.simulate.cel.syntax import CompileError, parse_expression
from trainer.simulate.cel.values import CelError, TooExpensiveError
from trainer.verdict import Location, Problem

POLICY, BINDING = "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"
LONGEST_MESSAGE = 5 * 1024
"""A longer message of a messageExpression is dropped."""


class Violation(msgspec.Struct, frozen=True, eq=False):
    """A validation that a request fails, by one binding: what the client is told, and where it is written."""

    policy: Manifest
    binding: Manifest
    message: str
    location: Location
    actions: tuple[str, ...]
    is_error: bool = False
    """Whether the policy could not be evaluated, so that `failurePolicy` decided."""


class Admission(msgspec.Struct, frozen=True, eq=False):
    """What becomes of a request. `evaluated` are the bindings that applied."""

    violations: tuple[Violation, ...] = ()
    evaluated: tuple[Manifest, ...] = ()

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
        """Whether the request goes through."""
        return not self.denied


def admit(
    manifests: Iterable[Manifest], request: AdmissionRequest, authorizer: Authorizer | None = None
) -> Admission:
    """What the policies among these objects do to a request. Raises `NotJudged` for endless expressions."""
    known = tuple(manifests)
    violations: list[Violation] = []
    evaluated: list[Manifest] = []
    for policy in known:
        if policy.kind != POLICY or not matches(
            policy.get("spec", "matchConstraints"), request, need_rule=True
        ):
            continue
        for binding in known:
            bound = binding.kind == BINDING and binding.get("spec", "policyName") == policy.name
            if not bound or not matches(binding.get("spec", "matchResources"), request, need_rule=False):
                continue
            evaluated.append(binding)
            violations += _Evaluation(policy, binding, request, authorizer).run(known)
    return Admission(tuple(violations), tuple(evaluated))


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

    def run(self, known: tuple[Manifest, ...]) -> list[Violation]:
        found = parameters(self.policy, self.binding, self.request, known)
        if isinstance(found, str):
            place = self.binding.where("spec", "paramRef")
            return [self.violation(found, place, is_error=True)] if self.fails else []
        return [violation for params in found for violation in self.with_parameters(params)]

    def with_parameters(self, params: dict[str, Any] | None) -> list[Violation]:
        bindings = variables_of(self.request, params, self.authorizer)
        declared = standard(params=bool(self.policy.get("spec", "paramKind")))
        self.add_variables(bindings, declared)
        try:
            if not self.conditions_hold(bindings, declared):
                return []
        except CelError as error:
            return self.failed(error, ("spec", "matchConditions"))
        violations: list[Violation] = []
        for index, validation in enumerate(mappings(self.policy.get("spec", "validations"))):
            path = ("spec", "validations", index, "expression")
            try:
                holds = self.value(str(validation.get("expression", "")), bindings, declared)
            except CelError as error:
                violations += self.failed(error, path)
                continue
            if holds is not True:
                message = self.message(validation, bindings, declared)
                violations.append(self.violation(message, self.policy.where(*path)))
        return violations

    def add_variables(self, bindings: dict[str, Any], declared: dict[str, Type]) -> None:
        """Variables are evaluated when they are read, once, and see those before them."""
        values: dict[str, Any] = {}
        fields: dict[str, Type] = {}
        bindings["variables"] = values
        for variable in mappings(self.policy.get("spec", "variables")):
            name, text = str(variable.get("name", "")), str(variable.get("expression", ""))
            earlier = {**declared, "variables": variables_type(fields)}
            values[name] = _once(partial(self.value, text, bindings, earlier))
            try:
                fields[name] = check(parse_expression(text), earlier)
            except CompileError:
                fields[name] = DYN
        declared["variables"] = variables_type(fields)

    def conditions_hold(self, bindings: Mapping[str, Any], declared: Mapping[str, Type]) -> bool:
        """Whether all match conditions are true; one that is false outweighs one that fails."""
        problem: CelError | None = None
        for condition in mappings(self.policy.get("spec", "matchConditions")):
            try:
                if self.value(str(condition.get("expression", "")), bindings, declared) is not True:
                    return False
            except CelError as error:
                problem = problem or error
        if problem is not None:
            raise problem
        return True

    def message(
        self, validation: dict[str, Any], bindings: Mapping[str, Any], declared: Mapping[str, Type]
    ) -> str:
        """What the client is told: the message expression's text, else the message, else the expression."""
        expression = str(validation.get("expression", "")).strip()
        fallback = str(validation.get("message") or f"failed expression: {expression}").strip()
        text = validation.get("messageExpression")
        if not text:
            return fallback
        try:
            said = self.value(str(text), bindings, without_authorizer(declared))
        except CelError:
            return fallback
        good = (
            isinstance(said, str)
            and said.strip()
            and "\n" not in said.strip()
            and len(said) <= LONGEST_MESSAGE
        )
        return said.strip() if good else fallback

    def value(self, text: str, bindings: Mapping[str, Any], declared: Mapping[str, Type]) -> Any:
        try:
            tree = parse_expression(text)
            check(tree, declared)
            return evaluate(tree, bindings)
        except CompileError as error:
            raise CelError(f"compilation error: {error.message}") from error
        except TooExpensiveError as error:
            raise NotJudged(error.message, self.policy.where("spec")) from error

    def failed(self, error: CelError, path: tuple[str | int, ...]) -> list[Violation]:
        if not self.fails:
            return []
        return [self.violation(error.message, self.policy.where(*path), is_error=True)]

    def violation(self, message: str, location: Location, *, is_error: bool = False) -> Violation:
        return Violation(self.policy, self.binding, message, location, self.actions, is_error)


def _once(compute: Callable[[], Any]) -> Callable[[], Any]:
    """The same value (or failure) every time, computed when first asked for."""
    kept: list[Any] = []

    def read() -> Any:
        if not kept:
            try:
                kept.append((compute(), None))
            except CelError as error:
                kept.append((None, error))
        value, problem = kept[0]
        if problem is not None:
            raise problem
        return value

    return read


def problems_of(policy: Manifest) -> list[Problem]:
    """Expressions that the API server refuses when the policy is created, each with its place."""
    spec = mapping(policy.data.get("spec"))
    declared = standard(params=bool(spec.get("paramKind")))
    fields: dict[str, Type] = {}
    declared["variables"] = variables_type(fields)
    problems: list[Problem] = []

    def compiled(text: Any, wanted: tuple[str, ...], *path: str | int) -> Type:
        names = without_authorizer(declared) if path[-1] == "messageExpression" else declared
        try:
            found = check(parse_expression(str(text)), names)
            if wanted and found == DYN:
                raise CompileError(
                    f"must evaluate to {wanted[0]}, but the value could be of any type:"
                    f" compare it, as with `== ...`, or convert it with `{wanted[0]}(...)`"
                )
            if wanted and found.name not in wanted:
                raise CompileError(f"must evaluate to {wanted[0]}, not to {found}")
        except NotJudged as error:
            raise NotJudged(error.construct, policy.where("spec", *path)) from error
        except CompileError as error:
            message = f"the expression does not compile: {error.message}"
            problems.append(Problem(message, location=policy.where("spec", *path)))
            return DYN
        return found

    for index, variable in enumerate(mappings(spec.get("variables"))):
        kind = compiled(variable.get("expression", ""), (), "variables", index, "expression")
        fields[str(variable.get("name", ""))] = kind
        declared["variables"] = variables_type(fields)
    for index, condition in enumerate(mappings(spec.get("matchConditions"))):
        compiled(condition.get("expression", ""), ("bool",), "matchConditions", index, "expression")
    for index, validation in enumerate(mappings(spec.get("validations"))):
        compiled(validation.get("expression", ""), ("bool",), "validations", index, "expression")
        if validation.get("messageExpression"):
            text = validation["messageExpression"]
            compiled(text, ("string",), "validations", index, "messageExpression")
    for index, annotation in enumerate(mappings(spec.get("auditAnnotations"))):
        text = annotation.get("valueExpression", "")
        compiled(text, ("string", "null"), "auditAnnotations", index, "valueExpression")
    return problems
