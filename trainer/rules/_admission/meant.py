"""What a policy about Pods is meant to do, and what the answer's policies look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from trainer.manifests.model import Manifest
from trainer.manifests.values import mapping, mappings, texts
from trainer.simulate.admission.matching import AdmissionRequest
from trainer.simulate.admission.mentions import Mention, mentions
from trainer.simulate.workloads import TEMPLATE_PATHS

UNSEEN = "unseen.example/app"
"""An image of a registry that nobody names."""
POD_FIELDS = ("containers", "initContainers")
WORKLOADS = tuple(kind for kind in TEMPLATE_PATHS if kind != "PodTemplate")
"""The kinds that make Pods, and the Pod itself."""
OWN_NAME = "kubernetes.io/metadata.name"
"""The label of every Namespace that has its name."""


class Place(msgspec.Struct, frozen=True):
    """A Namespace by its name and labels."""

    name: str
    labels: Mapping[str, str]


class Scope(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    """Where a policy applies."""

    namespace_labels: dict[str, str] = {}
    """The policy is for Namespaces with these labels; without them for all."""

    def covers(self, place: Place) -> bool:
        """Whether the policy is for this Namespace."""
        return self.namespace_labels.items() <= place.labels.items()


class Meant(Scope, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    """A policy about images: which Pods, where."""

    images: tuple[str, ...]
    """Every image of a Pod must begin with one of these: `registry.example/`."""
    containers: tuple[str, ...] = POD_FIELDS
    """The lists of a Pod in which this check puts wrong images: `containers`, `initContainers`."""

    def __post_init__(self) -> None:
        """Refuse a policy without images, so that a card's mistake shows when the card is loaded."""
        if not self.images:
            raise ValueError("images must name at least one prefix")


class Forbidden(Scope, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    """A policy about the volumes of Pods, also in the templates of workloads: which ones, where."""

    volumes: tuple[str, ...]
    """Types of volumes that no Pod may have: `hostPath`."""
    kinds: tuple[str, ...] = WORKLOADS
    """The kinds of objects that this check looks at."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for kinds without Pods, and for a policy that forbids nothing."""
        if not self.volumes:
            raise ValueError("volumes must name at least one type")
        if unknown := set(self.kinds) - TEMPLATE_PATHS.keys():
            raise ValueError(f"{min(unknown)} makes no Pods; these do: {', '.join(WORKLOADS)}")


class Probe(msgspec.Struct, frozen=True, eq=False):
    """A request, and what is special about it: only the first failing request of a sort is reported."""

    sort: str
    request: AdmissionRequest
    about: str = ""
    """For the learner: `asked by user jane`."""


class Words(msgspec.Struct, frozen=True, eq=False):
    """What the answer's policies and bindings name and look at."""

    found: Sequence[Mention] = ()
    """The fields that expressions look at, each with what it is compared with."""
    holders: Sequence[Mapping[str, Any]] = ()
    """The `matchConstraints` of policies and the `matchResources` of bindings."""
    expressions: str = ""
    """The text of all expressions."""
    has_parameters: bool = False
    computes_messages: bool = False

    @property
    def selectors(self) -> list[Mapping[str, Any]]:
        """The selectors that look at labels of Namespaces and objects."""
        found = (
            mapping(one.get(name)) for one in self.holders for name in ("namespaceSelector", "objectSelector")
        )
        return [one for one in found if one]

    @property
    def rules(self) -> list[dict[str, Any]]:
        """The rules that say which requests a policy is for."""
        return [rule for one in self.holders for rule in mappings(one.get("resourceRules"))]

    @property
    def object_names(self) -> list[str]:
        """The names of objects in rules, also in those that exclude."""
        fields = ("resourceRules", "excludeResourceRules")
        rules = [rule for one in self.holders for field in fields for rule in mappings(one.get(field))]
        return list(dict.fromkeys(name for rule in rules for name in texts(rule.get("resourceNames"))))

    @property
    def place_names(self) -> list[str]:
        """The Namespaces that selectors name by the label that each Namespace has."""
        found: list[str] = []
        for selector in self.selectors:
            found += [str(mapping(selector.get("matchLabels")).get(OWN_NAME) or "")]
            for one in mappings(selector.get("matchExpressions")):
                found += texts(one.get("values")) if one.get("key") == OWN_NAME else []
        return [name for name in dict.fromkeys(found) if name]

    @property
    def tells_users_apart(self) -> bool:
        """Whether an expression can see who sends a request."""
        return "userInfo" in self.expressions or "authorizer" in self.expressions

    @property
    def tells_places_apart(self) -> bool:
        """Whether something can see the name of a Namespace."""
        return "amespace" in self.expressions or self.has_parameters or bool(self.place_names)

    @property
    def tells_operations_apart(self) -> bool:
        """Whether an expression can see if an object is created or updated."""
        return any(word in self.expressions for word in ("operation", "oldObject", "options"))


def words_of(
    policies: Sequence[Manifest], bindings: Sequence[Manifest], parameters: Sequence[Manifest]
) -> Words:
    """What these policies and bindings name, and what their parameters add."""
    holders = [mapping(one.get("spec", "matchConstraints")) for one in policies]
    holders += [mapping(one.get("spec", "matchResources")) for one in bindings]
    return Words(
        [found for policy in policies for found in mentions(policy, parameters)],
        [one for one in holders if one],
        " ".join(text for policy in policies for text in _expressions(policy)),
        any(policy.get("spec", "paramKind") for policy in policies),
        any(
            one.get("messageExpression")
            for policy in policies
            for one in mappings(policy.get("spec", "validations"))
        ),
    )


def _expressions(policy: Manifest) -> Iterator[str]:
    for field in ("variables", "matchConditions", "validations"):
        for one in mappings(policy.get("spec", field)):
            yield str(one.get("expression", ""))
