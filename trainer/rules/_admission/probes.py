"""The requests that tell whether a policy about the images of Pods does what it is meant to do.

A universal sentence ("every Pod", "nothing else") isn't judged by the samples of a card alone: the answer's
own words name what it could treat otherwise, and to these come what nobody names, one of each kind. What no
expression and no selector can see isn't varied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from trainer.errors import UsageError
from trainer.manifests.schema.check import check_schema
from trainer.manifests.schema.data import schema_for
from trainer.manifests.values import mapping, mappings, texts
from trainer.rules._admission.fields import variants as field_variants
from trainer.rules._admission.meant import POD_FIELDS, UNSEEN, Meant, Place, Probe, Words
from trainer.rules._admission.requests import DEVELOPER, Data, Maker
from trainer.rules._admission.targets import other_targets
from trainer.simulate.access.requests import Identity, service_account
from trainer.simulate.admission.mentions import EACH, values_of
from trainer.simulate.containers.images import normalise
from trainer.versions import Version

MOST_IMAGES = 60


class Probes:
    """The requests for one answer."""

    def __init__(self, meant: Meant, words: Words, known: Sequence[Place], kubernetes: Version) -> None:
        self.meant = meant
        self.words = words
        home = next((one for one in known if meant.covers(one)), Place("probe", meant.namespace_labels))
        self.maker = Maker(home, meant.images[0] + "app", kubernetes)
        self._updated: set[str] = set()

    def denied(self) -> Iterator[Probe]:
        """Requests that must be denied: a wrong image in one of the lists, whatever else is so."""
        yield from self.wrong(self.wrong_images())
        for field in self.meant.containers:
            yield from self.variants(self.maker.pod(field, [UNSEEN]))

    def messages(self) -> Iterator[Probe]:
        """Requests whose denials tell all messages: a computed one may depend on the image."""
        yield from self.wrong(self.wrong_images() if self.words.computes_messages else ())

    def wrong(self, more: Iterable[str]) -> Iterator[Probe]:
        """Pods with a wrong image in one of the lists, and nothing else that is special about them."""
        good = self.maker.good
        for field in self.meant.containers:
            for images in ([UNSEEN], [good, UNSEEN], [UNSEEN, good], *([one] for one in more)):
                about = f"image{'s' * (len(images) > 1)} {', '.join(images)}"
                yield from self.both("an image of another registry", self.maker.pod(field, images), about)

    def admitted(self) -> Iterator[Probe]:
        """Requests within the policy's Namespaces that must be admitted: right images only."""
        for image in self.right_images():
            for field in POD_FIELDS:
                pod = self.maker.pod(field, [image])
                yield from self.both("an image of the registry", pod, f"image {image}")
        yield from self.variants(self.maker.pod("initContainers", [self.maker.good] * 2))

    def untouched(self) -> Iterator[Probe]:
        """Requests that the policy isn't for: other Namespaces, operations, subresources, kinds."""
        bad = self.maker.pod("containers", [UNSEEN])
        for place in self.places(inside=False):
            yield from self.both("another Namespace", bad, _labeled(place), place=place)
        for pod in (bad, self.maker.right):
            yield Probe("a deletion", self.maker.request("DELETE", None, pod))
        yield from other_targets(self.maker, self.words.rules)

    def variants(self, pod: Data) -> Iterator[Probe]:
        """The Pod, and the request for it, in all that the answer's expressions and selectors look at."""
        for identity in self.identities() if self.words.tells_users_apart else ():
            yield from self.both("another user", pod, f"requested by {identity.title}", identity=identity)
        for place in self.places(inside=True):
            yield from self.both("another Namespace", pod, _labeled(place), place=place)
        for labels in self.label_sets({}):
            other = {**pod, "metadata": {**pod["metadata"], "labels": labels}}
            yield from self.always_both("other labels", other, f"labels {_shown(labels)}")
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
                if check_schema(self.maker.manifest(other), self.maker.kubernetes):
                    continue
                about = f"{'.'.join(steps)} is {msgspec.json.encode(value).decode()}"
                yield from self.both("other fields", other, about)
                if root == "oldObject":
                    yield self.probe("other fields", "UPDATE", pod, other, f"{about} before the update")

    def wrong_images(self) -> list[str]:
        """Images of other registries: those that the answer's words suggest, and near misses."""
        near = ["nginx"]
        for right in self.meant.images:
            host = right.rstrip("/")
            near += [f"{host}.evil.example/app", f"evil.example/{right}app", f"x{right}app", f"{host}-x/app"]
            near += [f"{host}:5000/app", f"{host[:-1]}/app", f"{host.replace('.', 'x')}/app"]
        words = self.image_words()
        said = [value for value in words if isinstance(value, str)]
        named = [
            one for value in said for one in (f"{value.strip('/')}/app", f"{value}app", value.strip("/"))
        ]
        for value in said:
            word = value.strip("/")
            named += [f"{word}:1", f"x.example/{word}/app", f"{UNSEEN}{value}", f"{UNSEEN}/{word}"]
            for right in self.meant.images:
                named += [f"{value}{right}app", f"{word}/{right}app", f"{right[0]}{value}{right[1:]}app"]
        sizes = [value for value in words if type(value) is int and 0 < value < 300]
        named += ["a" * (size + more) for size in sizes for more in (-1, 0, 1) if size + more > 0]
        hosts = [right.rstrip("/") for right in self.meant.images]
        wrong = [
            one
            for one in dict.fromkeys(near + named)
            if not one.startswith(self.meant.images) and one not in hosts and _is_image(one)
        ]
        return wrong[:MOST_IMAGES]

    def image_words(self) -> list[Any]:
        """The values that images are compared with."""
        fields = [one.field for one in self.words.found if one.field[-1] == "image"]
        return values_of(self.words.found, *fields)

    def right_images(self) -> list[str]:
        """Images below the registry in every form that an image has, also with the answer's own words."""
        endings = ["app", "team/app:1.2.3", "app:latest", "app@sha256:" + "0" * 64, "a/b/c/d_e-f.g:v1-x_y"]
        for value in self.image_words():
            if isinstance(value, str) and not value.startswith(self.meant.images):
                endings += [f"app{value}", f"app/{value.strip('/')}", f"app:{value}"]
        images = [right + ending for right in self.meant.images for ending in endings]
        return [one for one in dict.fromkeys(images) if _is_image(one)][:MOST_IMAGES]

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
        wanted = self.meant.namespace_labels
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
        return [one for one in places if self.meant.covers(one) is inside]

    def both(self, sort: str, data: Data, about: str, **more: Any) -> Iterator[Probe]:
        """The object created, and updated from one that was right: once of a sort if nothing that an
        expression sees tells updates apart."""
        yield self.probe(sort, "CREATE", data, None, about, **more)
        if sort not in self._updated or self.words.tells_operations_apart:
            self._updated.add(sort)
            yield self.probe(sort, "UPDATE", data, self.maker.right, about, **more)

    def always_both(self, sort: str, data: Data, about: str) -> Iterator[Probe]:
        """The object created, and updated: rules and selectors look at both."""
        yield self.probe(sort, "CREATE", data, None, about)
        yield self.probe(
            sort, "UPDATE", data, self.maker.named(self.maker.right, data["metadata"]["name"]), about
        )

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


def _is_image(reference: str) -> bool:
    try:
        normalise(reference)
    except UsageError:
        return False
    return True


def _near(value: str) -> Iterable[str]:
    """Other values of a label that a careless comparison takes for the right one."""
    return dict.fromkeys((f"{value}x", f"x{value}", value.upper(), "unseen", ""))


def _labeled(place: Place) -> str:
    return f"Namespace {place.name} with {_shown(place.labels)}"


def _shown(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in labels.items()) or "no labels"
