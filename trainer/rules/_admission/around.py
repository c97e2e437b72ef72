"""What surrounds a request, and could make a policy treat it otherwise: users, places, names, labels, fields.

The answer's own words name what it could treat otherwise, and to these come what nobody names, one of each
kind. What no expression and no selector can see isn't varied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from trainer.manifests.schema.data import schema_for
from trainer.manifests.values import mapping, mappings, texts
from trainer.rules._admission.fields import variants as field_variants
from trainer.rules._admission.meant import Place, Probe, Scope, Words
from trainer.rules._admission.requests import DEVELOPER, Data, Maker
from trainer.simulate.access.requests import Identity, service_account
from trainer.simulate.admission.mentions import EACH, values_of
from trainer.versions import Version


class Around:
    """The surroundings of requests for one answer."""

    def __init__(
        self, scope: Scope, words: Words, known: Sequence[Place], good: str, kubernetes: Version
    ) -> None:
        self.scope = scope
        self.words = words
        home = next((one for one in known if scope.covers(one)), Place("probe", scope.namespace_labels))
        self.maker = Maker(home, good, kubernetes)
        self._updated: set[str] = set()

    def right_of(self, data: Data) -> Data:
        """An object of the same kind and name that is admitted."""
        return self.maker.named(self.maker.right, data["metadata"]["name"])

    def variants(self, pod: Data) -> Iterator[Probe]:
        """The Pod, and the request for it, in all that the answer's expressions and selectors look at."""
        for identity in self.identities() if self.words.tells_users_apart else ():
            yield from self.both("another user", pod, f"requested by {identity.title}", identity=identity)
        for place in self.places(inside=True):
            yield from self.both("another Namespace", pod, labeled(place), place=place)
        for labels in self.label_sets({}):
            other = {**pod, "metadata": {**pod["metadata"], "labels": labels}}
            about = f"labels {_shown(labels)}" if labels else "no labels"
            yield from self.always_both("other labels", other, about)
        for name in self.words.object_names:
            yield from self.always_both("another name", self.maker.named(pod, name), f"name {name}")
        yield from self.field_variants(pod)
        yield self.probe("an update", "UPDATE", pod, pod, "it changes nothing")
        if "dryRun" in self.words.expressions:
            yield self.probe("a dry run", "CREATE", pod, None, "a dry run", dry_run=True)

    def field_variants(self, pod: Data) -> Iterator[Probe]:
        """The Pod with other values in the fields that expressions look at; for `oldObject`, it had them."""
        schema = schema_for(self.maker.kubernetes)
        for mention in self.words.found:
            root, *steps = mention.field
            if root not in ("object", "oldObject") or not steps or steps[-1] == "image":
                continue
            for value, other in field_variants(schema, pod, mention, self.maker.good):
                if not self.maker.is_decoded(other):
                    continue
                about = f"{'.'.join(steps)} is {msgspec.json.encode(value).decode()}"
                yield from self.both("other fields", other, about)
                if root == "oldObject":
                    yield self.probe("other fields", "UPDATE", pod, other, f"{about} before the update")

    def identities(self) -> list[Identity]:
        """Who could be exempt: those that the answer names, and one of each sort."""
        user, groups = ("request", "userInfo", "username"), ("request", "userInfo", "groups")
        named = [
            Identity(text, ("system:authenticated",))
            for value in values_of(self.words.found, user)
            if isinstance(value, str) and value  # every request has a user
            for text in (value, f"{value}x", f"x{value}")
        ]
        named += [
            Identity("probe", (text, "system:authenticated"))
            for value in values_of(self.words.found, groups, (*groups, EACH))
            if isinstance(value, str)
            for text in (value, f"{value}x")
        ]
        return [
            Identity("unseen", ("system:authenticated",)),
            Identity("kubernetes-admin", ("system:masters", "system:authenticated")),
            Identity("system:node:node-1", ("system:nodes", "system:authenticated")),
            service_account("kube-system", "replicaset-controller"),
            service_account(self.maker.home.name, "default"),
            *named,
        ]

    def label_sets(self, base: Mapping[str, str]) -> list[dict[str, str]]:
        """These labels, with each label that a selector asks about set and not set."""
        sets: list[dict[str, str]] = [dict(base)]
        for selector in self.words.selectors:
            wanted: dict[str, str] = {str(k): str(v) for k, v in mapping(selector.get("matchLabels")).items()}
            for one in mappings(selector.get("matchExpressions")):
                values = texts(one.get("values")) or ["unseen"]
                sets += [{**base, str(one.get("key")): value} for value in [*values, "unseen"]]
                wanted[str(one.get("key"))] = values[0]
            sets += [{**base, **wanted}, *({**base, key: value} for key, value in wanted.items())]
        return [labels for labels in sets if base.items() <= labels.items()]

    def places(self, *, inside: bool) -> list[Place]:
        """Namespaces that the policy is for, or isn't for."""
        wanted = self.scope.namespace_labels
        bases: list[dict[str, str]] = [dict(wanted)]
        if not inside:
            bases = [{}, *({**wanted, key: other} for key, value in wanted.items() for other in _near(value))]
            bases += [{k: v for k, v in wanted.items() if k != key} for key in wanted]
        names = ["unseen", "default", "kube-system"] if self.words.tells_places_apart else ["unseen"]
        names += self.words.place_names
        found = self.words.found
        names += [one for one in values_of(found, *_NAMESPACE_NAMES) if isinstance(one, str) and one]
        sets = [labels for base in bases for labels in self.label_sets(base)]
        for field in {one.field for one in found if one.field[:3] == _NAMESPACE_LABELS}:
            for value in (*values_of(found, field), "unseen"):
                key = field[3] if len(field) > 3 and field[3] != EACH else str(value)
                sets += [{**base, key: str(value)} for base in bases]
        places = [Place(name, bases[0]) for name in names] + [Place("unseen", labels) for labels in sets]
        return [one for one in places if self.scope.covers(one) is inside]

    def both(self, sort: str, data: Data, about: str, **more: Any) -> Iterator[Probe]:
        """The object created, and updated from one that was right: once of a sort if nothing that an
        expression sees tells updates apart."""
        yield self.probe(sort, "CREATE", data, None, about, **more)
        if sort not in self._updated or self.words.tells_operations_apart:
            self._updated.add(sort)
            yield self.probe(sort, "UPDATE", data, self.right_of(data), about, **more)

    def always_both(self, sort: str, data: Data, about: str) -> Iterator[Probe]:
        """The object created, and updated: rules and selectors look at both."""
        yield self.probe(sort, "CREATE", data, None, about)
        yield self.probe(sort, "UPDATE", data, self.right_of(data), about)

    def probe(
        self,
        sort: str,
        operation: str,
        data: Data,
        old: Data | None,
        about: str = "",
        *,
        identity: Identity = DEVELOPER,
        place: Place | None = None,
        dry_run: bool = False,
    ) -> Probe:
        """One request as a probe."""
        request = self.maker.request(operation, data, old, identity=identity, place=place)
        return Probe(sort, msgspec.structs.replace(request, dry_run=True) if dry_run else request, about)


_NAMESPACE_NAMES = (
    ("request", "namespace"),
    ("object", "metadata", "namespace"),
    ("namespaceObject", "metadata", "name"),
)
_NAMESPACE_LABELS = ("namespaceObject", "metadata", "labels")


def _near(value: str) -> Iterable[str]:
    """Other values of a label that a careless comparison takes for the right one."""
    return dict.fromkeys((f"{value}x", f"x{value}", value.upper(), "unseen", ""))


def labeled(place: Place) -> str:
    """A Namespace with its labels, in words."""
    return f"Namespace {place.name} with {_shown(place.labels)}"


def _shown(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in labels.items()) or "no labels"
