"""Label selectors: which labels does a selector match? Shared by all engines.

Follows https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ and
`LabelSelectorAsSelector` of apimachinery (v1.35): all requirements must hold; an empty selector
matches everything; a missing (null) one matches nothing unless the API field says otherwise;
`NotIn` and `DoesNotExist` also match if the key is absent. `Gt` and `Lt` exist only in node
selectors: they compare whole numbers, and an absent key or another text doesn't match.

A selector that the API server would refuse (unknown operator, `In` without values, ...) matches
nothing, and says why in `problem`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from trainer.manifests.values import texts

Labels = Mapping[str, str]


class Requirement(msgspec.Struct, frozen=True):
    """One condition on one key. `operator` is In, NotIn, Exists, DoesNotExist, Gt or Lt."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def matches(self, labels: Labels) -> bool:
        """Whether these labels meet the condition."""
        value = labels.get(self.key)
        match self.operator:
            case "In":
                return value in self.values
            case "NotIn":
                return value is None or value not in self.values
            case "Exists":
                return self.key in labels
            case "DoesNotExist":
                return self.key not in labels
            case "Gt" | "Lt":
                return self._compares(value)
        return False

    def _compares(self, value: str | None) -> bool:
        have, bound = _whole(value), _whole(self.values[0] if self.values else None)
        if have is None or bound is None:
            return False
        return have > bound if self.operator == "Gt" else have < bound

    def __str__(self) -> str:
        values = ",".join(self.values)
        match self.operator:
            case "In" if len(self.values) == 1:
                return f"{self.key}={values}"
            case "NotIn" if len(self.values) == 1:
                return f"{self.key}!={values}"
            case "In" | "NotIn":
                return f"{self.key} {self.operator.lower()} ({values})"
            case "Exists":
                return self.key
            case "DoesNotExist":
                return f"!{self.key}"
        return f"{self.key}{'>' if self.operator == 'Gt' else '<'}{values}"


class Selector(msgspec.Struct, frozen=True):
    """A compiled selector: all `requirements` must hold. None of them means everything."""

    requirements: tuple[Requirement, ...] = ()
    nothing: bool = False
    problem: str = ""
    """Why the API server would refuse the selector; then it matches nothing."""

    @property
    def everything(self) -> bool:
        """Whether this is the empty selector, which matches everything."""
        return not self.requirements and not self.nothing

    def matches(self, labels: Labels) -> bool:
        """Whether these labels meet every requirement."""
        return not self.nothing and all(need.matches(labels) for need in self.requirements)

    def __str__(self) -> str:
        """The selector in the form of `kubectl -l`; else `<all>` or `<none>`."""
        if self.nothing:
            return "<none>"
        return ",".join(map(str, self.requirements)) or "<all>"


EVERYTHING = Selector()
NOTHING = Selector(nothing=True)


class LabelIndex:
    """Many label maps at once: `select` gives a bit set of those that a selector matches.

    Bit `i` is for the i-th label map. None in their place is an object that no selector ever
    matches (such as a Pod on the host network).
    """

    def __init__(self, items: Iterable[Labels | None]) -> None:
        self.all = 0
        self._pairs: dict[tuple[str, Any], int] = {}
        self._keys: dict[str, int] = {}
        self._items = tuple(items)
        for position, labels in enumerate(self._items):
            if labels is None:
                continue
            bit = 1 << position
            self.all |= bit
            for key, value in labels.items():
                if isinstance(value, str):
                    self._pairs[key, value] = self._pairs.get((key, value), 0) | bit
                self._keys[key] = self._keys.get(key, 0) | bit

    def select(self, selector: Selector) -> int:
        """The objects that the selector matches, as a bit set."""
        if selector.nothing:
            return 0
        found = self.all
        for need in selector.requirements:
            found &= self._meeting(need)
        return found

    def _meeting(self, need: Requirement) -> int:
        if need.operator == "Exists":
            return self._keys.get(need.key, 0)
        if need.operator == "DoesNotExist":
            return self.all & ~self._keys.get(need.key, 0)
        if need.operator in ("In", "NotIn"):
            having = 0
            for value in need.values:
                having |= self._pairs.get((need.key, value), 0)
            return having if need.operator == "In" else self.all & ~having
        return sum(
            1 << position
            for position, labels in enumerate(self._items)
            if labels is not None and need.matches(labels)
        )


def label_selector(value: Any, *, missing: Selector = NOTHING) -> Selector:
    """Compile a LabelSelector object (`matchLabels`, `matchExpressions`).

    `missing` is what null or an absent field means: by default nothing, as for API fields that
    are pointers; pass `EVERYTHING` where the API says so.
    """
    if value is None:
        return missing
    if not isinstance(value, Mapping):
        return _refused("a selector must be a mapping with matchLabels and matchExpressions")
    pairs, expressions = value.get("matchLabels"), value.get("matchExpressions")
    needs = _pairs(pairs) if isinstance(pairs, Mapping) else []
    for item in expressions if isinstance(expressions, Sequence) else ():
        need = _requirement(item)
        if isinstance(need, str):
            return _refused(need)
        needs.append(need)
    return Selector(tuple(needs))


def map_selector(value: Any) -> Selector:
    """Compile a plain map of labels, as Services, ReplicationControllers and `nodeSelector` use it.

    Null and an empty map select everything here; the caller handles a Service without selector,
    which selects no Pods.
    """
    return Selector(tuple(_pairs(value))) if isinstance(value, Mapping) else EVERYTHING


def node_term_matches(term: Any, name: str, labels: Labels) -> bool:
    """Whether one nodeSelectorTerm (`matchExpressions`, `matchFields`) matches a node.

    An empty term matches no node (component-helpers `nodeaffinity`, v1.35).
    """
    if not isinstance(term, Mapping):
        return False
    found = False
    for field, values in (("matchExpressions", labels), ("matchFields", {"metadata.name": name})):
        items = term.get(field)
        for item in items if isinstance(items, Sequence) else ():
            need = _requirement(item, numbers=True)
            if isinstance(need, str) or not need.matches(values):
                return False
            found = True
    return found


def _pairs(value: Mapping[Any, Any]) -> list[Requirement]:
    # Null is the empty string for Go; any other type never equals a label's value.
    return [
        Requirement(str(key), "In", (item,) if isinstance(item, str) else ("",) if item is None else ())
        for key, item in value.items()
    ]


def _requirement(item: Any, *, numbers: bool = False) -> Requirement | str:
    """The requirement of one expression, or why the API server refuses it."""
    if not isinstance(item, Mapping) or not isinstance(item.get("key"), str):
        return "an expression needs a key"
    key, operator, values = item["key"], item.get("operator"), tuple(texts(item.get("values")))
    if operator in ("In", "NotIn"):
        return Requirement(key, operator, values) if values else f"{operator} needs values"
    if operator in ("Exists", "DoesNotExist"):
        return f"{operator} takes no values" if values else Requirement(key, operator)
    if numbers and operator in ("Gt", "Lt"):
        return Requirement(key, operator, values) if len(values) == 1 else f"{operator} needs one value"
    return f"{operator!r} is not a selector operator"


def _refused(problem: str) -> Selector:
    return Selector(nothing=True, problem=problem)


def _whole(text: str | None) -> int | None:
    if not isinstance(text, str) or not re.fullmatch(r"[+-]?[0-9]+", text):
        return None
    return int(text)
